"""Lines of delimited text -> records of cells, with RFC 4180 quotes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from softmax_cli.errors import InputError
from softmax_cli.io.cells.wording import counted
from softmax_cli.io.text.blocks import TextBlock

BLANKS = " "
"""The delimiter that stands for a run of blanks of any length."""
LONGEST_QUOTED = 1 << 20
_QUOTED = re.compile(r'[^"]*+(?:""[^"]*+)*+')
_BLANK_RUN = re.compile(r"[ \t]+")


@dataclass(frozen=True, slots=True)
class Records:
    """Some records.

    Parameters
    ----------
    rows
        The cells of each.
    lines
        The 1-based line on which each starts.
    """

    rows: list[list[str]]
    lines: Sequence[int]


class RecordSplitter:
    """Cuts blocks of lines into records; a quoted cell may go on over lines and over blocks.

    Parameters
    ----------
    delimiter
        One character; BLANKS for runs of blanks.
    name
        The input's name, for errors.
    """

    def __init__(self, delimiter: str, name: str) -> None:
        self.delimiter = delimiter
        self.name = name
        self._open: _OpenRecord | None = None

    def split(self, block: TextBlock) -> tuple[Records, InputError | None]:
        """Return the block's records, and the error that stands behind the last of them, if any."""
        if self._open is None and '"' not in block.text:
            return self._split_plain(block), None
        rows: list[list[str]] = []
        lines: list[int] = []
        error = None
        for number, line in enumerate(block.lines_with_ends(), block.line):
            if self._open is None:
                if self._passed_over(line):
                    continue
                if '"' not in line:
                    rows.append(self._cells(line.rstrip("\r\n")))
                    lines.append(number)
                    continue
                self._open = _OpenRecord(self.delimiter, number)
            error = self._open.take(line)
            if error is not None:
                error.where = f"{self.name}:{number if error.where is None else error.where}"
                break
            if self._open.complete:
                rows.append(self._open.cells)
                lines.append(self._open.line)
                self._open = None
        return Records(rows, lines), error

    @property
    def is_open(self) -> bool:
        """Whether a quoted cell goes on in the next block."""
        return self._open is not None

    def finish(self) -> InputError | None:
        """Return the error of an input that ends inside quotes, if it does."""
        if self._open is None:
            return None
        return InputError("a quote opens here and is never closed", where=f"{self.name}:{self._open.line}")

    def _split_plain(self, block: TextBlock) -> Records:
        lines = block.lines()
        numbers: list[int] | range = range(block.line, block.line + len(lines))
        if self.delimiter == BLANKS or "#" in block.text or "" in lines or any(map(str.isspace, lines)):
            content = [
                (line, n) for line, n in zip(lines, numbers, strict=True) if not self._passed_over(line)
            ]
            lines, numbers = [line for line, _ in content], [n for _, n in content]
        return Records([self._cells(line) for line in lines], numbers)

    def _passed_over(self, line: str) -> bool:
        """Tell whether a line is a comment or blank; where tabs delimit, a line of tabs is a row."""
        if line[:1] == "#":
            return True
        return not line.strip(" \r\n" if self.delimiter == "\t" else " \t\r\n")

    def _cells(self, line: str) -> list[str]:
        if self.delimiter == BLANKS:
            return _BLANK_RUN.split(line.strip(" \t"))
        return line.split(self.delimiter)


class _OpenRecord:
    """One record that holds quotes, taken a line at a time."""

    def __init__(self, delimiter: str, line: int) -> None:
        self.line = line
        self.cells: list[str] = []
        self.complete = False
        self._delimiter = delimiter
        self._quoted: list[str] | None = None  # the parts of the quoted cell that is open, if one is
        self._length = 0

    def take(self, line: str) -> InputError | None:
        """Take the record's next line, with its end; return what is wrong with it."""
        body = line.rstrip("\r\n")
        at: int | None = 0
        if self._quoted is None and self._delimiter == BLANKS:
            at = len(body) - len(body.lstrip(" \t"))
        while at is not None:
            if self._quoted is not None:
                at = self._close(body, at)
                if at is None:
                    self._quoted.append(line[len(body) :])
                    return self._too_long()
                self.cells.append("".join(self._quoted).replace('""', '"'))
                self._quoted = None
                at, error = self._after_quote(body, at)
                if error is not None:
                    return error
            elif body[at : at + 1] == '"':
                self._quoted = []
                at += 1
            else:
                at = self._take_plain(body, at)
        self.complete = True
        return None

    def _close(self, body: str, at: int) -> int | None:
        """Take the open cell up to its closing quote; return the place behind it, or None without one."""
        part = _QUOTED.match(body, at)
        assert part is not None  # the pattern matches the empty text too
        assert self._quoted is not None
        self._quoted.append(part.group())
        self._length += len(part.group())
        return None if part.end() == len(body) else part.end() + 1

    def _after_quote(self, body: str, at: int) -> tuple[int | None, InputError | None]:
        """Return where the cell behind a closing quote starts, None where the line ends; or what is wrong."""
        if self._delimiter != BLANKS and body[at : at + 1] == self._delimiter:
            return at + 1, None
        rest = len(body) - len(body[at:].lstrip(" \t"))
        if rest == len(body):
            return None, None
        if self._delimiter == BLANKS and rest > at:
            return rest, None
        if self._delimiter != BLANKS and body[rest] == self._delimiter:
            return rest + 1, None
        what = f"column {len(self.cells)}: text after a closing quote"
        return None, InputError(what, hint='a quote inside quotes is written twice: ""')

    def _take_plain(self, body: str, at: int) -> int | None:
        """Take a cell without quotes; return where the next starts, None where the line ends."""
        if self._delimiter == BLANKS:
            gap = _BLANK_RUN.search(body, at)
            self.cells.append(body[at : gap.start() if gap else len(body)])
            return gap.end() if gap and gap.end() < len(body) else None
        end = body.find(self._delimiter, at)
        self.cells.append(body[at:] if end < 0 else body[at:end])
        return None if end < 0 else end + 1

    def _too_long(self) -> InputError | None:
        if self._length <= LONGEST_QUOTED:
            return None
        return InputError(
            f"column {len(self.cells) + 1}: a quote opens here and is not closed within "
            f"{counted(LONGEST_QUOTED, 'character')}",
            where=str(self.line),
        )
