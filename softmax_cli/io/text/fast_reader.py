"""The fast reader of delimited text: a block of whole lines at a time, parsed by polars on all cores.

It takes only what it is sure of. A block that polars refuses, or may read differently, is left to the careful
reader, which also finds the line and column of an error. So both read every input alike.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from softmax_cli.io.table.batch import Array
from softmax_cli.io.table.checks import all_below
from softmax_cli.io.table.layout import Layout
from softmax_cli.io.text.bitmaps import count, of, within
from softmax_cli.io.text.records import BLANKS

WIDE = 512
"""From this width on, a frame's columns cost more than its cells: all are read as one column."""

_FEW = 16
"""Up to this width, columns are copied before polars' own threads would be awake."""

_PACKED = (b"x\x01", b"x^", b"x\x9c", b"x\xda", b"\x1f\x8b", b"\x28\xb5\x2f\xfd")
"""The first bytes of zlib, gzip and zstd: polars decompresses even text that starts with them."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """The rows of one block: the logits, shape (n, k), and the kept columns, in order."""

    values: Array
    kept: list[pl.Series]


class BlockParser:
    """Parses blocks of lines that all have the same columns; used by several threads at once."""

    def __init__(self, layout: Layout, delimiter: str, *, decimal: str | None = None) -> None:
        self.layout = layout
        self.decimal = decimal
        self.blanks = delimiter == BLANKS
        self.delimiter = delimiter.encode()
        logits = set(layout.logits)
        number = pl.String if layout.listed else pl.Float64
        self._schema: dict[str, Any] = {
            str(i): number if i in logits else pl.String for i in range(layout.width)
        }
        self._entries: BlockParser | None = None
        if layout.listed:
            entries = Layout(None, layout.k, tuple(range(layout.k)), (), layout.classes, layout.named)
            self._entries = BlockParser(entries, ",", decimal=decimal)
        self._logits = [str(i) for i in layout.logits]
        self._kept = [str(i) for i in layout.kept]

    @property
    def able(self) -> bool:
        """Whether such blocks can be parsed fast at all; polars' delimiters are single bytes."""
        is_plain = len(self.delimiter) == 1 and not self.layout.unused
        return is_plain and (self.layout.width < WIDE or not self._kept)

    def parse(self, data: bytes) -> Parsed | None:
        """Return the rows of a block, one a line; None if the careful reader must read it."""
        if not self._is_plain(data) or (self.decimal == "," and b"." in data):  # polars takes both
            return None
        parsed = self.read(data, _lines_of(data) if b'"' in data else None)
        if parsed is None or not self._has_all_cells(data, len(parsed.values)):
            return None
        if self._entries is not None:  # it has checked the infinities
            return parsed
        if all_below(parsed.values, np.inf) or self._infinities_are_written(parsed, data):
            return parsed
        return None

    def read(self, data: bytes, lines: int | None) -> Parsed | None:
        """Return the rows of plain lines, or None if polars cannot read a logit.

        The caller checks what polars reads as an infinity, and for cells missing at the end of a line.

        Parameters
        ----------
        lines
            How many there are; None where no line end is within quotes: polars makes a row of each line then.
        """
        if self.layout.width >= WIDE and self._entries is None:
            return self._parse_wide(data, lines or _lines_of(data))
        return self._parse(data, lines)

    def _parse(self, data: bytes, lines: int | None) -> Parsed | None:
        frame = self._frame(data, self._schema)
        if frame is None or lines not in (None, frame.height):  # a line end within quotes
            return None
        lines = frame.height
        kept = [frame[name].fill_null("") for name in self._kept]
        if self._entries is not None:
            entries = self._entries.parse(_entries_of(frame[self._logits[0]]))
            return None if entries is None or len(entries.values) != lines else Parsed(entries.values, kept)
        logits = frame[self._logits]
        if any(logits.null_count().row(0)):
            return None  # an empty cell, a blank line, or a line with too few cells
        return Parsed(_matrix(logits), kept)

    def _parse_wide(self, data: bytes, lines: int) -> Parsed | None:
        if b'"' in data:
            return None
        if not data.endswith(b"\n"):
            data += b"\n"
        width = self.layout.width
        signs = np.frombuffer(data, np.uint8)
        ends = np.flatnonzero((signs == self.delimiter[0]) | (signs == ord("\n")))
        if len(ends) != lines * width or not (signs[ends[width - 1 :: width]] == ord("\n")).all():
            return None
        frame = self._frame(data.replace(self.delimiter, b"\n"), {"": pl.Float64})
        if frame is None or frame.height != lines * width or frame[""].null_count():
            return None
        values = frame[""].to_numpy().reshape(lines, width)
        whole = self.layout.logits == tuple(range(width))
        return Parsed(values if whole else values[:, self.layout.logits], [])

    def _frame(self, data: bytes, schema: dict[str, Any]) -> pl.DataFrame | None:
        if data.startswith(_PACKED):
            return None
        try:
            return pl.read_csv(
                data,
                has_header=False,
                schema=schema,
                separator=self.delimiter.decode(),
                decimal_comma=self.decimal == ",",
            )
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
            return None

    def _is_plain(self, data: bytes) -> bool:
        """Return whether the block holds nothing that polars may take differently than the careful reader."""
        if not data or b"\0" in data or data.startswith((b"#", BOM_UTF8)):
            return False
        if 0 in self.layout.kept and b"#" in data and b"\n#" in data:  # a comment; no number begins so
            return False
        if b"\r" in data and data.count(b"\r") != data.count(b"\r\n"):
            return False
        if self.blanks and any(sign in data for sign in (b"  ", b"\t", b"\n ", b" \n", b" \r", b'"')):
            return False
        return b'"' not in data or self._quotes_are_plain(data)

    def _quotes_are_plain(self, data: bytes) -> bool:
        """Return whether each quote opens or closes a whole cell: no quote within quotes, no text outside."""
        signs = np.frombuffer(b"\n" + data + b"\n", np.uint8)
        quotes = np.flatnonzero(signs == ord('"'))
        before, after = signs[quotes[::2] - 1], signs[quotes[1::2] + 1]
        delimiter = self.delimiter[0]
        return bool(
            len(quotes) % 2 == 0
            and ((before == delimiter) | (before == ord("\n"))).all()
            and ((after == delimiter) | (after == ord("\n")) | (after == ord("\r"))).all()
        )

    def _has_all_cells(self, data: bytes, lines: int) -> bool:
        """Return whether no line lacks its last cells, for which polars fills in empty texts."""
        if not self._kept or self.layout.kept[-1] != self.layout.width - 1:
            return True
        signs = np.frombuffer(data, np.uint8)
        delimiters = of(signs, self.delimiter)
        if b'"' in data:
            delimiters &= ~within(of(signs, b'"'))
        return count(delimiters) == lines * (self.layout.width - 1)

    def _infinities_are_written(self, parsed: Parsed, data: bytes) -> bool:
        """Return whether the text spells out every infinity; polars silently reads 1e400 as one."""
        if np.isnan(parsed.values).any():
            return False
        written = data.count(b"inf")
        infinite = int(np.isinf(parsed.values).sum())
        if written != infinite or self._kept:
            written = data.lower().count(b"inf")
        for column in parsed.kept:
            written -= int(column.str.to_lowercase().str.count_matches("inf", literal=True).sum())
        return written == infinite


def _lines_of(data: bytes) -> int:
    return int(np.count_nonzero(np.frombuffer(data, np.uint8) == ord("\n"))) + (not data.endswith(b"\n"))


def _matrix(frame: pl.DataFrame) -> Array:
    """Return the numbers of a frame, column by column in memory."""
    if frame.width > _FEW:
        return frame.to_numpy(order="fortran")
    values = np.empty((frame.width, frame.height))
    for row, column in zip(values, frame.iter_columns(), strict=True):
        np.concatenate([chunk.to_numpy() for chunk in column.get_chunks()], out=row)
    return values.T


def _entries_of(lists: pl.Series) -> bytes:
    """Return cells that hold lists as delimited text, one list a line; empty if they differ in form."""
    first = "" if lists.is_empty() else lists[0] or ""
    if ";" in first or "|" in first:
        return b""
    form = re.fullmatch(r"(\D*?[\[(])[^\[\]()]*([\])][^\[\]]*)", first)
    if form is None or lists.has_nulls():
        return b""
    before, after = form.groups()
    if not (lists.str.starts_with(before) & lists.str.ends_with(after)).all():
        return b""
    inner = lists.str.strip_prefix(before).str.strip_suffix(after)
    inner = inner.str.replace_all(r",\s+" if "," in first else r"\s+(\S)", "," if "," in first else ",$1")
    if "," not in first:
        inner = inner.str.strip_chars(", \t\r\n")
    return "\n".join(inner.to_list()).encode()
