"""Classes drawn at random from each row, or how often each was drawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from softmax_cli.io.table.batch import Array, Batch, Column
from softmax_cli.io.table.indexed import Picked, repeated, tiled


@dataclass(frozen=True, slots=True)
class Drawn:
    """The draws of each row of a batch: flat, a line a draw, or a line a class with its count.

    Parameters
    ----------
    batch
        The logits.
    temperature
        T of softmax(z / T).
    key
        ``draws`` or ``counts``, as JSON names them.
    values
        Classes counted from 0, shape (n, draws); or counts, shape (n, k).
    """

    batch: Batch
    temperature: float
    key: str
    values: NDArray[np.intp]
    function: str = "softmax"

    def flat(self) -> Batch:
        """Lay out row number (but for the one vector of the command line), kept columns, class, count."""
        batch, lines = self.batch, self.values.shape[1]
        columns: dict[str, Column] = {}
        if not batch.from_arguments:
            columns["row"] = repeated(range(batch.first_row, batch.first_row + len(batch)), lines)
        columns |= {name: repeated(column, lines) for name, column in batch.beside_numbers.items()}
        if self.key == "counts":
            columns |= {"class": tiled(batch.classes, len(batch)), "count": self.values.ravel().tolist()}
        else:
            columns["class"] = Picked(batch.classes, self.values.ravel())
        nothing = np.empty((self.values.size, 0))
        return Batch(nothing, (), kept=columns, bare=batch.from_arguments and self.key == "draws")

    def row(self, i: int) -> Mapping[str, Any]:
        """Name the draws, or the counts in the order of the classes, of row i."""
        own = self.values[i].tolist()
        return {self.key: own if self.key == "counts" else [self.batch.classes[j] for j in own]}

    def array(self) -> Array:
        """Return classes counted from 0 (n, draws), or counts (n, k); one row for the command line."""
        values = self.values.astype(np.float64)
        return values[0] if self.batch.from_arguments else values
