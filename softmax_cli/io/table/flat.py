"""The flat tables of results as text: short outputs as they come, long ones ahead on all cores."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import IO, TypeAlias, cast

from softmax_cli.io.streams.sink import Sink
from softmax_cli.io.table.batch import Batch
from softmax_cli.io.table.results.result import Result

LARGE = 1 << 14
"""From this many numbers in a table on, the fast writer pays if its library is loaded."""

LARGE_IN_ALL = 1 << 17
"""From this many numbers in all tables on, it is worth loading its library."""

_PART = 1 << 19
"""Numbers formatted at a time: some 10 MB of text."""


Lines: TypeAlias = Sequence[bytes] | Callable[[IO[bytes]], object]
"""The lines of a table: their text in pieces, or what writes them to a file."""


class Pieces(list[bytes]):
    """A file in memory for a library to write to; joining the pieces would copy every byte again."""

    def write(self, data: bytes) -> int:
        """Take a piece."""
        self.append(data)
        return len(data)


def pieces(lines: Lines) -> Sequence[bytes]:
    """Return the text of lines."""
    if not callable(lines):
        return lines
    text = Pieces()
    lines(cast(IO[bytes], text))
    return text


def write_tables(
    results: Iterable[Result],
    sink: Sink,
    light: Callable[[Batch], str],
    fast: Callable[[Batch], Lines | None] | None,
    header: Callable[[Batch], str] = lambda _: "",
) -> None:
    """Write the flat tables of results, one after the other, as one text.

    From a certain length on, results are computed and formatted ahead of what is being written.

    Parameters
    ----------
    light
        Returns the lines of a table; called by several threads at once, as `fast` is.
    fast
        Returns the same of a large table, made by polars; None if it cannot. Itself None if it never can.
    header
        Returns what stands before the first table.
    """

    def lines_of(table: Batch) -> Lines:
        lines = fast(table) if fast is not None and _pays(table) else None
        # backslashreplace writes a lone surrogate as JSON's escape for it.
        return [light(table).encode(errors="backslashreplace")] if lines is None else lines

    tables = (part for result in results for part in _parts(result.flat()))
    count = 0
    for i, table in enumerate(tables):
        count += table.values.size
        head = b"" if i else header(table).encode(errors="backslashreplace")
        sink.write(b"".join([head, *pieces(lines_of(table))]))
        if fast is not None and (count >= LARGE_IN_ALL or "polars" in sys.modules):
            _write_ahead(lines_of, tables, sink)


def _write_ahead(lines_of: Callable[[Batch], Lines], tables: Iterable[Batch], sink: Sink) -> None:
    """Write tables that other threads compute and format.

    Where it can, a library writes to the open file itself: no text is copied, and its memory is used again.
    """
    from softmax_cli.io.streams.prefetch import exhaust, ordered

    file = sink.file()
    if file is None:
        for piece in chain.from_iterable(ordered(lambda table: pieces(lines_of(table)), tables)):
            sink.write(piece)
    else:
        exhaust(_written(ordered(lines_of, tables), file, sink))


def _written(tables: Iterable[Lines], file: IO[bytes], sink: Sink) -> Iterator[None]:
    """Write the lines of tables, one table after the other."""
    for lines in tables:
        if callable(lines):
            with sink.failures():
                lines(file)
        else:
            for piece in lines:
                sink.write(piece)
        yield


def _pays(table: Batch) -> bool:
    """Return whether the fast writer pays for a table."""
    size = table.values.size
    return size >= LARGE_IN_ALL or (size >= LARGE and "polars" in sys.modules)


def _parts(table: Batch) -> Iterator[Batch]:
    """Cut up a large table, so that the text formatted ahead stays small."""
    return table.split(max(1, _PART // max(1, table.k)))
