"""The type that readers, the core and writers share: a block of rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from softmax_cli.core import arrays
from softmax_cli.errors import InputError
from softmax_cli.io.cells.wording import plain
from softmax_cli.io.table.indexed import Picked
from softmax_cli.io.table.layout import Layout

if TYPE_CHECKING:
    from numpy.typing import NDArray

Array: TypeAlias = arrays.Array
Column: TypeAlias = Sequence[object]
"""A kept column as in the input: text as text, numbers as numbers."""
Place: TypeAlias = Callable[[int], str]
"""The place in words of a row, by its 0-based number in a block."""


def numbered_rows(name: str, first: int = 1) -> Place:
    """Return the function that gives the place of row i: ``logits.npy: row 3``."""
    return lambda row: f"{name}: row {first + row}"


def at_lines(name: str, lines: Sequence[int]) -> Place:
    """Return the function that gives the place of row i by its line: ``logits.csv:4``."""
    return lambda row: f"{name}:{lines[row]}"


@dataclass(frozen=True, slots=True, eq=False)  # equality of arrays is no bool
class Batch:
    """Rows of numbers, one column for each class, with the kept columns beside them.

    Parameters
    ----------
    values
        Shape (n, k), float32 or float64. From a reader: checked logits (no nan, at most one +inf in a row,
        at least one above -inf).
    classes
        The k names of the columns; ``"1"`` to ``"k"`` if they have none.
    named
        False if the names are our own numbering.
    kept
        Columns that pass through to the front of the output, unchanged and in order; each of length n.
    first_row
        The 1-based number of the first row in its input.
    from_arguments
        True for the one vector of the command line.
    layout
        The columns of the input that the rows come from.
    where
        The place of row i (0-based, within this batch) in words, for an error: ``iris.csv:17``;
        empty for the command line.
    label
        What errors call the column of class j (0-based): ``column 3 (virginica)``; None if it has none.
    numbers
        The 1-based number of each row, if they are not consecutive.
    bare
        True for a table of one column that needs no header: the classes drawn from one vector.
    """

    values: Array
    classes: tuple[str, ...]
    named: bool = True
    kept: Mapping[str, Column] = field(default_factory=dict)
    first_row: int = 1
    from_arguments: bool = False
    layout: Layout = field(default_factory=Layout)
    where: Place = lambda row: f"row {row + 1}"
    label: Callable[[int], str] | None = None
    numbers: Sequence[int] | None = None
    bare: bool = False

    @classmethod
    def of(
        cls, layout: Layout, values: Array, kept: Sequence[Column], *, first_row: int = 1, where: Place
    ) -> Batch:
        """Return the logits (n, k) and the kept columns, in order, of an input's rows."""
        return cls(
            values,
            layout.classes,
            layout.named,
            kept=dict(zip(map(layout.kept_name, layout.kept), kept, strict=True)),
            first_row=first_row,
            layout=layout,
            where=where,
            label=layout.logit_column,
        )

    def __len__(self) -> int:
        return len(self.values)

    @property
    def k(self) -> int:
        """The number of classes."""
        return len(self.classes)

    def column(self, j: int) -> str:
        """Return what errors call class j (0-based): its column, else its number and name."""
        if self.label is not None:
            return self.label(j)
        number = str(j + 1)
        name = self.classes[j]
        return f"class {number}" if name == number else f"class {number} ({plain(name)})"

    def kept_label(self, name: str) -> str:
        """Return what errors call a kept column."""
        layout = self.layout
        found = (layout.column(i) for i in layout.kept if layout.kept_name(i) == name)
        return next(found, f"column {plain(name)}")

    @property
    def beside_numbers(self) -> Mapping[str, Column]:
        """The kept columns, without a ``row`` that only repeats the row numbers."""
        cells = self.kept.get("row")
        if cells is None or list(map(str, cells)) != list(map(str, self.row_numbers)):
            return self.kept
        return {name: column for name, column in self.kept.items() if name != "row"}

    @property
    def row_numbers(self) -> Sequence[int]:
        """The 1-based number of each row in its input."""
        return range(self.first_row, self.first_row + len(self)) if self.numbers is None else self.numbers

    def take(self, rows: NDArray[np.intp]) -> Batch:
        """Return the rows with these indices (0-based, within this batch), in this order."""
        numbers = self.row_numbers
        return replace(
            self,
            values=self.values[rows],
            kept={name: Picked(column, rows) for name, column in self.kept.items()},
            numbers=[numbers[row] for row in rows.tolist()],
            where=lambda row: self.where(int(rows[row])),
        )

    def as_type(self, dtype: str) -> Batch:
        """Return the same rows as float32 or float64."""
        return self if self.values.dtype == dtype else replace(self, values=self.values.astype(dtype))

    def rows(self, start: int, stop: int) -> Batch:
        """Return rows start to stop (0-based, within this batch) as a batch."""
        return replace(
            self,
            values=self.values[start:stop],
            kept={name: column[start:stop] for name, column in self.kept.items()},
            first_row=self.first_row + start,
            numbers=None if self.numbers is None else self.numbers[start:stop],
            where=lambda row: self.where(row + start),
        )

    def refuse_infinite(self) -> None:
        """Refuse the first number that is not finite, by its place."""
        bad = np.argwhere(~np.isfinite(self.values))
        if len(bad):
            row, j = map(int, bad[0])
            raise InputError(
                f"{self.column(j)}: {self.values[row, j]} is not a finite number",
                where=self.where(row) or None,
            )

    def split(self, most: int) -> Iterator[Batch]:
        """Yield this batch in parts of at most `most` rows, in order."""
        if len(self) <= most:
            yield self
            return
        for start in range(0, len(self), most):
            yield self.rows(start, start + most)


def joined(batches: Iterable[Batch]) -> Batch:
    """Return the rows of several batches of one input as one batch; none at all are refused."""
    found = list(batches)
    if not found:
        raise InputError("no rows of logits")
    if len(found) == 1:
        return found[0]
    starts = np.cumsum([0, *map(len, found)])

    def where(row: int) -> str:
        part = int(np.searchsorted(starts, row, "right")) - 1
        return found[part].where(row - int(starts[part]))

    kept = {name: [cell for batch in found for cell in batch.kept[name]] for name in found[0].kept}
    values: Array = np.concatenate([batch.values for batch in found])
    return replace(found[0], values=values, kept=kept, where=where)
