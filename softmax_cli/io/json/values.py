"""Strict JSON: numbers as in every other input, no repeated keys, and errors in one line."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from softmax_cli.io.cells.floats import WrittenFloat, float_text
from softmax_cli.io.cells.json_text import Literal
from softmax_cli.io.cells.numbers import NotANumberError, each_read, is_number, read_number
from softmax_cli.io.cells.wording import shown
from softmax_cli.io.table.batch import Array
from softmax_cli.io.table.columns import first_twin

MOST_DIGITS = 4000
"""Python refuses whole numbers with more digits, whose conversion is quadratic; no double is that large."""

MOST_NESTED = 100
"""The deepest nesting in a kept column: writing it must not exhaust the stack."""


class NotJsonError(ValueError):
    """A text that is not JSON: the 1-based line, if known, and the sign that follows a complete value."""

    def __init__(self, what: str, line: int | None = None, *, followed_by: str = "") -> None:
        super().__init__(what)
        self.line = line
        self.followed_by = followed_by


def parse(text: str) -> Any:
    """Read one JSON value, with its numbers as Literals.

    Raises
    ------
    NotJsonError
        If the text is not JSON, is nested too deeply, or repeats a key in one object.
    """
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        what = f"not JSON: {error.msg[:1].lower()}{error.msg[1:]} at character {error.colno}"
        followed_by = text[error.pos] if error.msg.startswith("Extra") else ""
        raise NotJsonError(what, error.lineno, followed_by=followed_by) from None
    except RecursionError:
        raise NotJsonError("nested too deeply") from None


def json_number(value: object) -> float:
    """Return a JSON value as a logit: a number, or one of the strings ``"inf"`` and ``"-inf"``.

    Raises
    ------
    NotANumberError
        With the reason.
    """
    if isinstance(value, Literal):
        number = float(value)
        if math.isnan(number):
            raise NotANumberError("NaN is not a number")
        if math.isinf(number) and not value.endswith("Infinity"):
            raise NotANumberError(f"{shown(value)} is too large for a double")
        return number
    if isinstance(value, str):
        if value.strip().lower().endswith(("inf", "infinity", "\N{INFINITY}")) and is_number(value):
            return read_number(value)
        raise NotANumberError(f"the text {shown(value)} is not a number")
    name = {type(None): "null", bool: str(value).lower(), list: "a list", dict: "an object"}[type(value)]
    raise NotANumberError(f"{name} is not a number")


def json_numbers(values: Sequence[Any]) -> Array:
    """Return many JSON values as an array, float64, each read as by `json_number`.

    Raises
    ------
    NotANumberError
        For the first value that is not a number, with its position.
    """
    if set(map(type, values)) == {Literal}:
        numbers = np.fromiter(map(float, values), np.float64, len(values))
        if np.isfinite(numbers).all():
            return numbers
    return np.fromiter(each_read(values, range(len(values)), json_number), np.float64, len(values))


def kept_value(value: Any, room: int = MOST_NESTED) -> Any:
    """Return a JSON value for a kept column, with its numbers as numbers that print as they were written.

    A number that no double holds stays a Literal. A value nested deeper than `room` is refused.

    Examples
    --------
    >>> kept_value(parse('{"id": 7, "w": [1.50, 0.5]}'))
    {'id': 7, 'w': [1.50, 0.5]}
    """
    if isinstance(value, Literal):
        return _kept_number(value)
    if not isinstance(value, list | dict):
        return value
    if not room:
        raise NotANumberError("nested too deeply")
    if isinstance(value, list):
        return [kept_value(item, room - 1) for item in value]
    return {key: kept_value(item, room - 1) for key, item in value.items()}


def is_json_number(value: object) -> bool:
    """Return whether `json_number` takes the value."""
    try:
        json_number(value)
    except NotANumberError:
        return False
    return True


def _kept_number(text: Literal) -> float | Literal:
    if text.lstrip("-") in ("NaN", "Infinity"):
        return float(text)
    if len(text) < MOST_DIGITS and text.removeprefix("-").isdecimal() and text != "-0":
        return int(text)
    value = float(text)
    if math.isinf(value):
        return text
    return value if float_text(value) == text else WrittenFloat(text)


def _read_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs) and (twin := first_twin([key for key, _ in pairs])):
        raise NotJsonError(f"the key {shown(pairs[twin[0]][0])} is there twice in one object")
    return result


_DECODER = json.JSONDecoder(
    object_pairs_hook=_read_object, parse_float=Literal, parse_int=Literal, parse_constant=Literal
)
