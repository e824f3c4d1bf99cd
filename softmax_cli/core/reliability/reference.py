"""What a calibrated model with the same confidences would show: outcomes are drawn from them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from softmax_cli.core.arrays import Float64
from softmax_cli.core.reliability.binned import bin_of
from softmax_cli.core.reliability.measures import (
    Judged,
    Pooled,
    bins_of,
    brier_scores,
    decompositions,
    log_scores,
)

MOST_CELLS = 1 << 13
"""Up to so many pairs each draws its own outcome; more are drawn in groups of neighbours,"""
GROUPS = 1 << 11
"""so many of them."""

_AT_A_TIME = 1 << 20


@dataclass(slots=True)
class Reference:
    """The measures of calibrated models, and their regressions where the diagram's blocks lie.

    Parameters
    ----------
    measures
        For each name the values, one a model.
    fitted
        The regressions of the models at the confidences asked for, (models, places).
    """

    measures: dict[str, Float64] = field(default_factory=dict)
    fitted: Float64 = field(default_factory=lambda: np.empty((0, 0)))


def reference(
    judged: Judged, names: Sequence[str], places: Float64, *, resamples: int, seed: int
) -> Reference:
    """Draw outcomes of calibrated models beside the confidences that are judged, and measure them.

    `names` are the measures besides those that are always given, `places` the confidences at which to note
    the regressions, and `resamples` is the number of models.
    """
    cells = _cells(judged)
    found: dict[str, list[Float64]] = {}
    fitted: list[Float64] = []
    for hits in _draws(cells, resamples, seed):
        drawn = replace(cells, hits=hits)
        pooled = Pooled.of(drawn)
        scores = {"brier": brier_scores(drawn), "log": log_scores(drawn)}
        for name, values in decompositions(drawn, pooled, scores).items():
            found.setdefault(name, []).append(values)
        for name in names:
            found.setdefault(name, []).append(drawn.measure(name))
        nearest = np.clip(np.searchsorted(pooled.c, places), 0, len(pooled.c) - 1)
        fitted.append(pooled.fitted()[:, nearest])
    joined = {name: np.concatenate(values) for name, values in found.items()}
    return Reference(joined, np.concatenate(fitted))


def _cells(judged: Judged) -> Judged:
    """Return groups of neighbours, where there are many pairs."""
    if len(judged.c) <= MOST_CELLS:
        return judged
    ends = np.cumsum(judged.count)
    starts = np.unique(np.searchsorted(ends, np.arange(GROUPS) * (ends[-1] / GROUPS), side="right"))
    starts[0] = 0
    weight = np.add.reduceat(judged.weight, starts)
    c = np.add.reduceat(judged.weight * judged.c, starts) / weight
    count = np.add.reduceat(judged.count, starts)
    return replace(judged, c=np.minimum(c, 1.0), weight=weight, count=count)


def _draws(cells: Judged, resamples: int, seed: int) -> Iterator[Float64]:
    """Yield weight times outcome of some models at a time, (models, cells)."""
    rng = np.random.default_rng(seed)
    step = max(1, _AT_A_TIME // len(cells.c))
    single = bool((cells.count == 1.0).all())
    for start in range(0, resamples, step):
        shape = (min(step, resamples - start), len(cells.c))
        if single:
            yield (rng.random(shape) < cells.c) * cells.weight
        else:
            drawn = rng.binomial(cells.count.astype(np.int64), cells.c, shape)
            yield drawn / cells.count * cells.weight


@dataclass(slots=True)
class Classwise:
    """Sums for the classwise error: of each class and bin the probabilities and the labels.

    Parameters
    ----------
    k, bins
        How many classes, and bins.
    left
        Whether bins are [a, b).
    """

    k: int
    bins: int
    left: bool
    total: float = 0.0
    expected: Float64 = field(init=False)
    labels: Float64 = field(init=False)
    kept: list[Float64] | None = field(default_factory=list)

    def __post_init__(self) -> None:
        self.expected = np.zeros(self.k * self.bins)
        self.labels = np.zeros(self.k * self.bins)

    def add(self, p: Float64, y: Float64, weight: Float64) -> None:
        """Add rows of probabilities and labels, (n, k)."""
        place = self._places(p)
        size = self.k * self.bins
        self.expected += np.bincount(place.ravel(), (p * weight[:, None]).ravel(), minlength=size)
        self.labels += np.bincount(place.ravel(), (y * weight[:, None]).ravel(), minlength=size)
        self.total += float(weight.sum())
        if self.kept is not None:
            self._keep([p] if (weight == 1.0).all() else None)

    def merge(self, other: "Classwise") -> None:
        """Add the sums over the rows that follow."""
        self.expected += other.expected
        self.labels += other.labels
        self.total += other.total
        if self.kept is not None:
            self._keep(other.kept)

    def _keep(self, parts: list[Float64] | None) -> None:
        """Keep probabilities for the models, unless there are too many, or a weight is not 1."""
        assert self.kept is not None
        self.kept = None if parts is None else self.kept + parts
        if self.kept is not None and sum(part.size for part in self.kept) > _AT_A_TIME:
            self.kept = None

    def value(self) -> float:
        """Return the mean over classes of the expected calibration error of each."""
        return float(np.abs(self.expected - self.labels).sum()) / self.total / self.k

    def reference(self, resamples: int, seed: int) -> Float64 | None:
        """Return the values of calibrated models: labels drawn from each row; None for too many rows."""
        if not self.kept:
            return None
        p = np.concatenate(self.kept)
        place, ends = self._places(p), np.cumsum(p, axis=1)
        rng = np.random.default_rng(seed)
        values = np.empty(resamples)
        rows = np.arange(len(p))
        for i in range(resamples):
            drawn = (ends[:, :-1] < rng.random((len(p), 1)) * ends[:, -1:]).sum(axis=1)
            labels = np.bincount(place[rows, drawn], minlength=self.expected.size)
            values[i] = np.abs(self.expected - labels).sum() / self.total / self.k
        return values

    def _places(self, p: Float64) -> NDArray[np.intp]:
        places: NDArray[np.intp] = bin_of(p, self.bins, left=self.left) + np.arange(self.k) * self.bins
        return places


def classwise_bins(names: Sequence[str]) -> dict[str, int]:
    """Return the classwise measures among the names, with their numbers of bins."""
    return {name: bins_of(name)[1] for name in names if name.startswith("classwise")}
