"""The columns of Arrow tables: numbers, lists of numbers, and cells kept with their type."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, overload

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from softmax_cli.io.cells.floats import written_floats
from softmax_cli.io.cells.lists import list_texts
from softmax_cli.io.table.batch import Array


@dataclass(frozen=True, slots=True)
class ArrowColumn(Sequence[Any]):
    """A kept column with the type that it has in its file."""

    cells: Any

    def __len__(self) -> int:
        return len(self.cells)

    @overload
    def __getitem__(self, place: int) -> Any: ...
    @overload
    def __getitem__(self, place: slice) -> ArrowColumn: ...
    def __getitem__(self, place: int | slice) -> Any:
        if isinstance(place, slice):
            start, stop, _ = place.indices(len(self))
            return ArrowColumn(self.cells.slice(start, max(0, stop - start)))
        return _listed(self.cells.slice(range(len(self))[place], 1))[0]

    def __iter__(self) -> Iterator[Any]:
        cells = _listed(self.cells)
        if self.cells.type not in (pa.float32(), pa.float16()):
            return iter(cells)
        singles = written_floats(np.array([0.0 if cell is None else cell for cell in cells], np.float32))
        return (None if cell is None else single for cell, single in zip(cells, singles, strict=True))

    def encoded(self) -> tuple[list[Any], NDArray[np.intp]]:
        """Return the distinct cells, and the index of each row's cell among them."""
        chunks = pa.chunked_array([self.cells]) if isinstance(self.cells, pa.Array) else self.cells
        if pa.types.is_dictionary(chunks.type):
            chunks = chunks.cast(chunks.type.value_type)
        whole = chunks.dictionary_encode(null_encoding="encode").combine_chunks()
        if isinstance(whole, pa.ChunkedArray):
            whole = pa.concat_arrays(whole.chunks)
        return _listed(whole.dictionary), whole.indices.to_numpy(zero_copy_only=False).astype(np.intp)


def _listed(cells: Any) -> list[Any]:
    try:
        values: list[Any] = cells.to_pylist()
    except (OverflowError, ValueError):  # dates that Python has no value for
        values = cells.cast(pa.string()).to_pylist()
    return values


def list_lengths(column: Any) -> NDArray[np.int64]:
    """Return the length of each list; -1 for a null."""
    lengths = np.diff(_offsets(storage(column)))
    if column.null_count:
        lengths[are_null(column)] = -1
    return lengths


def entries(column: Any) -> Any:
    """Return the entries of all lists, one after the other; none of the lists is null."""
    lists = storage(column)
    offsets = _offsets(lists)
    return lists.values.slice(int(offsets[0]), int(offsets[-1] - offsets[0]))


def _offsets(lists: Any) -> NDArray[np.int64]:
    """Return where each list starts among the entries, and where the last one ends.

    `offsets.to_numpy()` would import pandas, if it is installed, and `flatten()` Arrow's functions.
    """
    if pa.types.is_fixed_size_list(lists.type):
        size, first = int(lists.type.list_size), int(lists.offset)
        return np.arange(first, first + len(lists) + 1, dtype=np.int64) * size
    wide = np.int64 if pa.types.is_large_list(lists.type) else np.int32
    found = np.frombuffer(lists.buffers()[1], wide)[lists.offset :][: len(lists) + 1]
    return found.astype(np.int64)


def storage(column: Any) -> Any:
    """Return the column that an extension type stores."""
    return column.storage if isinstance(column, pa.ExtensionArray) else column


def first_length(column: Any) -> int:
    """Return the length of the first list of a column of lists, perhaps in text; 0 for any other column."""
    kind = storage(column).type
    if is_text(kind):
        return len(list_texts(column[0].as_py() or "") or ())
    if not is_list(kind) or not is_number(kind.value_type):
        return 0
    return max(int(list_lengths(column.slice(0, 1))[0]), 0)


def is_list(kind: Any) -> bool:
    """Return whether a type is one of lists."""
    types = pa.types
    return bool(types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind))


def number_type(kind: Any) -> Any:
    """Return the type of the numbers of a column, which may be in a dictionary or in lists."""
    if isinstance(kind, pa.BaseExtensionType):
        kind = kind.storage_type
    while is_list(kind) or pa.types.is_dictionary(kind):
        kind = kind.value_type
    return kind


def without_views(column: Any) -> Any:
    """Return a column that polars wrote as views of text in the form that every function accepts."""
    types = pa.types
    if types.is_dictionary(column.type):
        return pa.DictionaryArray.from_arrays(column.indices, without_views(column.dictionary))
    if types.is_string_view(column.type):
        return column.cast(pa.string())
    return column.cast(pa.binary()) if types.is_binary_view(column.type) else column


def numbers(column: Any, dtype: type) -> Array:
    """Return the numbers of a column; to_numpy() would import pandas if it can, for half a second."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_decimal(column.type):
        column = column.cast(pa.string())  # Arrow would multiply by a power of ten, and round twice
    if not pa.types.is_floating(column.type):
        column = column.cast(pa.float64(), safe=False)  # a whole number beyond 2^53: the nearest double
    array: Array = np.frombuffer(column.buffers()[1], f"f{column.type.byte_width}")[column.offset :][
        : len(column)
    ]
    return array.astype(dtype, copy=False)


def as_arrow(values: NDArray[Any]) -> Any:
    """Return numbers as an Arrow array; pa.array() would import pandas if it can, for half a second."""
    kind = pa.from_numpy_dtype(values.dtype)
    return pa.Array.from_buffers(kind, len(values), [None, pa.py_buffer(np.ascontiguousarray(values))])


def are_null(column: Any) -> NDArray[np.bool_]:
    """Return which cells of a column are null."""
    nulls: NDArray[np.bool_] = column.is_null().to_numpy(zero_copy_only=False)
    return nulls


def is_text(kind: Any) -> bool:
    """Return whether a column of this type holds text."""
    types = pa.types
    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))


def is_number(kind: Any) -> bool:
    """Return whether a column of this type holds real numbers."""
    types = pa.types
    return bool(types.is_floating(kind) or types.is_integer(kind) or types.is_decimal(kind))


def in_words(kind: Any) -> str:
    """Say what a column holds."""
    types = pa.types
    for tell, words in (
        (types.is_dictionary, "categories"),
        (types.is_boolean, "true and false"),
        (types.is_temporal, "dates or times"),
        (types.is_nested, "lists or records"),
        (types.is_null, "nothing but nulls"),
        (lambda kind: "binary" in str(kind), "bytes"),
        (lambda kind: "string" in str(kind), "text"),
    ):
        if tell(kind):
            return words
    return str(kind)
