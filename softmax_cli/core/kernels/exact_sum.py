"""Sums of any number of doubles without any rounding, at the speed of a few passes through the cache."""

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from softmax_cli.core.arrays import Float64

CHUNK = 1 << 15
"""Terms added at a time: 256 kB, with room for two copies in the cache."""

_CARRY = CHUNK.bit_length()  # bits that a sum of a chunk may be longer than its largest term
_UNIT = 1074  # every double is a whole multiple of 2^-1074
_LARGEST = 2.0**960  # of more, a sum in doubles might overflow


@dataclass(slots=True)
class ExactSum:
    """A sum of doubles, kept as a whole number of 2^-1074: whatever the order and the parts, the same.

    Parameters
    ----------
    units
        The sum of the finite terms, over 2^-1074.
    infinite
        How many terms were +inf.

    Examples
    --------
    >>> total = ExactSum()
    >>> total.add(np.array([1e100, 1.0, -1e100]))
    >>> float(total)
    1.0
    """

    units: int = 0
    infinite: int = 0

    def add(self, terms: Float64) -> None:
        """Add the terms of an array, each finite or +inf.

        Adding a large number and taking it away again cuts all terms at the same bit; what is above the cut
        adds up without rounding, in any order, and what is below is cut again.

        Source: Rump, Ogita, Oishi, Accurate floating-point summation I (2008), ExtractVector.
        """
        flat = np.ravel(terms)
        for start in range(0, flat.size, CHUNK):
            self._add_chunk(flat[start : start + CHUNK])

    def add_products(self, a: Float64, b: Float64) -> None:
        """Add the products of two arrays, each without rounding; +inf times 0 is 0."""
        with np.errstate(all="ignore"):
            product = a * b
            product[(a == 0.0) | (b == 0.0)] = 0.0
            self.add(product)
            self.add(np.nan_to_num(_product_error(a, b, product), nan=0.0, posinf=0.0, neginf=0.0))

    def merge(self, other: "ExactSum") -> None:
        """Add another sum."""
        self.units += other.units
        self.infinite += other.infinite

    def exact(self) -> Fraction:
        """Return the sum of the finite terms."""
        return Fraction(self.units, 1 << _UNIT)

    def over(self, divisor: "ExactSum | int") -> float:
        """Return the quotient with a number or another sum, rounded once; nan where that is 0."""
        below = divisor * (1 << _UNIT) if isinstance(divisor, int) else divisor.units
        if self.infinite:
            return math.inf
        if below == 0:
            return math.nan
        try:
            return self.units / below
        except OverflowError:
            return math.inf if self.units > 0 else -math.inf

    def __float__(self) -> float:
        return self.over(1)

    def _add_chunk(self, terms: Float64) -> None:
        if terms[0] in (0.0, 1.0) and ((terms == 0.0) | (terms == 1.0)).all():  # counts
            self.units += int(np.count_nonzero(terms)) << _UNIT
            return
        top = float(np.abs(terms).max(initial=0.0))
        if not top <= _LARGEST:
            terms = self._without_large(terms)
            top = float(np.abs(terms).max(initial=0.0))
        while top > 0.0:
            cut = 1.5 * math.ldexp(1.0, max(math.frexp(top)[1] + _CARRY, -1022))
            high = terms + cut
            high -= cut
            self.units += _units(float(np.add.reduce(high)))
            terms = np.subtract(terms, high, out=high)
            top = float(np.abs(terms).max())

    def _without_large(self, terms: Float64) -> Float64:
        infinite = np.isposinf(terms)
        self.infinite += int(infinite.sum())
        large = (np.abs(terms) > _LARGEST) & ~infinite
        self.units += sum(int(term) for term in terms[large].tolist()) << _UNIT
        return np.where(infinite | large, 0.0, terms)


def _units(number: float) -> int:
    numerator, denominator = number.as_integer_ratio()
    return numerator << (_UNIT + 1 - denominator.bit_length())


def _product_error(a: Float64, b: Float64, product: Float64) -> Float64:
    """Return a b - fl(a b) (Dekker 1971)."""
    a_high, a_low = _halves(a)
    b_high, b_low = _halves(b)
    error: Float64 = a_low * b_low - (((product - a_high * b_high) - a_low * b_high) - a_high * b_low)
    return error


def _halves(a: Float64) -> tuple[Float64, Float64]:
    wide = 134217729.0 * a  # 2^27 + 1 (Veltkamp)
    high = wide - (wide - a)
    return high, a - high
