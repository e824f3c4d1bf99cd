"""A part of a Parquet file's rows, in the same blocks as when all rows are read."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import IO, Any, cast

import pyarrow as pa
import pyarrow.parquet as pq

from softmax_cli.io.binary.arrow_errors import arrow_errors
from softmax_cli.io.options import Part
from softmax_cli.io.streams.ranges import open_range, refuse_other
from softmax_cli.io.streams.source import Source, is_address, open_source
from softmax_cli.io.streams.temporary import append

_FOOTER = 1 << 16
"""Bytes at the end of a Parquet file among which its footer is looked for."""


@contextmanager
def open_rows(word: str, part: Part) -> Iterator[Source]:
    """Open a Parquet file for the reading of some of its rows, or of its footer alone.

    Of an object the bytes of their row groups, and the footer, are copied to where they stand in a temporary
    file, which has holes in place of the others.

    Raises
    ------
    ReadWriteError
        Where it is no longer the version that was asked for.
    """
    if not is_address(word):
        with open_source(word) as source:
            refuse_other(word, part.version)
            yield source
        return
    with tempfile.TemporaryFile() as copy:

        def fetch(start: int, stop: int) -> None:
            copy.seek(start)
            with open_range(word, start, stop, part.version) as source:
                while data := source.read_some():
                    append(copy, data)

        size = part.size
        fetch(max(0, size - _FOOTER), size)
        copy.seek(max(0, size - 8))
        begin = size - 8 - int.from_bytes(copy.read(4), "little")
        if 0 <= begin < size - _FOOTER:
            fetch(begin, size - _FOOTER)
        with arrow_errors(word, "Parquet"):
            file = pq.ParquetFile(pa.PythonFile(copy, mode="r"))
        groups, _ = _groups_of(file, *(part.rows or (0, 0)))
        if groups:
            fetch(*_bytes_of(file.metadata, groups))
        copy.seek(0)
        yield Source(word, cast(IO[bytes], copy))


def _bytes_of(metadata: Any, groups: list[int]) -> tuple[int, int]:
    """Return where the pages of some row groups begin and end."""
    starts, stops = [], []
    for i in groups:
        for j in range(metadata.num_columns):
            column = metadata.row_group(i).column(j)
            starts.append(column.dictionary_page_offset or column.data_page_offset)
            stops.append(starts[-1] + column.total_compressed_size)
    return min(starts), max(stops)


def rows_of_parts(metadata: Any, block: int, size: int) -> int:
    """Return the number of rows in parts of about `size` bytes, each of whole blocks of `block` rows."""
    whole = sum(metadata.row_group(i).total_byte_size for i in range(metadata.num_row_groups))
    rows: int = max(1, round(size / max(1, whole) * metadata.num_rows / block))
    return block * rows


def blocks_of(file: Any, start: int, stop: int, block: int) -> Iterator[Any]:
    """Yield some rows in blocks of `block` rows, reading only the row groups that hold them."""
    groups, first = _groups_of(file, start, stop)
    blocks = file.iter_batches(block, row_groups=groups, use_threads=False)
    return _cut(blocks, start - first, stop - first, block)


def _groups_of(file: Any, begin: int, end: int) -> tuple[list[int], int]:
    """Return which row groups hold some rows, and which row is their first, counted from 0."""
    groups: list[int] = []
    first = start = 0
    for i in range(file.metadata.num_row_groups):
        stop = start + file.metadata.row_group(i).num_rows
        if start < end and stop > begin:
            first = first if groups else start
            groups.append(i)
        start = stop
    return groups, first


def _cut(blocks: Iterable[Any], start: int, stop: int, size: int) -> Iterator[Any]:
    """Yield the rows from start to stop in blocks of `size` rows."""
    waiting: list[Any] = []
    count = done = 0
    for block in blocks:
        begin, end = max(0, start - done), min(block.num_rows, stop - done)
        done += block.num_rows
        while begin < end:
            piece = block.slice(begin, min(end - begin, size - count))
            waiting.append(piece)
            begin, count = begin + piece.num_rows, count + piece.num_rows
            if count == size:
                yield _as_one(waiting)
                waiting, count = [], 0
    if waiting:
        yield _as_one(waiting)


def _as_one(pieces: list[Any]) -> Any:
    return pieces[0] if len(pieces) == 1 else pa.Table.from_batches(pieces).combine_chunks().to_batches()[0]
