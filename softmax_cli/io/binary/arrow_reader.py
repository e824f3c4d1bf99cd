"""Parquet and Arrow (Feather) -> batches: blocks of rows, kept columns with their types."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from itertools import chain
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from softmax_cli.errors import InputError, ReadWriteError
from softmax_cli.io.binary.arrow_columns import (
    ArrowColumn,
    are_null,
    entries,
    first_length,
    in_words,
    is_list,
    is_number,
    list_lengths,
    number_type,
    numbers,
    without_views,
)
from softmax_cli.io.binary.parquet_parts import blocks_of
from softmax_cli.io.options import Note, ReadOptions, Rows
from softmax_cli.io.streams.prefetch import ordered
from softmax_cli.io.streams.source import Source, refuse_other
from softmax_cli.io.streams.temporary import seekable
from softmax_cli.io.table.batch import Array, Batch
from softmax_cli.io.table.columns import columns_hint
from softmax_cli.io.table.lay_out import lay_out
from softmax_cli.io.table.layout import Layout
from softmax_cli.io.table.missing import needed_columns

VALUES_AT_A_TIME = 1 << 18
"""Cells of a block; twice as many where there are WIDE columns, each of which costs time in every block."""

WIDE = 64
LARGE_GROUP = 1 << 27
"""Bytes of a row group whose columns' pages need the memory that larger blocks would take."""

pa.set_memory_pool(pa.system_memory_pool())  # holds on to 30 MB less than its own


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
        size, part = rows_at_a_time(file), options.part
        if isinstance(part, Rows):
            refuse_other(source.name, part.version)
            start, rows, blocks = part.start, part.stop - part.start, blocks_of(file, part, size)
        else:
            start, rows, blocks = 0, file.metadata.num_rows, file.iter_batches(size, use_threads=False)
        yield from _read(_watched(blocks, rows, source), file.schema_arrow, options, source.name, start)


def rows_at_a_time(file: Any) -> int:
    """Return how many rows a block of a Parquet file has."""
    width = max(1, len(file.schema_arrow))
    is_large = False
    if file.metadata.num_row_groups:
        group = file.metadata.row_group(0)
        cells = sum(group.column(i).num_values for i in range(group.num_columns))
        width = max(width, cells // max(1, group.num_rows))  # a list counts as many cells
        is_large = group.total_byte_size > LARGE_GROUP
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
            yield from _read(_pieces(stream), stream.schema, options, source.name, 0)
        return
    with _file(source) as file, _errors(source.name, "Arrow"):
        reader = pa.ipc.open_file(file)
        yield from _read(_pieces(_batches_of(reader, source)), reader.schema, options, source.name, 0)


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


def _read(blocks: Iterable[Any], schema: Any, options: ReadOptions, name: str, count: int) -> Iterator[Batch]:
    filled = (block for block in blocks if block.num_rows)
    first = next(filled, None)
    if first is None:
        raise InputError("no rows", where=name)
    lists = {i: length for i in range(len(schema)) if (length := first_length(first.column(i)))}
    layout = lay_out(schema.names, len(schema), options, where=name, default=_not_index(schema), lists=lists)
    _refuse_words(schema, layout, options, name)
    types = {number_type(schema.field(i).type) for i in layout.logits}
    dtype = np.float32 if types <= {pa.float32(), pa.float16()} else np.float64
    parse = partial(_parsed, layout=layout, dtype=dtype, whole_rows=options.missing is not None)
    for part in ordered(parse, chain([first], filled)):
        rows = layout.batch(part.values, part.kept, first_row=count + 1, where=_places(name, count + 1))
        length = len(rows)
        if options.missing is not None:
            rows = options.missing.left(rows, part.lacking)
        if part.bad is None:
            yield rows
        else:
            row, what = part.bad
            if row:
                yield rows.rows(0, row)
            raise InputError(what, where=rows.where(row) if len(rows) else _places(name, count + 1)(row))
        count += length


def _not_index(schema: Any) -> list[int]:
    """Return all columns but those that pandas wrote its index to."""
    try:
        indexes = json.loads((schema.metadata or {}).get(b"pandas", b"{}")).get("index_columns", [])
    except (ValueError, AttributeError):
        indexes = []
    return [i for i, column in enumerate(schema.names) if column not in indexes]


class _Parsed(NamedTuple):
    """The logits of a block, (n, k), its kept columns, and its first bad row with what is wrong with it.

    Where rows may lack values, those that do, with the column that the first of each is missing in.
    """

    values: Array
    kept: list[ArrowColumn]
    bad: tuple[int, str] | None
    lacking: Mapping[int, str] = MappingProxyType({})


def _parsed(block: Any, layout: Layout, dtype: type, *, whole_rows: bool) -> _Parsed:
    """Take a block apart, once it is known that nothing in it points elsewhere: a file may be damaged."""
    for i in range(block.num_columns):
        block.column(i).validate(full=i in layout.kept)
    kept = [ArrowColumn(without_views(block.column(i))) for i in layout.kept]
    if layout.listed:
        return _parsed_lists(block.column(layout.logits[0]), kept, layout, dtype)
    values = np.empty((len(layout.logits), block.num_rows), dtype)
    for j, position in enumerate(layout.logits):
        values[j] = numbers(block.column(position), dtype)
    if whole_rows:
        return _Parsed(values.T, kept, None, _lacking(block, layout))
    return _Parsed(values.T, kept, _first_null(block, layout))


def _parsed_lists(column: Any, kept: list[ArrowColumn], layout: Layout, dtype: type) -> _Parsed:
    """Return the rows of a column of lists, up to the first that is null or of another length."""
    lengths = list_lengths(column)
    bad = None
    wrong = np.flatnonzero(lengths != layout.k)
    if len(wrong):
        row, length = int(wrong[0]), int(lengths[wrong[0]])
        label = layout.column(layout.logits[0])
        bad = row, layout.unequal(length) if length >= 0 else f"{label}: null is not a list of numbers"
        column = column.slice(0, row)
    cells = entries(column)
    values = numbers(cells, dtype).reshape(-1, layout.k)
    if layout.k < WIDE:
        values = np.asfortranarray(values)  # one class after the other, as the columns of a table lie
    if cells.null_count:
        row, j = divmod(int(np.flatnonzero(are_null(cells))[0]), layout.k)
        bad = row, f"{layout.logit_column(j)}: null is not a number"
    return _Parsed(values, kept if bad is None else [own[: len(values)] for own in kept], bad)


def _lacking(block: Any, layout: Layout) -> dict[int, str]:
    """Return the rows with a null where a row to learn from must have a value, and the column of it."""
    found: dict[int, str] = {}
    for position in needed_columns(layout):
        if block.column(position).null_count:
            for row in np.flatnonzero(are_null(block.column(position))).tolist():
                found.setdefault(row, layout.column(position))
    return found


def _first_null(block: Any, layout: Layout) -> tuple[int, str] | None:
    """Return the row of the first null among the logits, and the error of it."""
    found = [
        (int(np.flatnonzero(are_null(block.column(position)))[0]), j)
        for j, position in enumerate(layout.logits)
        if block.column(position).null_count
    ]
    if not found:
        return None
    row, j = min(found)
    return row, f"{layout.logit_column(j)}: null is not a number"


def _places(name: str, first: int) -> Callable[[int], str]:
    return lambda row: f"{name}: row {first + row}"


def _refuse_words(schema: Any, layout: Layout, options: ReadOptions, name: str) -> None:
    for j, position in enumerate(layout.logits):
        kind = schema.field(position).type
        if not is_number(number_type(kind)) or (is_list(kind) and not layout.listed):
            numeric = [is_number(number_type(schema.field(i).type)) for i in range(len(schema))]
            hint = None if options.columns is not None else columns_hint(numeric, schema.names, options)
            what = f"{layout.logit_column(j)} holds {in_words(kind)}, not numbers"
            raise InputError(what, where=name, hint=hint)
