"""Sums along one axis of a block, with the rounding errors kept."""

import numpy as np

from softmax_cli.core.arrays import Float64


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
    """Return the sum along the axis, kept, rounded, and its rounding errors added up.

    Halves are added to each other until one is left, so numpy's loops stay long whichever axis it is.

    Source: the pairwise form of Ogita, Rump and Oishi, Accurate sum and dot product (2005), algorithm Sum2.
    """
    terms = terms if axis == 0 else terms.T
    error = np.zeros_like(terms[:1])
    while len(terms) > 1:
        half = len(terms) // 2
        folded, lost = two_sum(terms[:half], terms[half : 2 * half])
        error += lost.sum(axis=0, keepdims=True)
        terms = folded if len(terms) == 2 * half else np.concatenate([folded, terms[2 * half :]])
    return (terms, error) if axis == 0 else (terms.T, error.T)
