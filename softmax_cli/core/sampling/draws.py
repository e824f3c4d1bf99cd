"""Draws from a distribution that are the same on every machine."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from softmax_cli.core.arrays import Array, Float64

_BLOCK = 2**20
"""Draws made at a time."""


class Draws:
    """A seeded stream of draws.

    PCG64's raw bits, whose sequence numpy promises, go through the inverse of the summed probabilities.

    Parameters
    ----------
    seed
        Any whole number from 0; equal seeds give equal draws, however the rows are cut into batches.

    Examples
    --------
    >>> Draws(1).classes(np.array([0.5, 0.25, 0.25]), 8).tolist()
    [1, 2, 0, 2, 0, 0, 2, 0]
    """

    def __init__(self, seed: int) -> None:
        self._bits = np.random.PCG64(seed)

    def classes(self, p: Array, count: int) -> NDArray[np.intp]:
        """Return `count` classes, counted from 0, drawn with probabilities p, shape (k,).

        Class i is drawn where a uniform number falls between the sums of p before and up to i; a class of
        probability 0 never is.
        """
        sums: Float64 = np.cumsum(p, dtype=np.float64)
        last = int(np.flatnonzero(p)[-1])
        uniform = (self._bits.random_raw(count) >> np.uint64(11)) * 2.0**-53
        found: NDArray[np.intp] = np.searchsorted(sums, uniform * sums[-1], side="right")
        return np.minimum(found, last)

    def blocks(self, p: Array, count: int) -> Iterator[NDArray[np.intp]]:
        """Yield the same in blocks, for more draws than memory holds."""
        for start in range(0, count, _BLOCK):
            yield self.classes(p, min(_BLOCK, count - start))

    def counts(self, p: Array, count: int) -> NDArray[np.intp]:
        """Return how often each class comes among `count` draws, shape (k,)."""
        total = np.zeros(len(p), np.intp)
        for block in self.blocks(p, count):
            total += np.bincount(block, minlength=len(p))
        return total
