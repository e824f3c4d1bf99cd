"""The fast writer of delimited text: one flat table at a time, formatted by polars on all cores.

The bytes are those of the light writer. A table that polars would write otherwise is left to that one.
"""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import polars as pl

from softmax_cli.io.batch import Array, Batch, Column
from softmax_cli.io.picked import Picked

WIDE = 256
"""From so many columns on a frame's columns cost more than its cells: they are written as one column."""

FIXED_UP_TO = 1e16


def format_rows(table: Batch, delimiter: str) -> bytes | None:
    """Return the lines of a table, or None where the light writer has to see to it."""
    large = bool((np.abs(table.values) >= FIXED_UP_TO).any())  # polars writes 1e+16, we 1e16
    if table.k >= WIDE or table.k == 0:
        return None if table.kept or table.k == 0 else _wide_rows(table.values, delimiter, large=large)
    kept: list[pl.Series] = []
    for i, cells in enumerate(table.kept.values()):
        column = _text_column(str(i), cells, first=i == 0)
        if column is None:
            return None
        kept.append(column)
    if large and any(column.dtype == pl.String for column in kept):
        return None  # e+ may be part of a text
    numbers = pl.from_numpy(as_written(table.values), schema=[f"p{j}" for j in range(table.k)], orient="row")
    return _formatted(pl.DataFrame(kept).hstack(numbers) if kept else numbers, delimiter, large=large)


def as_written(values: Array) -> Array:
    """Return doubles with the digits that the values are written with.

    The shortest digits of a float32 are the shortest of the double nearest to them too; polars writes float32
    itself in another form.
    """
    if values.dtype != np.float32:
        return values
    digits = pl.Series(values.ravel()).cast(pl.String).cast(pl.Float64)
    return digits.to_numpy().reshape(values.shape)


def _text_column(name: str, cells: Column, *, first: bool) -> pl.Series | None:
    """Return a kept column in the form in which polars writes it as we do, or None."""
    column = kept_series(cells)
    if column is None or (column.dtype.is_numeric() and not column.null_count()):
        return None if column is None else column.rename(name)
    if column.dtype != pl.String or (first and column.str.starts_with("#").any()):
        return None  # a text that begins with # would be read back as a comment: it is quoted
    empty = column.str.len_bytes() == 0
    if empty.any():  # polars writes an empty text as "", we as nothing
        column = column.set(empty, None)
    return column.rename(name)


def kept_series(cells: Any) -> pl.Series | None:
    """Return a kept column as polars holds it, or None where polars would write its cells otherwise."""
    if isinstance(cells, Picked):
        return _picked(cells)
    if isinstance(cells, pl.Series):
        column = cells
    elif hasattr(cells, "cells"):  # with the type of its file
        column = pl.Series(cells.cells)
        if column.dtype in (pl.Categorical, pl.Enum):
            column = column.cast(pl.String)
        if column.dtype == pl.Float32:  # with the digits of its own size
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


def _formatted(frame: pl.DataFrame, delimiter: str, *, large: bool) -> bytes:
    buffer = io.BytesIO()
    frame.write_csv(buffer, include_header=False, separator=delimiter)
    text = buffer.getvalue()
    return text.replace(b"e+", b"e") if large else text


def _wide_rows(values: Array, delimiter: str, *, large: bool) -> bytes:
    column = pl.DataFrame({"": as_written(np.ascontiguousarray(values)).ravel()})
    text = bytearray(_formatted(column, delimiter, large=large))
    signs = np.frombuffer(text, np.uint8)
    ends = np.flatnonzero(signs == ord("\n"))
    within = ends[np.arange(1, len(ends) + 1) % values.shape[1] != 0]
    signs[within] = ord(delimiter)
    return bytes(text)
