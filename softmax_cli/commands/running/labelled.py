"""What the commands about trust share: logits with labels for the core, and notes about them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from softmax_cli.commands.command_line.delivery import Delivery
from softmax_cli.commands.command_line.groups import Labels, Reading
from softmax_cli.commands.running.pipeline import batches, notes, progress_bar
from softmax_cli.errors import InputError

if TYPE_CHECKING:
    from softmax_cli.core.gathered import AnyParts
    from softmax_cli.core.labelled import Labelled
    from softmax_cli.io.calibration import CalibrationFile
    from softmax_cli.io.many import Shape
    from softmax_cli.io.options import LabelOptions, ReadOptions
    from softmax_cli.io.table.batch import Batch
    from softmax_cli.io.table.labels import LabelledBatch


@dataclass(slots=True)
class LabelledInput:
    """Logits with their labels, as the command line names them.

    Parameters
    ----------
    logits
        The words of the command line.
    options
        How to read a file.
    labels
        Where the true classes and the weights are.
    from_probabilities
        Whether the numbers are probabilities.
    calibration
        What is applied to the logits first, or None.
    file
        The number of this file, if the files of the input are read apart; then notes about the input are left
        to the reader of all of them.
    rows, ignored, shape
        From the last time that it was read: the rows read and left out, and what its files have in common.
    versions
        The versions of its files when they were read first.
    """

    logits: list[str]
    options: ReadOptions
    labels: LabelOptions
    delivery: Delivery
    from_probabilities: bool = False
    calibration: CalibrationFile | None = None
    file: int | None = None
    rows: int = 0
    ignored: int = 0
    shape: Shape | None = None
    versions: dict[str, str] = field(default_factory=dict)
    _file: int = 0

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes of the rows that were read last."""
        return () if self.shape is None else self.shape.classes

    @classmethod
    def of(
        cls,
        logits: list[str],
        reading: Reading,
        labels: Labels,
        delivery: Delivery,
        kind: str,
        calibration: CalibrationFile | None = None,
    ) -> LabelledInput:
        """Check that there are labels; `kind` is what ``--from`` says."""
        options = labels.options()
        if options.given is None:
            raise InputError(
                "no labels: every row needs its true class",
                hint="--target-column COLUMN names the column that holds it",
            )
        return cls(logits, reading.options(options), options, delivery, kind == "probs", calibration)

    def say(self, sentence: str) -> None:
        """Give the user a note."""
        notes(quiet=self.delivery.quiet)(sentence)

    def read(self, *, again: bool = False) -> Iterator[tuple[Batch, Labelled]]:
        """Yield the batches with a progress bar and, unless they are read again, with notes about them."""
        from softmax_cli.io.table.labels import LabelReader
        from softmax_cli.io.table.probabilities import LooksLike

        quiet = self.delivery.quiet or again
        progress = progress_bar(quiet=self.delivery.quiet)
        rows = batches(self.logits, self.options, quiet=quiet, progress=progress)
        look = LooksLike()
        reader = LabelReader(self.labels, notes(quiet=quiet), whole=self.file is None)
        with progress or nullcontext():
            for found in reader.read(self._noted(rows if progress is None else progress.watch(rows))):
                look.see(found.batch.values)
                yield found.batch, replace(self._rows(found), file=self._file)
        self.rows, self.ignored = reader.seen, reader.ignored
        if self.file is None:
            self.refuse_none()
        if not self.from_probabilities:
            look.tell(notes(quiet=quiet))

    @property
    def on_cluster(self) -> bool:
        """Whether the workers of a cluster read the files."""
        from softmax_cli.io.arguments import file_names

        return self.delivery.cluster is not None and file_names(self.logits) is not None

    def summed(self, work: Callable[[LabelledInput], AnyParts]) -> AnyParts:
        """Return the sums that `work` makes of the input, or, on a cluster, of its files and their parts."""
        if not self.on_cluster:
            return work(self)
        from softmax_cli.commands.running.files import merged, on_cluster, pieces_of

        pieces = pieces_of(self)
        return merged(pieces, on_cluster(self, pieces, work))

    def note_versions(self) -> None:
        """Record the versions of the files before they are read; a file that has changed is refused."""
        from softmax_cli.io.arguments import file_names
        from softmax_cli.io.streams.ranges import version_of
        from softmax_cli.io.streams.source import changed

        for name in file_names(self.logits) or ():
            if (version := version_of(name)) != self.versions.setdefault(name, version):
                raise changed(name)

    def refuse_none(self) -> None:
        """Refuse an input all of whose rows are left out."""
        from softmax_cli.io.table.labels import LabelReader

        if not self.rows:
            reader = LabelReader(self.labels, notes(quiet=True))
            reader.ignored = self.ignored
            reader.finish()
            raise InputError("there are no rows")

    def _noted(self, rows: Iterator[Batch]) -> Iterator[Batch]:
        """Record where each file begins, and what the files have in common."""
        from softmax_cli.io.many import Shape

        self.shape = None
        file = -1
        for batch in rows:
            file += batch.first_row == 1
            self._file = file if self.file is None else self.file
            self.shape = self.shape or Shape.of(batch)
            yield batch

    def _rows(self, found: LabelledBatch) -> Labelled:
        rows = found.rows(from_probabilities=self.from_probabilities)
        if self.calibration is None:
            return rows
        self.calibration.need(found.batch.classes)
        return self.calibration.calibration.applied(rows)
