"""Sums along one axis of a block, with the rounding errors kept."""

import math

import numpy as np

from softmax_cli.core.arrays import Float64

CUT = 2.0**27
"""Times the largest term, it leaves 26 bits of that term: 2^27 such terms add up without rounding."""


def two_sum(a: Float64, b: Float64) -> tuple[Float64, Float64]:
    """Return fl(a + b) and what the rounding left out, exactly.

    Source: Knuth, The Art of Computer Programming 2, 4.2.2, theorem B.
    """
    s = a + b
    back = s - a
    error = b - back
    back -= s
    back += a
    error += back
    return s, error


def accurate_sum(terms: Float64, axis: int) -> tuple[Float64, Float64]:
    """Return the sum along the axis, kept, of terms >= 0, as an unevaluated sum of two.

    Adding a large number and taking it away again cuts each term at the same bit. What is above the cut adds
    up exactly, in any order; what is below is 2^-26 of the whole, and so are its rounding errors.

    Source: Rump, Ogita, Oishi, Accurate floating-point summation I (2008), ExtractVector.
    """
    cut = terms.max(axis=axis, keepdims=True) * CUT
    high = terms + cut
    high -= cut
    low = terms - high
    return np.add.reduce(high, axis=axis, keepdims=True), np.add.reduce(low, axis=axis, keepdims=True)


def expected(weights: Float64, costs: Float64, axis: int) -> Float64:
    """Return the sum along the axis, kept, of weights * costs, both at least 0; 0 times infinity is 0."""
    terms = np.where(weights > 0.0, weights * costs, 0.0)
    endless = np.isinf(terms)
    total, low = accurate_sum(np.where(endless, 0.0, terms), axis)
    result: Float64 = np.where(endless.any(axis=axis, keepdims=True), np.inf, total + low)
    return result


_PIECE = 1 << 13
"""Numbers in a product: from 10,000 BLAS starts threads of its own, and a sum depends on how many."""


def dot(a: Float64, b: Float64) -> float:
    """Return the sum of a b, (n,)."""
    return math.fsum(float(np.dot(a[i : i + _PIECE], b[i : i + _PIECE])) for i in range(0, len(a), _PIECE))


def sum_of_products(a: Float64, b: Float64, axis: int, out: Float64) -> None:
    """Write the sums of a b, both (k, n) or (n, k), along the axis of the k."""
    if axis == 1 and a.shape[1] <= _PIECE:
        np.vecdot(a, b, out=out)
    else:
        np.einsum("ij,ij->j" if axis == 0 else "ij,ij->i", a, b, out=out)
