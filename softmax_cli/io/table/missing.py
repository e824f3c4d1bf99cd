"""Rows with a missing value, which are left out of a table to learn from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from softmax_cli.io.cells.numbers import is_missing
from softmax_cli.io.table.batch import Batch
from softmax_cli.io.table.layout import Layout


def needed_columns(layout: Layout) -> tuple[int, ...]:
    """Return the columns that a row to learn from needs: its features and its class."""
    return (*layout.logits, *(i for i in layout.kept if layout.kept_name(i) == layout.target))


@dataclass(slots=True)
class MissingRows:
    """The rows left out so far: how many, and the place and the missing column of the first."""

    count: int = 0
    first: str = ""

    def whole(self, rows: Sequence[Sequence[Any]], layout: Layout, where: Callable[[int], str]) -> list[int]:
        """Return the indices of the complete rows, and count the others."""
        needed, found = needed_columns(layout), []
        for i, row in enumerate(rows):
            lacking = next((position for position in needed if is_missing(row[position])), None)
            if lacking is None:
                found.append(i)
            else:
                self._count(where(i), layout.column(lacking))
        return found

    def left(self, batch: Batch, lacking: Mapping[int, str]) -> Batch:
        """Return a batch without the rows in `lacking`, which maps each to its missing column."""
        for row in sorted(lacking):
            self._count(batch.where(row), lacking[row])
        if not lacking:
            return batch
        return batch.take(np.delete(np.arange(len(batch)), list(lacking)))

    def _count(self, where: str, column: str) -> None:
        self.count += 1
        self.first = self.first or f"{where}: {column}"

    def told(self) -> str:
        """Say what was left out."""
        if self.count == 1:
            return f"1 row is left out and not counted: a value is missing ({self.first})"
        return f"{self.count:,} rows are left out and not counted: a value is missing (first {self.first})"
