"""The reader of delimited text: blocks of lines in, batches out, every error with its line and column."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from softmax_cli.errors import InputError
from softmax_cli.io.cells.numbers import is_number, with_point
from softmax_cli.io.cells.wording import shown
from softmax_cli.io.options import Note, Part, ReadOptions
from softmax_cli.io.streams.ranges import open_range
from softmax_cli.io.streams.source import CHUNK, Source
from softmax_cli.io.table.batch import Batch, at_lines
from softmax_cli.io.text.blocks import BLOCK, TextBlock, TextReader
from softmax_cli.io.text.dialect import (
    guess_delimiter,
    is_header,
    is_numbered,
    read_delimiter,
    sniff_delimiter,
)
from softmax_cli.io.text.hints import lone_line_hint
from softmax_cli.io.text.printed import is_printed, printed_rows
from softmax_cli.io.text.records import RecordSplitter, is_record
from softmax_cli.io.text.rows import TextRows, ends, is_whole
from softmax_cli.io.text.two_paths import LineReader

if TYPE_CHECKING:
    from softmax_cli.io.text.fast_reader import BlockParser

LARGE = 1 << 20
"""From this many bytes of text on, the fast path is worth loading its library."""

SAMPLE = 1 << 15
"""Bytes read carefully at first, to find the columns."""

IS_IT_DATA = "is it data? --no-header"

_NAMED_DELIMITER = re.compile(rb'"?sep=([^\r\n"])"?[ \t]*(?:\r\n|\r|\n|\Z)', re.IGNORECASE)


def read_csv(
    source: Source, options: ReadOptions, note: Note, *, prefer: str | None = None
) -> Iterator[Batch]:
    """Yield the rows of a delimited text as they arrive, in constant memory.

    `prefer` is the delimiter that the file's ending promises, if any. The rows before an error are yielded.
    """
    reader = _TextRowReader(source, options, note, prefer)
    printed = reader.as_array()
    if printed is not None:
        yield from printed
        return
    batches = reader.batches()
    first = next(batches, None)  # with it, the columns are known
    if first is None:
        raise InputError("no rows: the input holds nothing but comments and blank lines", where=source.name)
    yield first
    yield from batches


read_tsv = partial(read_csv, prefer="\t")


class _TextRowReader(LineReader):
    rows: TextRows
    """The table; set once the columns are known."""

    def __init__(self, source: Source, options: ReadOptions, note: Note, prefer: str | None) -> None:
        super().__init__(source, options, note)
        self.delimiter, self._begin = _find_delimiter(self.text, options, prefer)
        self._splitter = RecordSplitter(self.delimiter, source.name)
        self._waiting: list[tuple[list[str], int]] = []  # the first records, until the columns are known

    def batches(self) -> Iterator[Batch]:
        """Yield the rows, not yet checked row by row."""
        part = self.options.part
        if part is not None and part.begin.place:
            yield from self._part(part)
        else:
            yield from self._all([self._begin])

    def _part(self, part: Part) -> Iterator[Batch]:
        """Yield the rows of a part of the lines, with the columns found in the first lines."""
        for data in chain([self._begin], self.text.take_all(CHUNK)):
            next(self._carefully(data), None)
            if hasattr(self, "rows"):
                break
        self._splitter = RecordSplitter(self.delimiter, self.source.name)
        begin, end = part.begin, part.end
        self.rows.count = begin.row - self.rows.has_header
        with open_range(self.source.name, begin.place, end.place, part.version) as self.source:
            self.text = TextReader(self.source)
            self.text.line = begin.line + 1
            yield from self._all([])

    def _all(self, begun: list[bytes]) -> Iterator[Batch]:
        for data in chain(begun, self.text.take_all(CHUNK)):
            yield from self._carefully(data)
            if hasattr(self, "rows") and self.source.at_least >= LARGE and (parser := self._parser()).able:
                yield from self._fast(parser, self.text.take_all(BLOCK))
        yield from self._last()
        unclosed = self._splitter.finish()
        if unclosed is not None:
            raise unclosed

    def as_array(self) -> Iterator[Batch] | None:
        """Return the rows of an array as libraries print it; None if the text is a table."""
        if not is_printed(self._begin[:SAMPLE].decode(errors="replace")):
            return None
        self._begin += b"".join(self.text.take_all(CHUNK))
        return printed_rows(self._begin.decode(errors="replace"), self.source.name, self.options)

    def _cut(self, block: TextBlock) -> tuple[Sequence[Any], Sequence[int], InputError | None]:
        rows, lines, error = self._splitter.split(block)
        if rows and not hasattr(self, "rows"):
            self._waiting += zip(rows, lines, strict=True)
            rows, lines = self._begun()
        return rows, lines, error

    def _is_within_row(self) -> bool:
        return self._splitter.is_open

    def _begun(self) -> tuple[list[list[str]], list[int]]:
        """Decide on the columns by the first records; return the rows, none until it is decided."""
        (first, _), *others = self._waiting
        second = others[0][0] if others else None
        header = self._is_header(first, second)
        if second is None and header is not False:
            return [], []
        return self._decided(header=bool(header))

    def _decided(self, *, header: bool) -> tuple[list[list[str]], list[int]]:
        rows, lines = map(list, zip(*self._waiting, strict=True))
        self._waiting = []
        names = rows.pop(0) if header else None
        line = lines[0]
        if names is not None and self.options.header is None and any(map(_is_fraction, names)):
            self.note(f"{self.source.name}: the first row, {ends(names)}, is read as a header; {IS_IT_DATA}")
        self.rows = TextRows(self.source.name, names, rows[0], line, self.delimiter, self.options)
        return rows, lines[1:] if header else lines

    def _last(self, error: InputError | None = None) -> Iterator[Batch]:
        """Yield the row of an input that has only one record."""
        if not self._waiting:
            return
        first, line = self._waiting[0]
        if self._is_header(first, None):
            error = error or self._splitter.finish()
            if error is not None:
                raise error
            hint = None if self.options.header else lone_line_hint(first, self.source.name)
            what = f"no rows below the header {shown(self.delimiter.join(first))}"
            raise InputError(what, where=f"{self.source.name}:{line}", hint=hint)
        rows, lines = self._decided(header=False)
        yield from self.rows.batches(rows, at_lines(self.source.name, lines))

    def _is_header(self, first: list[str], second: list[str] | None) -> bool | None:
        """Return whether the first record is a header; None if that depends on a second one."""
        if self.options.header is not None:
            return self.options.header
        if self.options.decimal == ",":
            first = list(map(with_point, first))
            second = None if second is None else list(map(with_point, second))
        if is_header(first):
            return True
        if not is_numbered(first):
            return False
        if second is None:
            return None
        header = any(map(_is_fraction, second))
        read = f"a header; {IS_IT_DATA}" if header else "data; is it a header? --header"
        self.note(f"{self.source.name}: the first row, {ends(first)}, is read as {read}")
        return header

    def _parser(self) -> BlockParser:
        from softmax_cli.io.text.fast_reader import BlockParser

        return BlockParser(self.rows.layout, self.delimiter, decimal=self.options.decimal)


def _find_delimiter(text: TextReader, options: ReadOptions, prefer: str | None) -> tuple[str, bytes]:
    """Read the first line, or two, to find the delimiter; return it and what was read."""
    if options.delimiter is not None:
        return read_delimiter(options.delimiter), b""
    sample: list[str] = []
    taken: list[bytes] = []
    for data in text.take_all(SAMPLE):
        if not sample and (named := _NAMED_DELIMITER.match(data)):  # as Excel writes it
            text.line += 1
            return named[1].decode(), data[named.end() :]
        sample += _content(data, 2 - len(sample))
        if not sample:  # any number of comments and blank lines, which are not held
            _, error = text.decode(data)
            if error is not None:
                raise error
            continue
        taken.append(data)
        delimiter = sniff_delimiter(sample, prefer=prefer, decimal=options.decimal)
        if delimiter is not None:
            return delimiter, b"".join(taken)
    if not text.source.taken:
        raise InputError("no rows: the input is empty", where=text.source.name)
    return guess_delimiter(sample[0], decimal=options.decimal) if sample else ",", b"".join(taken)


def _is_fraction(cell: str) -> bool:
    return is_number(cell) and not is_whole(cell)


def _content(data: bytes, most: int) -> list[str]:
    """Return the first lines that are neither blank nor comments."""
    lines = TextBlock(data.decode(errors="replace"), 1).lines()
    return list(islice(filter(is_record, lines), most))
