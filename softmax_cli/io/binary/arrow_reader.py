"""Parquet and Arrow (Feather) -> batches: blocks of rows, kept columns with their types."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import chain
from typing import Any

import numpy as np
import pyarrow as pa

from softmax_cli.errors import InputError, ReadWriteError
from softmax_cli.io.binary.arrow_blocks import WIDE, parsed
from softmax_cli.io.binary.arrow_columns import (
    first_length,
    in_words,
    is_list,
    is_number,
    is_text,
    number_type,
)
from softmax_cli.io.binary.arrow_errors import arrow_errors
from softmax_cli.io.binary.arrow_shapes import class_names, reshaped
from softmax_cli.io.binary.parquet_parts import blocks_of
from softmax_cli.io.cells.lists import list_texts
from softmax_cli.io.cells.numbers import is_meant_as_number
from softmax_cli.io.options import Note, ReadOptions
from softmax_cli.io.streams.prefetch import ordered
from softmax_cli.io.streams.source import Source
from softmax_cli.io.streams.temporary import seekable
from softmax_cli.io.table.batch import Batch, numbered_rows
from softmax_cli.io.table.columns import columns_hint
from softmax_cli.io.table.lay_out import lay_out
from softmax_cli.io.table.layout import Layout

VALUES_AT_A_TIME = 1 << 18
"""Cells of a block; twice as many if there are WIDE columns."""
LARGE_GROUP = 1 << 27
"""Bytes of a row group whose pages need the memory that larger blocks would take."""

pa.set_memory_pool(pa.system_memory_pool())  # keeps 30 MB less than Arrow's own


def read_parquet(source: Source, options: ReadOptions, note: Note) -> Iterator[Batch]:
    """Yield the rows of a Parquet file in blocks, each at most a part of a row group."""
    import pyarrow.parquet as pq

    with _file(source) as stream, arrow_errors(source.name, "Parquet"):
        # Buffered, so that one page of a column is held, not its whole row group.
        file = pq.ParquetFile(stream, pre_buffer=False, buffer_size=1 << 16)
        # One thread decodes ahead; more threads would lose time taking turns at the columns of a block.
        start, stop = (options.part and options.part.rows) or (0, file.metadata.num_rows)
        blocks = _watched(blocks_of(file, start, stop, rows_at_a_time(file)), stop - start, source)
        yield from _read(blocks, file.schema_arrow, options, source.name, start)


def rows_at_a_time(file: Any) -> int:
    """Return the number of rows of a Parquet file's block."""
    width = max(1, len(file.schema_arrow))
    is_large = False
    if file.metadata.num_row_groups:
        group = file.metadata.row_group(0)
        cells = sum(group.column(i).num_values for i in range(group.num_columns))
        width = max(width, cells // max(1, group.num_rows))  # the entries of lists are cells too
        is_large = group.total_byte_size > LARGE_GROUP
    return max(1, VALUES_AT_A_TIME * (1 if width < WIDE or is_large else 2) // width)


def read_arrow(source: Source, options: ReadOptions, note: Note) -> Iterator[Batch]:
    """Yield the rows of an Arrow file or stream in blocks, each at most a record batch."""
    if not source.starts_with(b"ARROW1"):
        with arrow_errors(source.name, "Arrow"):
            stream = pa.ipc.open_stream(pa.PythonFile(source.raw(), mode="r"))
            yield from _read(_pieces(stream), stream.schema, options, source.name, 0)
        if source.read_some(1):
            hint = "are they several streams? a file for each: softmax probs FILE FILE ..."
            raise InputError("more bytes follow the end of the stream", where=source.name, hint=hint)
        return
    with _file(source) as file, arrow_errors(source.name, "Arrow"):
        reader = pa.ipc.open_file(file)
        yield from _read(_pieces(_batches_of(reader, source)), reader.schema, options, source.name, 0)


def _watched(blocks: Iterable[Any], rows: int, source: Source) -> Iterator[Any]:
    """Yield blocks, telling the source how far they are; fewer than `rows` in all are refused."""
    done = 0
    for block in blocks:
        done += block.num_rows
        source.advance(done / rows)
        yield block
    if done < rows:  # Arrow takes a cut for the end of the rows
        raise ReadWriteError("the file became shorter while it was read", where=source.name)


def _batches_of(reader: Any, source: Source) -> Iterator[Any]:
    for i in range(reader.num_record_batches):
        yield reader.get_batch(i)
        source.advance((i + 1) / reader.num_record_batches)


@contextmanager
def _file(source: Source) -> Iterator[Any]:
    """Open a source as a file that can be read from any place, by Arrow itself if it has a path."""
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


def _read(blocks: Iterable[Any], schema: Any, options: ReadOptions, name: str, count: int) -> Iterator[Batch]:
    kinds = {i: names for i in range(len(schema)) if (names := class_names(schema.field(i).type))}
    filled = (block for block in reshaped(blocks, schema, options) if block.num_rows)
    first = next(filled, None)
    if first is None:
        raise InputError("no rows", where=name)
    first.slice(0, 1).validate(full=True)  # its row is looked at: a file may be damaged
    schema = first.schema.with_metadata(schema.metadata)
    lists = {i: length for i in range(len(schema)) if (length := first_length(first.column(i)))}
    layout = lay_out(schema.names, len(schema), options, where=name, default=_not_index(schema), lists=lists)
    if layout.listed and options.classes is None and layout.logits[0] in kinds:
        layout = layout._replace(classes=kinds[layout.logits[0]], named=True)
    _refuse_words(first, layout, options, name)
    types = {number_type(schema.field(i).type) for i in layout.logits}
    dtype = np.float32 if types <= {pa.float32(), pa.float16()} else np.float64
    parse = partial(parsed, layout=layout, dtype=dtype, whole_rows=options.missing is not None)
    for part in ordered(parse, chain([first], filled)):
        place = numbered_rows(name, count + 1)
        rows = Batch.of(layout, part.values, part.kept, first_row=count + 1, where=place)
        if options.missing is not None:
            rows = options.missing.left(rows, part.lacking)
        if part.bad is None:
            yield rows
        else:
            row, what = part.bad
            if row:
                yield rows.rows(0, row)
            raise InputError(what, where=place(row))
        count += len(part.values)


def _not_index(schema: Any) -> list[int]:
    """Return all columns except those of pandas' index."""
    try:
        indexes = json.loads((schema.metadata or {}).get(b"pandas", b"{}")).get("index_columns", [])
    except (ValueError, AttributeError):
        indexes = []
    return [i for i, column in enumerate(schema.names) if column not in indexes]


def _refuse_words(first: Any, layout: Layout, options: ReadOptions, name: str) -> None:
    """Refuse logit columns without numbers, by the types of the first block and its first row."""
    schema = first.schema
    for j, position in enumerate(layout.logits):
        kind = schema.field(position).type
        if _holds_numbers(first.column(position), options) and (layout.listed or not is_list(kind)):
            continue
        if is_list(kind) and is_number(kind.value_type):
            where = f"{name}: row 1"
            raise InputError(
                f"{layout.column(position)}: not a list of numbers, or an empty one", where=where
            )
        hint = None
        if options.columns is None:
            columns = [first.column(i) for i in range(len(schema))]
            hint = columns_hint([_holds_numbers(c, options) for c in columns], schema.names, options)
        what = f"{layout.logit_column(j)} holds {in_words(kind)}, not numbers"
        raise InputError(what, where=name, hint=hint)


def _holds_numbers(column: Any, options: ReadOptions) -> bool:
    """Return whether a column holds numbers, or texts that are numbers."""
    kind = number_type(column.type)
    if is_list(column.type) or not is_text(kind):
        return is_number(kind)
    cell = column[0].as_py() or ""
    return is_meant_as_number(cell) or list_texts(cell) is not None
