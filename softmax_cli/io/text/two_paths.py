"""The two paths of a reader of lines, delimited text or JSON, which give the same rows and errors.

The careful one reads every cell and knows the place of each; the fast one parses whole blocks on all cores,
and rejects those that it is not sure of. Large inputs take the fast path, rejected blocks the careful one.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from softmax_cli.errors import InputError
from softmax_cli.io.cells.numbers import NotANumberError
from softmax_cli.io.options import Note, ReadOptions
from softmax_cli.io.streams.source import Source
from softmax_cli.io.table.batch import Array, Batch, Place, at_lines
from softmax_cli.io.table.layout import Layout
from softmax_cli.io.text.blocks import TextBlock, TextReader, pieces


class RowReader(ABC):
    """Turns blocks of rows into batches; a ValueError of its methods says what is wrong with a row."""

    layout: Layout
    """The columns; set once they are known."""

    def __init__(self, options: ReadOptions) -> None:
        self.options = options
        self.count = 0
        """The number of rows so far."""

    def batches(self, rows: Sequence[Any], place: Place) -> Iterator[Batch]:
        """Yield the rows before the first bad one as a batch, then raise its error, if there is one."""
        layout = self.layout
        rows, error = self._shaped(rows, place)
        if self.options.missing is not None:
            whole = self.options.missing.whole(rows, layout, place)
            rows, of_all = [rows[i] for i in whole], place

            def place(row: int) -> str:
                return of_all(whole[row])

        kept: list[Any] = []
        logits: list[Sequence[Any]] = []
        for row in rows:
            try:
                kept.append(self._kept(row))
                logits.append(self._logits(row))
            except ValueError as wrong:
                error = InputError(str(wrong), where=place(len(logits)))
                break
        cells = list(chain.from_iterable(logits))
        try:
            values = self._numbers(cells)
        except NotANumberError as refused:
            bad, j = divmod(refused.position, layout.k)
            some, is_first = rows[bad : len(logits)][:2], self.count + bad == 0
            error = self._bad_number(refused, j, some, place(bad), is_first=is_first)
            values = self._numbers(cells[: bad * layout.k])
        count = len(values) // layout.k
        if count:
            columns = [[row[i] for row in kept[:count]] for i in layout.kept]
            yield self.batch(values.reshape(count, layout.k), columns, place)
        if error is not None:
            raise error

    def batch(self, values: Array, kept: Sequence[Any], place: Place) -> Batch:
        """Return the next rows as a batch."""
        batch = Batch.of(self.layout, values, kept, first_row=self.count + 1, where=place)
        self.count += len(batch)
        return batch

    @abstractmethod
    def _shaped(self, rows: Sequence[Any], place: Place) -> tuple[Sequence[Any], InputError | None]:
        """Return each row as a sequence of its cells, up to the first of another shape, and its error."""

    def _kept(self, row: Sequence[Any]) -> Any:
        """Return what holds a row's kept cells, by position."""
        return row

    @abstractmethod
    def _logits(self, row: Sequence[Any]) -> Sequence[Any]:
        """Return a row's logits, not yet read."""

    @abstractmethod
    def _numbers(self, cells: Sequence[Any]) -> Array:
        """Read logits; a NotANumberError says which of them is no number."""

    @abstractmethod
    def _bad_number(
        self, refused: NotANumberError, j: int, rows: Sequence[Sequence[Any]], where: str, *, is_first: bool
    ) -> InputError:
        """Return the error of a row, given with the next one, whose logit of class j is no number."""


class LineReader(ABC):
    """Reads an input by blocks of whole lines."""

    rows: RowReader

    def __init__(self, source: Source, options: ReadOptions, note: Note) -> None:
        self.source = source
        self.options = options
        self.note = note
        self.text = TextReader(source)

    def _carefully(self, data: bytes) -> Iterator[Batch]:
        """Yield the rows of some lines, then raise the error of the first bad one, if any."""
        for piece in pieces(data):
            block, not_text = self.text.decode(piece)
            rows, lines, wrong = self._cut(block)
            if rows:
                yield from self.rows.batches(rows, at_lines(self.source.name, lines))
            error = wrong or not_text
            if error is not None:
                yield from self._last(error)
                raise error

    def _fast(self, parser: Any, blocks: Iterable[bytes]) -> Iterator[Batch]:
        """Yield the rows of blocks, parsed ahead if possible."""
        from softmax_cli.io.streams.prefetch import ordered

        for data, parsed in ordered(lambda data: (data, parser.parse(data)), blocks):
            if parsed is None or self._is_within_row():
                yield from self._carefully(data)
            else:
                lines = range(self.text.line, self.text.line + len(parsed.values))
                yield self.rows.batch(parsed.values, parsed.kept, at_lines(self.source.name, lines))
                self.text.line = lines.stop

    @abstractmethod
    def _cut(self, block: TextBlock) -> tuple[Sequence[Any], Sequence[int], InputError | None]:
        """Return rows that have ended, the line of each, and the error that follows the last, if any."""

    def _last(self, error: InputError | None = None) -> Iterator[Batch]:
        """Yield the rows that still wait, at the end or before an error."""
        return iter(())

    def _is_within_row(self) -> bool:
        """Return whether a row goes on in the next block."""
        return False
