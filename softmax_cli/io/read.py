"""The one way in: from words of the command line to batches of logits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

import numpy as np

from softmax_cli.errors import InputError
from softmax_cli.io.arguments import file_names, read_arguments
from softmax_cli.io.formats import function
from softmax_cli.io.options import Note, Part, ReadOptions
from softmax_cli.io.table.batch import Batch, joined
from softmax_cli.io.table.checks import checked, note_suspicious
from softmax_cli.io.table.class_lookup import name_classes

if TYPE_CHECKING:
    from softmax_cli.io.streams.source import Source
__all__ = ["ReadOptions", "read", "read_numbers", "read_source", "read_whole"]


def read(
    logits: Sequence[str],
    options: ReadOptions,
    *,
    note: Note,
    opened: Callable[[Source], None] | None = None,
) -> Iterator[Batch]:
    """Yield batches of logits, each row checked.

    Parameters
    ----------
    logits
        The words of the command line: numbers, ``a,b,c``, ``name=value``, files, globs, or ``-``; none at
        all is standard input. Rows of several files have the file's name in a kept column ``file``.
    options
        How to read a file.
    note
        Takes a sentence for the user that is not an error.
    opened
        Called with each file when it is opened, to watch how far it is read.

    Raises
    ------
    InputError
        If the words or the input are wrong, after the rows before a bad row.
    ReadWriteError
        If reading fails.

    Examples
    --------
    >>> [batch] = read(["a=1", "b=-inf"], ReadOptions(), note=print)
    >>> batch.classes, batch.values.tolist()
    (('a', 'b'), [[1.0, -inf]])
    """
    names = file_names(logits)
    if names is None:
        yield from checked(read_arguments(logits, options))
        return
    from softmax_cli.io.streams.source import STDIN, open_source

    def batches(name: str) -> Iterator[Batch]:
        part = options.part
        with open_source(name) if part is None else _open_part(name, part) as source:
            if opened is not None:
                opened(source)
            rows = read_source(source, options, note=note)
            yield from _between(rows, *part.rows) if part and part.rows else rows

    if len(names) == 1:
        yield from batches(names[0])
        return
    from softmax_cli.io.many import as_one

    yield from as_one({STDIN if name == "-" else name: batches(name) for name in names})


def _open_part(name: str, part: Part) -> AbstractContextManager[Source]:
    """Open a file to read a part of it."""
    if not part.end.place:
        from softmax_cli.io.binary.parquet_parts import open_rows

        return open_rows(name, part)
    from softmax_cli.io.streams.ranges import open_range
    from softmax_cli.io.streams.source import open_source

    # The reader itself seeks later lines, once it knows the columns.
    return open_source(name) if part.begin.place else open_range(name, 0, part.end.place, part.version)


def _between(batches: Iterator[Batch], first: int, stop: int) -> Iterator[Batch]:
    """Yield the rows from `first` to `stop`, 0-based."""
    for batch in batches:
        before = batch.first_row - 1
        start, end = max(0, first - before), min(len(batch), stop - before)
        if start < end:
            yield batch.rows(start, end)


def read_source(source: Source, options: ReadOptions, *, note: Note) -> Iterator[Batch]:
    """Yield the logits of one input in its format, each row checked."""
    for i, batch in enumerate(read_numbers(source, options, note=note)):
        if i == 0:
            note_suspicious(batch, options, note)
        yield from checked(batch)


def read_whole(word: str, options: ReadOptions) -> Batch:
    """Return the numbers of one file, or of standard input, as one batch; they need not be logits."""
    from softmax_cli.io.streams.source import open_source

    try:
        with open_source(word) as source:
            return joined(read_numbers(source, options, note=lambda _: None))
    except InputError as error:
        if error.hint and "--" in error.hint:
            error.hint = None  # it names an option, which is about the logits
        raise


def read_numbers(source: Source, options: ReadOptions, *, note: Note) -> Iterator[Batch]:
    """Yield the numbers of one input in its format; they need not be logits."""
    from softmax_cli.io.sniff import input_format
    from softmax_cli.io.streams.compression import decompressed
    from softmax_cli.io.streams.encoding import as_utf8

    source = as_utf8(decompressed(source))
    format = input_format(source, options)
    if format.delimiter is None and (misplaced := options.for_text()):
        raise InputError(f"{source.name} is {format.name}, not delimited text", where=misplaced)
    assert format.reader is not None
    batches = function(format.reader)(source, options, note)
    if options.long is not None:
        from softmax_cli.io.table.pivot import pivoted

        yield from pivoted(batches, options, note)
    elif options.columns is None:
        yield from _or_vector(batches, source.name, options)
    else:
        yield from batches


def _or_vector(batches: Iterator[Batch], name: str, options: ReadOptions) -> Iterator[Batch]:
    """Yield rows unchanged, but an input of a single column as one vector."""
    first = next(batches, None)
    if first is None:
        return
    if first.k > 1 or first.kept or first.layout.listed:
        yield first
        yield from batches
        return
    values = np.concatenate([first.values[:, 0], *(batch.values[:, 0] for batch in batches)])
    if len(values) == 1 and options.classes is None:
        yield first
        return
    classes, named = name_classes(len(values), None, options)
    column = first.column(0)
    yield Batch(
        values[None, :], classes, named, where=lambda _: name, label=lambda j: f"row {j + 1}: {column}"
    )
