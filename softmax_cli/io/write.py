"""The one way out: from results to bytes."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from softmax_cli.errors import InputError
from softmax_cli.io.cells.wording import shown, unknown
from softmax_cli.io.formats import BY_NAME, FORMATS, TABLE, Format, by_ending, function, split_compression
from softmax_cli.io.streams.output import open_output
from softmax_cli.io.streams.sink import Sink

if TYPE_CHECKING:
    from softmax_cli.io.table.results.result import Result

__all__ = ["FORMATS", "TABLE", "Sink", "format_for", "open_output", "write", "write_document"]

MOST_DIGITS = 17


def format_for(output: str | None, name: str | None, *, terminal: bool) -> Format:
    """Choose the format: by ``--format``, else by the file's ending, else a table at a terminal, or CSV.

    Parameters
    ----------
    output
        The value of ``--output``, or None.
    name
        The value of ``--format``, or None.
    terminal
        Whether standard output is a terminal.

    Examples
    --------
    >>> format_for("p.json", None, terminal=True).name, format_for(None, None, terminal=False).name
    ('json', 'csv')
    """
    if name is not None:
        if name not in FORMATS:
            raise unknown(name, FORMATS, "format", where="--format")
        return BY_NAME[name]
    if output is None or output == "-":
        return TABLE if terminal else BY_NAME["csv"]
    ending = os.path.splitext(split_compression(output)[0])[1]
    found = by_ending(output) if ending else BY_NAME["csv"]
    if found is None or found.writer is None:
        raise InputError(
            f"no format is known by the ending {shown(ending.lower())}",
            where="--output",
            hint="name one with --format" if found is None else "numpy reads an array from .npy too",
        )
    return found


def write_document(document: Any, output: str | None, precision: int | None = None) -> None:
    """Write one JSON value, all or nothing."""
    from softmax_cli.io.cells.json_text import json_text

    with open_output(output, binary_format=False) as sink:
        sink.write_text(json_text(document, precision) + "\n")


def write(
    results: Iterable[Result], name: str, sink: Sink, *, precision: int | None = None, header: bool = True
) -> None:
    """Write results, one for each batch, as they come and in constant memory.

    Parameters
    ----------
    name
        The name of the format, any except TABLE, which render draws.
    precision
        The number of significant digits, 1 to 17; None: every float reads back to the same bits.
    header
        False if the delimited text continues one that has been written before.
    """
    if precision is not None and not 1 <= precision <= MOST_DIGITS:
        raise InputError(f"{precision} is not among 1 to {MOST_DIGITS}", where="--precision")
    writer = BY_NAME[name].writer
    assert writer is not None
    how = {"header": False} if BY_NAME[name].delimiter and not header else {}
    function(writer)(results, sink, precision, **how)
