"""JSON as softmax writes it: always valid, its floats written as in every other machine format."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from softmax_cli.core.arrays import Array
from softmax_cli.io.cells.floats import float_text, float_texts

RESULT_KEYS = frozenset(
    {
        "row",
        "logits",
        "probabilities",
        "log_probabilities",
        "jacobian",
        "gradient",
        "jvp",
        "vjp",
        "top",
        "steps",
        "compare",
    }
)
"""The keys of a row that softmax writes itself; all others are kept columns."""

string_text = json.JSONEncoder(ensure_ascii=False).encode
"""Write a JSON string."""


class Literal(str):
    """A number as it was written, or a constant that is not JSON: NaN, Infinity, -Infinity."""

    __slots__ = ()


def json_text(  # noqa: C901, PLR0911 - one case for each type
    value: Any, precision: int | None = None, *, comma: str = ", ", colon: str = ": "
) -> str:
    """Write any value that a result or a kept column holds."""
    match value:
        case Literal():
            return str(value)
        case str():
            return string_text(value)
        case bool() | np.bool_():
            return "true" if value else "false"
        case None:
            return "null"
        case int() | np.integer():
            return str(int(value))
        case np.floating():
            return number_texts(np.array([value]), precision)[0]
        case float():
            return float_text(value) if math.isfinite(value) else string_text(float_text(value))
        case np.ndarray():
            return array_text(value, precision)
        case Mapping():
            items = (
                string_text(str(k)) + colon + json_text(v, precision, comma=comma, colon=colon)
                for k, v in value.items()
            )
            return "{" + comma.join(items) + "}"
        case bytes():
            return string_text(value.decode(errors="backslashreplace"))
        case Sequence():
            texts = (json_text(item, precision, comma=comma, colon=colon) for item in value)
            return "[" + comma.join(texts) + "]"
    return string_text(str(value))  # a date, a decimal number: anything a typed file may hold


def number_texts(values: Array, precision: int | None = None) -> list[str]:
    """Write the numbers of an array, in C order; infinities as the strings ``"inf"`` and ``"-inf"``."""
    return [f'"{text}"' if "n" in text else text for text in float_texts(values, precision)]


def array_text(values: Array, precision: int | None = None) -> str:
    """Write an array of any shape as nested JSON arrays."""
    texts = number_texts(values, precision)
    for length in reversed(values.shape):
        texts = ["[" + ", ".join(texts[i : i + length]) + "]" for i in range(0, len(texts), length or 1)]
    return texts[0]
