"""The fast writer of JSON lines: one flat table at a time, formatted by polars on all cores.

The bytes are those of the light writer. A table that polars would write otherwise is left to that one.
"""

from __future__ import annotations

import io

import numpy as np
import polars as pl

from softmax_cli.io.batch import Array, Batch
from softmax_cli.io.fast_table import FIXED_UP_TO, WIDE, as_written, kept_series
from softmax_cli.io.json_text import string_text


def format_lines(table: Batch) -> bytes | None:
    """Return the lines of a table, or None where the light writer has to see to it."""
    finite = np.isfinite(table.values)
    masked = table.values.size - int(np.count_nonzero(finite))
    if table.k == 0 or (masked and np.count_nonzero(table.values == -np.inf) != masked):
        return None
    large = bool((np.abs(table.values) >= FIXED_UP_TO).any(where=finite))  # polars writes 1e+16, we 1e16
    if table.k >= WIDE:
        return None if table.kept else _wide_lines(table.values, table.classes)
    lines = _lines(table, large=large)
    if lines is None or not masked:
        return lines
    # JSON has no infinity: polars writes null. A null that was there before is one too many.
    return lines.replace(b":null", b':"-inf"') if lines.count(b":null") == masked else None


def _lines(table: Batch, *, large: bool) -> bytes | None:
    kept: list[pl.Series] = []
    for i, cells in enumerate(table.kept.values()):
        column = kept_series(cells)
        if column is None:
            return None
        kept.append(column.rename(str(i)))
    names = "".join([*table.kept, *table.classes])
    if large and (any(column.dtype == pl.String for column in kept) or "+" in names):
        return None  # e+ may be part of a text
    if not _is_unicode(names):
        return None
    buffer = io.BytesIO()
    numbers = pl.from_numpy(as_written(table.values), schema=[f"p{j}" for j in range(table.k)], orient="row")
    frame = pl.DataFrame(kept).hstack(numbers) if kept else numbers
    frame.columns = [*table.kept, *table.classes]
    frame.write_ndjson(buffer)
    text = buffer.getvalue()
    return text.replace(b"e+", b"e") if large else text


def _is_unicode(text: str) -> bool:
    """Tell whether a text has no lone surrogate, which JSON can hold and UTF-8 cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _wide_lines(values: Array, names: tuple[str, ...]) -> bytes:
    """Return lines of very many numbers: a frame's columns would cost more than its cells."""
    buffer = io.BytesIO()
    pl.DataFrame({"": as_written(np.ascontiguousarray(values)).ravel()}).write_csv(
        buffer, include_header=False
    )
    texts = buffer.getvalue().replace(b"e+", b"e").replace(b"-inf", b'"-inf"').decode().splitlines()
    line = "{" + ",".join(string_text(name).replace("%", "%%") + ":%s" for name in names) + "}\n"
    return (line * len(values) % tuple(texts)).encode(errors="backslashreplace")
