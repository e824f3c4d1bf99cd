"""The flat table as JSON lines: one object a line, without blanks."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from itertools import chain

from softmax_cli.io.cells.json_text import json_text, number_texts, string_text
from softmax_cli.io.streams.sink import Sink
from softmax_cli.io.table.batch import Batch
from softmax_cli.io.table.flat import Lines, write_tables
from softmax_cli.io.table.results.result import Result


def write_jsonl(results: Iterable[Result], sink: Sink, precision: int | None = None) -> None:
    """Write the flat tables of results, one JSON object a line."""
    write_tables(results, sink, partial(lines, precision=precision), _fast if precision is None else None)


def lines(table: Batch, precision: int | None = None) -> str:
    """Return the lines of a table."""
    keys = [string_text(name) + ":" for name in chain(table.kept, table.classes)]
    numbers = number_texts(table.values, precision)
    columns = [[json_text(cell, comma=",", colon=":") for cell in cells] for cells in table.kept.values()]
    columns += [numbers[j :: table.k] for j in range(table.k)]
    labelled = [[key + cell for cell in column] for key, column in zip(keys, columns, strict=True)]
    return "".join("{" + ",".join(cells) + "}\n" for cells in zip(*labelled, strict=True))


def _fast(table: Batch) -> Lines | None:
    from softmax_cli.io.json.fast_writer import format_lines

    return format_lines(table)
