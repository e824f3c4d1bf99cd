"""The fast writer of JSON lines: one flat table at a time, formatted by polars on all cores.

It writes the bytes of the light writer, and leaves to it every table that polars would write differently.
"""

from __future__ import annotations

import numpy as np

from softmax_cli.io.cells.json_text import string_text
from softmax_cli.io.table.batch import Array, Batch
from softmax_cli.io.table.checks import all_below
from softmax_cli.io.table.fast_frames import (
    FIXED_UP_TO,
    WIDE,
    kept_series,
    one_a_line,
    plain_exponents,
    side_by_side,
)
from softmax_cli.io.table.flat import Lines, pieces


def format_lines(table: Batch) -> Lines | None:
    """Return the lines of a table in pieces; None if the light writer must write it."""
    large, masked = False, 0
    if not all_below(table.values, FIXED_UP_TO):  # the rest is rare
        finite = np.isfinite(table.values)
        masked = int(np.count_nonzero(table.values == -np.inf))
        if np.count_nonzero(finite) + masked != table.values.size:
            return None
        large = bool((np.abs(table.values) >= FIXED_UP_TO).any(where=finite))  # polars writes 1e+16, we 1e16
    if table.k == 0:
        return None
    if table.k >= WIDE:
        return None if table.kept else [_wide_lines(table.values, table.classes, large=large)]
    lines = _lines(table, large=large)
    if lines is None or not masked:
        return lines
    # JSON has no infinity, so polars writes null; a kept null would be one too many.
    text = b"".join(pieces(lines))
    return [text.replace(b":null", b':"-inf"')] if text.count(b":null") == masked else None


def _lines(table: Batch, *, large: bool) -> Lines | None:
    names = "".join([*table.kept, *table.classes])
    if (large and "+" in names) or not _is_unicode(names):
        return None
    frame = side_by_side(list(map(kept_series, table.kept.values())), table.values, large=large)
    if frame is None:
        return None
    frame.columns = [*table.kept, *table.classes]
    return plain_exponents(frame.write_ndjson, large=large)


def _is_unicode(text: str) -> bool:
    """Return whether a text has no lone surrogates, which JSON can hold and UTF-8 cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _wide_lines(values: Array, names: tuple[str, ...], *, large: bool) -> bytes:
    """Return lines so wide that a frame's columns would cost more than its cells."""
    texts = one_a_line(values, large=large).replace(b"-inf", b'"-inf"').decode().splitlines()
    line = "{" + ",".join(string_text(name).replace("%", "%%") + ":%s" for name in names) + "}\n"
    return (line * len(values) % tuple(texts)).encode(errors="backslashreplace")
