"""Records of text -> batches of numbers, with the line and column of what is no number."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain
from operator import itemgetter
from typing import Any

from softmax_cli.errors import InputError
from softmax_cli.io.cells.lists import ELLIPSIS, asked_list_texts, list_texts
from softmax_cli.io.cells.numbers import first_bad, read_cells, with_point
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

    Parameters
    ----------
    name
        The input's name.
    header
        The first record, where it names the columns.
    first
        The first row.
    line
        The line of the first record.
    delimiter
        What stands between cells.
    options
        The command's options.
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
        """Return rows parsed elsewhere as a batch; the first of them stands on `line`, one row a line."""
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
        except ValueError:
            bad, error = self._bad_cell(rows, cells, lines)
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
        """Return the logits of the rows as texts, up to a list of another length: its row, and what it is."""
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
        """Return the first row with a cell in a column that has no name, and what is wrong with it."""
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
        self, rows: list[list[str]], cells: list[str], lines: Sequence[int]
    ) -> tuple[int, InputError]:
        """Return the index of the first row with a cell that is not a number, and the error."""
        found = first_bad(cells)
        assert found is not None  # read_cells refused one of them
        bad, j = divmod(found[0], self.layout.k)
        cell, what = cells[found[0]], found[1]
        written = cell
        if self.decimal == ",":
            written = cell.replace(".", ",").replace("_", ".")
            what = what.replace(cell, written)
        hint = BadCell(
            written,
            self.layout.logits[0 if self.layout.listed else j],
            rows[bad : bad + 2],
            lines[bad : bad + 2],
            self.layout,
            self.name,
            self.delimiter,
            self.options,
            is_first=self.count + bad == 0,
        ).hint()
        if self.decimal == "," and hint is not None and "thousands" in hint:
            hint = hint.replace(".", ",")
        where = f"{self.name}:{lines[bad]}"
        return bad, InputError(f"{self.layout.logit_column(j)}: {what}", where=where, hint=hint)


def _list_of(layout: Layout, decimal: str | None, row: list[str]) -> Sequence[str]:
    """Return the logits of a row from its one cell that holds them all.

    Raises
    ------
    ValueError
        With a sentence, where it holds no list, or one of another length than the first row's.
    """
    cell = row[layout.logits[0]]
    texts = asked_list_texts(cell, decimal=decimal)
    if texts is None:
        raise ValueError(f"{layout.column(layout.logits[0])}: {shown(cell)} is not a list of numbers")
    if len(texts) != layout.k:
        raise ValueError(layout.unequal(len(texts)))
    return texts


def _getter(positions: tuple[int, ...], width: int) -> Callable[[list[str]], Sequence[str]]:
    """Return the function that takes the logit cells out of a row."""
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
    """Tell whether a cell is a whole number, written as one."""
    return bool(re.fullmatch(r"\s*[+-]?[0-9]+\s*", cell))
