"""A large file in parts that are read apart: delimited text by lines, Parquet by rows."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from softmax_cli.io.formats import Format, by_ending, split_compression
from softmax_cli.io.options import Lines, ReadOptions, RowRange
from softmax_cli.io.streams.ranges import open_range, size_and_version
from softmax_cli.io.streams.source import CHUNK, is_address
from softmax_cli.io.text.blocks import TextReader

PART = 1 << 28
"""Bytes of a part: a file of more than two is split."""


class Stretch(NamedTuple):
    """Some whole lines of a text, and what was counted in them.

    Parameters
    ----------
    start, stop
        Where they begin and end, in bytes.
    version
        Of the file.
    lines, rows
        How many lines there are, and how many of them are records: neither blank nor comments.
    plain
        Whether each line is surely one record, or none.
    """

    start: int
    stop: int
    version: str
    lines: int = 0
    rows: int = 0
    plain: bool = True


def splittable(name: str, options: ReadOptions) -> Format | None:
    """Return the format of a file that can be read in parts, and is large enough; else None."""
    plain, compression = split_compression(name)
    found = by_ending(plain)
    if found is None or compression or options.long is not None or options.missing is not None:
        return None
    if options.input_format not in (None, found.name) or name.startswith("http"):
        return None
    if found.delimiter is None and (found.name != "parquet" or is_address(name)):
        return None
    return found if size_and_version(name)[0] >= 2 * PART else None


def stretches(name: str) -> list[Stretch]:
    """Return where a text is cut at line ends, not yet counted."""
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
    with open_range(name, stretch.start, stretch.stop, stretch.version) as source:
        for i, data in enumerate(TextReader(source).take_all(CHUNK)):
            if not _is_plain(data) or (i == stretch.start == 0 and not _has_columns(data)):
                return stretch._replace(plain=False)
            ends = data.count(b"\n") + (not data.endswith(b"\n"))
            lines += ends
            rows += (
                ends if _is_dense(data) else sum(map(_is_record, data.decode(errors="replace").split("\n")))
            )
    return stretch._replace(lines=lines, rows=rows)


def lines_of(found: list[Stretch]) -> list[Lines] | None:
    """Return the parts that counted stretches are; None where it is not sure that each line is a record."""
    if not all(stretch.plain for stretch in found):
        return None
    parts: list[Lines] = []
    line = row = 0
    for stretch in found:
        parts.append(Lines(stretch.start, stretch.stop, line, row, stretch.version))
        line, row = line + stretch.lines, row + stretch.rows
    return parts


def rows_of(name: str) -> list[RowRange]:
    """Return the parts of a Parquet file."""
    import pyarrow.parquet as pq

    from softmax_cli.io.binary.arrow_reader import rows_at_a_time
    from softmax_cli.io.binary.parquet_parts import starts_of_parts

    _, version = size_and_version(name)
    with pq.ParquetFile(name) as file:
        starts = starts_of_parts(file, rows_at_a_time(file), PART)
        stops = [*starts[1:], file.metadata.num_rows]
    return [RowRange(start, stop, version) for start, stop in zip(starts, stops, strict=True)]


def _line_start(name: str, place: int, size: int, version: str) -> int:
    """Return where the first line begins at or behind a place."""
    with open_range(name, place - 1, size, version) as source:
        done = place - 1
        while data := source.read_some(1 << 16):
            newline = data.find(b"\n")
            if newline >= 0:
                return done + newline + 1
            done += len(data)
    return size


def _is_dense(data: bytes) -> bool:
    """Tell whether no line of a text is blank or a comment."""
    data = b"\n" + data
    begins = (b"\n\n", b"\n\r", b"\n ", b"\n\t", b"\n#", b"\n\xc2", b"\n\xe2", b"\n\xe3")
    return not any(begin in data for begin in begins)


def _is_record(line: str) -> bool:
    return bool(line.strip()) and not line.startswith("#")


def _has_columns(data: bytes) -> bool:
    """Tell whether a text begins with a line of several cells; of one, all lines are one vector."""
    first = next(filter(_is_record, data.decode(errors="replace").split("\n")), "")
    return any(sign in first.strip() for sign in ",;|\t ") and not first.lstrip('"').lower().startswith(
        "sep="
    )


def _is_plain(data: bytes) -> bool:
    """Tell whether no line end is within quotes, and lines end with LF, which is one byte."""
    if b"\0" in data:  # UTF-16 or UTF-32
        return False
    if b"\r" in data and data.count(b"\r") != data.count(b"\r\n"):
        return False
    if b'"' not in data:
        return True
    signs = np.frombuffer(b"\n" + data + b"\n", np.uint8)
    quotes = np.flatnonzero(signs == ord('"'))
    beside = np.isin(signs[np.stack([quotes - 1, quotes + 1])], list(b'\n\r,;|\t "')).any(axis=0)
    before = np.searchsorted(quotes, np.flatnonzero(signs == ord("\n")))
    return bool(beside.all() and (before % 2 == 0).all())
