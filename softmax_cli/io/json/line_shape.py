"""The form of a JSON line beside its values: what all lines of a plain block have in common."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from softmax_cli.io.json.values import Literal, NotJsonError, parse
from softmax_cli.io.table.layout import Layout

Signs = NDArray[np.uint8]
Mask = NDArray[np.bool_]

_OF_NUMBERS = b"0123456789+-.eE"
_STRUCTURE = b'{}[]: \t\r"'
_TOKEN = re.compile(rb'"[^"]*"|[-+.0-9eE]+')
_NUMBER = re.compile(rb"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_VALUE = rb'(?:"?|\[(?:,[ \t]*)*\])'
_PLAIN = re.compile(
    rb'(?:\{":[ \t]*VALUE(?:,[ \t]*":[ \t]*VALUE)*\}|\["?(?:,[ \t]*"?)*\])\r?\n'.replace(b"VALUE", _VALUE)
)
"""Blanks stand nowhere but after a colon or a comma, so that a number ends where its cell does."""


@dataclass(frozen=True, slots=True)
class Bare:
    """Whole lines without what they have in common.

    Parameters
    ----------
    table
        The values, delimited by commas; texts in quotes.
    outside
        All that stands outside keys and texts; NUL where those stood.
    lines
        The number of lines.
    """

    table: bytes
    outside: bytes
    lines: int


@dataclass(frozen=True, slots=True)
class LineShape:
    """The form of a line.

    Parameters
    ----------
    keys
        The keys, one after the other, each with its opening quote.
    frame
        The line without keys, texts and numbers; a quote is left where each key and each text ends.
    is_text
        Whether each value is a text; the others are numbers.
    of_key
        Whether each quote of the line belongs to a key; the others belong to texts.
    """

    keys: bytes
    frame: bytes
    is_text: tuple[bool, ...]
    of_key: tuple[bool, ...]

    def strip(self, data: bytes) -> Bare | None:
        """Return what is left of whole lines without their form, or None where not all of them have it."""
        signs = np.frombuffer(data, np.uint8)
        lines = int(np.count_nonzero(signs == ord("\n")))
        if not self.of_key:  # arrays of numbers
            whole = self._frames(data, lines)
            return Bare(data.translate(None, _STRUCTURE), data, lines) if whole else None
        quotes = signs == ord('"')
        if all(self.of_key):
            in_keys = _spans(quotes)
            outside = (signs * (in_keys ^ 1)).tobytes()
            whole = self._has_keys(signs, in_keys, lines) and self._frames(outside, lines)
            return Bare(outside.translate(None, b"\0" + _STRUCTURE), outside, lines) if whole else None
        return self._strip_texts(signs, quotes, lines)

    def _strip_texts(self, signs: Signs, quotes: Mask, lines: int) -> Bare | None:
        places = np.flatnonzero(quotes)
        if len(places) != lines * len(self.of_key):
            return None
        # A text with a control character, a line end among them, is not JSON.
        if np.count_nonzero(signs < ord(" ")) != lines * sum(sign < ord(" ") for sign in self.frame):
            return None
        of_keys = np.zeros(len(signs), np.bool_)
        of_keys[places.reshape(lines, -1)[:, np.array(self.of_key)]] = True
        of_texts = quotes & ~of_keys
        in_keys, in_texts = _spans(of_keys), _spans(of_texts)
        bare = signs * ((in_keys | in_texts) ^ 1)
        outside = bare.tobytes()
        if not (self._has_keys(signs, in_keys, lines) and self._frames(outside, lines)):
            return None
        cells = in_texts.view(np.bool_) | of_texts | _are(bare, _OF_NUMBERS + b",\n")
        return Bare((signs * cells.view(np.uint8)).tobytes().translate(None, b"\0"), outside, lines)

    def _has_keys(self, signs: Signs, in_keys: Signs, lines: int) -> bool:
        return (signs * in_keys).tobytes().translate(None, b"\0") == self.keys * lines

    def _frames(self, outside: bytes, lines: int) -> bool:
        """Tell whether all lines have the frame, with a number at the end of each cell that is no text.

        Signs of numbers elsewhere would make for more runs of them, or for runs that end elsewhere; that no
        cell is empty, the parser of cells makes sure of.
        """
        if outside.translate(None, b"\0" + _OF_NUMBERS) != self.frame * lines:
            return False
        signs = np.frombuffer(outside, np.uint8)
        digit = (signs - np.uint8(ord("0"))) < 10
        numeric = digit | _are(signs, b"+-.eE")
        numbers = lines * (len(self.is_text) - sum(self.is_text))
        return (
            np.count_nonzero(numeric[:-1] & ~numeric[1:]) == numbers
            and np.count_nonzero(numeric[:-1] & _are(signs[1:], b",}]")) == numbers
            and _are_json(signs, numeric, digit)
        )


def shape_of(line: bytes, layout: Layout) -> LineShape | None:
    """Return the form of a line, or None where it is not a plain row of these columns.

    Parameters
    ----------
    line
        One line with its end, without backslashes.
    layout
        The columns.
    """
    values = _values_of(line, layout)
    if values is None or not {Literal, str}.issuperset(map(type, chain.from_iterable(values))):
        return None
    tokens = _TOKEN.findall(line)
    has_keys = layout.names is not None
    if len(tokens) != sum(map(len, values)) + has_keys * len(values):
        return None
    keys, cells, of_key = [], [], []
    rest = iter(tokens)
    for own in values:
        if has_keys:
            keys.append(next(rest)[:-1])
            of_key += [True, True]
        for cell in islice(rest, len(own)):
            cells.append(cell)
            of_key += [False, False] * cell.startswith(b'"')
    is_text = tuple(cell.startswith(b'"') for cell in cells)
    frame = _TOKEN.sub(lambda token: token[0][:1] if token[0].startswith(b'"') else b"", line)
    if (
        any(is_text[i] for i in layout.unlisted().logits)
        or not all(text or _NUMBER.fullmatch(cell) for text, cell in zip(is_text, cells, strict=True))
        or not _PLAIN.fullmatch(frame)
    ):
        return None
    return LineShape(b"".join(keys), frame, is_text, tuple(of_key))


def _values_of(line: bytes, layout: Layout) -> list[list[Any]] | None:
    """Return the values of a line that has these columns in this order, each as a list; or None."""
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


def _spans(quotes: Mask) -> Signs:
    """Return 1 for each sign within quotes and for the opening one, 0 for the closing one and all others."""
    within: Signs = np.bitwise_xor.accumulate(quotes.view(np.uint8))
    return within


def _are(signs: Signs, wanted: bytes) -> Mask:
    found: Mask = signs == wanted[0]
    for sign in wanted[1:]:
        found |= signs == sign
    return found


def _are_json(signs: Signs, numeric: Mask, digit: Mask) -> bool:
    """Tell whether no number is of those that delimited text may hold and JSON may not.

    These have a plus sign in front, zeros in front, or a point without a digit on each side.
    """
    point = signs == ord(".")
    if np.count_nonzero(point) != np.count_nonzero(point[1:-1] & digit[:-2] & digit[2:]):
        return False
    plus = signs == ord("+")
    if plus.any() and (plus[1:] & ~_are(signs[:-1], b"eE")).any():
        return False
    first = numeric[1:] & ~numeric[:-1]  # of a number, or the minus in front of it: from the second sign on
    first[1:] |= first[:-1] & (signs[1:-1] == ord("-"))
    return not (first[:-1] & (signs[1:-1] == ord("0")) & digit[2:]).any()
