"""The flat table as JSON lines: one object a line, without blanks."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from softmax_cli.io.cells.json_text import json_text, number_texts, string_text
from softmax_cli.io.streams.sink import Sink
from softmax_cli.io.table.batch import Batch
from softmax_cli.io.table.flat import Lines, pays, write_tables
from softmax_cli.io.table.results.result import Result


def write_jsonl(results: Iterable[Result], sink: Sink, precision: int | None = None) -> None:
    """Write the flat tables of results, one JSON object a line."""
    write_tables(JsonLines(precision), results, sink)


class JsonLines:
    """Flat tables as JSON lines."""

    def __init__(self, precision: int | None = None) -> None:
        self.precision = precision

    def header(self, table: Batch) -> bytes:
        """Return nothing."""
        return b""

    def rows(self, table: Batch) -> Lines:
        """Return the lines of a table; called by several threads at once."""
        if self.precision is None and pays(table):
            from softmax_cli.io.json.fast_writer import format_lines

            lines = format_lines(table)
            if lines is not None:
                return lines
        # backslashreplace writes a lone surrogate as JSON's escape for it.
        return [self._rows(table).encode(errors="backslashreplace")]

    def _rows(self, table: Batch) -> str:
        keys = [string_text(name) + ":" for name in chain(table.kept, table.classes)]
        numbers = number_texts(table.values, self.precision)
        columns = [[json_text(cell, comma=",", colon=":") for cell in cells] for cells in table.kept.values()]
        columns += [numbers[j :: table.k] for j in range(table.k)]
        labelled = [[key + cell for cell in column] for key, column in zip(keys, columns, strict=True)]
        return "".join("{" + ",".join(cells) + "}\n" for cells in zip(*labelled, strict=True))
