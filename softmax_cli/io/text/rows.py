"""Records of text -> batches of numbers, with the line and column of what is no number."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from operator import itemgetter
from typing import Any

from softmax_cli.errors import InputError
from softmax_cli.io.cells.numbers import first_bad, is_number, is_word, read_cells
from softmax_cli.io.cells.wording import counted
from softmax_cli.io.options import Note, ReadOptions
from softmax_cli.io.table.batch import Array, Batch
from softmax_cli.io.table.columns import columns_hint, lay_out
from softmax_cli.io.text.dialect import is_numbered
from softmax_cli.io.text.records import Records


class TextRows:
    """Records of text -> batches of numbers.

    Parameters
    ----------
    name
        The input's name.
    first
        The first records; the first of them decides the columns.
    options
        The command's options.
    note
        Takes a sentence for the user.
    header
        Whether the first record is a header.
    """

    def __init__(self, name: str, first: Records, options: ReadOptions, note: Note, *, header: bool) -> None:
        self.name = name
        self.count = 0
        self._note = note
        self._header_follows = header
        self._numbered: list[str] | None = None  # a first row that may be a header of numbers
        self.first_line = first.lines[0]
        self.picked = options.columns is not None
        width = len(first.rows[0])
        names = [cell.strip() for cell in first.rows[0]] if header else None
        if width == 1 and not self.picked:
            options = replace(options, classes=None)  # they name the vector's classes, which are its rows
        self.layout = lay_out(names, width, options, where=f"{name}:{self.first_line}")
        self._logits_of = _getter(self.layout.logits, width)

    def batches(self, records: Records) -> Iterator[Batch]:
        """Yield the rows of some records as a batch, then raise the error of the first bad one, if any."""
        rows, lines = records.rows, records.lines
        if self._header_follows:
            rows, lines, self._header_follows = rows[1:], lines[1:], False
        if self.count == 0 and rows and self.layout.names is None and is_numbered(rows[0]):
            self._numbered = rows[0]
        batch, error = self._batch(rows, lines)
        self._counted(len(batch), len(rows))
        if len(batch):
            yield batch
        if error is not None:
            raise error

    def batch(self, values: Array, kept: Sequence[Any], line: int) -> Batch:
        """Return rows parsed elsewhere as a batch; the first of them stands on `line`, one row a line."""
        name = self.name
        batch = self.layout.batch(
            values, kept, first_row=self.count + 1, where=lambda row: f"{name}:{line + row}"
        )
        self._counted(len(values), len(values))
        return batch

    def _counted(self, good: int, seen: int) -> None:
        """Count rows on; note a first one that may be a header as soon as there is a second."""
        if self._numbered is not None and self.count + seen > 1:
            row = _ends(self._numbered)
            self._note(f"{self.name}: the first row, {row}, is read as data; is it a header? --header")
            self._numbered = None
        self.count += good

    def _batch(self, rows: list[list[str]], lines: Sequence[int]) -> tuple[Batch, InputError | None]:
        """Return the rows before the first bad one as a batch, and its error, if there is one."""
        layout = self.layout
        error = None
        if set(map(len, rows)) - {layout.width}:
            bad = next(i for i, row in enumerate(rows) if len(row) != layout.width)
            error = self._ragged(rows[bad], lines[bad])
            rows = rows[:bad]
        cells = list(chain.from_iterable(map(self._logits_of, rows)))
        try:
            values = read_cells(cells)
        except ValueError:
            bad, error = self._bad_cell(rows, cells, lines)
            rows = rows[:bad]
            values = read_cells(cells[: bad * len(layout.logits)])
        name = self.name
        batch = layout.batch(
            values.reshape(len(rows), len(layout.logits)),
            [[row[i] for row in rows] for i in layout.kept],
            first_row=self.count + 1,
            where=lambda row: f"{name}:{lines[row]}",
        )
        return batch, error

    def _ragged(self, row: list[str], line: int) -> InputError:
        width = self.layout.width
        first = f"line {self.first_line} has {width}"
        return InputError(f"{counted(len(row), 'column')}, where {first}", where=f"{self.name}:{line}")

    def _bad_cell(
        self, rows: list[list[str]], cells: list[str], lines: Sequence[int]
    ) -> tuple[int, InputError]:
        """Return the index of the first row with a cell that is not a number, and the error."""
        found = first_bad(cells)
        assert found is not None  # read_cells refused one of them
        bad, j = divmod(found[0], len(self.layout.logits))
        label = self.layout.logit_column(j)
        hint = None
        if self.count + bad == 0 and not self.picked and is_word(cells[found[0]]):
            # The first cell of the column is a word: the column is one of words, and not for softmax.
            hint = columns_hint([is_number(cell) for cell in rows[bad]])
        return bad, InputError(f"{label}: {found[1]}", where=f"{self.name}:{lines[bad]}", hint=hint)


def _getter(positions: tuple[int, ...], width: int) -> Callable[[list[str]], Sequence[str]]:
    """Return the function that takes the logit cells out of a row."""
    if positions == tuple(range(width)):
        return lambda row: row
    first, last = positions[0], positions[-1]
    if positions == tuple(range(first, last + 1)):
        return itemgetter(slice(first, last + 1))
    return itemgetter(*positions)


def _ends(row: list[str]) -> str:
    """Write a row by its ends: 0, 1, ..., 9."""
    cells = [cell.strip() for cell in row]
    return ", ".join(cells if len(cells) <= 4 else [*cells[:2], "...", cells[-1]])
