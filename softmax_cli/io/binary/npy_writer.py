"""Results as one bare array in numpy's .npy format."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from itertools import chain
from typing import Any

import numpy as np

from softmax_cli.io.cells.floats import rounded
from softmax_cli.io.streams.sink import Sink
from softmax_cli.io.streams.source import CHUNK
from softmax_cli.io.streams.temporary import append
from softmax_cli.io.table.batch import Array
from softmax_cli.io.table.results.result import Result


def write_npy(results: Iterable[Result], sink: Sink, precision: int | None = None) -> None:
    """Write the results as one bare array, block by block; for the command line, that of its one vector.

    The header holds the number of rows, which is known only at the end: it is rewritten then, or, for a pipe,
    the rows wait in a temporary file.
    """
    pending = iter(results)
    result = next(pending)
    first = rounded(result.array(), precision)
    if result.batch.from_arguments:
        sink.write(_header_of(first.shape, first.dtype) + first.tobytes())
        return
    arrays = chain([first], (rounded(result.array(), precision) for result in pending))
    shape, dtype = first.shape[1:], first.dtype
    placeholder = _header_of((0, *shape), dtype)
    if sink.rewrite_start(placeholder):
        n = _write_blocks(arrays, sink.write)
        sink.rewrite_start(_header_of((n, *shape), dtype))
        return
    import tempfile

    with tempfile.TemporaryFile() as copy:
        n = _write_blocks(arrays, lambda data: append(copy, data))
        copy.seek(0)
        sink.write(_header_of((n, *shape), dtype))
        while data := copy.read(CHUNK):
            sink.write(data)


def _write_blocks(arrays: Iterable[Array], send: Callable[[memoryview], object]) -> int:
    n = 0
    for values in arrays:
        send(np.ascontiguousarray(values).data)
        n += len(values)
    return n


def _header_of(shape: tuple[int, ...], dtype: np.dtype[Any]) -> bytes:
    """Return the header, whose length is the same for any number of rows: numpy leaves room to grow."""
    stream = io.BytesIO()
    header = {"descr": np.lib.format.dtype_to_descr(dtype), "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(stream, header)
    return stream.getvalue()
