"""The fast writer of delimited text: one flat table at a time, formatted by polars on all cores.

It writes the bytes of the light writer, and leaves to it every table that polars would write differently.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import IO, Any

import numpy as np
import polars as pl

from softmax_cli.io.table.batch import Array, Batch, Column
from softmax_cli.io.table.checks import all_below
from softmax_cli.io.table.flat import Lines, pieces
from softmax_cli.io.table.indexed import Picked

WIDE = 256
"""From this width on, a frame's columns cost more than its cells: all are written as one column."""

FIXED_UP_TO = 1e16


def plain_exponents(lines: Callable[[IO[bytes]], object], *, large: bool) -> Lines:
    """Return lines with 1e16 for 1e+16 if they may hold such `large` numbers."""
    return [b"".join(pieces(lines)).replace(b"e+", b"e")] if large else lines


def format_rows(table: Batch, delimiter: str) -> Lines | None:
    """Return the lines of a table; None if the light writer must write it."""
    large = not all_below(table.values, FIXED_UP_TO)  # or nan; polars writes 1e+16, we 1e16
    if table.k >= WIDE or table.k == 0:
        return None if table.kept or table.k == 0 else [_wide_rows(table.values, delimiter, large=large)]
    kept = [_text_column(cells, first=i == 0) for i, cells in enumerate(table.kept.values())]
    frame = side_by_side(kept, table.values, large=large)
    return None if frame is None else _formatted(frame, delimiter, large=large)


def side_by_side(kept: Sequence[pl.Series | None], values: Array, *, large: bool) -> pl.DataFrame | None:
    """Return kept columns and numbers as one frame; None if a column would be written differently.

    If the numbers are `large`, `plain_exponents` follows: no text may hold an ``e+`` then.
    """
    columns: list[pl.Series] = []
    for i, column in enumerate(kept):
        if column is None or (large and column.dtype == pl.String):
            return None
        columns.append(column.rename(str(i)))
    numbers = pl.from_numpy(
        _as_written(values), schema=[f"p{j}" for j in range(values.shape[1])], orient="row"
    )
    return pl.DataFrame(columns).hstack(numbers) if columns else numbers


def one_a_line(values: Array, *, large: bool) -> bytes:
    """Return numbers as text, in C order."""
    column = pl.DataFrame({"": _as_written(np.ascontiguousarray(values)).ravel()})
    return b"".join(pieces(_formatted(column, ",", large=large)))


def _as_written(values: Array) -> Array:
    """Return doubles that are written with the digits of the values; polars writes float32 in another form.

    The shortest digits of a float32 are also the shortest of the double nearest to them.
    """
    if values.dtype != np.float32:
        return values
    digits = pl.Series(values.ravel()).cast(pl.String).cast(pl.Float64)
    return digits.to_numpy().reshape(values.shape)


def _text_column(cells: Column, *, first: bool) -> pl.Series | None:
    """Return a kept column in a form that polars writes as we do, or None."""
    column = kept_series(cells)
    if column is None or (column.dtype.is_numeric() and not column.null_count()):
        return column
    if column.dtype != pl.String or (first and column.str.starts_with("#").any()):
        return None  # a text that begins with # must be quoted, or it would be read back as a comment
    empty = column.str.len_bytes() == 0
    if empty.any():  # polars writes an empty text as "", we write nothing
        column = column.set(empty, None)
    return column


def kept_series(cells: Any) -> pl.Series | None:
    """Return a kept column as polars holds it; None if polars would write its cells differently."""
    if isinstance(cells, Picked):
        return _picked(cells)
    if isinstance(cells, pl.Series):
        column = cells
    elif hasattr(cells, "cells"):  # with the type of its file
        try:
            column = pl.Series(cells.cells)
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException, TypeError, ValueError):
            return None  # a type that polars does not know
        if column.dtype in (pl.Categorical, pl.Enum):
            column = column.cast(pl.String)
        if column.dtype == pl.Float32:  # with the digits of a single
            column = column.cast(pl.String).cast(pl.Float64)
    elif set(map(type, cells)) in ({str}, {int}, {float}):
        try:
            column = pl.Series(cells, strict=True)
        except (pl.exceptions.PolarsError, OverflowError, TypeError, UnicodeEncodeError):
            return None
    else:
        return None
    fixed = column.dtype == pl.Float64 and bool((column.abs() < FIXED_UP_TO).all())
    return column if fixed or column.dtype.is_integer() or column.dtype == pl.String else None


def _picked(column: Picked) -> pl.Series | None:
    if isinstance(column.cells, range):  # row numbers
        return pl.Series(column.order + column.cells.start)
    cells = kept_series(column.cells)
    return None if cells is None else cells.gather(pl.Series(column.order))


def _formatted(frame: pl.DataFrame, delimiter: str, *, large: bool) -> Lines:
    return plain_exponents(partial(frame.write_csv, include_header=False, separator=delimiter), large=large)


def _wide_rows(values: Array, delimiter: str, *, large: bool) -> bytes:
    text = bytearray(one_a_line(values, large=large))
    signs = np.frombuffer(text, np.uint8)
    ends = np.flatnonzero(signs == ord("\n"))
    within = ends[np.arange(1, len(ends) + 1) % values.shape[1] != 0]
    signs[within] = ord(delimiter)
    return bytes(text)
