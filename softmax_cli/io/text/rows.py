"""Records of text -> batches of numbers, with the line and column of what is no number."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from operator import itemgetter
from typing import Any

from softmax_cli.errors import InputError
from softmax_cli.io.cells.lists import ELLIPSIS, bare_list_texts, list_texts
from softmax_cli.io.cells.numbers import first_bad, is_number, is_word, read_cells, spelling_hint, with_point
from softmax_cli.io.cells.wording import counted, shown
from softmax_cli.io.options import ReadOptions
from softmax_cli.io.table.batch import Array, Batch
from softmax_cli.io.table.columns import columns_hint
from softmax_cli.io.table.layout import Layout, lay_out
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
    options
        The command's options.
    """

    def __init__(
        self, name: str, header: list[str] | None, first: list[str], line: int, options: ReadOptions
    ) -> None:
        self.name = name
        self.count = 0
        self.has_header = header is not None
        self.first_line = line
        self.picked = options.columns is not None
        self.decimal = options.decimal
        self.options = options
        names = None if header is None else [cell.strip() for cell in header]
        width = len(header or first)
        if width == 1 and not self.picked:
            options = replace(options, classes=None)  # they name the vector's classes, which are its rows
        # A list needs no brackets where the column was asked for.
        texts_of = _any_list_texts if self.picked else list_texts
        lists = {i: len(texts) for i, cell in enumerate(first[:width]) if (texts := texts_of(cell))}
        self.layout = lay_out(names, width, options, where=f"{name}:{line}", lists=lists)
        self._logits_of = (
            partial(_list_of, self.layout) if self.layout.listed else _getter(self.layout.logits, width)
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
            error = self._ragged(rows[bad], lines[bad])
            rows = rows[:bad]
        if self.options.missing is not None:
            whole = self.options.missing.whole(rows, layout, lambda row: f"{self.name}:{lines[row]}")
            rows, lines = [rows[i] for i in whole], [lines[i] for i in whole]
        cells, bad, what = self._cells(rows)
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
        bad, j = divmod(found[0], self.layout.k)
        cell, what = cells[found[0]], found[1]
        hint = spelling_hint(cell)
        if self.decimal == ",":
            written = cell.replace(".", ",").replace("_", ".")
            what, hint = what.replace(cell, written), (spelling_hint(written) or "").replace(".", ",") or None
        if cell == ELLIPSIS:
            hint = "numpy and torch leave numbers out when they print: save the array with numpy.save"
        elif not self.picked and bare_list_texts(cell):
            hint = f"the cell holds several numbers: -c {self.layout.logits[j] + 1} reads them as one vector"
        elif self.count + bad == 0 and not self.picked and is_word(cell):
            # The first cell of the column is a word: the column is one of words, and not for softmax.
            numeric = list(map(is_number, rows[bad]))
            hint = columns_hint(numeric, self.layout.names, self.options)
        where = f"{self.name}:{lines[bad]}"
        return bad, InputError(f"{self.layout.logit_column(j)}: {what}", where=where, hint=hint)


def _any_list_texts(cell: str) -> list[str] | None:
    return list_texts(cell) or bare_list_texts(cell)


def _list_of(layout: Layout, row: list[str]) -> Sequence[str]:
    """Return the logits of a row from its one cell that holds them all.

    Raises
    ------
    ValueError
        With a sentence, where it holds no list, or one of another length than the first row's.
    """
    cell = row[layout.logits[0]]
    texts = _any_list_texts(cell)
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
