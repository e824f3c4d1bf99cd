"""One grammar for every number that a person or a file gives us, and its reading in bulk."""

import math
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from softmax_cli.io.cells.wording import shown

if TYPE_CHECKING:
    from softmax_cli.core.arrays import Array

_BLANKS = " \t\r\n\v\f"
_NUMBER = re.compile(
    r"[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?|inf(?:inity)?)",
    re.IGNORECASE | re.ASCII,  # without ASCII a dotless i would be an i
)
_SIGNS = str.maketrans({"\N{MINUS SIGN}": "-", "\N{INFINITY}": "inf"})
"""What tables for people print in place of ASCII: ours too."""

MISSING = frozenset({"", "na", "n/a", "#n/a", "<na>", "null", "none"})
"""What stands where a number is missing, in lower case."""
DECIMAL_COMMA = r"[0-9]*,[0-9]+(?:[eE][+-]?[0-9]+)?"
THOUSANDS = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?|[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]*"
_ANOTHER_SPELLING = (
    r"(?i:[+-]?(?:nan(?:\([^)]*\))?|0x[0-9a-f_]+|0o[0-7_]+|0b[01_]+"
    rf"|[\d_.]*\d[\d_.]*(?:e[+-]?[\d_]+)?|[\d.]*\d[\d.]*d[+-]?\d+|{DECIMAL_COMMA}|{THOUSANDS}))"
)


class NotANumberError(ValueError):
    """A text that the grammar of numbers refuses; the message is what an error says of it."""


def read_number(text: str) -> float:
    """Read one number to the nearest double.

    Digits with an optional sign, point and exponent, or ``inf``; blanks around it do not matter; U+2212 is a
    minus sign, and U+221E infinity. What Python's ``float`` takes beyond that (``1_000``, other scripts'
    digits, ``nan``) and what no double holds (``1e400``) is refused.

    Raises
    ------
    NotANumberError
        With a sentence that says why.

    Examples
    --------
    >>> read_number(" -.5"), read_number("-inf"), read_number("1e3")
    (-0.5, -inf, 1000.0)
    """
    word = without_blanks(text)
    if not _NUMBER.fullmatch(word):
        raise NotANumberError(_reason(word))
    value = float(word)
    if math.isinf(value) and "n" not in word.lower():
        raise NotANumberError(f"{shown(word)} is too large for a double")
    return value


def is_number(text: str) -> bool:
    """Tell whether `read_number` takes the text."""
    try:
        read_number(text)
    except NotANumberError:
        return False
    return True


def is_meant_as_number(text: str) -> bool:
    """Tell whether the text is a number or a slip in writing one: ``nan``, ``1e400``, ``1_000``, ``0x10``."""
    word = without_blanks(text)
    return bool(_NUMBER.fullmatch(word) or re.fullmatch(_ANOTHER_SPELLING, word))


def is_missing(cell: object) -> bool:
    """Tell whether a cell holds nothing, or a sign that its value is missing.

    Examples
    --------
    >>> [is_missing(cell) for cell in (None, " ", "NA", "nan", 0)]
    [True, True, True, False, False]
    """
    return cell is None or (isinstance(cell, str) and cell.strip(_BLANKS).lower() in MISSING)


def is_word(text: str) -> bool:
    """Tell whether a cell holds a word: no number, no slip in writing one, and no sign that one is missing.

    Examples
    --------
    >>> [is_word(cell) for cell in ("setosa", "1.5", "1_000", " ", "NA")]
    [True, False, False, False, False]
    """
    return not is_missing(text) and not is_meant_as_number(text)


def read_cells(cells: Sequence[str]) -> "Array":
    """Read many cells at once, as `read_number` reads each.

    Parameters
    ----------
    cells
        The texts.

    Returns
    -------
    Array
        Shape (len(cells),), float64.

    Raises
    ------
    ValueError
        Where a cell is not a number. `first_bad` tells which.
    """
    import numpy as np

    try:
        values = np.fromiter(map(float, cells), np.float64, len(cells))
    except ValueError:  # a sign that float() does not know, or no number
        return np.fromiter(map(read_number, cells), np.float64, len(cells))
    joined = "".join(cells)
    if "_" in joined or not joined.isascii():
        for cell in cells:
            read_number(cell)
    # float() turns 1e400 into inf and takes nan: the few that are not finite are read again with care.
    for i in np.flatnonzero(~np.isfinite(values)).tolist():
        read_number(cells[i])
    return values


def first_bad(cells: Sequence[str]) -> tuple[int, str] | None:
    """Return the position of the first cell that is not a number and the reason, or None."""
    for position, cell in enumerate(cells):
        try:
            read_number(cell)
        except NotANumberError as error:
            return position, str(error)
    return None


def without_blanks(text: str) -> str:
    """Return a text without blanks around it, its minus sign and infinity in ASCII."""
    word = text.strip(_BLANKS)
    return word if word.isascii() else word.translate(_SIGNS)


def _reason(word: str) -> str:
    return f"{shown(word)} is not a number" if word else "an empty cell is not a number"


def with_point(cell: str) -> str:
    """Return a number with a decimal comma as one with a point; a point in it leaves it no number.

    Examples
    --------
    >>> with_point("1,43"), with_point("1.921,5")
    ('1.43', '1_921.5')
    """
    return cell.replace(".", "_").replace(",", ".")
