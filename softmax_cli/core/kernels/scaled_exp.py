"""Exponentials below the range of a double, as f * 2^x.

exp(-740) has 6 bits left as a double. Where many such terms are added up, multiplied, or divided by a small
temperature, the result may well be an ordinary number: so mantissa and exponent are kept apart until the end,
when ldexp rounds once.
"""

import math
from typing import Any, TypeAlias

import numpy as np

from softmax_cli.core.arrays import Float64

Exponents: TypeAlias = np.ndarray[tuple[Any, ...], np.dtype[np.int64]]

SMALLEST = -330.0
"""exp of at least this can be multiplied with another such, divided by k^2 < 1e12, and is still normal."""

LOSSY_SUM = 2.0**-960
"""A sum of exponentials below this may have lost digits to terms below the smallest normal number."""

_LEAST = -5000.0  # exp is 2^-7213, 0 even when divided by the smallest temperature, 2^-1074
_LN2 = math.log(2.0)
_LN2_HIGH = float.fromhex("0x1.62e42fefap-1")  # 36 bits: its product with a whole number of 13 bits is exact
_LN2_LOW = 1.6465949582897082e-12  # log 2 - _LN2_HIGH
_NOTHING = -20000  # an exponent below all others


def parts(q: Float64, low: Float64) -> tuple[Float64, Exponents]:
    """Return f in [0.7, 1.42] and whole x with exp(q + low) = f * 2^x, f within 1 ulp.

    Source: Cody and Waite, Software Manual for the Elementary Functions (1980): q less a multiple of log 2,
    which is taken in two parts.
    """
    q = np.maximum(q, _LEAST)
    x = np.rint(q / _LN2)
    rest = q - x * _LN2_HIGH
    rest -= x * _LN2_LOW
    rest += low
    return np.exp(rest, out=rest), x.astype(np.int64)


def sum_of_parts(f: Float64, x: Exponents, axis: int) -> tuple[Float64, Exponents]:
    """Return the sum of f * 2^x along the axis, kept, as mantissa and exponent; f may be 0 or negative."""
    greatest = np.where(f == 0.0, _NOTHING, x).max(axis=axis, keepdims=True)
    terms = np.ldexp(f, np.minimum(x - greatest, 0))
    return terms.sum(axis=axis, keepdims=True), greatest
