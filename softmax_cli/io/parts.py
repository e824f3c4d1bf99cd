"""Large files in parts that are read separately: delimited text by lines, Parquet by rows."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from codecs import BOM_UTF8
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

import numpy as np

from softmax_cli.io.formats import Format, by_ending, split_compression
from softmax_cli.io.options import Lines, ReadOptions, RowRange
from softmax_cli.io.streams.ranges import open_range, size_and_version
from softmax_cli.io.streams.source import CHUNK, is_on_web
from softmax_cli.io.text.bitmaps import of, within
from softmax_cli.io.text.blocks import TextReader

PART = 1 << 28
"""Bytes of a part; a file of at least two parts is split."""
MARK = 1 << 23
"""Bytes of a text after which it is noted how many lines and records there were."""


class LineMark(NamedTuple):
    """A place in a text, in bytes, and the numbers of lines and records before it."""

    place: int
    line: int
    row: int


class Stretch(NamedTuple):
    """Some whole lines of a text, and what was counted in them.

    Parameters
    ----------
    start, stop
        Where they begin and end, in bytes.
    version
        The version of the file.
    lines, rows
        The number of lines, and of those that are records, neither blank nor comments.
    plain
        Whether each line is certainly one record, or none.
    marks
        Places within it, counted from its start.
    """

    start: int
    stop: int
    version: str
    lines: int = 0
    rows: int = 0
    plain: bool = True
    marks: tuple[LineMark, ...] = ()


def splittable(name: str, options: ReadOptions) -> Format | None:
    """Return the format of a file that is large and can be read in parts, or None."""
    plain, compression = split_compression(name)
    found = by_ending(plain)
    if found is None or compression or options.long is not None or options.missing is not None:
        return None
    if options.input_format not in (None, found.name) or is_on_web(name):
        return None
    if found.delimiter is None and found.name != "parquet":
        return None
    return found if size_and_version(name)[0] >= 2 * PART else None


def is_parquet(name: str) -> bool:
    """Return whether a large file is cut by rows, not by lines."""
    found = by_ending(name)
    return found is not None and found.name == "parquet"


def stretches(name: str) -> list[Stretch]:
    """Cut a text at line ends into stretches that are not yet counted."""
    size, version = size_and_version(name)
    places = [
        0,
        *(_line_start(name, place, size, version) for place in range(PART, size - PART // 2, PART)),
        size,
    ]
    return [Stretch(a, b, version) for a, b in pairwise(places) if a < b]


def counted(name: str, stretch: Stretch) -> Stretch:
    """Return a stretch with its lines and records counted."""
    lines = rows = 0
    marks = [LineMark(stretch.start, 0, 0)]
    with open_range(name, stretch.start, stretch.stop, stretch.version) as source:
        place = stretch.start + len(BOM_UTF8) * source.starts_with(BOM_UTF8)
        for i, data in enumerate(TextReader(source).take_all(CHUNK)):
            if not _is_plain(data) or (i == stretch.start == 0 and not _has_columns(data)):
                return stretch._replace(plain=False)
            if place >= marks[-1].place + MARK:
                marks.append(LineMark(place, lines, rows))
            ends = data.count(b"\n") + (not data.endswith(b"\n"))
            lines += ends
            rows += (
                ends if _is_dense(data) else sum(map(_is_record, data.decode(errors="replace").split("\n")))
            )
            place += len(data)
    return stretch._replace(lines=lines, rows=rows, marks=tuple(marks))


def lines_of(found: list[Stretch], size: int | None = None) -> list[Lines] | None:
    """Return counted stretches as parts, of `size` rows if it is given.

    None if it is not certain that each line is a record.
    """
    if not all(stretch.plain for stretch in found):
        return None
    marks: list[LineMark] = []
    line = row = 0
    for stretch in found:
        own = stretch.marks if size else stretch.marks[:1]
        marks += [LineMark(mark.place, line + mark.line, row + mark.row) for mark in own]
        line, row = line + stretch.lines, row + stretch.rows
    marks.append(LineMark(found[-1].stop, line, row))
    version = found[-1].version
    if size is None:
        return [Lines(a.place, b.place, a.line, a.row, version) for a, b in pairwise(marks)]
    return [_lines_around(marks, first, first + size, version) for first in range(0, row, size)]


def _lines_around(marks: list[LineMark], first: int, stop: int, version: str) -> Lines:
    """Return the lines between marks that hold some rows; a header may be a record before them."""
    before = marks[bisect_right(marks, first, key=attrgetter("row")) - 1]
    behind = marks[min(bisect_left(marks, stop + 1, key=attrgetter("row")), len(marks) - 1)]
    return Lines(before.place, behind.place, before.line, before.row, version, (first, stop))


def rows_of(name: str, size: int | None = None) -> list[RowRange]:
    """Return the parts of a Parquet file: of about PART bytes, or of so many rows."""
    import pyarrow.parquet as pq

    from softmax_cli.io.binary.arrow_errors import arrow_errors
    from softmax_cli.io.binary.arrow_reader import rows_at_a_time
    from softmax_cli.io.binary.parquet_parts import open_rows, starts_of_parts

    none = RowRange(0, 0, *size_and_version(name))
    with (
        open_rows(name, none) as source,
        arrow_errors(name, "Parquet"),
        pq.ParquetFile(source.stream) as file,
    ):
        count = file.metadata.num_rows
        starts = range(0, count, size) if size else starts_of_parts(file, rows_at_a_time(file), PART)
    return [none._replace(start=start, stop=stop) for start, stop in pairwise([*starts, count])]


def _line_start(name: str, place: int, size: int, version: str) -> int:
    """Return where the first line at or after a place begins."""
    with open_range(name, place - 1, size, version) as source:
        done = place - 1
        while data := source.read_some(1 << 16):
            newline = data.find(b"\n")
            if newline >= 0:
                return done + newline + 1
            done += len(data)
    return size


def _is_dense(data: bytes) -> bool:
    """Return whether no line of a text is blank or a comment."""
    data = b"\n" + data
    begins = (b"\n\n", b"\n\r", b"\n ", b"\n\t", b"\n#", b"\n\xc2", b"\n\xe2", b"\n\xe3")
    return not any(begin in data for begin in begins)


def _is_record(line: str) -> bool:
    return bool(line.strip()) and not line.startswith("#")


def _has_columns(data: bytes) -> bool:
    """Return whether the first line of a text has several cells; otherwise all lines are one vector."""
    first = next(filter(_is_record, data.decode(errors="replace").split("\n")), "")
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
