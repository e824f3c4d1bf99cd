"""Records of text -> batches of numbers, with the line and column of each error."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain
from operator import itemgetter
from typing import Any

from softmax_cli.errors import InputError
from softmax_cli.io.cells.lists import ELLIPSIS, asked_list_texts, list_texts
from softmax_cli.io.cells.numbers import NotANumberError, read_cells, with_point
from softmax_cli.io.cells.wording import counted, shown
from softmax_cli.io.options import ReadOptions
from softmax_cli.io.table.batch import Array, Batch
from softmax_cli.io.table.lay_out import lay_out
from softmax_cli.io.table.layout import Layout
from softmax_cli.io.text.dialect import fitted, unused_columns
from softmax_cli.io.text.hints import BadCell, ragged_hint
from softmax_cli.io.text.records import Records


class TextRows:
    """Records of text -> batches of numbers.

    The first record is the header, if there is one, and stands on `line`.
    """

    def __init__(
        self,
        name: str,
        header: list[str] | None,
        first: list[str],
        line: int,
        delimiter: str,
        options: ReadOptions,
    ) -> None:
        self.name = name
        self.count = 0
        self.has_header = header is not None
        self.first_line = line
        self.picked = options.columns is not None
        self.decimal = options.decimal
        self.options = options
        self.delimiter = delimiter
        names = None if header is None else fitted(header, first)
        width = len(names or first)
        unused = () if names is None else unused_columns(names, first)
        texts_of = asked_list_texts if self.picked else list_texts
        lists = {
            i: len(texts)
            for i, cell in enumerate(first[:width])
            if (texts := texts_of(cell, decimal=options.decimal))
        }
        self.layout = lay_out(names, width, options, where=f"{name}:{line}", lists=lists, unused=unused)
        self._logits_of = (
            partial(_list_of, self.layout, options.decimal)
            if self.layout.listed
            else _getter(self.layout.logits, width)
        )

    def batches(self, records: Records) -> Iterator[Batch]:
        """Yield the rows of some records as a batch, then raise the error of the first bad one, if any."""
        batch, error = self._batch(records.rows, records.lines)
        self.count += len(batch)
        if len(batch):
            yield batch
        if error is not None:
            raise error

    def batch(self, values: Array, kept: Sequence[Any], line: int) -> Batch:
        """Return rows parsed elsewhere, one a line from `line` on, as a batch."""
        name = self.name
        batch = self.layout.batch(
            values, kept, first_row=self.count + 1, where=lambda row: f"{name}:{line + row}"
        )
        self.count += len(values)
        return batch

    def _batch(self, rows: list[list[str]], lines: Sequence[int]) -> tuple[Batch, InputError | None]:
        """Return the rows before the first bad one as a batch, and its error, if there is one."""
        layout = self.layout
        error = None
        if set(map(len, rows)) - {layout.width}:
            bad = next(i for i, row in enumerate(rows) if len(row) != layout.width)
            error = self._ragged(rows[bad], lines[bad], is_first=self.count + bad == 0)
            rows = rows[:bad]
        if self.options.missing is not None:
            whole = self.options.missing.whole(rows, layout, lambda row: f"{self.name}:{lines[row]}")
            rows, lines = [rows[i] for i in whole], [lines[i] for i in whole]
        cells, bad, what = self._cells(rows)
        if layout.unused and what is None:
            bad, what = self._used(rows)
            cells = cells[: bad * layout.k]
        if what is not None:
            rows, error = rows[:bad], InputError(what, where=f"{self.name}:{lines[bad]}")
        try:
            values = read_cells(cells)
        except NotANumberError as refused:
            bad = refused.position // layout.k
            cell, is_first = cells[refused.position], self.count + bad == 0
            error = self._bad_cell(refused, cell, rows[bad : bad + 2], lines[bad], is_first=is_first)
            rows = rows[:bad]
            values = read_cells(cells[: bad * layout.k])
        name = self.name
        batch = layout.batch(
            values.reshape(len(rows), layout.k),
            [[row[i] for row in rows] for i in layout.kept],
            first_row=self.count + 1,
            where=lambda row: f"{name}:{lines[row]}",
        )
        return batch, error

    def _cells(self, rows: list[list[str]]) -> tuple[list[str], int, str | None]:
        """Return the logits as texts up to the first wrong list, its row, and what is wrong with it."""
        found: list[Sequence[str]] = []
        wrong = None
        for row in rows:
            try:
                found.append(self._logits_of(row))
            except ValueError as error:
                wrong = str(error)
                break
        cells = list(chain.from_iterable(found))
        if self.decimal == ",":
            cells = [with_point(cell) for cell in cells]
        return cells, len(found), wrong

    def _used(self, rows: list[list[str]]) -> tuple[int, str | None]:
        """Return the index of the first row with a cell in a nameless column, and what is wrong with it."""
        for i, row in enumerate(rows):
            for position in self.layout.unused:
                if row[position].strip():
                    return i, f"column {position + 1}, which has no name, holds {shown(row[position])}"
        return len(rows), None

    def _ragged(self, row: list[str], line: int, *, is_first: bool) -> InputError:
        width = self.layout.width
        what = f"{counted(len(row), 'column')}, where line {self.first_line} has {width}"
        hint = ragged_hint(len(row), width, line, self.name, is_first=is_first)
        return InputError(what, where=f"{self.name}:{line}", hint=hint)

    def _bad_cell(
        self, refused: NotANumberError, cell: str, rows: list[list[str]], line: int, *, is_first: bool
    ) -> InputError:
        """Return the error of a cell that is not a number, by its row and the next one."""
        layout, what, written = self.layout, str(refused), cell
        j = refused.position % layout.k
        column = layout.logits[0 if layout.listed else j]
        if self.decimal == ",":
            written = cell.replace(".", ",").replace("_", ".")
            what = what.replace(cell, written)
        hint = BadCell(
            written, column, rows, line, layout, self.name, self.delimiter, self.options, is_first
        ).hint()
        if self.decimal == "," and hint is not None and "thousands" in hint:
            hint = hint.replace(".", ",")
        return InputError(f"{layout.logit_column(j)}: {what}", where=f"{self.name}:{line}", hint=hint)


def _list_of(layout: Layout, decimal: str | None, row: list[str]) -> Sequence[str]:
    """Return the logits of a row from its one cell of them; a ValueError says what is wrong with it."""
    cell = row[layout.logits[0]]
    texts = asked_list_texts(cell, decimal=decimal)
    if texts is None:
        raise ValueError(f"{layout.column(layout.logits[0])}: {shown(cell)} is not a list of numbers")
    if len(texts) != layout.k:
        raise ValueError(layout.unequal(len(texts)))
    return texts


def _getter(positions: tuple[int, ...], width: int) -> Callable[[list[str]], Sequence[str]]:
    """Return a function that picks the logit cells of a row."""
    if positions == tuple(range(width)):
        return lambda row: row
    first, last = positions[0], positions[-1]
    if positions == tuple(range(first, last + 1)):
        return itemgetter(slice(first, last + 1))
    return itemgetter(*positions)


def ends(row: Sequence[str]) -> str:
    """Write a row by its ends: 0, 1, ..., 9."""
    cells = [cell.strip() for cell in row]
    return ", ".join(cells if len(cells) <= 4 else [*cells[:2], ELLIPSIS, cells[-1]])


def is_whole(cell: str) -> bool:
    """Return whether a cell is written as a whole number."""
    return bool(re.fullmatch(r"\s*[+-]?[0-9]+\s*", cell))
