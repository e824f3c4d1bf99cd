"""Records of text -> batches of numbers, with the line and column of each error."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any

from softmax_cli.errors import InputError
from softmax_cli.io.cells.lists import ELLIPSIS, asked_list_texts, list_texts
from softmax_cli.io.cells.numbers import NotANumberError, read_cells, with_point
from softmax_cli.io.cells.wording import counted, shown
from softmax_cli.io.options import ReadOptions
from softmax_cli.io.table.batch import Array, Place
from softmax_cli.io.table.lay_out import lay_out
from softmax_cli.io.text.dialect import fitted, unused_columns
from softmax_cli.io.text.hints import BadCell, ragged_hint
from softmax_cli.io.text.two_paths import RowReader


class TextRows(RowReader):
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
        super().__init__(options)
        self.name = name
        self.has_header = header is not None
        self.first_line = line
        self.delimiter = delimiter
        names = None if header is None else fitted(header, first)
        width = len(names or first)
        unused = () if names is None else unused_columns(names, first)
        texts_of = list_texts if options.columns is None else asked_list_texts
        lists = {
            i: len(texts)
            for i, cell in enumerate(first[:width])
            if (texts := texts_of(cell, decimal=options.decimal))
        }
        layout = self.layout = lay_out(
            names, width, options, where=f"{name}:{line}", lists=lists, unused=unused
        )
        self._texts_of = _getter(layout.logits, width)
        if layout.listed:
            self._texts_of = lambda row: layout.list_of(row[layout.logits[0]], options.decimal)

    def _shaped(self, rows: Sequence[Any], place: Place) -> tuple[Sequence[Any], InputError | None]:
        width = self.layout.width
        if not set(map(len, rows)) - {width}:
            return rows, None
        bad = next(i for i, row in enumerate(rows) if len(row) != width)
        return rows[:bad], self._ragged(rows[bad], place(bad), is_first=self.count + bad == 0)

    def _logits(self, row: Sequence[str]) -> Sequence[str]:
        texts = self._texts_of(row)
        for position in self.layout.unused:
            if row[position].strip():
                what = f"column {position + 1}, which has no name, holds {shown(row[position])}"
                raise ValueError(what)
        return texts

    def _numbers(self, cells: Sequence[str]) -> Array:
        return read_cells(list(map(with_point, cells)) if self.options.decimal == "," else cells)

    def _ragged(self, row: list[str], where: str, *, is_first: bool) -> InputError:
        width = self.layout.width
        what = f"{counted(len(row), 'column')}, where line {self.first_line} has {width}"
        hint = ragged_hint(row, width, _line_of(where), self.name, is_first=is_first)
        return InputError(what, where=where, hint=hint)

    def _bad_number(
        self, refused: NotANumberError, j: int, rows: Sequence[Sequence[str]], where: str, *, is_first: bool
    ) -> InputError:
        layout, what = self.layout, str(refused)
        cell = self._texts_of(rows[0])[j]
        column = layout.logits[0 if layout.listed else j]
        hint = BadCell(self, cell, column, rows, _line_of(where), is_first).hint()
        if self.options.decimal == ",":
            what = what.replace(with_point(cell).strip(), cell.strip())
            hint = hint.replace(".", ",") if hint is not None and "thousands" in hint else hint
        return InputError(f"{layout.logit_column(j)}: {what}", where=where, hint=hint)


def _line_of(where: str) -> int:
    return int(where.rpartition(":")[2])


def _getter(positions: tuple[int, ...], width: int) -> Callable[[Sequence[str]], Sequence[str]]:
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
