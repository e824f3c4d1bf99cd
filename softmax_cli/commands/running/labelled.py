"""What the commands about trust share: logits with labels, as the core takes them, and notes about them."""

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from softmax_cli.commands.command_line import options as opt
from softmax_cli.commands.command_line.delivery import Delivery
from softmax_cli.commands.command_line.groups import Labels, Reading
from softmax_cli.commands.running.pipeline import batches, notes, progress_bar
from softmax_cli.errors import InputError

if TYPE_CHECKING:
    from softmax_cli.core.labelled import Labelled
    from softmax_cli.io.calibration import CalibrationFile
    from softmax_cli.io.options import LabelOptions, ReadOptions
    from softmax_cli.io.table.batch import Batch
    from softmax_cli.io.table.labels import Labelled as LabelledBatch


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
    delivery
        Whether to be quiet.
    from_probabilities
        Whether the numbers are probabilities.
    calibration
        What is applied to the logits first, or None.
    ignored
        How many rows were left out when the input was read last.
    """

    logits: list[str]
    options: "ReadOptions"
    labels: "LabelOptions"
    delivery: Delivery
    from_probabilities: bool = False
    calibration: "CalibrationFile | None" = None
    ignored: int = 0
    classes: tuple[str, ...] = field(default=())

    @classmethod
    def of(
        cls, logits: list[str], reading: Reading, labels: Labels, delivery: Delivery, kind: str
    ) -> "LabelledInput":
        """Check that the labels are named in one way.

        Raises
        ------
        InputError
            Unless there is exactly one way to the labels, and `kind` is ``logits`` or ``probs``.
        """
        opt.one_of(kind, ("logits", "probs"), "--from")
        options = labels.options()
        if options.given is None:
            raise InputError(
                "no labels: every row needs its true class",
                hint="--target-column COLUMN names the column that holds it",
            )
        return cls(logits, reading.options(options), options, delivery, kind == "probs")

    def say(self, sentence: str) -> None:
        """Tell the user what is no error."""
        notes(quiet=self.delivery.quiet)(sentence)

    def read(self, *, again: bool = False) -> "Iterator[tuple[Batch, Labelled]]":
        """Yield the batches with a progress bar, and say at the end what the user should know of them.

        Parameters
        ----------
        again
            Whether it was read before, and all that is to be said about it has been said.
        """
        from softmax_cli.io.table.labels import LabelReader
        from softmax_cli.io.table.probabilities import LooksLike

        quiet = self.delivery.quiet or again
        progress = progress_bar(quiet=self.delivery.quiet)
        rows = batches(self.logits, self.options, quiet=quiet, progress=progress)
        look, reader = LooksLike(), LabelReader(self.labels, notes(quiet=quiet))
        with progress or nullcontext():
            for found in reader.read(rows if progress is None else progress.watch(rows)):
                look.see(found.batch.values)
                self.classes = found.batch.classes
                yield found.batch, self._rows(found)
        self.ignored = reader.ignored
        if not look.rows:
            raise InputError("there are no rows")
        if not self.from_probabilities:
            look.tell(notes(quiet=quiet))

    def _rows(self, found: "LabelledBatch") -> "Labelled":
        rows = found.rows(from_probabilities=self.from_probabilities)
        if self.calibration is None:
            return rows
        self.calibration.need(found.batch.classes)
        return self.calibration.calibration.applied(rows)


def calibrated(temperature: str | None, calibration: str | None) -> "tuple[float, CalibrationFile | None]":
    """Return the T of softmax, and the calibration that is applied first, as the command line says.

    Raises
    ------
    InputError
        Where both are given; for a file that is no calibration.
    """
    if calibration is None:
        return opt.positive(temperature or "1", "--temperature"), None
    if temperature is not None:
        raise InputError("--temperature and --calibration do not go together", hint="leave --temperature out")
    from softmax_cli.io.calibration import read_calibration

    found = read_calibration(calibration)
    return found.temperature, found
