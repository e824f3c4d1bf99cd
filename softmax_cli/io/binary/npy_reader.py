"""numpy's .npy files, read in blocks of rows, never mapped and never unpickled."""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from softmax_cli.errors import InputError
from softmax_cli.io.cells.floats import written_floats
from softmax_cli.io.options import Note, ReadOptions
from softmax_cli.io.streams.source import Source
from softmax_cli.io.streams.temporary import seekable
from softmax_cli.io.table.batch import Array, Batch, numbered_rows
from softmax_cli.io.table.class_lookup import name_classes, numbered
from softmax_cli.io.table.columns import columns_hint
from softmax_cli.io.table.lay_out import lay_out
from softmax_cli.io.table.layout import Layout

MAGIC = b"\x93NUMPY"
VALUES_AT_A_TIME = 1 << 17
_LONGEST_HEADER = 10_000


@dataclass(frozen=True, slots=True)
class _Header:
    shape: tuple[int, ...]
    fortran_order: bool
    dtype: np.dtype[Any]
    length: int


def read_npy(source: Source, options: ReadOptions, note: Note) -> Iterator[Batch]:
    """Yield the rows of a .npy file in blocks: one vector of shape (k,), or rows of shape (n, k).

    Whole numbers become float64, half precision float32; float32 and float64 stay as they are, in either byte
    order.
    """
    header = _read_header(source)
    if header.dtype.names is not None:
        yield from _records(source, header, options)
        return
    if options.answers is not None and len(header.shape) == 3:
        yield _matrices(source, header)
        return
    header = _squeezed(header, source.name)
    shape = header.shape if len(header.shape) == 2 else (1, *header.shape)
    if not shape[0]:
        raise InputError("no rows: the array is empty", where=source.name)
    layout = _layout(shape[1], options, source.name, vector=len(header.shape) == 1)
    blocks = (
        _columns_first(source, header)
        if header.fortran_order and shape[0] > 1
        else _rows(source, header, shape)
    )
    first = 1
    for values in blocks:
        yield _batch(values, first, layout, source.name, len(header.shape))
        first += len(values)
    if source.read_some(1):
        raise InputError(
            f"more bytes follow the array of shape {header.shape}",
            where=source.name,
            hint="is there more than one array in the file?",
        )


def _squeezed(header: _Header, name: str) -> _Header:
    """Return the header of one vector or of rows, dropping other axes of length 1."""
    *leading, k = header.shape or (0,)
    if len(header.shape) > 2 and sum(size != 1 for size in leading) <= 1:
        return replace(header, shape=(math.prod(leading), k))
    if len(header.shape) in (1, 2):
        return header
    rows = (
        "array.squeeze()"
        if sum(size != 1 for size in header.shape) <= 2
        else "array.reshape(-1, array.shape[-1])"
    )
    hint = f"numpy.save(FILE, {rows}) makes rows of it" if leading else None
    raise InputError(
        f"an array of shape {header.shape}: one vector (k,) or rows (n, k) are read", where=name, hint=hint
    )


def _read_header(source: Source) -> _Header:
    data = source.read(len(MAGIC) + 2)
    if not data:
        raise InputError("no rows: the input is empty", where=source.name)
    if data[: len(MAGIC)] != MAGIC:
        raise InputError(
            "not a .npy file", where=source.name, hint="--input-format says what it is, whatever its ending"
        )
    if len(data) < len(MAGIC) + 2:
        raise InputError("the header is broken", where=source.name)
    version = (data[-2], data[-1])
    if version not in ((1, 0), (2, 0), (3, 0)):
        raise InputError(f"version {version[0]}.{version[1]} of .npy is not read", where=source.name)
    size = source.read(2 if version == (1, 0) else 4)
    length = int.from_bytes(size, "little")
    if length > _LONGEST_HEADER:
        raise InputError(f"the header is broken: {length} bytes long", where=source.name)
    text = source.read(length)
    try:
        if version == (3, 0):  # field names beyond Latin-1, escaped, are 2.0's
            text = text.decode().encode("latin1", "backslashreplace")
            size = len(text).to_bytes(4, "little")
        read = (
            np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        )
        with warnings.catch_warnings(action="ignore"):  # a header written by Python 2 is fine
            shape, fortran_order, dtype = read(io.BytesIO(size + text), max_header_size=_LONGEST_HEADER)
    except Exception as error:  # numpy evaluates the header as a literal, which fails in many ways
        raise InputError("the header is broken", where=source.name) from error
    if dtype.names is None or dtype.hasobject:
        refuse_type(dtype, source.name)
    if any(size < 0 for size in shape) or math.prod(shape) > 1 << 62:
        raise InputError(f"the header is broken: shape {shape}", where=source.name)
    return _Header(shape, fortran_order, dtype, len(data) + len(size) + length)


def refuse_type(dtype: np.dtype[Any], name: str) -> None:
    """Refuse an array of anything other than real numbers."""
    if dtype.hasobject:
        raise InputError(
            "the array holds pickled Python objects, which are never loaded",
            where=name,
            hint="save numbers: numpy.save(FILE, array.astype(float)); of a masked array array.filled(-inf)",
        )
    if dtype.kind not in "iuf" or dtype.itemsize > 8:
        real = "array.real" if dtype.kind == "c" else "array.astype(float)"
        raise InputError(
            f"the array holds {dtype}, not real numbers of at most 8 bytes",
            where=name,
            hint=f"save numbers: numpy.save(FILE, {real})",
        )


def _layout(width: int, options: ReadOptions, name: str, *, vector: bool) -> Layout:
    if not width:
        raise InputError("no logits: rows of no columns", where=name)
    if vector and not options.about_columns():
        classes, named = name_classes(width, None, options)
        return Layout(None, width, tuple(range(width)), (), classes, named)
    return lay_out(None, width, options, where=name)


def _matrices(source: Source, header: _Header) -> Batch:
    """Return the rows of all matrices of an array of shape (n, k, k)."""
    data = source.read()
    if len(data) != math.prod(header.shape) * header.dtype.itemsize:
        raise InputError("the file does not end with its array", where=source.name)
    values = np.frombuffer(data, header.dtype).reshape(
        header.shape, order="F" if header.fortran_order else "C"
    )
    k = header.shape[-1]
    return Batch(logits_of(values.reshape(-1, k)), numbered(k), named=False)


def _records(source: Source, header: _Header, options: ReadOptions) -> Iterator[Batch]:
    """Yield the rows of an array of records, whose fields are columns."""
    names = header.dtype.names or ()
    types = [header.dtype[i] for i in range(len(names))]
    lists = {i: dtype.shape[0] for i, dtype in enumerate(types) if len(dtype.shape) == 1}
    layout = lay_out(names, len(names), options, where=source.name, lists=lists)
    numeric = [dtype.base.kind in "iuf" for dtype in types]
    for i in layout.logits:
        if not numeric[i] and options.columns is None:
            what = f"{layout.column(i)} holds {types[i]}, not numbers"
            raise InputError(what, where=source.name, hint=columns_hint(numeric, names, options))
        refuse_type(types[i].base, f"{source.name}: {layout.column(i)}")
    first = 1
    for block in _rows(source, header, (math.prod(header.shape), 1)):
        cells = block[:, 0]
        columns = [logits_of(cells[names[i]]) for i in layout.logits]
        yield Batch.of(
            layout,
            columns[0] if layout.listed else np.stack(columns, axis=-1),
            kept_columns((cells[names[i]] for i in layout.kept), layout, source.name),
            first_row=first,
            where=numbered_rows(source.name, first),
        )
        first += len(cells)


def _batch(values: NDArray[Any], first: int, layout: Layout, name: str, dimensions: int) -> Batch:
    whole = len(layout.logits) == layout.width and layout.logits == tuple(range(layout.width))
    return Batch.of(
        layout,
        logits_of(values if whole else np.ascontiguousarray(values[:, layout.logits])),
        kept_columns((values[:, i] for i in layout.kept), layout, name),
        first_row=first,
        where=numbered_rows(name, first) if dimensions == 2 else lambda _: name,
    )


def _rows(source: Source, header: _Header, shape: tuple[int, ...]) -> Iterator[NDArray[Any]]:
    """Yield blocks of rows of an array in C order, as they arrive."""
    n, k = shape
    size = header.dtype.itemsize
    step = max(1, VALUES_AT_A_TIME // k)
    for start in range(0, n, step):
        count = min(step, n - start)
        data = source.read(count * k * size)
        whole = len(data) // (k * size)
        if whole:
            yield np.frombuffer(data, header.dtype, whole * k).reshape(whole, k)
        if whole < count:
            raise InputError(f"the file ends after row {start + whole} of {n}", where=source.name)


def _columns_first(source: Source, header: _Header) -> Iterator[NDArray[Any]]:
    """Yield blocks of rows of an array in Fortran order, each made of a piece of every column."""
    n, k = header.shape
    size = header.dtype.itemsize
    step = min(n, max(1, VALUES_AT_A_TIME // k))
    with seekable(source, n * k * size) as stream:
        offset = stream.tell()
        for start in range(0, n, step):
            count = min(step, n - start)
            block = np.empty((k, count), header.dtype)
            for j in range(k):
                stream.seek(offset + (j * n + start) * size)
                if stream.readinto(block[j].view(np.uint8)) < count * size:  # type: ignore[attr-defined]
                    raise InputError("the file ends before its array does", where=source.name)
            source.advance((start + count) / n)
            yield np.ascontiguousarray(block.T)


def kept_columns(columns: Iterable[NDArray[Any]], layout: Layout, name: str) -> list[Sequence[object]]:
    """Return the kept columns, float16 and float32 with the digits of their own type."""
    kept: list[Sequence[object]] = []
    for i, column in zip(layout.kept, columns, strict=True):
        try:
            kept.append(_cells(column))
        except (SystemError, ValueError):  # numpy lets Python make the text
            where = f"{name}: {layout.column(i)}"
            raise InputError("text that is not Unicode: the file is damaged", where=where) from None
    return kept


def _cells(column: NDArray[Any]) -> Sequence[object]:
    if column.ndim > 1 or column.dtype.kind != "f" or column.dtype.itemsize == 8:
        cells: list[object] = column.tolist()
        return cells
    return written_floats(logits_of(column))


def logits_of(values: NDArray[Any]) -> Array:
    """Return the numbers as native float32 or float64."""
    if values.dtype.kind == "f":
        return values.astype(np.float32 if values.dtype.itemsize < 8 else np.float64, copy=False)
    return values.astype(np.float64)
