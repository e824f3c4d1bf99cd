"""Lines of delimited text -> records of cells, with RFC 4180 quotes."""

from __future__ import annotations

import bisect
import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from softmax_cli.errors import InputError
from softmax_cli.io.cells.numbers import EXCEL_ERROR
from softmax_cli.io.cells.wording import counted
from softmax_cli.io.text.blocks import TextBlock

BLANKS = " "
"""The delimiter that stands for runs of blanks."""

LONGEST_QUOTED = 1 << 20
_BLANK_RUN = re.compile(r"[ \t]+")

csv.field_size_limit(2 * LONGEST_QUOTED)  # the limit is ours


Records: TypeAlias = tuple[list[list[str]], Sequence[int], InputError | None]
"""The cells of some records, the 1-based line on which each starts, and the error that follows the last."""


def is_record(line: str) -> bool:
    """Return whether a line is neither blank nor a comment."""
    return bool(line.strip()) and not _is_comment(line)


def _is_comment(line: str) -> bool:
    return line[:1] == "#" and not re.match(EXCEL_ERROR, line)


class RecordSplitter:
    """Cuts blocks of lines into records; a quoted cell may span lines and blocks."""

    def __init__(self, delimiter: str, name: str) -> None:
        self.delimiter = delimiter
        self.name = name
        self._open: list[str] = []  # the lines of a record that goes on in the next block
        self._opened_at = 0

    def split(self, block: TextBlock) -> Records:
        """Return the block's records."""
        if not self._open and '"' not in block.text:
            return self._split_plain(block)
        lines = self._open + block.lines_with_ends()
        first = self._opened_at if self._open else block.line
        self._open = []
        return self._split_quoted(lines, first)

    @property
    def is_open(self) -> bool:
        """Whether a quoted cell continues in the next block."""
        return bool(self._open)

    def finish(self) -> InputError | None:
        """Return the error if the input ends inside quotes."""
        return self._error("a quote opens here and is never closed", self._opened_at) if self._open else None

    def _split_quoted(self, lines: list[str], first: int) -> Records:
        rows: list[list[str]] = []
        numbers: list[int] = []
        start = -1  # of the record being read
        at = 0

        def content() -> Iterator[str]:
            nonlocal start, at
            for at, line in enumerate(lines):
                if start < 0:
                    if self._passed_over(line):
                        continue
                    start = at
                yield _BLANK_RUN.sub(BLANKS, line.rstrip(" \t\r\n")) if self.delimiter == BLANKS else line

        try:
            for cells in self._reader(content()):
                rows.append(cells)
                numbers.append(first + start)
                start = -1
        except csv.Error as error:
            if "unexpected end" in str(error) and sum(map(len, lines[start:])) <= LONGEST_QUOTED:
                self._open, self._opened_at = lines[start:], first + start
                return rows, numbers, None
            text = "".join(lines[start : at + 1])
            return rows, numbers, self._quote_error(text, first + start, first + at)
        return rows, numbers, None

    def _quote_error(self, record: str, start: int, line: int) -> InputError:
        """Return the error of a record that csv refuses, which begins at `start` and is refused at `line`."""

        def refused(length: int) -> bool:
            try:
                list(self._reader(record[:length].splitlines(keepends=True)))
            except csv.Error as error:
                return "expected after" in str(error)
            return False

        at = bisect.bisect_left(range(len(record) + 1), True, key=refused)
        try:
            cells = next(self._reader(record[: at - 1].splitlines(keepends=True), strict=False))
        except csv.Error:  # a cell beyond the limit of the library
            cells = next(self._reader([record[:LONGEST_QUOTED]], strict=False))
        if at <= len(record):
            hint = 'a quote inside quotes is written twice: ""'
            return self._error(f"column {len(cells)}: text after a closing quote", line, hint)
        what = f"a quote opens here and is not closed within {counted(LONGEST_QUOTED, 'character')}"
        return self._error(f"column {len(cells)}: {what}", start)

    def _reader(self, lines: Iterable[str], *, strict: bool = True) -> Iterator[list[str]]:
        return csv.reader(
            lines, delimiter=self.delimiter, strict=strict, skipinitialspace=self.delimiter == BLANKS
        )

    def _error(self, what: str, line: int, hint: str | None = None) -> InputError:
        return InputError(what, where=f"{self.name}:{line}", hint=hint)

    def _split_plain(self, block: TextBlock) -> Records:
        lines = block.lines()
        numbers: list[int] | range = range(block.line, block.line + len(lines))
        if self.delimiter == BLANKS or "#" in block.text or "" in lines or any(map(str.isspace, lines)):
            content = [
                (line, n) for line, n in zip(lines, numbers, strict=True) if not self._passed_over(line)
            ]
            lines, numbers = [line for line, _ in content], [n for _, n in content]
        if self.delimiter == BLANKS:
            return [_BLANK_RUN.split(line.strip(" \t")) for line in lines], numbers, None
        return [line.split(self.delimiter) for line in lines], numbers, None

    def _passed_over(self, line: str) -> bool:
        """Return whether a line is a comment or blank; if tabs delimit, a line of tabs is a row."""
        return _is_comment(line) or not line.strip(" \r\n" if self.delimiter == "\t" else " \t\r\n")
