"""Numbers for people: four significant digits, and never a zero or a one that is not exact.

A number that four digits hold exactly is written with the digits it has (``0.5``, ``1.43``, ``0``, ``1``);
any other is rounded to four and keeps its trailing zeros (``0.5000``). A probability that would round to one
is written as one minus the rest: ``1 - 2.1e-9``, or ``>0.9999`` where there is little room.
"""

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from softmax_cli.io.table.batch import Array

DIGITS = 4
NARROWEST = 7
"""Cells that hold any number, if need be with fewer digits: ``-5e-324``, ``>0.9999``."""


def floats(values: "Array") -> list[float]:
    """Return the numbers of a vector; a float32 as the shortest decimal that reads back to it."""
    if values.dtype == float:
        numbers: list[float] = values.tolist()
        return numbers
    return [float(str(value)) for value in values]


def number(x: float, *, signed: bool = False, near_one: bool = False, digits: int = DIGITS) -> str:
    """Return `x` as a person reads it.

    Parameters
    ----------
    x
        The number.
    signed
        Write a plus sign too.
    near_one
        Write what would round to one, but is less, as one minus the rest.
    digits
        Significant digits, at least 1.

    >>> number(0.70092), number(6.134e-9), number(0.99999999, near_one=True), number(0.0)
    ('0.7009', '6.134e-9', '1 - 1.0e-8', '0')
    >>> number(0.5), number(0.50000001), number(123456.7), number(-0.4, signed=True)
    ('0.5', '0.5000', '123457', '-0.4')
    """
    if x == 0:
        return "0"
    sign = "-" if x < 0 else "+" if signed else ""
    size = abs(x)
    if math.isnan(x):
        return "nan"
    if math.isinf(size):
        return f"{sign}{size}"
    text = _rounded(size, digits)
    if near_one and size < 1 and float(text) == 1:
        lack = _rounded(1 - size, 2)
        return f"{sign}1 {'+' if x < 0 else '-'} {lack}"
    return sign + text


def fitted(x: float, width: int, *, signed: bool = False, near_one: bool = False) -> str:
    """Return `x` in at most `width` cells (`NARROWEST` or more), with fewer digits where it must be.

    >>> fitted(1.2345e-300, 8), fitted(1 - 1e-12, 10, near_one=True), fitted(1 - 1e-12, 8, near_one=True)
    ('1.2e-300', '>0.9999', '>0.9999')
    """
    for digits in range(DIGITS, 0, -1):
        text = number(x, signed=signed, near_one=near_one, digits=digits)
        if len(text) <= width:
            return text
        if near_one and abs(x) < 1 and " " in text:
            return number(x, signed=True) if signed or x < 0 else ">0.9999"
    return text


class Aligned(NamedTuple):
    """Numbers with their decimal points below each other.

    Parameters
    ----------
    width
        The cells of the widest.
    whole
        The cells in front of the points.
    signed, near_one
        How the numbers are written, as `number` says.
    """

    width: int
    whole: int
    signed: bool
    near_one: bool

    @classmethod
    def of(cls, values: Iterable[float], *, signed: bool, near_one: bool) -> "Aligned":
        """Align the numbers at four digits."""
        texts = [number(x, signed=signed, near_one=near_one) for x in values]
        whole = max(map(point, texts))
        return cls(max(whole - point(text) + len(text) for text in texts), whole, signed, near_one)

    def cell(self, x: float, width: int) -> str:
        """Return a number in `width` cells, with fewer digits and further left if need be."""
        text = fitted(x, width, signed=self.signed, near_one=self.near_one)
        return (" " * min(self.whole - point(text), width - len(text)) + text).ljust(width)


def percent(share: float, decimals: int = 1) -> str:
    """Return a share in percent, never as 100 % what is less.

    >>> percent(0.5), percent(0.99999, 2)
    ('50.0 %', '> 99.99 %')
    """
    text = f"{100 * share:.{decimals}f}"
    return f"{text} %" if float(text) != 100 or share == 1 else f"> {100 - 10**-decimals:.{decimals}f} %"


def _rounded(size: float, digits: int) -> str:
    mantissa, _, power = f"{size:.{digits - 1}e}".partition("e")
    exponent = int(power)
    if -4 <= exponent < 6:
        text = f"{size:.{max(0, digits - 1 - exponent)}f}"
        return _bare(text) if float(text) == size else text
    exact = float(f"{mantissa}e{power}") == size
    return f"{_bare(mantissa) if exact else mantissa}e{exponent}"


def _bare(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def point(text: str) -> int:
    """Return the place of the decimal point in a written number, or where it would be.

    >>> point("12.61"), point("-3"), point("1 - 2.1e-9"), point("5e-324")
    (2, 2, 1, 1)
    """
    start = 0
    while start < len(text) and text[start] in "+->":
        start += 1
    while start < len(text) and text[start].isdigit():
        start += 1
    return start
