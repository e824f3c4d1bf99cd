"""Columns that repeat cells without repeating objects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Picked(Sequence[Any]):
    """The cells of a column, in another order: cell i is ``cells[order[i]]``.

    Parameters
    ----------
    cells
        The column.
    order
        Whole numbers, 0-based.

    Examples
    --------
    >>> list(Picked(["a", "b"], np.array([0, 1, 0, 1])))
    ['a', 'b', 'a', 'b']
    """

    cells: Sequence[Any]
    order: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.order)

    @overload
    def __getitem__(self, place: int) -> Any: ...
    @overload
    def __getitem__(self, place: slice) -> Picked: ...
    def __getitem__(self, place: int | slice) -> Any:
        if isinstance(place, slice):
            return Picked(self.cells, self.order[place])
        return self.cells[int(self.order[place])]

    def __iter__(self) -> Iterator[Any]:
        cells = list(self.cells)
        return (cells[i] for i in self.order.tolist())


def tiled(cells: Sequence[Any], times: int) -> Picked:
    """Return all cells, one after the other, `times` times over."""
    return Picked(cells, np.tile(np.arange(len(cells)), times))


def repeated(cells: Sequence[Any], times: int) -> Picked:
    """Return each cell `times` times in a row."""
    return Picked(cells, np.repeat(np.arange(len(cells)), times))
