"""A list of numbers in one cell, as Python, numpy and torch print it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from softmax_cli.io.cells.numbers import is_meant_as_number, is_number

_KEYWORD = r",\s*(?:dtype|device|grad_fn|requires_grad|weak_type|size)\s*=\s*(?:<[^>]*>|\([^)]*\)|[\w.:']+)"
_CALL = r"(?:\w+\.)*(?:array|tensor|Array|Tensor|float16|float32|float64|bfloat16|longdouble)\("
_BRACKETS = "[]() \t\r\n"
ELLIPSIS = "..."
"""What numpy and torch print in place of numbers that they leave out."""


def list_texts(cell: str) -> list[str] | None:
    """Return the numbers of a cell in brackets, as texts; None where it is no list of numbers.

    Examples
    --------
    >>> list_texts("tensor([1.43, -0.4], device='cuda:0')"), list_texts("[ 1.43 -0.4 ]")
    (['1.43', '-0.4'], ['1.43', '-0.4'])
    >>> list_texts("[np.float64(1.43)]"), list_texts("['a', 'b']"), list_texts("1.43")
    (['1.43'], None, None)
    """
    text = cell.strip()
    if text[-1:] not in ("]", ")"):
        return None
    if "=" in text:
        text = re.sub(_KEYWORD, "", text)
    if "(" in text:
        text = re.sub(_CALL, "(", text)
    if text[0] not in "[(":
        return None
    inner = text.strip(_BRACKETS)
    if "(" in inner:
        inner = inner.replace("(", " ").replace(")", " ")
    return _numbers(inner)


def bare_list_texts(cell: str) -> list[str] | None:
    """Return the numbers of a cell that holds several without brackets: ``1.43 -0.4 0.23``.

    A number in another spelling, such as ``1,43`` or ``1,921.5``, is no list.
    """
    if is_meant_as_number(cell):
        return None
    texts = _numbers(cell.strip())
    return texts if texts is not None and len(texts) > 1 else None


def joined_texts(cells: Sequence[str]) -> list[list[str]] | None:
    """Return the numbers of many cells, as `list_texts` does; None where one of them is no list."""
    found = [list_texts(cell) for cell in cells]
    return None if None in found else found  # type: ignore[return-value]


def _numbers(inner: str) -> list[str] | None:
    separator = next((sign for sign in ",;" if sign in inner), None)
    texts = [text.strip() for text in inner.removesuffix(",").split(separator)]
    if texts == [""] or not all(is_meant_as_number(text) or text == ELLIPSIS for text in texts):
        return None
    return texts if any(is_number(text) or text == ELLIPSIS for text in texts) else None
