"""A part of a Parquet file's rows, in the same blocks as when all rows are read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa

from softmax_cli.io.options import RowRange


def starts_of_parts(file: Any, block: int, size: int) -> list[int]:
    """Return the rows at which parts of about `size` bytes begin, each of whole blocks of `block` rows."""
    metadata = file.metadata
    whole = sum(metadata.row_group(i).total_byte_size for i in range(metadata.num_row_groups))
    step = max(1, round(size / max(1, whole) * metadata.num_rows / block)) * block
    return list(range(0, metadata.num_rows, step))


def blocks_of(file: Any, part: RowRange, block: int) -> Iterator[Any]:
    """Yield the rows of a part in blocks of `block` rows, reading only the row groups that hold them."""
    groups: list[int] = []
    first = start = 0
    for i in range(file.metadata.num_row_groups):
        stop = start + file.metadata.row_group(i).num_rows
        if start < part.stop and stop > part.start:
            first = first if groups else start
            groups.append(i)
        start = stop
    blocks = file.iter_batches(block, row_groups=groups, use_threads=False)
    return _cut(blocks, part.start - first, part.stop - first, block)


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
