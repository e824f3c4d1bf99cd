"""Draws from a distribution that are the same on every machine."""

import numpy as np
from numpy.typing import NDArray

from softmax_cli.core.arrays import Array, Float64

DRAWN_AT_ONCE = 2**20
"""Draws made at a time: what they need of memory does not grow with their number."""


class Draws:
    """A seeded stream of draws.

    PCG64's raw bits, whose sequence numpy promises, go through the inverse of the summed probabilities.

    Parameters
    ----------
    seed
        Any whole number from 0; equal seeds give equal draws, however the rows are cut into batches.

    Examples
    --------
    >>> Draws(1).classes(np.array([[0.5, 0.25, 0.25]]), 8).tolist()
    [[1, 2, 0, 2, 0, 0, 2, 0]]
    """

    def __init__(self, seed: int) -> None:
        self._bits = np.random.PCG64(seed)

    def classes(self, p: Array, count: int) -> NDArray[np.intp]:
        """Return `count` classes for each row of p, shape (n, count), counted from 0.

        Class i is drawn where a uniform number falls between the sums of p before and up to i; a class of
        probability 0 never is.
        """
        sums: Float64 = np.cumsum(p, axis=1, dtype=np.float64)
        last = p.shape[1] - 1 - (p[:, ::-1] > 0).argmax(axis=1)
        uniform = (self._bits.random_raw((len(p), count)) >> np.uint64(11)) * 2.0**-53
        wanted = uniform * sums[:, -1:]
        if count == 1:
            found = (sums <= wanted).sum(axis=1, keepdims=True)
        else:
            pairs = zip(sums, wanted, strict=True)
            found = np.stack([np.searchsorted(one, numbers, side="right") for one, numbers in pairs])
        drawn: NDArray[np.intp] = np.minimum(found, last[:, None])
        return drawn

    def counts(self, p: Array, count: int) -> NDArray[np.intp]:
        """Return how often each class of each row comes among `count` draws, shape (n, k)."""
        n, k = p.shape
        total = np.zeros((n, k), np.intp)
        for i in range(n):
            for start in range(0, count, DRAWN_AT_ONCE):
                drawn = self.classes(p[i : i + 1], min(DRAWN_AT_ONCE, count - start))
                total[i] += np.bincount(drawn[0], minlength=k)
        return total
