"""The flat tables of results as text: short outputs as they come, long ones ahead on all cores."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Protocol

from softmax_cli.io.streams.sink import Sink
from softmax_cli.io.table.batch import Batch
from softmax_cli.io.table.results.result import Result

LARGE = 1 << 14
"""From this many numbers in a table on, the fast writer pays if its library is loaded."""

LARGE_IN_ALL = 1 << 17
"""From this many numbers in all tables on, it is worth loading its library."""

_PART = 1 << 19
"""Numbers formatted at a time: some 10 MB of text."""


class FlatText(Protocol):
    """A text format of flat tables."""

    precision: int | None

    def header(self, table: Batch) -> bytes:
        """Return what stands before the first table; nothing for later ones."""

    def rows(self, table: Batch) -> Sequence[bytes]:
        """Return the lines of a table, in pieces; called by several threads at once."""


def write_tables(text: FlatText, results: Iterable[Result], sink: Sink) -> None:
    """Write the flat tables of results, one after the other, as one text.

    From a certain length on, results are computed and formatted ahead of what is being written.
    """
    tables = (part for result in results for part in _parts(result.flat()))
    count = 0
    for table in tables:
        count += table.values.size
        sink.write(b"".join([text.header(table), *text.rows(table)]))
        if text.precision is None and (count >= LARGE_IN_ALL or "polars" in sys.modules):
            from softmax_cli.io.streams.prefetch import ordered

            for piece in chain.from_iterable(ordered(text.rows, tables)):
                sink.write(piece)


def pays(table: Batch) -> bool:
    """Tell whether the fast writer pays for a table."""
    size = table.values.size
    return size >= LARGE_IN_ALL or (size >= LARGE and "polars" in sys.modules)


def _parts(table: Batch) -> Iterator[Batch]:
    """Cut up a large table, so that the text formatted ahead stays small."""
    return table.split(max(1, _PART // max(1, table.k)))
