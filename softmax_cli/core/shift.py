"""(z - m) / T without loss: the rounded quotient and what the rounding left out.

exp passes an absolute error of its argument on as a relative one, and half an ulp of a logit of 1,000 is
1e-13: 483 ulp of a probability. So every rounding on the way to the exponent keeps its remainder.
"""

import math

import numpy as np

from softmax_cli.core.arrays import Float64

NEGLIGIBLE = -2000.0
"""exp of anything below is 0 under every temperature's scale: 2^-2885, where 1 / T is at most 2^1074."""

_SPLITTER = 134217729.0  # 2^27 + 1: cuts 53 bits into 26 and 26 (Veltkamp, as in Dekker 1971)


def two_diff(a: Float64, b: Float64, difference: Float64) -> Float64:
    """Return a - b - fl(a - b), exactly, whichever of the two is larger.

    Source: Knuth, The Art of Computer Programming 2, 4.2.2, theorem B (six operations, this the last five).
    """
    back = difference - a
    low: Float64 = a - (difference - back)
    back += b
    low -= back
    return low


def scales(temperature: float) -> tuple[int, int, float]:
    """Cut T into powers of two, which cost no rounding, and a factor in [0.5, 1], which does.

    Returns
    -------
    tuple
        (before, after, factor) with T = 2^-(before + after) * factor. Where T >= 1 the logits are scaled
        before the maximum is subtracted, so that the difference cannot overflow where the quotient does not;
        where T < 1 after it, so that logits do not.
    """
    factor, exponent = math.frexp(temperature)
    if factor == 0.5:
        factor, exponent = 1.0, exponent - 1
    return (-exponent, 0, factor) if exponent >= 0 else (0, -exponent, factor)


def quotient(d: Float64, low: Float64, factor: float) -> tuple[Float64, Float64]:
    """Return (d + low) / factor as a rounded quotient and a remainder, for a factor in [0.5, 1).

    Source: T. J. Dekker, A floating-point technique for extending the available precision (1971).
    """
    q = d / factor
    wide = _SPLITTER * factor
    factor_high = wide - (wide - factor)
    high = q * _SPLITTER
    high -= high - q
    remainder = d - high * factor_high
    remainder -= high * (factor - factor_high)
    remainder -= (q - high) * factor
    remainder += low
    remainder /= factor
    return q, remainder


def shifted(z: Float64, top: Float64, temperature: float) -> tuple[Float64, Float64]:
    """Return q and low with q + low = (z - top) / T to about 100 bits.

    Parameters
    ----------
    z
        Logits, -inf allowed, +inf not.
    top
        The maximum of each vector, finite, with the classes' axis kept.
    temperature
        T.

    Returns
    -------
    tuple
        q, at most 0, -inf where z is or where the quotient overflows; low, 0 where exp(q) is negligible.
    """
    before, after, factor = scales(temperature)
    if before:
        z, top = np.ldexp(z, before), np.ldexp(top, before)
    q = z - top
    low = two_diff(z, top, q)
    if after:
        q, low = np.ldexp(q, after), np.ldexp(low, after)
    if factor != 1.0:
        q, low = quotient(q, low, factor)
    if not q.min(initial=0.0) > NEGLIGIBLE:
        low[~(q > NEGLIGIBLE)] = 0.0
    return q, low
