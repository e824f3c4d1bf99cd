"""Isotonic regression, and the CORP decomposition of a score that rests on it.

The blocks of the regression are found by pooling neighbours that violate the order (PAV), all at once instead
of one after the other: two neighbours of which the first is not below the second end up in one block whatever
else is pooled.

Sources: Ayer, Brunk, Ewing, Reid, Silverman (1955); Dimitriadis, Gneiting, Jordan, Stable reliability
diagrams for probabilistic classifiers (2021).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from softmax_cli.core.arrays import Float64

_ROUNDS = 60  # of pooling all at once; what is left by then is pooled one by one


@dataclass(frozen=True, slots=True)
class Blocks:
    """Blocks of an isotonic regression.

    Parameters
    ----------
    starts
        Where each block starts among what was pooled.
    hits, weight
        The sums of weight times outcome, and of the weights, of each block.
    """

    starts: NDArray[np.intp]
    hits: Float64
    weight: Float64

    @property
    def observed(self) -> Float64:
        """The value of the regression on each block."""
        return self.hits / self.weight


def pool(hits: Float64, weight: Float64, first: NDArray[np.bool_] | None = None) -> Blocks:
    """Return the isotonic regression of hits / weight, in increasing order.

    `hits` and `weight`, (n,), are sums in order, every weight above 0; `first` says where a new sequence
    starts, which is not pooled with the one before it.

    Examples
    --------
    >>> pool(np.array([0.0, 1.0, 0.0, 1.0]), np.ones(4)).observed
    array([0. , 0.5, 1. ])
    """
    starts = np.arange(len(hits))
    fresh = np.zeros(len(hits), np.bool_) if first is None else first
    for _ in range(_ROUNDS):
        joins = (hits[:-1] * weight[1:] >= hits[1:] * weight[:-1]) & ~fresh[1:]
        if not joins.any():
            return Blocks(starts, hits, weight)
        keep = np.concatenate([[True], ~joins])
        places = np.flatnonzero(keep)
        hits, weight = np.add.reduceat(hits, places), np.add.reduceat(weight, places)
        starts, fresh = starts[places], fresh[places]
    return _one_by_one(starts, hits, weight, fresh)


def _one_by_one(starts: NDArray[np.intp], hits: Float64, weight: Float64, fresh: NDArray[np.bool_]) -> Blocks:
    stack: list[tuple[int, float, float, bool]] = []
    columns = (starts.tolist(), hits.tolist(), weight.tolist(), fresh.tolist())
    for start, h, w, new in zip(*columns, strict=True):
        block = (start, h, w, new)
        while stack and not block[3] and stack[-1][1] * block[2] >= block[1] * stack[-1][2]:
            before = stack.pop()
            block = (before[0], before[1] + block[1], before[2] + block[2], before[3])
        stack.append(block)
    kept = list(zip(*stack, strict=True))
    return Blocks(np.array(kept[0], np.intp), np.array(kept[1]), np.array(kept[2]))


def brier_of(hits: Float64, weight: Float64) -> Float64:
    """Return what groups add to the sum of (o - r)^2 at their own frequency o, for outcomes r in {0, 1}."""
    return hits * (weight - hits) / weight


def log_of(hits: Float64, weight: Float64) -> Float64:
    """Return what groups add to the sum of the log score at their own frequency."""
    misses = weight - hits
    with np.errstate(divide="ignore", invalid="ignore"):
        right = np.where(hits > 0.0, -hits * np.log(hits / weight), 0.0)
        wrong = np.where(misses > 0.0, -misses * np.log(misses / weight), 0.0)
    return right + wrong
