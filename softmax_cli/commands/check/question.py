"""What ``softmax check`` is asked: from its options and logits to rows, and how to judge them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from softmax_cli.commands.running.pipeline import batches
from softmax_cli.core.functions import FUNCTIONS

if TYPE_CHECKING:
    from softmax_cli.checking.check import Criteria
    from softmax_cli.checking.inputs import Inputs, Kind
    from softmax_cli.io.options import LabelOptions, ReadOptions
    from softmax_cli.io.table.batch import Batch
    from softmax_cli.render.layout.progress import Progress


class CheckOptions(NamedTuple):
    """What the command line asks; `said` holds the function and the kind if they are named."""

    words: list[str]
    read: "ReadOptions"
    temperature: float
    function: str
    kind: "Kind"
    labels: "LabelOptions"
    vector: str | None
    method: str | None
    step: float | None
    digits: int | None
    rtol: float | None
    atol: float | None
    quiet: bool
    said: "tuple[str | None, Kind | None]" = (None, None)
    call: str | None = None
    timeout: float = 10.0
    against: str | None = None
    output: str | None = None
    json: bool = False
    verbose: bool = False

    @property
    def asked(self) -> "Criteria":
        """What is checked, and how strictly."""
        from softmax_cli.checking.check import Criteria
        from softmax_cli.checking.compare import RTOL, Tolerance
        from softmax_cli.checking.inputs import Sought
        from softmax_cli.checking.reference import How

        how = How(self.method or "complex-step", self.step, self.digits).of(self.function)
        tolerance = Tolerance(RTOL if self.rtol is None else self.rtol, self.atol or 0.0)
        return Criteria(Sought(self.function, self.kind), how, tolerance)

    def batches(self, progress: "Progress | None" = None) -> Iterator["Batch"]:
        """Read the logits, batch by batch, while `progress` watches."""
        return batches(self.words, self.read, quiet=self.quiet, progress=progress)

    def batch(self, progress: "Progress | None" = None) -> "Batch":
        """Read the logits as a whole."""
        from softmax_cli.io.table.batch import joined

        return joined(self.batches(progress))

    def inputs(self, batch: "Batch", *, of_function: bool = False) -> "Inputs":
        """Return the rows of a batch, with targets and vectors as asked for; a function may want both."""
        from softmax_cli.checking import test_points
        from softmax_cli.checking.inputs import Inputs
        from softmax_cli.io.table.labels import labels_of

        vector = None
        if self.vector is not None and (of_function or self.kind in ("vjp", "jvp")):
            from softmax_cli.io.vectors import read_vector

            vector = read_vector(self.vector, batch.k, where="--vector")
        elif of_function:
            vector = test_points.vectors(len(batch), batch.k)
        needed = FUNCTIONS[self.function].scalar and (self.labels.given or not of_function)
        targets = labels_of(batch, self.labels) if needed else None
        return Inputs.of(batch.values, self.temperature, targets, vector)
