"""What to do about a text that is not a table of numbers: after each hint, it is read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from softmax_cli.io.cells.lists import ELLIPSIS, ELLIPSIS_HINT, bare_list_texts
from softmax_cli.io.cells.numbers import is_meant_as_number, is_number, is_word
from softmax_cli.io.cells.spelling import GROUPED, spelling_hint
from softmax_cli.io.cells.wording import file_argument, piped, quoted
from softmax_cli.io.table.columns import columns_hint

if TYPE_CHECKING:
    from softmax_cli.io.text.rows import TextRows

_OTHER_DELIMITERS = ":~^/!&\\\x01\x1f\x1e\x02\N{FULLWIDTH COMMA}\N{IDEOGRAPHIC COMMA}"
_WITHOUT_EMPTY_ROWS = "grep -v '^[,;|[:blank:]]*$'"
_WITHOUT_COMMENTS = "sed 's/ *#.*//'"
_WITHOUT_RULES = r"sed -E '/^[^[:alnum:]]*$/d; s/^ *\| *//; s/ *\| *$//'"
_WITH_POINTS = r"sed -E 's/([0-9]),([0-9]+)/\1.\2/g'"


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
            or self._of_a_ruled_table()
            or self._of_what_stands_around()
            or self._of_a_last_delimiter()
            or self._of_several_numbers()
            or spelling_hint(self.cell)
            or self._of_a_word()
        )

    def _of_one_column(self) -> str | None:
        delimiter = _delimiter_of(self.cell)
        if delimiter is not None:
            return f"--delimiter {quoted(delimiter)}"
        return _words_hint(self.cell, self.table.name)

    def _of_an_empty_row(self) -> str | None:
        if any(map(str.strip, self.rows[0])):
            return None
        return f"leave such lines out: {piped(_WITHOUT_EMPTY_ROWS, self.table.name)}"

    def _of_a_ruled_table(self) -> str | None:
        """Recognise the lines and bars that Markdown, psql, MySQL and Org draw between cells."""
        names = self.table.layout.names or ()
        return ruled_hint([self.cell], self.table.name) or (
            ruled_hint(names, self.table.name) if self.table.layout.width == 1 else None
        )

    def _of_what_stands_around(self) -> str | None:
        """Recognise a comment after a number, and quotes that blanks precede, which are part of the cell."""
        number, comment, _ = self.cell.partition("#")
        if comment and number[-1:].isspace() and is_number(number):
            return f"leave the comments out: {piped(_WITHOUT_COMMENTS, self.table.name)}"
        sign = self.table.delimiter
        if not re.fullmatch('"[^"]*"', self.cell.strip()) or sign not in ",;|":
            return None
        without_blanks = f"""sed 's/{sign} *"/{sign}"/g'"""
        return f"leave the blanks before quotes out: {piped(without_blanks, self.table.name)}"

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
        vector = f"the cell holds several numbers: -c {self.column + 1} reads them as one vector"
        if not re.fullmatch(GROUPED, self.cell.strip()):
            return vector
        one = spelling_hint(self.cell)
        return f"{vector}; if it is one, {one}" if " " in self.cell.strip() else one

    def _of_a_word(self) -> str | None:
        if not is_word(self.cell):
            return None
        row = [is_number(cell) for cell in self.rows[0]]
        next_is_right = len(self.rows) > 1 and all(map(is_number, self.rows[1]))
        if not self.is_first or (not any(row) and next_is_right):
            return _without_line(self.line, self.table.name)
        names, options = self.table.layout.names, self.table.options
        return columns_hint(row, names, options) if options.columns is None else None


def ragged_hint(row: Sequence[str], width: int, line: int, name: str, *, is_first: bool) -> str | None:
    """Return what to do about a row with more or fewer cells than the first line."""
    if not is_first:
        return _without_line(line, name) if len(row) == 1 else None
    if len(row) == 2 * width and all(map(re.fullmatch, [r" *[+-]?[0-9]+", "[0-9]+ *"] * width, row)):
        return f"are the commas decimal ones? {piped(_WITH_POINTS, name)}"
    if len(row) > width:
        return f"leave out what stands above the table: {piped(f'tail -n +{line}', name)}"
    return ruled_hint(row, name)


def ruled_hint(cells: Sequence[str], name: str) -> str | None:
    """Return what to do about a line of rules, as between the head and the rows of a printed table."""
    if not any(map(str.strip, cells)) or not all(map(re.compile("[-:=+ ]*").fullmatch, cells)):
        return None
    is_rule = any("--" in cell or "==" in cell for cell in cells)
    return f"leave the rules out: {piped(_WITHOUT_RULES, name)}" if is_rule else None


def lone_line_hint(cells: Sequence[str], name: str) -> str:
    """Return what to do about an input of one line that is not numbers."""
    words = _words_hint(cells[0], name) if all("=" in cell for cell in cells) else None
    return words or "give --no-header if this line is data"


def _words_hint(cell: str, name: str) -> str | None:
    """Return what to do about NAME=LOGIT in a file."""
    label, equals, value = cell.rpartition("=")
    return f"softmax probs $(cat{file_argument(name)})" if label and equals and is_number(value) else None


def _without_line(line: int, name: str) -> str:
    return f"leave the line out: {piped(f'sed {line}d', name)}"


def _delimiter_of(cell: str) -> str | None:
    """Return the delimiter that cuts a cell into numbers, if it is one that is not looked for."""
    for sign in _OTHER_DELIMITERS:
        cells = cell.split(sign)
        if len(cells) > 1 and all(map(is_meant_as_number, cells)):
            return sign
    return None
