"""The results as numpy's .npy: one bare array, in blocks."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from softmax_cli.io.streams.sink import Sink
from softmax_cli.io.streams.source import CHUNK
from softmax_cli.io.streams.temporary import spool
from softmax_cli.io.table.batch import Array
from softmax_cli.io.table.results.result import Result


def write_npy(results: Iterable[Result], sink: Sink, precision: int | None = None) -> None:
    """Write the results as one bare array, in blocks.

    The header names the number of rows, which is known at the end: it is written again then, or, to a pipe,
    the rows wait in a temporary file. Logits of the command line give the array of their one vector.
    """
    arrays = (_rounded(result, precision) for result in results)
    first, from_arguments = next(arrays)
    if from_arguments:
        sink.write(_header_of(first.shape, first.dtype) + first.tobytes())
        return
    shape, dtype = first.shape[1:], first.dtype
    placeholder = _header_of((0, *shape), dtype)
    n = 0
    if sink.rewrite_start(placeholder):
        n = _write_blocks(first, arrays, sink.write)
        sink.rewrite_start(_header_of((n, *shape), dtype))
        return
    import tempfile

    with tempfile.TemporaryFile() as copy:
        n = _write_blocks(first, arrays, lambda data: spool(copy, data))
        copy.seek(0)
        sink.write(_header_of((n, *shape), dtype))
        while data := copy.read(CHUNK):
            sink.write(data)


def _write_blocks(
    first: Array, rest: Iterable[tuple[Array, bool]], send: Callable[[memoryview], object]
) -> int:
    send(np.ascontiguousarray(first).data)
    n = len(first)
    for values, _ in rest:
        send(np.ascontiguousarray(values).data)
        n += len(values)
    return n


def _rounded(result: Result, precision: int | None) -> tuple[Array, bool]:
    values = result.array()
    if precision is not None:
        from softmax_cli.io.cells.floats import rounded

        values = rounded(values, precision)
    return values, result.batch.from_arguments


def _header_of(shape: tuple[int, ...], dtype: np.dtype[Any]) -> bytes:
    """Return the header: of one length for any number of rows, since numpy leaves room for it to grow."""
    stream = io.BytesIO()
    header = {"descr": np.lib.format.dtype_to_descr(dtype), "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(stream, header)
    return stream.getvalue()
