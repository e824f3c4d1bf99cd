"""Measures that sort confidences into bins: what they are depends on the bins, so each states its own.

All take outcomes as a matrix, one sequence a row: what came true, or what a calibrated model would give.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from softmax_cli.core.arrays import Float64

_AT_EDGE = 2.0**-50


@dataclass(frozen=True, slots=True)
class Bins:
    """Bins of confidences in increasing order, those without a pair left out.

    Parameters
    ----------
    starts
        Where each bin starts.
    confidence
        The sum of weight times confidence of each.
    weight
        The sum of the weights of each.
    count
        How many pairs each holds.
    """

    starts: NDArray[np.intp]
    confidence: Float64
    weight: Float64
    count: Float64

    @classmethod
    def of(cls, starts: NDArray[np.intp], c: Float64, weight: Float64, count: Float64) -> "Bins":
        """Sum up the bins that start at these places."""
        sums = (np.add.reduceat(values, starts) for values in (c * weight, weight, count))
        return cls(starts, *sums)

    def hits(self, hits: Float64) -> Float64:
        """Return the sums of weight times outcome of each bin, for sequences of shape (m, n)."""
        total: Float64 = np.add.reduceat(hits, self.starts, axis=-1)
        return total


def bin_of(c: Float64, bins: int, *, left: bool) -> NDArray[np.intp]:
    """Return the bin of equal width of each confidence: (a, b], 0 in the first, or [a, b), 1 in the last.

    A confidence counts as one at an edge within 2^-50 of it, a few units in the last place: 0.57 need not be
    that double any more after it has been a logarithm or a logit.

    Examples
    --------
    >>> bin_of(np.array([0.0, 0.5, 1.0]), 2, left=False), bin_of(np.array([0.0, 0.5, 1.0]), 2, left=True)
    (array([0, 0, 1]), array([0, 1, 1]))
    """
    edges = np.arange(1, bins) / bins
    if left:
        return np.searchsorted(edges * (1.0 - _AT_EDGE), c, side="right")
    return np.searchsorted(edges * (1.0 + _AT_EDGE), c, side="left")


def equal_width(c: Float64, bins: int, *, left: bool) -> NDArray[np.intp]:
    """Return where the bins of equal width start, for confidences in increasing order."""
    return np.flatnonzero(np.diff(bin_of(c, bins, left=left), prepend=-1))


def equal_mass(count: Float64, bins: int) -> NDArray[np.intp]:
    """Return where the bins of equal mass start: as numpy.array_split cuts the rows."""
    n = int(count.sum())
    size, longer = divmod(n, bins)
    bounds = [part * size + min(part, longer) for part in range(bins)]
    starts = np.searchsorted(np.cumsum(count) - count, bounds, side="left")
    return np.unique(starts[starts < len(count)])


def ece(bins: Bins, hits: Float64) -> Float64:
    """Return the expected calibration error: sum_b n_b / n abs(mean c - mean r)."""
    error: Float64 = np.abs(bins.confidence - bins.hits(hits)).sum(axis=-1) / bins.weight.sum()
    return error


def mce(bins: Bins, hits: Float64) -> Float64:
    """Return the maximum calibration error: the largest abs(mean c - mean r) of a bin."""
    error: Float64 = (np.abs(bins.confidence - bins.hits(hits)) / bins.weight).max(axis=-1)
    return error


def debiased(bins: Bins, hits: Float64) -> Float64:
    """Return the squared calibration error less what chance adds to it; it may be negative.

    sum_b n_b / n ((mean c - mean r)^2 - mean r (1 - mean r) / (n_b - 1)).
    Source: Kumar, Liang, Ma, Verified uncertainty calibration (2019).
    """
    r = bins.hits(hits) / bins.weight
    chance = r * (1.0 - r) / np.maximum(bins.count - 1.0, 1.0)
    terms = bins.weight * ((bins.confidence / bins.weight - r) ** 2 - chance)
    error: Float64 = terms.sum(axis=-1) / bins.weight.sum()
    return error
