"""One run of ``softmax check``: what is checked, at which logits, how strictly."""

import math
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from softmax_cli.commands.flow import batches
from softmax_cli.core.functions import FUNCTIONS
from softmax_cli.errors import ExitCode, InputError

if TYPE_CHECKING:
    from softmax_cli.checking.inputs import Inputs, Kind
    from softmax_cli.checking.session import Asked
    from softmax_cli.checking.theirs import Theirs
    from softmax_cli.checking.verdict import Verdict
    from softmax_cli.io.batch import Batch
    from softmax_cli.io.read import ReadOptions

FORMATS = ("text", "json")
_BLOCK = 2**20
_SHOWN = 8


def one_of(word: str | None, words: tuple[str, ...], option: str) -> str | None:
    """Return the word if it is one of these, or None; another is an error that names the nearest."""
    if word is not None and word not in words:
        from softmax_cli.io.wording import did_you_mean

        raise InputError(f"{word!r} is unknown", where=option, hint=did_you_mean(word, words, option))
    return word


def format_for(form: str | None, output: str | None) -> str:
    """Return text or json: as asked, or by the ending of the file."""
    if form in ("table", None):
        return "json" if form is None and output is not None and output.endswith(".json") else "text"
    return str(one_of(form, FORMATS, "--format"))


@dataclass(frozen=True, slots=True)
class Run:
    """One run: what is checked, at which logits, how strictly."""

    words: list[str]
    read: "ReadOptions"
    temperature: float
    function: str
    kind: "Kind"
    target: str | None
    target_column: str | None
    vector: str | None
    method: str | None
    step: float | None
    digits: int | None
    rtol: float | None
    atol: float | None
    quiet: bool

    @property
    def asked(self) -> "Asked":
        """What is checked, and how strictly."""
        from softmax_cli.checking.compare import RTOL, Tolerance
        from softmax_cli.checking.session import Asked
        from softmax_cli.checking.truth import How

        how = How(self.method or "complex-step", self.step, self.digits).of(self.function)
        tolerance = Tolerance(RTOL if self.rtol is None else self.rtol, self.atol or 0.0)
        return Asked(self.function, self.kind, how, tolerance)

    def verdict(self, against: str | None) -> "Verdict":
        """Check what was asked for."""
        if against is None:
            return self._own()
        from softmax_cli.checking.loading import load, split_name

        named = split_name(against)
        if named is not None:
            return self._function(load(*named, self.kind), against)
        return self._matrix(against)

    def _own(self) -> "Verdict":
        from softmax_cli.checking import probes
        from softmax_cli.checking.session import check_own

        if not self.words:
            inputs = probes.telling(self.kind, temperature=self.temperature, varied=False)
            verdict = check_own(self.asked, inputs)
            verdict.classes = tuple(str(i + 1) for i in range(inputs.k))
            return verdict
        return self._streamed()

    def _streamed(self) -> "Verdict":
        """Check batch after batch, keeping the totals and the worst entries alone."""
        from softmax_cli.checking.probes import hiding
        from softmax_cli.checking.session import LARGE, check_own, merged
        from softmax_cli.render.check_progress import Progress

        total: Verdict | None = None
        hidden: set[str] | None = None
        with Progress(quiet=self.quiet) as progress:
            for batch in batches(self.words, self.read, quiet=self.quiet):
                most = _BLOCK // batch.k**2 if batch.k <= LARGE else _BLOCK // batch.k
                for part in batch.split(max(1, most)):
                    inputs = self._inputs(part)
                    verdict = check_own(self.asked, inputs)
                    verdict.classes = part.classes
                    _number_rows(verdict, part.first_row - 1)
                    said = set(hiding(inputs, against=False))
                    hidden = said if hidden is None else hidden & said
                    if total is None:
                        total = verdict
                    else:
                        rows = total.tally.rows + verdict.tally.rows
                        keep = verdict.tally.max_rel_error > total.tally.max_rel_error
                        tally = merged([total.tally, verdict.tally], rows)
                        total = verdict if keep else total
                        total.tally = tally
                    progress.rows(total.tally.rows)
        if total is None:
            raise InputError("no rows of logits")
        total.warnings = (*total.warnings, *sorted(hidden or ()))
        return total

    def _function(self, theirs: "Theirs", against: str) -> "Verdict":
        from softmax_cli.checking import probes
        from softmax_cli.checking.session import check_function, check_their_derivative

        batch = self._batch() if self.words else None
        inputs = None if batch is None else self._inputs(batch, vectors=True)
        notes: tuple[str, ...] = ()
        if self.method is not None and self.kind in ("probabilities", "log-probabilities"):
            rows = inputs or probes.telling(self.kind, temperature=self.temperature, varied=False)
            verdict, notes = check_their_derivative(self.asked, theirs, rows)
        else:
            verdict = check_function(self.asked, theirs, inputs, self.temperature)
        verdict.against = against
        if batch is None:
            verdict.classes = tuple(str(i + 1) for i in range(probes.CLASSES))
            verdict.warnings = (*verdict.warnings, *notes)
        else:
            assert inputs is not None
            verdict.classes = batch.classes
            takes_temperature = theirs.temperature is not None or self.temperature != 1.0
            hidden = probes.hiding(inputs, against=takes_temperature)
            verdict.warnings = (*verdict.warnings, *notes, *hidden)
        return verdict

    def _matrix(self, against: str) -> "Verdict":
        from softmax_cli.checking.probes import hiding
        from softmax_cli.checking.verdict import judge
        from softmax_cli.io.answers import read_answers

        if not self.words:
            raise InputError(
                "a file needs the logits that it was computed at",
                where="--against",
                hint=f"softmax check 1.43 -0.4 0.23 --against {against}",
            )
        if against == "-" and "-" in self.words:
            raise InputError("standard input cannot be both the logits and the matrix", where="--against")
        batch = self._batch()
        inputs = self._inputs(batch)
        got = read_answers(against, self.kind, batch, self.read)
        verdict = judge(self.asked.truth(inputs), got, self.asked.how)
        verdict.against, verdict.classes = against, batch.classes
        verdict.warnings = hiding(inputs, against=True)
        return verdict

    def _batch(self) -> "Batch":
        from softmax_cli.io.answers import whole

        return whole(batches(self.words, self.read, quiet=self.quiet))

    def _inputs(self, batch: "Batch", *, vectors: bool = False) -> "Inputs":
        """Return the rows of a batch, with their targets and vectors."""
        from softmax_cli.checking import probes
        from softmax_cli.checking.inputs import Inputs

        vector = None
        if self.kind in ("vjp", "jvp"):
            if self.vector is not None:
                from softmax_cli.io.vectors import read_vector

                vector = read_vector(self.vector, batch.k, where="--vector")
            elif vectors:
                vector = probes.vectors(len(batch), batch.k)
        return Inputs.of(batch.values, self.temperature, self._targets(batch), vector)

    def _targets(self, batch: "Batch") -> Any:
        from softmax_cli.io.names import find_class, targets

        if not FUNCTIONS[self.function].scalar:
            return None
        if self.target_column is not None:
            return targets(batch, self.target_column)
        if self.target is None:
            raise InputError(
                "cross-entropy needs the true class", hint="--target CLASS or --target-column COLUMN"
            )
        return find_class(self.target, batch.classes, where="--target")

    def sweep(self, output: str | None, form: str | None) -> int:
        """Draw error against step size."""
        from softmax_cli.checking.sweep import sweep
        from softmax_cli.io.write import open_output

        batch = self._batch() if self.words else None
        if batch is None:
            raise InputError(
                "a sweep needs logits", where="--sweep", hint="softmax check 1.43 -0.4 0.23 --sweep"
            )
        found = sweep(self.function, self._inputs(batch), self.method or "central")
        ending = "" if output is None else output.rpartition(".")[2].lower()
        with open_output(output, binary_format=ending == "png") as sink:
            if ending in ("png", "svg"):
                from softmax_cli.render.check_sweep import picture

                picture(found, sink.stream, ending)
            elif format_for(form, output) == "json":
                from softmax_cli.io.json_text import json_text

                document = {
                    "method": found.method,
                    "steps": found.steps,
                    "errors": [None if math.isnan(e) else e for e in found.errors.tolist()],
                    "best": float(found.steps[found.best]),
                }
                sink.write((json_text(document) + "\n").encode())
            else:
                from softmax_cli.render.check_sweep import sweep as draw
                from softmax_cli.render.console import Screen

                screen = Screen.for_output(sink.stream)
                screen.show(draw(found, screen))
        return ExitCode.OK

    def derive(self, verdict: "Verdict") -> str | None:
        """Return the command that derives the worst entry."""
        if self.kind in ("probabilities", "log-probabilities") or not verdict.tally.worst:
            return None
        entry = verdict.tally.worst[0]
        words = ["softmax", "derive", *self._logit_words(entry.row, verdict)]
        if self.temperature != 1.0:
            words += ["-T", f"{self.temperature:g}"]
        if self.function != "softmax":
            words += ["--function", self.function]
        names = verdict.classes if self.words else ()
        if self.target is not None and self.words:
            words += ["--target", self.target]
        elif self.target_column is not None:
            words += ["--target-column", self.target_column]
        for option, index in (("--of", entry.of), ("--wrt", entry.wrt)):
            if index is not None and names and self.kind in ("jacobian", "gradient"):
                words += [option, names[index]]
        return shlex.join(words)

    def _logit_words(self, row: int, verdict: "Verdict") -> Iterator[str]:
        if not self.words or len(verdict.classes) > _SHOWN:
            return
        yield from self.words
        if self.read.columns is not None:
            yield from ("-c", self.read.columns)
        if self.read.classes is not None:
            yield from ("--classes", self.read.classes)
        if verdict.tally.rows > 1:
            yield from ("--row", str(row + 1))


def _number_rows(verdict: "Verdict", before: int) -> None:
    """Count the rows of a batch from the first of its input."""
    if before:
        verdict.tally.worst = tuple(e._replace(row=e.row + before) for e in verdict.tally.worst)
        if verdict.shown is not None:
            verdict.shown = verdict.shown._replace(row=verdict.shown.row + before)
