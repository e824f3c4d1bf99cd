"""The flat table as Parquet and Arrow (Feather), in blocks of rows, with the types of kept columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from itertools import chain
from typing import Any

import pyarrow as pa

from softmax_cli.errors import InputError
from softmax_cli.io.binary.arrow_columns import ArrowColumn, as_arrow, is_number
from softmax_cli.io.cells.floats import rounded
from softmax_cli.io.streams.prefetch import ordered
from softmax_cli.io.streams.sink import Sink
from softmax_cli.io.streams.source import Source
from softmax_cli.io.table.batch import Batch
from softmax_cli.io.table.indexed import Picked
from softmax_cli.io.table.results.result import Result

ROW_GROUP = 1 << 20
"""The numbers of a row group: 8 MB of float64."""


@contextmanager
def _able() -> Iterator[None]:
    """Refuse a kept column that Arrow cannot write."""
    try:
        yield
    except pa.ArrowNotImplementedError as error:
        raise InputError(
            f"this format cannot hold a kept column: {str(error).splitlines()[0]}",
            hint="choose --format jsonl or csv",
        ) from error


@_able()
def write_parquet(results: Iterable[Result], sink: Sink, precision: int | None = None) -> None:
    """Write the flat table as Parquet, in row groups; a kept column of several types is refused."""
    _write_parquet(_record_batches(results, precision), sink)


@_able()
def write_arrow(results: Iterable[Result], sink: Sink, precision: int | None = None) -> None:
    """Write the flat table as an Arrow file, which is also a Feather file, or to ``.arrows`` as a stream."""
    _write_arrow(_record_batches(results, precision), sink)


@_able()
def write_part(results: Iterable[Result], sink: Sink, precision: int | None = None) -> None:
    """Write the flat table of a part as an Arrow stream, for `join_parts`."""
    batches = _record_batches(results, precision)
    first = next(batches)
    with pa.ipc.new_stream(pa.PythonFile(sink, mode="w"), first.schema) as writer:
        for batch in chain([first], batches):
            writer.write_batch(batch)


def join_parts(parts: Iterable[AbstractContextManager[Source]], sink: Sink, *, parquet: bool) -> None:
    """Join what `write_part` wrote to one file, with the same bytes as if it were written whole."""

    def batches_of_parts() -> Iterator[Any]:
        for part in parts:
            with part as source:
                yield from pa.ipc.open_stream(pa.PythonFile(source.raw(), mode="r"))

    batches = batches_of_parts()
    (_write_parquet if parquet else _write_arrow)(batches, sink)


def _write_parquet(batches: Iterable[Any], sink: Sink) -> None:
    import pyarrow.parquet as pq

    writer: Any = None
    try:
        for group in _groups(batches):
            if writer is None:
                words = [field.name for field in group.schema if not is_number(field.type)]
                # Probabilities hardly repeat: a dictionary of them would only cost time.
                file = pa.PythonFile(sink, mode="w")
                writer = pq.ParquetWriter(file, group.schema, use_dictionary=words or False)
            writer.write_table(group, row_group_size=len(group))
        if writer is not None:
            writer.close()
    except BaseException:
        if writer is not None:
            writer.is_open = False  # otherwise it would write its footer when it is collected
        raise


def _write_arrow(batches: Iterable[Any], sink: Sink) -> None:
    writer = None
    for batch in batches:
        if writer is None:
            new = pa.ipc.new_stream if sink.name.lower().endswith(".arrows") else pa.ipc.new_file
            writer = new(pa.PythonFile(sink, mode="w"), batch.schema)
        writer.write_batch(batch)
    if writer is not None:
        writer.close()


def _groups(batches: Iterable[Any]) -> Iterator[Any]:
    """Gather record batches into row groups."""
    gathered: list[Any] = []
    size = 0
    for batch in batches:
        gathered.append(batch)
        size += batch.num_rows * batch.num_columns
        if size >= ROW_GROUP:
            yield pa.Table.from_batches(gathered)
            gathered, size = [], 0
    if gathered:
        yield pa.Table.from_batches(gathered)


def _record_batches(results: Iterable[Result], precision: int | None) -> Iterator[Any]:
    """Yield the flat table of each result, all with the column types of the first."""
    tables = (result.flat() for result in results)
    first = _record_batch(None, precision, next(tables))
    yield first
    yield from ordered(partial(_record_batch, first.schema, precision), tables)


def _record_batch(schema: Any, precision: int | None, table: Batch) -> Any:
    values = rounded(table.values, precision)
    columns = [
        _arrow(cells, name, None if schema is None else schema.field(i).type)
        for i, (name, cells) in enumerate(table.kept.items())
    ]
    columns += [as_arrow(values[:, j]) for j in range(table.k)]
    return pa.record_batch(columns, names=[*table.kept, *table.classes])


def _arrow(cells: Any, name: str, kind: Any) -> Any:
    """Return a kept column as an Arrow array of the given type, or of its own."""
    if isinstance(cells, Picked):
        return _arrow(cells.cells, name, kind).take(as_arrow(cells.order))
    if isinstance(cells, ArrowColumn):
        return cells.cells
    if hasattr(cells, "to_arrow"):
        array = cells.to_arrow()
        if pa.types.is_large_string(array.type):
            array = array.cast(pa.string())
        if kind is None or array.type == kind:
            return array
        cells = cells.to_list()
    try:
        return pa.array(cells, type=kind)
    except (pa.ArrowException, TypeError, ValueError, OverflowError) as error:
        first = "" if kind is None else f" {kind}, as in the first rows,"
        raise InputError(
            f"the cells of the kept column {name} are not all of one type{first}",
            hint="choose --format jsonl or csv",
        ) from error
