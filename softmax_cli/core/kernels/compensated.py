"""(z - m) / T without loss: the rounded quotient and what the rounding left out.

exp turns an absolute error of its argument into a relative one, and half an ulp of a logit of 1,000 is
1e-13: 483 ulp of a probability. So every rounding on the way to the exponent keeps its remainder.
"""

import math
from collections.abc import Sequence

import numpy as np

from softmax_cli.core.arrays import Float64

NEGLIGIBLE = -2000.0
"""exp of anything below is 0 under every temperature's scale: 2^-2885, where 1 / T is at most 2^1074."""

ROOM = 5
"""Arrays that `shifted` works in."""

_SPLITTER = 134217729.0  # 2^27 + 1: cuts 53 bits into 26 and 26 (Veltkamp, as in Dekker 1971)


def two_diff(a: Float64, b: Float64, difference: Float64, low: Float64, spare: Float64) -> None:
    """Write a - b - fl(a - b) into `low`, exactly, whichever of the two is larger.

    Source: Knuth, The Art of Computer Programming 2, 4.2.2, theorem B (six operations, this the last five).
    """
    np.subtract(difference, a, out=spare)
    np.subtract(difference, spare, out=low)
    np.subtract(a, low, out=low)
    spare += b
    low -= spare


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


def divide(d: Float64, low: Float64, factor: float, room: Sequence[Float64]) -> Float64:
    """Return fl(d / factor), for a factor in [0.5, 1), and replace `low` by (d + low) / factor less that.

    Destroys d; `low` is right to 2^-79 of the quotient, as the last product is not cut in two. Source: T. J.
    Dekker, A floating-point technique for extending the available precision (1971).
    """
    q, high, spare = room
    np.divide(d, factor, out=q)
    wide = _SPLITTER * factor
    factor_high = wide - (wide - factor)
    np.multiply(q, _SPLITTER, out=high)
    np.subtract(high, q, out=spare)
    high -= spare
    d -= np.multiply(high, factor_high, out=spare)
    d -= np.multiply(high, factor - factor_high, out=spare)
    np.subtract(q, high, out=high)
    d -= np.multiply(high, factor, out=spare)
    low += d
    low /= factor
    return q


def shifted(
    z: Float64, top: Float64, temperature: float, room: Sequence[Float64] | None = None
) -> tuple[Float64, Float64]:
    """Return q and low with q + low = (z - top) / T to about 80 bits.

    Parameters
    ----------
    z
        Logits, -inf allowed, +inf not.
    top
        The maximum of each vector, finite, with the classes' axis kept.
    temperature
        T.
    room
        `ROOM` arrays of the shape of `z` to work in and to return; new ones where there are none.

    Returns
    -------
    tuple
        q, at most 0, -inf where z is or where the quotient overflows; low, 0 where exp(q) is negligible.
    """
    before, after, factor = scales(temperature)
    d, low, *others = room or [np.empty(z.shape) for _ in range(ROOM)]
    if before:
        z, top = _scaled(z, before, others[0]), np.ldexp(top, before)
    np.subtract(z, top, out=d)
    two_diff(z, top, d, low, others[-1])
    if after:
        d, low = _scaled(d, after, d), _scaled(low, after, low)
    q = d if factor == 1.0 else divide(d, low, factor, others)
    if not q.min(initial=0.0) > NEGLIGIBLE:
        np.copyto(low, 0.0, where=~(q > NEGLIGIBLE))
    return q, low


def _scaled(values: Float64, exponent: int, out: Float64) -> Float64:
    """Return values * 2^exponent, exponent >= -1024, rounded once; ldexp alone takes ten times as long."""
    if exponent < 1024:
        return np.multiply(values, 2.0**exponent, out=out)
    return np.ldexp(values, exponent, out=out)
