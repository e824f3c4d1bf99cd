"""The careful reader of delimited text: bytes in, batches out, every error with its line and column."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice
from operator import itemgetter

import numpy as np

from softmax_cli.errors import InputError
from softmax_cli.io.batch import Batch
from softmax_cli.io.checks import checked
from softmax_cli.io.columns import columns_hint, lay_out, name_classes
from softmax_cli.io.dialect import (
    guess_delimiter,
    is_header,
    is_numbered,
    only_a_header,
    read_delimiter,
    sniff_delimiter,
)
from softmax_cli.io.numbers import first_bad, is_number, is_word, read_cells
from softmax_cli.io.options import ReadOptions
from softmax_cli.io.records import Records, RecordSplitter
from softmax_cli.io.source import Source
from softmax_cli.io.text_blocks import TextBlock, text_blocks
from softmax_cli.io.wording import counted

Note = Callable[[str], None]


def read_delimited(
    source: Source, options: ReadOptions, *, note: Note, prefer: str | None = None
) -> Iterator[Batch]:
    """Yield the rows of a delimited text as they arrive, in constant memory.

    Parameters
    ----------
    source
        The bytes.
    options
        The command's options.
    note
        Takes a sentence for the user.
    prefer
        The delimiter that the file's ending promises, if any.

    Raises
    ------
    InputError
        For everything that is wrong with the input; the rows before it have been yielded.
    """
    delimiter, blocks = _find_delimiter(source, text_blocks(source), options, prefer)
    records = _records(source, blocks, delimiter)
    first = next(records, None)
    if first is None:
        raise InputError("no rows: the input holds nothing but comments and blank lines", where=source.name)
    header = is_header(first.rows[0]) if options.header is None else options.header
    where = f"{source.name}:{first.lines[0]}"
    no_rows = only_a_header(first.rows[0], delimiter, where, guessed=options.header is None)
    table = _Table(source.name, first, options, header=header, no_rows=no_rows)
    batches = table.batches(chain([first], records), note)
    if table.layout.width == 1 and options.columns is None:
        yield from _as_vector(source.name, batches, options)
        return
    for batch in batches:
        yield from checked(batch, table.layout.logit_column)


def _find_delimiter(
    source: Source, blocks: Iterator[TextBlock], options: ReadOptions, prefer: str | None
) -> tuple[str, Iterator[TextBlock]]:
    """Read as far as the delimiter needs: to the first line, or the second; return it and all blocks."""
    if options.delimiter is not None:
        return read_delimiter(options.delimiter), blocks
    sample: list[str] = []
    taken: list[TextBlock] = []
    block = None
    for block in blocks:
        content = _content(block, 2 - len(sample))
        if not content:
            continue
        taken.append(block)
        sample += content
        delimiter = sniff_delimiter(sample, prefer=prefer)
        if delimiter is not None:
            return delimiter, chain(taken, blocks)
    if block is None:
        raise InputError("no rows: the input is empty", where=source.name)
    return guess_delimiter(sample[0]) if sample else ",", iter(taken)


def _content(block: TextBlock, most: int) -> list[str]:
    """Return the first lines that are neither blank nor comments."""
    content = (line for line in block.lines() if line.strip() and not line.startswith("#"))
    return list(islice(content, most))


def _records(source: Source, blocks: Iterator[TextBlock], delimiter: str) -> Iterator[Records]:
    """Yield the records of each block that has any; an error of quotes comes after the records before it."""
    splitter = RecordSplitter(delimiter, source.name)
    for block in blocks:
        records, error = splitter.split(block)
        if records.rows:
            yield records
        if error is not None:
            raise error
    unclosed = splitter.finish()
    if unclosed is not None:
        raise unclosed


def _as_vector(name: str, batches: Iterator[Batch], options: ReadOptions) -> Iterator[Batch]:
    """Gather one column in all to one vector, one value a line."""
    values = np.concatenate([batch.values[:, 0] for batch in batches])
    classes, named = name_classes(len(values), None, options)
    yield from checked(Batch(values[None, :], classes, named, where=lambda _: name))


class _Table:
    """Records of text -> batches of numbers.

    Parameters
    ----------
    name
        The input's name.
    first
        The first records; the first of them decides the columns.
    options
        The command's options.
    header
        Whether the first record is a header.
    no_rows
        The error where nothing follows it.
    """

    def __init__(
        self, name: str, first: Records, options: ReadOptions, *, header: bool, no_rows: InputError
    ) -> None:
        self.no_rows = no_rows
        self.name = name
        self.header = header
        self.first_line = first.lines[0]
        self.picked = options.columns is not None
        width = len(first.rows[0])
        names = [cell.strip() for cell in first.rows[0]] if header else None
        if width == 1 and not self.picked:
            options = replace(options, classes=None)  # they name the vector's classes, which are its rows
        self.layout = lay_out(names, width, options, where=f"{name}:{self.first_line}")
        self._logits_of = _getter(self.layout.logits, width)

    def batches(self, records: Iterator[Records], note: Note) -> Iterator[Batch]:
        """Yield a batch for each block of records, not yet checked row by row."""
        count = 0
        numbered: list[str] | None = None  # a first row that may be a header of numbers
        for block in records:
            rows, lines = block.rows, block.lines
            if count == 0 and self.header:
                rows, lines, self.header = rows[1:], lines[1:], False
            if count == 0 and rows and self.layout.names is None and is_numbered(rows[0]):
                numbered = rows[0]
            if numbered is not None and count + len(rows) > 1:
                row = _ends(numbered)
                note(f"{self.name}: the first row, {row}, is read as data; is it a header? --header")
                numbered = None
            batch, error = self._batch(rows, lines, count)
            if len(batch):
                yield batch
            if error is not None:
                raise error
            count += len(rows)
        if not count:
            raise self.no_rows

    def _batch(
        self, rows: list[list[str]], lines: Sequence[int], count: int
    ) -> tuple[Batch, InputError | None]:
        """Return the rows before the first bad one as a batch, and its error, if there is one."""
        layout = self.layout
        error = None
        if set(map(len, rows)) - {layout.width}:
            bad = next(i for i, row in enumerate(rows) if len(row) != layout.width)
            error = self._ragged(rows[bad], lines[bad])
            rows = rows[:bad]
        cells = list(chain.from_iterable(map(self._logits_of, rows)))
        try:
            values = read_cells(cells)
        except ValueError:
            bad, error = self._bad_cell(rows, cells, lines, count)
            rows = rows[:bad]
            values = read_cells(cells[: bad * len(layout.logits)])
        name = self.name
        batch = Batch(
            values.reshape(len(rows), len(layout.logits)),
            layout.classes,
            layout.named,
            kept={layout.kept_name(i): [row[i] for row in rows] for i in layout.kept},
            first_row=count + 1,
            where=lambda row: f"{name}:{lines[row]}",
            target=layout.target_name,
            target_label=layout.target_label,
        )
        return batch, error

    def _ragged(self, row: list[str], line: int) -> InputError:
        width = self.layout.width
        first = f"line {self.first_line} has {width}"
        return InputError(f"{counted(len(row), 'column')}, where {first}", where=f"{self.name}:{line}")

    def _bad_cell(
        self, rows: list[list[str]], cells: list[str], lines: Sequence[int], count: int
    ) -> tuple[int, InputError]:
        """Return the index of the first row with a cell that is not a number, and the error."""
        found = first_bad(cells)
        assert found is not None  # read_cells refused one of them
        bad, j = divmod(found[0], len(self.layout.logits))
        label = self.layout.logit_column(j)
        hint = None
        if count + bad == 0 and not self.picked and is_word(cells[found[0]]):
            # The first cell of the column is a word: the column is one of words, and not for softmax.
            hint = columns_hint([is_number(cell) for cell in rows[bad]])
        return bad, InputError(f"{label}: {found[1]}", where=f"{self.name}:{lines[bad]}", hint=hint)


def _getter(positions: tuple[int, ...], width: int) -> Callable[[list[str]], Sequence[str]]:
    """Return the function that takes the logit cells out of a row."""
    if positions == tuple(range(width)):
        return lambda row: row
    first, last = positions[0], positions[-1]
    if positions == tuple(range(first, last + 1)):
        return itemgetter(slice(first, last + 1))
    return itemgetter(*positions)


def _ends(row: list[str]) -> str:
    """Write a row by its ends: 0, 1, ..., 9."""
    cells = [cell.strip() for cell in row]
    return ", ".join(cells if len(cells) <= 4 else [*cells[:2], "...", cells[-1]])
