"""Results -> bytes: the one way out."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable

from softmax_cli.errors import InputError
from softmax_cli.io.cells.wording import did_you_mean, shown
from softmax_cli.io.formats import ENDINGS, FORMATS, split_compression
from softmax_cli.io.streams.output import open_output
from softmax_cli.io.streams.sink import Sink
from softmax_cli.io.table.result import Result

__all__ = ["BINARY_FORMATS", "FORMATS", "Sink", "format_for", "open_output", "write"]

BINARY_FORMATS = frozenset({"npy", "parquet", "arrow"})
MOST_DIGITS = 17
_ENDINGS = {
    **ENDINGS,
    ".md": "markdown",
    ".markdown": "markdown",
    ".tex": "latex",
}


def format_for(output: str | None, format: str | None, *, terminal: bool) -> str:  # noqa: A002
    """Choose the format: as ``--format`` says, else by the file's ending, else a table at a terminal and CSV.

    Parameters
    ----------
    output
        The path of ``--output``, or None.
    format
        What ``--format`` says, or None.
    terminal
        Whether standard output is a terminal.

    Raises
    ------
    InputError
        Where the format or the ending is unknown.

    Examples
    --------
    >>> format_for("p.json", None, terminal=True), format_for(None, None, terminal=False)
    ('json', 'csv')
    """
    ending = "" if output is None else os.path.splitext(split_compression(output)[0])[1].lower()
    if format is not None:
        if format not in FORMATS:
            raise InputError(
                f"no format is called {shown(format)}",
                where="--format",
                hint=did_you_mean(format, FORMATS, "formats"),
            )
        return format
    if output is None or output == "-":
        return "table" if terminal else "csv"
    if not ending:
        return "csv"
    if ending not in _ENDINGS:
        raise InputError(
            f"no format is known by the ending {shown(ending)}",
            where="--output",
            hint="name one with --format",
        )
    return _ENDINGS[ending]


def write(results: Iterable[Result], format: str, sink: Sink, *, precision: int | None = None) -> None:  # noqa: A002
    """Write results as they come, in one of the machine formats, in constant memory.

    Parameters
    ----------
    results
        One for each batch.
    format
        One of FORMATS but ``table``, which render draws.
    sink
        Where to.
    precision
        Round to so many significant digits, 1 to 17; None: every float reads back to the same bits.
    """
    if precision is not None and not 1 <= precision <= MOST_DIGITS:
        raise InputError(f"{precision} is not among 1 to {MOST_DIGITS}", where="--precision")
    _WRITERS[format](results, sink, precision)


def _write_csv(results: Iterable[Result], sink: Sink, precision: int | None) -> None:
    from softmax_cli.io.text.writer import write_delimited

    write_delimited(results, sink, ",", precision)


def _write_tsv(results: Iterable[Result], sink: Sink, precision: int | None) -> None:
    from softmax_cli.io.text.writer import write_delimited

    write_delimited(results, sink, "\t", precision)


def _write_json(results: Iterable[Result], sink: Sink, precision: int | None) -> None:
    from softmax_cli.io.json.document_writer import write_document

    write_document(results, sink, precision)


def _write_jsonl(results: Iterable[Result], sink: Sink, precision: int | None) -> None:
    from softmax_cli.io.json.lines_writer import write_lines

    write_lines(results, sink, precision)


def _write_npy(results: Iterable[Result], sink: Sink, precision: int | None) -> None:
    from softmax_cli.io.binary.npy import write_npy

    write_npy(results, sink, precision)


def _write_parquet(results: Iterable[Result], sink: Sink, precision: int | None) -> None:
    from softmax_cli.io.binary.arrow_writer import write_parquet

    write_parquet(results, sink, precision)


def _write_arrow(results: Iterable[Result], sink: Sink, precision: int | None) -> None:
    from softmax_cli.io.binary.arrow_writer import write_arrow

    write_arrow(results, sink, precision)


def _write_markdown(results: Iterable[Result], sink: Sink, precision: int | None) -> None:
    from softmax_cli.io.text.markup import write_markdown

    write_markdown(results, sink, precision)


def _write_latex(results: Iterable[Result], sink: Sink, precision: int | None) -> None:
    from softmax_cli.io.text.markup import write_latex

    write_latex(results, sink, precision)


_WRITERS: dict[str, Callable[[Iterable[Result], Sink, int | None], None]] = {
    "csv": _write_csv,
    "tsv": _write_tsv,
    "json": _write_json,
    "jsonl": _write_jsonl,
    "npy": _write_npy,
    "parquet": _write_parquet,
    "arrow": _write_arrow,
    "markdown": _write_markdown,
    "latex": _write_latex,
}
