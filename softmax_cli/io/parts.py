"""Large files in parts that are read separately: delimited text by lines, Parquet by rows."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from codecs import BOM_UTF8
from collections.abc import Iterable
from itertools import pairwise
from operator import attrgetter

import numpy as np

from softmax_cli.io.formats import Format, by_ending, split_compression
from softmax_cli.io.options import LineMark, Part, ReadOptions
from softmax_cli.io.streams.ranges import open_range, size_and_version
from softmax_cli.io.streams.source import CHUNK, is_on_web
from softmax_cli.io.text.bitmaps import of, within
from softmax_cli.io.text.blocks import TextReader
from softmax_cli.io.text.records import is_record

PART = 1 << 28
"""Bytes of a part; a file of at least two parts is split."""
MARK = 1 << 23
"""Bytes of a text after which it is noted how many lines and records there were."""


def splittable(name: str, options: ReadOptions) -> Format | None:
    """Return the format of a file that is large and can be read in parts, or None."""
    found = None if split_compression(name)[1] else by_ending(name)
    if found is None or not (found.delimiter or found.name == "parquet") or is_on_web(name):
        return None
    whole = options.long is not None or options.missing is not None
    if whole or options.input_format not in (None, found.name):
        return None
    return found if size_and_version(name)[0] >= 2 * PART else None


def cut(name: str, rows: int | None = None) -> list[Part]:
    """Return the parts of a large file, of about PART bytes or, in a Parquet file, of so many `rows`.

    Those of a text are whole lines, which are not yet counted.
    """
    size, version = size_and_version(name)
    whole = Part(size, version)
    if is_parquet(name):
        return _row_parts(name, whole, rows)
    inner = (_line_start(name, place, whole) for place in range(PART, size - PART // 2, PART))
    places = map(LineMark, [0, *inner, size])
    return [whole._replace(begin=a, end=b) for a, b in pairwise(places) if a < b]


def is_parquet(name: str) -> bool:
    """Return whether a large file is cut by rows, not by lines."""
    found = by_ending(name)
    return found is not None and found.name == "parquet"


def counted(name: str, part: Part) -> list[LineMark] | None:
    """Return places in a part of a text, with the lines and records of it before them, and its end.

    None if it is not certain that each line is one record, or none.
    """
    line = row = 0
    begin, end = part.begin.place, part.end.place
    marks = [LineMark(begin)]
    with open_range(name, begin, end, part.version) as source:
        place = begin + len(BOM_UTF8) * source.starts_with(BOM_UTF8)
        for i, data in enumerate(TextReader(source).take_all(CHUNK)):
            if not _is_plain(data) or (i == begin == 0 and not _has_columns(data)):
                return None
            if place >= marks[-1].place + MARK:
                marks.append(LineMark(place, line, row))
            ends = data.count(b"\n") + (not data.endswith(b"\n"))
            line += ends
            row += ends if _is_dense(data) else sum(map(is_record, data.decode(errors="replace").split("\n")))
            place += len(data)
    return [*marks, LineMark(end, line, row)]


def placed(whole: Part, counts: Iterable[list[LineMark] | None], rows: int | None = None) -> list[Part]:
    """Return the parts of a text by what was counted in each, or parts of so many `rows`.

    None at all if it is not certain that each line is a record.
    """
    marks = [LineMark()]
    for found in counts:
        if found is None:
            return []
        last = marks.pop()
        own = found if rows else (found[0], found[-1])
        marks += [LineMark(place, last.line + line, last.row + row) for place, line, row in own]
    if rows is None:
        return [whole._replace(begin=a, end=b) for a, b in pairwise(marks)]
    return [_around(whole, marks, first, first + rows) for first in range(0, marks[-1].row, rows)]


def _around(whole: Part, marks: list[LineMark], first: int, stop: int) -> Part:
    """Return the part between marks that holds some rows; a header may be a record before them."""
    begin = marks[bisect_right(marks, first, key=attrgetter("row")) - 1]
    end = marks[min(bisect_left(marks, stop + 1, key=attrgetter("row")), len(marks) - 1)]
    return whole._replace(rows=(first, stop), begin=begin, end=end)


def _row_parts(name: str, whole: Part, rows: int | None) -> list[Part]:
    """Return the parts of a Parquet file; a single column of numbers, which is one vector, is not cut."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from softmax_cli.io.binary.arrow_errors import arrow_errors
    from softmax_cli.io.binary.arrow_reader import rows_at_a_time
    from softmax_cli.io.binary.parquet_parts import open_rows, rows_of_parts

    with (
        open_rows(name, whole) as source,
        arrow_errors(name, "Parquet"),
        pq.ParquetFile(source.stream) as file,
    ):
        count = file.metadata.num_rows
        kinds = [field.type for field in file.schema_arrow]
        if len(kinds) == 1 and not pa.types.is_nested(kinds[0]):
            return [whole]
        step = rows or rows_of_parts(file.metadata, rows_at_a_time(file), PART)
    return [whole._replace(rows=own) for own in pairwise([*range(0, count, step), count])]


def _line_start(name: str, place: int, whole: Part) -> int:
    """Return where the first line at or after a place begins."""
    with open_range(name, place - 1, whole.size, whole.version) as source:
        done = place - 1
        while data := source.read_some(1 << 16):
            newline = data.find(b"\n")
            if newline >= 0:
                return done + newline + 1
            done += len(data)
    return whole.size


def _is_dense(data: bytes) -> bool:
    """Return whether no line of a text is blank or a comment."""
    data = b"\n" + data
    begins = (b"\n\n", b"\n\r", b"\n ", b"\n\t", b"\n#", b"\n\xc2", b"\n\xe2", b"\n\xe3")
    return not any(begin in data for begin in begins)


def _has_columns(data: bytes) -> bool:
    """Return whether the first line of a text has several cells; otherwise all lines are one vector."""
    first = next(filter(is_record, data.decode(errors="replace").split("\n")), "")
    return any(sign in first.strip() for sign in ",;|\t ") and not first.lstrip('"').lower().startswith(
        "sep="
    )


def _is_plain(data: bytes) -> bool:
    """Return whether lines end with LF, one byte, and no line end is within quotes."""
    if b"\0" in data:  # UTF-16 or UTF-32
        return False
    if b"\r" in data and data.count(b"\r") != data.count(b"\r\n"):
        return False
    if b'"' not in data:
        return True
    signs = np.frombuffer(b"\n" + data + b"\n", np.uint8)
    quotes = np.flatnonzero(signs == ord('"'))
    beside = np.isin(signs[[quotes - 1, quotes + 1]], list(b'\n\r,;|\t "')).any(axis=0)
    return bool(beside.all() and not (of(signs, b"\n") & within(of(signs, b'"'))).any())
