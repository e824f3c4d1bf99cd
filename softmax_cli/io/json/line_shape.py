"""The form of a JSON line apart from its values: what all lines of a plain block have in common."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

import numpy as np

from softmax_cli.io.cells.json_text import Literal
from softmax_cli.io.json.values import NotJsonError, parse
from softmax_cli.io.table.layout import Layout
from softmax_cli.io.text.bitmaps import Bitmap, Signs, after, before, count, of, picked, places, within

_HOLE = b"\xff"
"""Stands for a number in a frame; text in UTF-8 never has this byte."""

_TOKEN = re.compile(rb'"[^"]*"|[-+.0-9eE]+')
_NUMBER = re.compile(rb"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")


@dataclass(frozen=True, slots=True)
class LineShape:
    """The form of a line; lines that share it differ only in the values of numbers and texts.

    Parameters
    ----------
    frame
        The line with a hole for each number, and only the closing quote of each text.
    is_text
        Whether each value is a text; the others are numbers.
    of_key
        Whether each quote of the line belongs to a key; the others belong to texts.
    """

    frame: bytes
    is_text: tuple[bool, ...]
    of_key: tuple[bool, ...]

    def strip(self, data: bytes) -> tuple[Signs, int] | None:
        """Return the values of whole lines, delimited by commas, and the number of lines.

        None if not all lines have this form. What looks like a number may still be none, such as 1-2: the
        parser of cells refuses it.
        """
        signs = np.frombuffer(data, np.uint8)
        ends, quotes = of(signs, b"\n"), of(signs, b'"')
        lines = count(ends)
        if count(quotes) != lines * len(self.of_key):
            return None
        texts = self._texts(signs, quotes, lines)
        outside = ~within(quotes)
        found = _numbers(data, signs, outside)
        if texts is None or found is None or _HOLE in data:
            return None
        numbers, begins = found
        if count(begins) != lines * self.frame.count(_HOLE):
            return None
        if not self._is_frame(picked(signs, ~(numbers | texts) | begins), lines):
            return None
        cells = numbers | ends | (of(signs, b",") & outside) | texts | after(texts)
        return picked(signs, cells), lines

    def _is_frame(self, signs: Signs, lines: int) -> bool:
        """Return whether the lines are this frame except for the holes.

        The holes then hold what is left: the first signs of as many numbers.
        """
        if len(signs) != lines * len(self.frame):
            return False
        frame = np.frombuffer(self.frame, np.uint8)
        unlike = np.count_nonzero(signs.reshape(lines, -1) != frame)
        return bool(unlike == lines * self.frame.count(_HOLE))

    def _texts(self, signs: Signs, quotes: Bitmap, lines: int) -> Bitmap | None:
        """Return the places within texts, opening quotes included.

        None if a text holds a control character, such as a line end, which JSON does not allow.
        """
        if all(self.of_key):
            return np.zeros_like(quotes)
        if np.count_nonzero(signs < ord(" ")) != lines * sum(sign < ord(" ") for sign in self.frame):
            return None
        at = np.flatnonzero(signs == ord('"')).reshape(lines, -1)
        of_texts = np.zeros(len(signs), np.bool_)
        of_texts[at[:, ~np.array(self.of_key)]] = True
        return within(places(of_texts))


def shape_of(line: bytes, layout: Layout) -> LineShape | None:
    """Return the form of a line, with its end and without backslashes; None if it is not a plain row."""
    values = _values_of(line, layout)
    if values is None or not {Literal, str}.issuperset(map(type, chain.from_iterable(values))):
        return None
    tokens = _TOKEN.findall(line)
    has_keys = layout.names is not None
    if len(tokens) != sum(map(len, values)) + has_keys * len(values):
        return None
    is_text: list[bool] = []
    of_key: list[bool] = []
    in_frame: list[bytes] = []
    rest = iter(tokens)
    for own in values:
        if has_keys:
            in_frame.append(next(rest))
            of_key += [True, True]
        for cell in islice(rest, len(own)):
            is_text.append(cell.startswith(b'"'))
            of_key += [False, False] * is_text[-1]
            in_frame.append(b'"' if is_text[-1] else _HOLE)
            if not (is_text[-1] or _NUMBER.fullmatch(cell)):
                return None
    if any(is_text[i] for i in layout.unlisted().logits):
        return None
    rest = iter(in_frame)
    return LineShape(_TOKEN.sub(lambda _: next(rest), line), tuple(is_text), tuple(of_key))


def _values_of(line: bytes, layout: Layout) -> list[list[Any]] | None:
    """Return the values of a line with these columns in this order, each as a list; None for other lines."""
    if b"\r" in line[:-2]:  # a blank to JSON, but the end of a line
        return None
    try:
        row = parse(line.decode())
    except (NotJsonError, UnicodeDecodeError):
        return None
    if isinstance(row, dict) and tuple(row) == layout.names:
        row = list(row.values())
    elif not isinstance(row, list) or layout.names is not None or len(row) != layout.width:
        return None
    at = layout.logits[0] if layout.listed else -1
    if layout.listed and not (isinstance(row[at], list) and len(row[at]) == layout.k):
        return None
    return [value if i == at else [value] for i, value in enumerate(row)]


def _numbers(data: bytes, signs: Signs, outside: Bitmap) -> tuple[Bitmap, Bitmap] | None:
    """Return the places of the signs of numbers outside strings, and of the first sign of each.

    None if one is a number in delimited text but not in JSON: with a leading plus sign or zero, or with a
    point without digits on both sides.
    """
    digits = places((signs - np.uint8(ord("0"))) < 10)
    points, minus = of(signs, b".") & outside, of(signs, b"-")
    numbers = digits | points | minus
    if b"+" in data:
        numbers |= of(signs, b"+")
    if b"e" in data or b"E" in data:
        numbers |= places((signs | 0x20) == ord("e"))
    numbers &= outside
    begins = numbers & ~after(numbers)
    first = (begins & ~minus) | after(begins & minus)
    in_front = first & of(signs, b"0") & before(digits)
    if (first & ~digits | in_front | points & ~(after(digits) & before(digits))).any():
        return None
    return numbers, begins
