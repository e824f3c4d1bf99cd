"""One grammar for every number in an argument or a file, and its bulk reader."""

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

from softmax_cli.io.cells.wording import shown

if TYPE_CHECKING:
    from softmax_cli.core.arrays import Array

Cell = TypeVar("Cell")

_BLANKS = " \t\r\n\v\f"
_NUMBER = re.compile(
    r"[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?|inf(?:inity)?)",
    re.IGNORECASE | re.ASCII,  # without ASCII, a dotless i would match i
)
_SIGNS = str.maketrans({"\N{MINUS SIGN}": "-", "\N{INFINITY}": "inf"})
"""Signs of tables for people, ours included, and their ASCII."""

MISSING = frozenset({"", "na", "n/a", "#n/a", "<na>", "null", "none"})
"""Marks of a missing value, in lower case."""
EXCEL_ERROR = r"#(?:N/A|DIV/0!|VALUE!|REF!|NAME\?|NUM!|NULL!)"
"""What Excel writes for a value that it cannot compute; a line that starts so is not a comment."""
DECIMAL_COMMA = r"[0-9]*,[0-9]+(?:[eE][+-]?[0-9]+)?"
THOUSANDS = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?|[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]*"
_ANOTHER_SPELLING = (
    r"(?i:[+-]?(?:nan(?:\([^)]*\))?|0x[0-9a-f_]+|0o[0-7_]+|0b[01_]+"
    rf"|[\d_.]*\d[\d_.]*(?:e[+-]?[\d_]+)?|[\d.]*\d[\d.]*d[+-]?\d+|{DECIMAL_COMMA}|{THOUSANDS}))"
)


class NotANumberError(ValueError):
    """A text that the grammar of numbers refuses; the message is the reason that an error gives."""

    position = 0
    """Which one of several cells it is."""


def read_number(text: str) -> float:
    """Read one number to the nearest double.

    Digits with an optional sign, point and exponent, or ``inf``, with any blanks around them; U+2212 is a
    minus sign, and U+221E infinity. What else Python's ``float`` accepts (``1_000``, the digits of other
    scripts, ``nan``) is refused, and so is a number too large for a double (``1e400``).

    Raises
    ------
    NotANumberError
        With the reason.

    Examples
    --------
    >>> read_number(" -.5"), read_number("-inf"), read_number("1e3")
    (-0.5, -inf, 1000.0)
    """
    word = without_blanks(text)
    if not _NUMBER.fullmatch(word):
        raise NotANumberError(f"{shown(word) if word else 'an empty cell'} is not a number")
    value = float(word)
    if math.isinf(value) and "n" not in word.lower():
        raise NotANumberError(f"{shown(word)} is too large for a double")
    return value


def is_number(text: str) -> bool:
    """Return whether `read_number` takes the text."""
    try:
        read_number(text)
    except NotANumberError:
        return False
    return True


def is_meant_as_number(text: str) -> bool:
    """Return whether the text is a number, or an attempt at one: ``nan``, ``1e400``, ``1_000``, ``0x10``."""
    word = without_blanks(text)
    return bool(_NUMBER.fullmatch(word) or re.fullmatch(_ANOTHER_SPELLING, word))


def is_missing(cell: object) -> bool:
    """Return whether a cell is empty or marks its value as missing.

    Examples
    --------
    >>> [is_missing(cell) for cell in (None, " ", "NA", "nan", 0)]
    [True, True, True, False, False]
    """
    return cell is None or (isinstance(cell, str) and cell.strip(_BLANKS).lower() in MISSING)


def is_word(text: str) -> bool:
    """Return whether a cell holds a word: not a number, an attempt at one, or the mark of a missing one.

    Examples
    --------
    >>> [is_word(cell) for cell in ("setosa", "1.5", "1_000", " ", "NA")]
    [True, False, False, False, False]
    """
    return not is_missing(text) and not is_meant_as_number(text)


def read_cells(cells: Sequence[str]) -> "Array":
    """Read many cells at once, each as `read_number` does: shape (len(cells),), float64.

    Raises
    ------
    NotANumberError
        For the first cell that is not a number, with its position.
    """
    import numpy as np

    try:
        values = np.fromiter(map(float, cells), np.float64, len(cells))
    except ValueError:  # not a number, or one with a sign that float() does not know
        return np.fromiter(each_read(cells, range(len(cells)), read_number), np.float64, len(cells))
    joined = "".join(cells)
    suspects: Iterable[int] = range(len(cells))
    if "_" not in joined and joined.isascii():  # float() reads nan, and 1e400 as inf
        suspects = np.flatnonzero(~np.isfinite(values)).tolist()
    for _ in each_read(cells, suspects, read_number):
        pass
    return values


def each_read(
    cells: Sequence[Cell], positions: Iterable[int], read: Callable[[Cell], float]
) -> Iterator[float]:
    """Read the cells at some positions, and give the error of one that is refused its position."""
    for position in positions:
        try:
            yield read(cells[position])
        except NotANumberError as error:
            error.position = position
            raise


def without_blanks(text: str) -> str:
    """Strip blanks from a text, and write its minus sign and infinity in ASCII."""
    word = text.strip(_BLANKS)
    return word if word.isascii() else word.translate(_SIGNS)


def with_point(cell: str) -> str:
    """Rewrite a decimal comma as a point; a point becomes ``_``, so that the number is refused.

    Examples
    --------
    >>> with_point("1,43"), with_point("1.921,5")
    ('1.43', '1_921.5')
    """
    return cell.replace(".", "_").replace(",", ".")
