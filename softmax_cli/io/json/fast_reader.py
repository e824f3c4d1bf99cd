"""The fast reader of JSON lines: blocks of whole lines become delimited text, which is parsed on all cores.

It takes a block whose lines all have the form of its first, byte for byte except for the values: the same
keys in the same order, and the same blanks. A few passes over the bytes check that, and drop keys and
brackets. Every other block is left to the careful reader.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import polars as pl

from softmax_cli.io.cells.json_text import Literal
from softmax_cli.io.json.line_shape import LineShape, shape_of
from softmax_cli.io.json.values import kept_value
from softmax_cli.io.table.checks import all_below
from softmax_cli.io.table.layout import Layout
from softmax_cli.io.text.blocks import pieces
from softmax_cli.io.text.fast_reader import BlockParser, Parsed

_MASKED, _STAND_IN = b'"-inf"', b"-1e999"
"""A masked logit, and a number that is read as -inf."""

_PIECE = 1 << 19
"""Bytes of lines compared at a time: few enough for the cache, many enough for what each call costs."""

_NUMBER = r"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$"
_WHOLE = r"^(?:0|-?[1-9][0-9]{0,17})$"
_FIXED_UP_TO = 1e16


class LineParser:
    """Parses blocks of JSON lines that all have the same columns; used by several threads at once."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._table = layout.unlisted()
        self._cells = BlockParser(self._table, ",")

    def parse(self, data: bytes) -> Parsed | None:
        """Return the rows of a block, one a line; None if the careful reader must read it."""
        if not self._cells.able or b"\\" in data:
            return None
        if not data.endswith(b"\n"):
            data += b"\r\n" if b"\r\n" in data else b"\n"
        first = data[: data.index(b"\n") + 1]
        shape = shape_of(first.replace(_MASKED, _STAND_IN), self.layout)
        stripped = None if shape is None else _stripped(shape, data)
        if shape is None or stripped is None:
            return None
        parsed = self._cells.read(stripped.table, stripped.lines)
        if parsed is None:
            return None
        infinite = 0 if all_below(parsed.values, np.inf) else np.isinf(parsed.values).sum()
        if infinite != stripped.masked:  # a stand-in among the kept cells, or a number that no double holds
            return None
        return self._typed(parsed, shape)

    def _typed(self, parsed: Parsed, shape: LineShape) -> Parsed | None:
        """Return the rows with the numbers among the kept cells as numbers."""
        kept: list[Any] = []
        for position, cells in zip(self._table.kept, parsed.kept, strict=True):
            column = cells if shape.is_text[position] else _kept_numbers(cells)
            if column is None:
                return None
            kept.append(column)
        return Parsed(parsed.values, kept)


class _Stripped(NamedTuple):
    """The values of whole lines, delimited by commas, and the numbers of lines and of stand-ins."""

    table: bytes
    lines: int
    masked: int


def _stripped(shape: LineShape, data: bytes) -> _Stripped | None:
    """Return the values of the block's lines, or None if not all of them have the form."""
    tables: list[memoryview] = []
    lines = masked = 0
    for piece in pieces(data, _PIECE):
        bare = shape.strip(piece)
        if bare is None and _MASKED in piece and _STAND_IN not in data:
            masked += piece.count(_MASKED)
            bare = shape.strip(piece.replace(_MASKED, _STAND_IN))
        if bare is None:
            return None
        tables.append(bare[0].data)
        lines += bare[1]
    table = b"".join(tables)
    if masked and masked != sum(table.count(_STAND_IN + end) for end in (b",", b"\n")):
        return None  # one was part of something else
    return _Stripped(table, lines, masked)


def _kept_numbers(texts: pl.Series) -> pl.Series | list[Any] | None:
    """Return numbers that print as they were written, or None if a text is not a number."""
    if texts.str.contains(_WHOLE).all():
        return texts.cast(pl.Int64)
    if not texts.str.contains(_NUMBER).all():
        return None
    numbers = texts.cast(pl.Float64, strict=False)
    if (numbers.abs() < _FIXED_UP_TO).all() and (numbers.cast(pl.String) == texts).all():
        return numbers
    return [kept_value(Literal(text)) for text in texts]
