"""Strict JSON: numbers as every input has them, no key twice, and errors in a line."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np

from softmax_cli.io.batch import Array
from softmax_cli.io.numbers import NotANumberError, read_number
from softmax_cli.io.wording import shown

MOST_DIGITS = 4000
"""Python refuses whole numbers of more digits (the conversion is quadratic); no double is so large anyway."""


class Literal(str):
    """A number as it was written, because no double holds it (``1e400``) or it is no JSON (NaN)."""

    __slots__ = ()


class NotJsonError(ValueError):
    """A text that is not JSON.

    Parameters
    ----------
    what
        What is wrong.
    line
        The 1-based line of the text, or None.
    more_follows
        True where a whole value ended before the text did.
    """

    def __init__(self, what: str, line: int | None = None, *, more_follows: bool = False) -> None:
        super().__init__(what)
        self.line = line
        self.more_follows = more_follows


def parse(text: str) -> Any:
    """Read one JSON value; numbers that no double holds become Literals.

    Raises
    ------
    NotJsonError
        Where the text is not JSON, is nested too deeply, or has a key twice in one object.
    """
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        what = f"not JSON: {error.msg[:1].lower()}{error.msg[1:]} at character {error.colno}"
        raise NotJsonError(what, error.lineno, more_follows=error.msg.startswith("Extra")) from None
    except RecursionError:
        raise NotJsonError("nested too deeply") from None


def json_number(value: object) -> float:
    """Return a JSON value as a logit: a number, or one of the strings ``"inf"`` and ``"-inf"``.

    Raises
    ------
    NotANumberError
        With a sentence that says why.
    """
    if type(value) is float:
        return value
    if type(value) is int:
        try:
            return float(value)
        except OverflowError:
            raise NotANumberError(f"{shown(str(value))} is too large for a double") from None
    if isinstance(value, Literal):
        if value.lstrip("-") in ("NaN", "Infinity"):
            raise NotANumberError(f'{value} is not JSON: write the string "-inf" for a masked class')
        raise NotANumberError(f"{shown(value)} is too large for a double")
    if isinstance(value, str):
        if "inf" in value.lower() and math.isinf(number := read_number(value)):
            return number
        raise NotANumberError(f"the text {shown(value)} is not a number")
    name = {type(None): "null", bool: str(value).lower(), list: "a list", dict: "an object"}[type(value)]
    raise NotANumberError(f"{name} is not a number")


def json_numbers(rows: Sequence[Sequence[object]]) -> Array:
    """Return many rows of JSON values as one flat array, float64, as `json_number` reads each.

    Raises
    ------
    ValueError
        Where a value is not a number.
    """
    values: list[Any] = list(chain.from_iterable(rows))
    if set(map(type, values)) <= {float, int}:
        try:
            return np.fromiter(values, np.float64, len(values))
        except OverflowError:
            pass  # a whole number too large for a double: found below
    return np.array([json_number(value) for value in values], np.float64)


def is_json_number(value: object) -> bool:
    """Tell whether `json_number` takes the value."""
    try:
        json_number(value)
    except NotANumberError:
        return False
    return True


def _read_float(text: str) -> float | Literal:
    value = float(text)
    return Literal(text) if math.isinf(value) else value


def _read_int(text: str) -> int | Literal:
    return int(text) if len(text) < MOST_DIGITS else Literal(text)


def _read_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        seen: set[str] = set()
        twin = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise NotJsonError(f"the key {shown(twin)} is there twice in one object")
    return result


_DECODER = json.JSONDecoder(
    object_pairs_hook=_read_object, parse_float=_read_float, parse_int=_read_int, parse_constant=Literal
)
