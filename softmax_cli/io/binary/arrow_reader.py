"""Parquet and Arrow (Feather) -> batches: blocks of rows, kept columns with their types."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple, overload

import numpy as np
import pyarrow as pa

from softmax_cli.errors import InputError, ReadWriteError
from softmax_cli.io.cells.floats import written_floats
from softmax_cli.io.options import Note, ReadOptions
from softmax_cli.io.streams.prefetch import ordered
from softmax_cli.io.streams.source import Source
from softmax_cli.io.streams.temporary import seekable
from softmax_cli.io.table.batch import Array, Batch
from softmax_cli.io.table.columns import Layout, columns_hint, lay_out

VALUES_AT_A_TIME = 1 << 18
"""Cells of a block; twice as many where there are WIDE columns, each of which costs time in every block."""

WIDE = 64
LARGE_GROUP = 1 << 27
"""Bytes of a row group whose columns' pages need the memory that larger blocks would take."""

pa.set_memory_pool(pa.system_memory_pool())  # holds on to 30 MB less than its own


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

    def encoded(self) -> tuple[list[Any], np.ndarray[tuple[int], np.dtype[np.intp]]]:
        """Return the different cells, and which of them each row holds."""
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


def read_parquet(source: Source, options: ReadOptions, note: Note) -> Iterator[Batch]:
    """Yield the rows of a Parquet file in blocks, never more than a part of a row group at a time.

    Raises
    ------
    InputError
        Where it is no Parquet file, or a logit column holds no numbers, or a null.
    """
    import pyarrow.parquet as pq

    with _file(source) as stream, _errors(source.name, "Parquet"):
        # Buffered, so that of a column's pages one is held, not the whole row group.
        file = pq.ParquetFile(stream, pre_buffer=False, buffer_size=1 << 16)
        # One thread decodes ahead; more of them would spend more on taking turns at the columns of a block.
        blocks = file.iter_batches(_rows_at_a_time(file), use_threads=False)
        watched = _watched(blocks, file.metadata.num_rows, source)
        yield from _read(watched, file.schema_arrow, options, source.name)


def _rows_at_a_time(file: Any) -> int:
    width = max(1, len(file.schema_arrow))
    groups = file.metadata.num_row_groups
    is_large = groups > 0 and file.metadata.row_group(0).total_byte_size > LARGE_GROUP
    return max(1, VALUES_AT_A_TIME * (1 if width < WIDE or is_large else 2) // width)


def read_arrow(source: Source, options: ReadOptions, note: Note) -> Iterator[Batch]:
    """Yield the rows of an Arrow file or stream, as its record batches cut them.

    Raises
    ------
    InputError
        Where it is no Arrow file, or a logit column holds no numbers, or a null.
    """
    if not source.starts_with(b"ARROW1"):
        with _errors(source.name, "Arrow"):
            stream = pa.ipc.open_stream(pa.PythonFile(source.raw(), mode="r"))
            yield from _read(_pieces(stream), stream.schema, options, source.name)
        return
    with _file(source) as file, _errors(source.name, "Arrow"):
        reader = pa.ipc.open_file(file)
        yield from _read(_pieces(_batches_of(reader, source)), reader.schema, options, source.name)


def _watched(blocks: Iterable[Any], rows: int, source: Source) -> Iterator[Any]:
    """Yield blocks of so many rows in all, and let the source know how far they are.

    Raises
    ------
    ReadWriteError
        Where they end before the last row.
    """
    done = 0
    for block in blocks:
        done += block.num_rows
        source.advance(done / rows)
        yield block
    if done < rows:  # Arrow takes what is cut off for the end of the rows
        raise ReadWriteError("the file became shorter while it was read", where=source.name)


def _batches_of(reader: Any, source: Source) -> Iterator[Any]:
    for i in range(reader.num_record_batches):
        yield reader.get_batch(i)
        source.advance((i + 1) / reader.num_record_batches)


@contextmanager
def _file(source: Source) -> Iterator[Any]:
    """Give a source as a file that can be read from any place: by Arrow itself, where it has a path."""
    if source.path is not None:
        with pa.OSFile(os.fsencode(source.path)) as file:
            yield file
        return
    with seekable(source) as stream:
        yield pa.PythonFile(stream, mode="r")


def _pieces(batches: Iterable[Any]) -> Iterator[Any]:
    for batch in batches:
        step = max(1, VALUES_AT_A_TIME // max(1, batch.num_columns))
        for start in range(0, batch.num_rows, step):
            yield batch.slice(start, step)


@contextmanager
def _errors(name: str, kind: str) -> Iterator[None]:
    """Turn what pyarrow raises into the sentences of the contract."""
    try:
        yield
    except pa.ArrowNotImplementedError as error:
        raise InputError(f"{kind}, but not readable: {str(error).splitlines()[0]}", where=name) from error
    except pa.ArrowInvalid as error:
        hint = "is its ending right? --input-format says what it is"
        raise InputError(f"no {kind} file, or a broken one", where=name, hint=hint) from error
    except pa.ArrowException as error:
        raise ReadWriteError(f"{kind}: {str(error).splitlines()[0]}", where=name) from error
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        raise InputError(f"a broken {kind} file: {str(error).splitlines()[0][:200]}", where=name) from error


def _read(blocks: Iterable[Any], schema: Any, options: ReadOptions, name: str) -> Iterator[Batch]:
    layout = lay_out(schema.names, len(schema), options, where=name)
    _refuse_words(schema, layout, options, name)
    types = {schema.field(i).type for i in layout.logits}
    dtype = np.float32 if types <= {pa.float32(), pa.float16()} else np.float64
    count = 0
    filled = (block for block in blocks if block.num_rows)
    for part in ordered(partial(_parsed, layout=layout, dtype=dtype), filled):
        rows = layout.batch(part.values, part.kept, first_row=count + 1, where=_places(name, count + 1))
        if part.null is None:
            yield rows
        else:
            row, j = part.null
            yield rows.rows(0, row)
            raise InputError(f"{layout.logit_column(j)}: null is not a number", where=rows.where(row))
        count += len(rows)
    if not count:
        raise InputError("no rows", where=name)


class _Parsed(NamedTuple):
    """The logits of a block, (n, k), its kept columns, and the row and the class of its first null."""

    values: Array
    kept: list[ArrowColumn]
    null: tuple[int, int] | None


def _parsed(block: Any, layout: Layout, dtype: type) -> _Parsed:
    """Take a block apart, once it is known that nothing in it points elsewhere: a file may be damaged."""
    for i in range(block.num_columns):
        block.column(i).validate(full=i in layout.kept)
    values = np.empty((len(layout.logits), block.num_rows), dtype)
    for j, position in enumerate(layout.logits):
        values[j] = _numbers(block.column(position), dtype)
    kept = [ArrowColumn(_without_views(block.column(i))) for i in layout.kept]
    return _Parsed(values.T, kept, _first_null(block, layout))


def _places(name: str, first: int) -> Callable[[int], str]:
    return lambda row: f"{name}: row {first + row}"


def _without_views(column: Any) -> Any:
    """Return a column of text that polars wrote in the form that every function takes."""
    types = pa.types
    if types.is_dictionary(column.type):
        return pa.DictionaryArray.from_arrays(column.indices, _without_views(column.dictionary))
    if types.is_string_view(column.type):
        return column.cast(pa.string())
    return column.cast(pa.binary()) if types.is_binary_view(column.type) else column


def _numbers(column: Any, dtype: type) -> Array:
    """Return the numbers of a column; to_numpy() would look for pandas, and import it: half a second."""
    if pa.types.is_decimal(column.type):
        column = column.cast(pa.string())  # Arrow multiplies by a power of ten, which rounds twice
    if not pa.types.is_floating(column.type):
        column = column.cast(pa.float64(), safe=False)  # a whole number beyond 2^53: the nearest double
    array: Array = np.frombuffer(column.buffers()[1], f"f{column.type.byte_width}")[column.offset :][
        : len(column)
    ]
    return array.astype(dtype, copy=False)


def _first_null(block: Any, layout: Layout) -> tuple[int, int] | None:
    """Return the row and the class of the first null among the logits."""
    found = [
        (int(np.flatnonzero(block.column(position).is_null().to_numpy(zero_copy_only=False))[0]), j)
        for j, position in enumerate(layout.logits)
        if block.column(position).null_count
    ]
    return min(found) if found else None


def is_number(kind: Any) -> bool:
    """Tell whether a column of this type holds real numbers."""
    types = pa.types
    return bool(types.is_floating(kind) or types.is_integer(kind) or types.is_decimal(kind))


def _refuse_words(schema: Any, layout: Layout, options: ReadOptions, name: str) -> None:
    for j, position in enumerate(layout.logits):
        kind = schema.field(position).type
        if not is_number(kind):
            numeric = [is_number(schema.field(i).type) for i in range(len(schema))]
            hint = None if options.columns is not None else columns_hint(numeric)
            what = f"{layout.logit_column(j)} holds {_in_words(kind)}, not numbers"
            raise InputError(what, where=name, hint=hint)


def _in_words(kind: Any) -> str:
    """Name what a column holds."""
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
