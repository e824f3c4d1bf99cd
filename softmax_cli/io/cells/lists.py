"""A list of numbers in one cell, as Python, numpy and torch print it."""

from __future__ import annotations

import re

from softmax_cli.io.cells.numbers import is_meant_as_number, is_number, with_point

_KEYWORD = r",\s*(?:dtype|device|grad_fn|requires_grad|weak_type|size)\s*=\s*(?:<[^>]*>|\([^)]*\)|[\w.:']+)"
_CALL = r"(?:\w+\.)*(?:array|tensor|Array|Tensor|float16|float32|float64|bfloat16|longdouble)\("
_BRACKETS = "[](){} \t\r\n"
_SIGNS = ",;|"
"""What separates numbers, other than blanks."""
_MORE_SIGNS = "/:"
"""The same, but common in dates and times."""
ELLIPSIS = "..."
"""What numpy and torch print for numbers that they leave out."""
ELLIPSIS_HINT = "numpy and torch leave numbers out when they print: save the array with numpy.save"


def list_texts(cell: str, *, decimal: str | None = None) -> list[str] | None:
    """Return the numbers of a cell in brackets, as texts; None if it is no list of numbers.

    The decimal sign never separates numbers.

    Examples
    --------
    >>> list_texts("tensor([1.43, -0.4], device='cuda:0')"), list_texts("[ 1.43 -0.4 ]")
    (['1.43', '-0.4'], ['1.43', '-0.4'])
    >>> list_texts("[np.float64(1.43)]"), list_texts("['a', 'b']"), list_texts("(1.43)")
    (['1.43'], None, None)
    """
    text = cell.strip()
    if text[-1:] not in ("]", ")", "}"):
        return None
    if "=" in text:
        text = re.sub(_KEYWORD, "", text)
    if "(" in text:
        text = re.sub(_CALL, "(", text)
    if text[0] not in "[({":
        return None
    inner = text.strip(_BRACKETS)
    if "(" in inner:
        inner = inner.replace("(", " ").replace(")", " ")
    texts = _numbers(inner, _SIGNS, decimal)
    one_number = text[0] == "(" and "[" not in text and "," not in text
    return None if texts is None or (one_number and len(texts) == 1) else texts


def bare_list_texts(cell: str, *, asked: bool = False, decimal: str | None = None) -> list[str] | None:
    """Return the numbers of a cell that holds several without brackets: ``1.43 -0.4 0.23``.

    One number in another spelling, such as ``1,43`` or ``1,921.5``, is not a list. Nor is anything that may
    be a date or a time, unless the column was `asked` for.

    Examples
    --------
    >>> bare_list_texts("1.43|-0.4"), bare_list_texts("1/2"), bare_list_texts("1/2", asked=True)
    (['1.43', '-0.4'], None, ['1', '2'])
    """
    if is_meant_as_number(cell):
        return None
    texts = _numbers(cell.strip(), _SIGNS + _MORE_SIGNS * asked, decimal)
    return texts if texts is not None and len(texts) > 1 else None


def asked_list_texts(cell: str, *, decimal: str | None = None) -> list[str] | None:
    """Return the numbers of a cell in a column that was asked for, where a list needs no brackets.

    Examples
    --------
    >>> asked_list_texts("[1 2]"), asked_list_texts("1/2"), asked_list_texts("1")
    (['1', '2'], ['1', '2'], None)
    """
    return list_texts(cell, decimal=decimal) or bare_list_texts(cell, asked=True, decimal=decimal)


def _numbers(inner: str, signs: str, decimal: str | None) -> list[str] | None:
    separator = next((sign for sign in signs if sign in inner and sign != decimal), None)
    texts = [text.strip() for text in inner.removesuffix(separator or ",").split(separator)]
    if texts == [""] or not all(is_meant_as_number(text) or text == ELLIPSIS for text in texts):
        return None
    plain = [with_point(text) if decimal == "," else text for text in texts]
    return texts if any(is_number(text) or text == ELLIPSIS for text in plain) else None
