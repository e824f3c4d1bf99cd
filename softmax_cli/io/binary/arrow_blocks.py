"""Arrow record batches -> logits and kept columns, up to the first bad row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from softmax_cli.io.binary.arrow_columns import (
    ArrowColumn,
    are_null,
    entries,
    is_list,
    is_number,
    is_text,
    list_lengths,
    number_type,
    numbers,
    without_views,
)
from softmax_cli.io.cells.kept import cell_texts
from softmax_cli.io.cells.numbers import NotANumberError, read_cells
from softmax_cli.io.table.batch import Array
from softmax_cli.io.table.layout import Layout
from softmax_cli.io.table.missing import needed_columns

WIDE = 64
"""From this width on, the cost of each column in every block shows."""


class ParsedArrow(NamedTuple):
    """The logits of a block, (n, k), its kept columns, and its first bad row with what is wrong with it.

    If rows may lack values, `lacking` has those that do, each with the first column that it lacks.
    """

    values: Array
    kept: list[ArrowColumn]
    bad: tuple[int, str] | None
    lacking: Mapping[int, str] = MappingProxyType({})


def parsed(block: Any, layout: Layout, dtype: type, *, whole_rows: bool) -> ParsedArrow:
    """Take a block apart, after a check that its offsets stay within it: a file may be damaged."""
    for i in range(block.num_columns):
        kind = block.column(i).type
        holds_bare_numbers = is_number(kind) or is_list(kind)
        block.column(i).validate(full=i in layout.kept or not holds_bare_numbers)
    kept = [ArrowColumn(without_views(block.column(i))) for i in layout.kept]
    columns = [block.column(i) for i in layout.logits]
    if any(is_text(number_type(column.type)) for column in columns):
        return _parsed_texts(columns, kept, layout)
    if layout.listed:
        return _parsed_lists(block.column(layout.logits[0]), kept, layout, dtype)
    values = np.empty((len(layout.logits), block.num_rows), dtype)
    for j, position in enumerate(layout.logits):
        values[j] = numbers(block.column(position), dtype)
    lacking = _lacking(block, layout, needed_columns(layout) if whole_rows else layout.logits)
    if whole_rows or not lacking:
        return ParsedArrow(values.T, kept, None, lacking)
    first = min(lacking)
    return ParsedArrow(values.T, kept, (first, f"{lacking[first]}: null is not a number"))


def _parsed_texts(columns: list[Any], kept: list[ArrowColumn], layout: Layout) -> ParsedArrow:
    """Return the rows of columns of text, up to the first that is not numbers or a list of them."""
    bad = None
    rows: list[Sequence[str]] = []
    for row in zip(*(cell_texts(column.to_pylist()) for column in columns), strict=True):
        try:
            rows.append(layout.list_of(row[0]) if layout.listed else row)
        except ValueError as wrong:
            bad = len(rows), str(wrong)
            break
    cells = list(chain.from_iterable(rows))
    try:
        values = read_cells(cells)
    except NotANumberError as error:
        first, j = divmod(error.position, layout.k)
        bad = first, f"{layout.logit_column(j)}: {error}"
        values = read_cells(cells[: first * layout.k])
    values = values.reshape(-1, layout.k)
    return ParsedArrow(values, kept if bad is None else [own[: len(values)] for own in kept], bad)


def _parsed_lists(column: Any, kept: list[ArrowColumn], layout: Layout, dtype: type) -> ParsedArrow:
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
        values = np.asfortranarray(values)  # class by class, as the columns of a table
    if cells.null_count:
        row, j = divmod(int(np.flatnonzero(are_null(cells))[0]), layout.k)
        bad = row, f"{layout.logit_column(j)}: null is not a number"
    return ParsedArrow(values, kept if bad is None else [own[: len(values)] for own in kept], bad)


def _lacking(block: Any, layout: Layout, positions: Sequence[int]) -> dict[int, str]:
    """Return the rows with a null in one of these columns, and the first such column of each."""
    found: dict[int, str] = {}
    for position in positions:
        if block.column(position).null_count:
            for row in np.flatnonzero(are_null(block.column(position))).tolist():
                found.setdefault(row, layout.column(position))
    return found
