"""What ``softmax check`` is asked: from its options and logits to rows, and how to judge them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, NamedTuple

from softmax_cli.commands.command_line import values as val
from softmax_cli.commands.running.pipeline import batches
from softmax_cli.core.functions import FUNCTIONS
from softmax_cli.io.formats import REPORTS

if TYPE_CHECKING:
    from softmax_cli.checking.check import Criteria
    from softmax_cli.checking.inputs import Inputs, Kind
    from softmax_cli.commands.command_line import options as opt
    from softmax_cli.io.options import LabelOptions, ReadOptions
    from softmax_cli.io.table.batch import Batch
    from softmax_cli.render.layout.progress import Progress


KINDS = ("jacobian", "gradient", "vjp", "jvp", "probabilities", "log-probabilities", "loss")
METHODS = ("complex-step", "forward", "central", "five-point", "richardson")


def _report(text: str, option: str) -> str:
    """Read the format of a report; a table for people, as other commands have, is its text."""
    return "text" if text == "table" else val.one_of(text, option, REPORTS)


class CheckOptions(NamedTuple):
    """What is compared with what, how strictly, and where the report goes: a group of options."""

    against: Annotated[
        str | None,
        opt.value(
            "--against",
            "FILE",
            "Somebody's own: FILE.py:NAME, a function, a class or CLASS.METHOD - how it is called is "
            "found out; FILE.py, all that is softmax-like in it; or a file that holds a matrix, as softmax "
            "jacobian writes it. - is standard input.",
        ),
    ] = None
    as_: Annotated[
        str | None,
        opt.one_of(
            "--as",
            KINDS,
            "KIND",
            "What it is: one of {} (default: jacobian; of a function, found out).",
            "kind",
        ),
    ] = None
    call: Annotated[
        str | None,
        opt.value(
            "--call",
            "CALL",
            "How to call the function: 'f(p, g)', of z, p, logp, g, y, onehot, i, j, T (default: found out).",
        ),
    ] = None
    timeout: Annotated[
        float, opt.positive("--timeout", "S", "The seconds that one call of the function may take.")
    ] = 10.0
    verbose: Annotated[
        bool, opt.flag("--verbose", "With --against: the worst entries and the derivation too.")
    ] = False
    vector: Annotated[str | None, opt.value("--vector", "V", "The v of J v or g of g^T J: v1,v2,...")] = None
    method: Annotated[
        str | None, opt.one_of("--method", METHODS, "NAME", "One of {} (default: the first).")
    ] = None
    step: Annotated[
        float | None, opt.positive("--step", "H", "The step (default: from eps and the scale of z).")
    ] = None
    digits: Annotated[
        int | None, opt.value("--digits", "N", "Compare with mpmath at N digits: the last word.")
    ] = None
    sweep: Annotated[
        bool, opt.flag("--sweep", "Error against step size, drawn; -o FILE.png or .svg for a picture.")
    ] = False
    rtol: Annotated[
        float | None, opt.not_negative("--rtol", "R", "Relative error allowed in each entry (1e-9).")
    ] = None
    atol: Annotated[float | None, opt.not_negative("--atol", "A", "Absolute error allowed on top (0).")] = (
        None
    )
    format: Annotated[str | None, opt.choice("--format -f", REPORTS, "FORMAT", "One of {}.", _report)] = None
    output: opt.Output = None
    quiet: opt.Quiet = False

    @property
    def json(self) -> bool:
        """Whether the report is a JSON document, as asked or by the ending of the file."""
        return (self.output or "").endswith(".json") if self.format is None else self.format == "json"


class CheckQuestion(NamedTuple):
    """What the command line asks; `said` holds the function and the kind if they are named."""

    words: list[str]
    read: ReadOptions
    labels: LabelOptions
    temperature: float
    options: CheckOptions
    function: str
    kind: Kind
    said: tuple[str | None, Kind | None]

    @property
    def asked(self) -> Criteria:
        """What is checked, and how strictly."""
        from softmax_cli.checking.check import Criteria
        from softmax_cli.checking.compare import RTOL, Tolerance
        from softmax_cli.checking.inputs import Sought
        from softmax_cli.checking.reference import How

        options = self.options
        how = How(options.method or "complex-step", options.step, options.digits).of(self.function)
        tolerance = Tolerance(RTOL if options.rtol is None else options.rtol, options.atol or 0.0)
        return Criteria(Sought(self.function, self.kind), how, tolerance)

    def batches(self, progress: Progress | None = None) -> Iterator[Batch]:
        """Read the logits, batch by batch, while `progress` watches."""
        return batches(self.words, self.read, quiet=self.options.quiet, progress=progress)

    def batch(self, progress: Progress | None = None) -> Batch:
        """Read the logits as a whole."""
        from softmax_cli.io.table.batch import joined

        return joined(self.batches(progress))

    def inputs(self, batch: Batch, *, of_function: bool = False) -> Inputs:
        """Return the rows of a batch, with targets and vectors as asked for; a function may want both."""
        from softmax_cli.checking import test_points
        from softmax_cli.checking.inputs import Inputs
        from softmax_cli.io.table.labels import labels_of

        vector = None
        if self.options.vector is not None and (of_function or self.kind in ("vjp", "jvp")):
            from softmax_cli.io.vectors import read_vector

            vector = read_vector(self.options.vector, batch.k, where="--vector")
        elif of_function:
            vector = test_points.vectors(len(batch), batch.k)
        needed = FUNCTIONS[self.function].scalar and (self.labels.given or not of_function)
        targets = labels_of(batch, self.labels) if needed else None
        return Inputs.of(batch.values, self.temperature, targets, vector)
