"""What to do about a text that is not a table of numbers: after each hint, it is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from softmax_cli.io.cells.lists import ELLIPSIS, ELLIPSIS_HINT, bare_list_texts
from softmax_cli.io.cells.numbers import is_meant_as_number, is_number, is_word
from softmax_cli.io.cells.spelling import spelling_hint
from softmax_cli.io.cells.wording import file_argument, piped, quoted
from softmax_cli.io.table.columns import columns_hint

if TYPE_CHECKING:
    from softmax_cli.io.text.rows import TextRows

_OTHER_DELIMITERS = ":~^/!&\\\x01\x1f\x1e\x02"
_WITHOUT_EMPTY_ROWS = "grep -v '^[,;[:blank:]]*$'"


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell of a table that is not a number, with its row, on `line`, and the next one."""

    table: TextRows
    cell: str
    column: int
    rows: Sequence[Sequence[str]]
    line: int
    is_first: bool

    def hint(self) -> str | None:
        """Return what to do about it."""
        alone = self._of_one_column() if self.table.layout.width == 1 else self._of_an_empty_row()
        return (
            alone
            or self._of_a_last_delimiter()
            or self._of_several_numbers()
            or spelling_hint(self.cell)
            or self._of_a_word()
        )

    def _of_one_column(self) -> str | None:
        delimiter = _delimiter_of(self.cell)
        if delimiter is not None:
            return f"--delimiter {quoted(delimiter)}"
        name, equals, value = self.cell.rpartition("=")
        words = f"softmax probs $(cat{file_argument(self.table.name)})"
        return words if name and equals and is_number(value) else None

    def _of_an_empty_row(self) -> str | None:
        if any(map(str.strip, self.rows[0])):
            return None
        return f"leave such lines out: {piped(_WITHOUT_EMPTY_ROWS, self.table.name)}"

    def _of_a_last_delimiter(self) -> str | None:
        last = self.table.layout.width - 1
        if self.cell.strip() or not self.is_first or self.column != last or last < 2:
            return None
        if self.table.layout.names is not None or self.table.options.columns is not None:
            return None
        return f"-c 1-{last} where the lines end with a delimiter; else write -inf to mask the class"

    def _of_several_numbers(self) -> str | None:
        if self.cell == ELLIPSIS:
            return ELLIPSIS_HINT
        if self.table.options.columns is not None or not bare_list_texts(self.cell):
            return None
        if self.table.delimiter == "\t" and len(self.cell.split()) > 1:
            return spelling_hint(self.cell) or "--delimiter space"
        return f"the cell holds several numbers: -c {self.column + 1} reads them as one vector"

    def _of_a_word(self) -> str | None:
        if not is_word(self.cell):
            return None
        row = [is_number(cell) for cell in self.rows[0]]
        next_is_right = len(self.rows) > 1 and all(map(is_number, self.rows[1]))
        if not self.is_first or (not any(row) and next_is_right):
            return _without_line(self.line, self.table.name)
        names, options = self.table.layout.names, self.table.options
        return columns_hint(row, names, options) if options.columns is None else None


def ragged_hint(cells: int, width: int, line: int, name: str, *, is_first: bool) -> str | None:
    """Return what to do about a row with more or fewer cells than the first line."""
    if is_first and cells > width:
        return f"leave out what stands above the table: {piped(f'tail -n +{line}', name)}"
    return _without_line(line, name) if not is_first and cells == 1 else None


def _without_line(line: int, name: str) -> str:
    return f"leave the line out: {piped(f'sed {line}d', name)}"


def _delimiter_of(cell: str) -> str | None:
    """Return the delimiter that cuts a cell into numbers, if it is one that is not looked for."""
    for sign in _OTHER_DELIMITERS:
        cells = cell.split(sign)
        if len(cells) > 1 and all(map(is_meant_as_number, cells)):
            return sign
    return None
