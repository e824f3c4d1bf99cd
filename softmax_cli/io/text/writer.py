"""The flat table as delimited text (RFC 4180, with LF line ends): csv and tsv."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from softmax_cli.io.cells.floats import float_texts
from softmax_cli.io.cells.kept import cell_texts
from softmax_cli.io.streams.sink import Sink
from softmax_cli.io.table.batch import Batch
from softmax_cli.io.table.flat import Lines, write_tables
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

    def fast(table: Batch) -> Lines | None:
        from softmax_cli.io.table.fast_frames import format_rows

        return format_rows(table, delimiter)

    write_tables(
        results,
        sink,
        partial(lines, delimiter=delimiter, precision=precision),
        fast if precision is None else None,
        lambda table: _header(table, delimiter) if header else "",
    )


write_tsv = partial(write_csv, delimiter="\t")


def _header(table: Batch, delimiter: str) -> str:
    """Return the header of a table.

    A table of nameless class columns alone has none, so that its lines are only numbers; nor has one of draws
    alone.
    """
    if table.bare or not (table.kept or table.named):
        return ""
    first, *rest = [*table.kept, *table.classes]
    return delimiter.join([*_quoted([first], delimiter, first=True), *_quoted(rest, delimiter)]) + "\n"


def lines(table: Batch, delimiter: str, precision: int | None = None) -> str:
    """Return the lines of a table."""
    k, numbers = table.k, float_texts(table.values, precision)
    columns: list[Sequence[str]] = [
        _quoted(cell_texts(column), delimiter, first=i == 0) for i, column in enumerate(table.kept.values())
    ]
    if k > 16:
        columns.append([delimiter.join(numbers[i : i + k]) for i in range(0, len(numbers), k)])
    else:
        columns += [numbers[j::k] for j in range(k)]
    return "".join(delimiter.join(cells) + "\n" for cells in zip(*columns, strict=True))


def _quoted(cells: Sequence[str], delimiter: str, *, first: bool = False) -> list[str]:
    """Quote the cells that need it: with the delimiter, a quote or a line end in them.

    In the first column also one that begins with #, which would be read back as a comment.
    """
    joined = "".join(cells)
    special = {delimiter, '"', "\n", "\r"}
    if not any(sign in joined for sign in special) and not (first and "#" in joined):
        return list(cells)
    return [
        '"' + cell.replace('"', '""') + '"'
        if any(sign in cell for sign in special) or (first and cell[:1] == "#")
        else cell
        for cell in cells
    ]
