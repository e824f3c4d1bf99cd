"""One grammar for every number that a person or a file gives us, and its reading in bulk."""

import math
import re
from collections.abc import Sequence

import numpy as np

from softmax_cli.core.arrays import Array
from softmax_cli.io.cells.wording import shown

_BLANKS = " \t\r\n\v\f"
_NUMBER = re.compile(
    r"[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?|inf(?:inity)?)",
    re.IGNORECASE | re.ASCII,  # without ASCII a dotless i would be an i
)
_MISSING = frozenset({"", "na", "n/a", "null", "none"})
"""What stands where a number is missing, in lower case."""
_ANOTHER_SPELLING = re.compile(
    r"[+-]?(?:nan(?:\([^)]*\))?|0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|[\d_.]*\d[\d_.]*(?:[eE][+-]?[\d_]+)?)",
    re.IGNORECASE,
)


class NotANumberError(ValueError):
    """A text that the grammar of numbers refuses; the message is what an error says of it."""


def read_number(text: str) -> float:
    """Read one number to the nearest double.

    Digits with an optional sign, point and exponent, or ``inf``; blanks around it do not matter. What
    Python's ``float`` takes beyond that (``1_000``, other scripts' digits, ``nan``) and what no double holds
    (``1e400``) is refused.

    Raises
    ------
    NotANumberError
        With a sentence that says why.

    Examples
    --------
    >>> read_number(" -.5"), read_number("-inf"), read_number("1e3")
    (-0.5, -inf, 1000.0)
    """
    word = text.strip(_BLANKS)
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
    word = text.strip(_BLANKS)
    return bool(_NUMBER.fullmatch(word) or _ANOTHER_SPELLING.fullmatch(word))


def is_word(text: str) -> bool:
    """Tell whether a cell holds a word: no number, no slip in writing one, and no sign that one is missing.

    Examples
    --------
    >>> [is_word(cell) for cell in ("setosa", "1.5", "1_000", " ", "NA")]
    [True, False, False, False, False]
    """
    return text.strip(_BLANKS).lower() not in _MISSING and not is_meant_as_number(text)


def read_cells(cells: Sequence[str], *, doubtful: bool = True) -> Array:
    """Read many cells at once, as `read_number` reads each.

    Parameters
    ----------
    cells
        The texts.
    doubtful
        False where the caller knows that the cells hold nothing but ASCII and no underscore: then the fast
        reader takes no text that the grammar refuses, and the slow look at each cell is saved.

    Returns
    -------
    Array
        Shape (len(cells),), float64.

    Raises
    ------
    ValueError
        Where a cell is not a number. `first_bad` tells which.
    """
    values = np.fromiter(map(float, cells), np.float64, len(cells))
    if doubtful:
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


def _reason(word: str) -> str:
    return f"{shown(word)} is not a number" if word else "an empty cell is not a number"
