"""Arrow columns that hold several numbers a row in another form than a list, turned into lists or rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from softmax_cli.io.binary.arrow_columns import (
    are_null,
    as_arrow,
    entries,
    is_list,
    is_number,
    list_lengths,
    numbers,
    storage,
)
from softmax_cli.io.options import ReadOptions
from softmax_cli.io.table.columns import asked_for


def reshaped(blocks: Iterable[Any], schema: Any, options: ReadOptions) -> Iterator[Any]:
    """Yield record batches with lists in place of records and tensors, and a row for each row of a matrix."""
    kinds = [schema.field(i).type for i in range(len(schema))]
    odd = [i for i, kind in enumerate(kinds) if class_names(kind) or _is_view(kind) or _tensor_shape(kind)]
    matrix = _matrix_column(schema, options)
    for block in blocks:
        for i in (*odd, *(() if matrix is None else (matrix,))):
            block.column(i).validate(full=True)
        if odd:
            columns = [_as_list(block.column(i)) if i in odd else block.column(i) for i in range(len(schema))]
            block = pa.record_batch(columns, names=schema.names)  # noqa: PLW2901
        yield block if matrix is None else _spread(block, matrix)


def class_names(kind: Any) -> tuple[str, ...] | None:
    """Return the names of the numbers of a record; None for any other type of column."""
    if not pa.types.is_struct(kind) or not kind.num_fields:
        return None
    fields = [kind.field(i) for i in range(kind.num_fields)]
    return tuple(field.name for field in fields) if all(is_number(field.type) for field in fields) else None


def _is_view(kind: Any) -> bool:
    return bool(pa.types.is_list_view(kind) or pa.types.is_large_list_view(kind))


def _tensor_shape(kind: Any) -> list[int] | None:
    """Return the shape of a tensor with several axes; one with a single axis is stored as a list."""
    shape = list(kind.shape) if isinstance(kind, pa.FixedShapeTensorType) else []
    return shape if len(shape) > 1 else None


def _as_list(column: Any) -> Any:
    """Turn a column of records, views or tensors into lists."""
    kind = column.type
    if _is_view(kind):
        return pa.array(column.to_pylist(), pa.large_list(kind.value_type))
    shape = _tensor_shape(kind)
    if shape is not None:
        cells = entries(column)
        for size in shape[:0:-1]:
            cells = pa.FixedSizeListArray.from_arrays(cells, size)
        return pa.FixedSizeListArray.from_arrays(cells, shape[0])
    fields = [_with_nan(column.field(i)) for i in range(kind.num_fields)]
    cells = as_arrow(np.stack(fields, axis=-1).ravel())
    return pa.FixedSizeListArray.from_arrays(cells, kind.num_fields)


def _with_nan(column: Any) -> Any:
    """Return the numbers of a column, nan for a null: it will be refused by its place."""
    values = numbers(column, np.float64)
    return np.where(are_null(column), np.nan, values) if column.null_count else values


def _matrix_column(schema: Any, options: ReadOptions) -> int | None:
    """Return the only column with a matrix of logits in each row, unless another column is asked for."""
    kinds = [schema.field(i).type for i in range(len(schema))]
    found = [i for i, kind in enumerate(kinds) if _is_matrix(kind)]
    if options.columns is not None:
        asked = asked_for(options.columns)
        found = [i for i in found if schema.names[i] in asked or str(i + 1) in asked]
    elif any(is_list(kind) and is_number(kind.value_type) for kind in kinds):
        return None
    return found[0] if len(found) == 1 else None


def _is_matrix(kind: Any) -> bool:
    if _tensor_shape(kind) is not None:
        return len(kind.shape) == 2
    return is_list(kind) and is_list(kind.value_type) and is_number(kind.value_type.value_type)


def _spread(block: Any, position: int) -> Any:
    """Return a block with a row for each row of a column's matrices; the other cells are repeated."""
    column = storage(block.column(position))
    lengths = np.maximum(list_lengths(column), 0)
    picked = as_arrow(np.repeat(np.arange(block.num_rows, dtype=np.int64), lengths))
    columns = [
        entries(column) if i == position else block.column(i).take(picked) for i in range(block.num_columns)
    ]
    return pa.record_batch(columns, names=block.schema.names)
