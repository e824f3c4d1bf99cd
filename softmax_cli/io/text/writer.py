"""The flat table as delimited text: csv and tsv."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from softmax_cli.io.cells.floats import float_texts
from softmax_cli.io.cells.kept import cell_texts
from softmax_cli.io.streams.sink import Sink
from softmax_cli.io.table.batch import Batch
from softmax_cli.io.table.flat import Lines, pays, write_tables
from softmax_cli.io.table.results.result import Result


def write_csv(
    results: Iterable[Result],
    sink: Sink,
    precision: int | None = None,
    *,
    delimiter: str = ",",
    header: bool = True,
) -> None:
    """Write the flat tables of results, one after the other, as one delimited text or the rest of one."""
    write_tables(DelimitedText(delimiter, precision, header=header), results, sink)


write_tsv = partial(write_csv, delimiter="\t")


class DelimitedText:
    """Flat tables as delimited text (RFC 4180, with LF line ends)."""

    def __init__(self, delimiter: str, precision: int | None = None, *, header: bool = True) -> None:
        self.delimiter = delimiter
        self.precision = precision
        self._begun = not header

    def header(self, table: Batch) -> bytes:
        """Return the header before the first table; nothing for later ones.

        A table of nameless class columns alone has no header, so that its lines are only numbers; nor has one
        of draws alone.
        """
        if self._begun or table.bare or not (table.kept or table.named):
            return b""
        self._begun = True
        names = [*table.kept, *table.classes]
        cells = self._quoted(names[:1], first=True) + self._quoted(names[1:], first=False)
        return _bytes(self.delimiter.join(cells) + "\n")

    def rows(self, table: Batch) -> Lines:
        """Return the lines of a table; called by several threads at once."""
        if self.precision is None and pays(table):
            from softmax_cli.io.table.fast_frames import format_rows

            rows = format_rows(table, self.delimiter)
            if rows is not None:
                return rows
        lines = self._rows(table)
        return [_bytes("\n".join(lines) + "\n")] if lines else []

    def _rows(self, table: Batch) -> Sequence[str]:
        numbers = float_texts(table.values, self.precision)
        k = table.k
        columns: list[Sequence[str]] = [
            self._quoted(cell_texts(column), first=i == 0) for i, column in enumerate(table.kept.values())
        ]
        if k:
            columns += [numbers[j::k] for j in range(k)] if k <= 16 else [self._joined(numbers, k)]
        return list(map(self.delimiter.join, zip(*columns, strict=True)))

    def _joined(self, numbers: list[str], k: int) -> list[str]:
        return [self.delimiter.join(numbers[i : i + k]) for i in range(0, len(numbers), k)]

    def _quoted(self, cells: Sequence[str], *, first: bool) -> list[str]:
        """Quote the cells that need it: with the delimiter, a quote or a line end in them.

        In the first column also one that begins with #, which would be read back as a comment.
        """
        joined = "".join(cells)
        special = {self.delimiter, '"', "\n", "\r"}
        if not any(sign in joined for sign in special) and not (first and "#" in joined):
            return list(cells)
        return [
            '"' + cell.replace('"', '""') + '"'
            if any(sign in cell for sign in special) or (first and cell[:1] == "#")
            else cell
            for cell in cells
        ]


def _bytes(text: str) -> bytes:
    return text.encode(errors="backslashreplace")
