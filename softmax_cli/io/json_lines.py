"""The reader of JSON lines: one array or flat object a line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from softmax_cli.errors import InputError
from softmax_cli.io.batch import Batch
from softmax_cli.io.checks import checked
from softmax_cli.io.json_rows import JsonRows, Place
from softmax_cli.io.json_values import NotJsonError, parse
from softmax_cli.io.options import ReadOptions
from softmax_cli.io.source import Source
from softmax_cli.io.text_blocks import TextBlock, text_blocks


def read_lines(source: Source, options: ReadOptions) -> Iterator[Batch]:
    """Yield the rows of JSON lines as they arrive, in constant memory.

    Raises
    ------
    InputError
        Where a line is not JSON, or not of the first line's shape; the rows before it have been yielded.
    """
    reader = JsonRows(options)
    for block in text_blocks(source):
        rows, lines, syntax = _parse_block(block, source.name)
        if rows:
            batch, error = reader.batch(rows, _places(source.name, lines))
            if batch is not None:
                yield from checked(batch, reader.logit_column)
            if error is not None:
                raise error
        if syntax is not None:
            raise syntax
    if not reader.count:
        raise InputError("no rows: the input is empty", where=source.name)


def _places(name: str, lines: Sequence[int]) -> Place:
    return lambda i: f"{name}:{lines[i]}"


def _parse_block(block: TextBlock, name: str) -> tuple[list[Any], list[int], InputError | None]:
    """Return the block's values and their lines, and the error that stands behind the last, if any."""
    rows: list[Any] = []
    lines: list[int] = []
    for number, line in enumerate(block.lines(), block.line):
        if not line or line.isspace():
            continue
        try:
            rows.append(parse(line))
        except NotJsonError as error:
            hint = "one array or object a line" if error.more_follows else None
            return rows, lines, InputError(str(error), where=f"{name}:{number}", hint=hint)
        lines.append(number)
    return rows, lines, None
