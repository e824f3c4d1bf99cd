"""The reader of JSON lines: one array or object a line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from softmax_cli.errors import InputError
from softmax_cli.io.cells.wording import opened, python_command
from softmax_cli.io.json.hints import line_hint
from softmax_cli.io.json.rows import JsonRows, unpacked
from softmax_cli.io.json.scores import note_scores, scored
from softmax_cli.io.json.shapes import spread
from softmax_cli.io.json.values import NotJsonError, parse
from softmax_cli.io.options import Note, ReadOptions
from softmax_cli.io.streams.source import CHUNK, Source
from softmax_cli.io.table.batch import Batch
from softmax_cli.io.text.blocks import BLOCK, TextBlock
from softmax_cli.io.text.two_paths import LineReader

LARGE = 1 << 18
"""From this many bytes of text on, the fast path is worth loading its library."""

SAMPLE = 1 << 14
"""Bytes read carefully at first, to find the columns."""


def read_jsonl(source: Source, options: ReadOptions, note: Note) -> Iterator[Batch]:
    """Yield the rows of JSON lines as they arrive, in constant memory; those before an error too."""
    yield from _Reader(source, options, note).batches()


class _Reader(LineReader):
    rows: JsonRows

    def __init__(self, source: Source, options: ReadOptions, note: Note) -> None:
        super().__init__(source, options, note)
        self.rows = JsonRows(options)

    def batches(self) -> Iterator[Batch]:
        """Yield all rows."""
        data = self.text.take(SAMPLE)
        while data:
            if hasattr(self.rows, "layout") and self.source.at_least >= LARGE:
                from softmax_cli.io.json.fast_reader import LineParser

                yield from self._fast(LineParser(self.rows.layout), chain([data], self.text.take_all(BLOCK)))
            else:
                yield from self._carefully(data)
            data = self.text.take(CHUNK)
        if not self.rows.count:
            raise InputError("no rows: the input is empty", where=self.source.name)

    def _cut(self, block: TextBlock) -> tuple[Sequence[Any], Sequence[int], InputError | None]:
        rows, lines, error = _parse_block(block, self.source.name)
        return *self._shaped(rows, lines), error

    def _shaped(self, rows: list[Any], lines: list[int]) -> tuple[list[Any], list[int]]:
        """Return the rows of numbers that rows of another shape hold, and the line of each."""
        options = self.options
        if options.answers is not None:
            rows, origins = unpacked(rows, options.answers.keys)
            return rows, [lines[i] for i in origins]
        if options.long is None and options.columns is None and rows:
            scores = self._scored(rows, lines)
            if scores is not None:
                return scores
        spreads = [spread(row, options.columns) for row in rows]
        if any(spreads):
            lines = [line for line, own in zip(lines, spreads, strict=True) for _ in own or (0,)]
            rows = [item for row, own in zip(rows, spreads, strict=True) for item in own or (row,)]
        return rows, lines

    def _scored(self, rows: list[Any], lines: list[int]) -> tuple[list[Any], list[int]] | None:
        """Return a row for each position of scores by label, and its line; None if they are not scores."""
        try:
            if scored(rows[0]) is None:
                return None
            by_line = zip(map(scored, rows), lines, strict=True)
            found = [(scores, line) for all_scores, line in by_line for scores in all_scores or ()]
        except InputError as error:
            raise InputError(error.what, where=f"{self.source.name}:{lines[0]}", hint=error.hint) from None
        if not self.rows.count:
            note_scores([found[0][0]], self.source.name, self.note)
        lines_of = f"[json.loads(line) for line in {opened(self.source.name)}]"
        program = f"import json; print(json.dumps({lines_of}))"
        self.rows.other_keys_hint = f"as one document: {python_command(program)} | softmax probs"
        return [scores for scores, _ in found], [line for _, line in found]


def _parse_block(block: TextBlock, name: str) -> tuple[list[Any], list[int], InputError | None]:
    """Return the block's values and their lines, and the error that follows the last, if any."""
    rows: list[Any] = []
    lines: list[int] = []
    for number, line in enumerate(block.lines(), block.line):
        if not line or line.isspace():
            continue
        try:
            rows.append(parse(line))
        except NotJsonError as error:
            hint = line_hint(line, name, error)
            return rows, lines, InputError(str(error), where=f"{name}:{number}", hint=hint)
        lines.append(number)
    return rows, lines, None
