"""Classes drawn at random for each row, or how often each was drawn."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from softmax_cli.io.table.batch import Array, Batch, Column
from softmax_cli.io.table.indexed import Picked, tiled
from softmax_cli.io.table.results.result import Result, flat_table, line_columns


class Drawn(Result):
    """The draws of each row of a batch: a line for each draw, or for each class with its count.

    Parameters
    ----------
    key
        ``draws`` or ``counts``, as in JSON.
    values
        0-based classes, shape (n, draws); or counts, shape (n, k).
    """

    def flat(self) -> Batch:
        """Lay out row numbers (except for the vector of the command line), kept columns, class, count."""
        batch = self.batch
        columns: dict[str, Column]
        if self.key == "counts":
            columns = {"class": tiled(batch.classes, len(batch)), "count": self.values.ravel().tolist()}
        else:
            columns = {"class": Picked(batch.classes, self.values.ravel())}
        leading = line_columns(batch, self.values.shape[1], numbered=not batch.from_arguments)
        table = flat_table(batch, [*leading, columns], np.empty((self.values.size, 0)), ())
        return replace(table, bare=batch.from_arguments and self.key == "draws")

    def row(self, i: int) -> Mapping[str, Any]:
        """Name the draws of row i, or its counts in the order of the classes."""
        own = self.values[i].tolist()
        return {self.key: own if self.key == "counts" else [self.batch.classes[j] for j in own]}

    def array(self) -> Array:
        """Return 0-based classes (n, draws), or counts (n, k); one row for the command line."""
        return super().array().astype(np.float64)
