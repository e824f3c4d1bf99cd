"""The measures by name, each for outcomes that came true and for those of a calibrated model alike."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from softmax_cli.core.arrays import Float64
from softmax_cli.core.reliability import binned, smooth
from softmax_cli.core.reliability.isotonic import Blocks, brier_of, log_of, pool
from softmax_cli.errors import InputError

ALWAYS = tuple(f"{score}{part}" for score in ("brier", "log") for part in ("", "_mcb", "_dsc", "_unc"))
"""The measures that are always given."""

MEASURES = ("ece_15", "ece_mass_15", "mce_15", "debiased_15", "smece", "classwise_15")
"""Those that are given when asked for; 15 may be any number of bins."""

_NAME = re.compile(r"(ece|ece_mass|mce|debiased|classwise)_([1-9][0-9]{0,5})|smece")


def wanted(names: Sequence[str]) -> tuple[str, ...]:
    """Return the measures asked for, ``all`` spelt out, beside those that are always given.

    Raises
    ------
    InputError
        For an unknown name.
    """
    found: list[str] = []
    for name in names:
        if name == "all":
            found += MEASURES
        elif _NAME.fullmatch(name):
            found.append(name)
        elif name not in ALWAYS:
            raise InputError(
                f"no measure is called {name!r}",
                hint=f"all, or {', '.join(MEASURES)} (15: any number of bins)",
            )
    return tuple(dict.fromkeys(found))


def bins_of(name: str) -> tuple[str, int]:
    """Cut a name into the measure and its number of bins, 0 for none."""
    stem, _, number = name.rpartition("_")
    return (stem, int(number)) if number.isdecimal() else (name, 0)


@dataclass(slots=True)
class Judged:
    """Outcomes beside their confidences, (m, n): m sequences over the same confidences, in increasing order.

    Parameters
    ----------
    c, weight, count
        Confidences, weights and numbers of pairs, (n,).
    hits
        Weight times outcome, (m, n).
    left
        Whether bins are [a, b), not (a, b].
    """

    c: Float64
    weight: Float64
    count: Float64
    hits: Float64
    left: bool = False

    def measure(self, name: str) -> Float64:
        """Return a binned measure of each sequence, or smece."""
        stem, number = bins_of(name)
        if stem == "smece":
            residual = (self.hits - self.c * self.weight) / self.weight.sum()
            if len(residual) == 1:
                return np.array([smooth.smooth_error(self.c, residual[0])])
            return smooth.smooth_errors(self.c, residual)
        if stem in {"ece", "mce"}:
            starts = binned.equal_width(self.c, number, left=self.left)
        else:
            starts = binned.equal_mass(self.count, number)
        bins = binned.Bins.of(starts, self.c, self.weight, self.count)
        return _BINNED[stem](bins, self.hits)


_BINNED: Mapping[str, Callable[[binned.Bins, Float64], Float64]] = {
    "ece": binned.ece,
    "ece_mass": binned.ece,
    "mce": binned.mce,
    "debiased": binned.debiased,
}


@dataclass(slots=True)
class Pooled:
    """The isotonic regression of each of m sequences, equal confidences pooled first.

    Parameters
    ----------
    c, weight
        The different confidences and their weights, (u,).
    blocks
        The blocks of all sequences, one after the other.
    count
        m.
    """

    c: Float64
    weight: Float64
    blocks: Blocks
    count: int

    @classmethod
    def of(cls, judged: Judged) -> "Pooled":
        """Pool outcomes."""
        places = np.flatnonzero(np.diff(judged.c, prepend=-1.0))
        weight = np.add.reduceat(judged.weight, places)
        hits = np.add.reduceat(judged.hits, places, axis=1)
        first = np.zeros(hits.shape, np.bool_)
        first[:, 0] = True
        blocks = pool(hits.ravel(), np.broadcast_to(weight, hits.shape).ravel(), first.ravel())
        return cls(judged.c[places], weight, blocks, len(hits))

    def scores(self, of: Callable[[Float64, Float64], Float64]) -> Float64:
        """Return the mean score of the regression itself, for each sequence."""
        sequence = self.blocks.starts // len(self.c)
        sums = np.bincount(sequence, of(self.blocks.hits, self.blocks.weight), minlength=self.count)
        scores: Float64 = sums / self.weight.sum()
        return scores

    def fitted(self) -> Float64:
        """Return the values of the regression, (m, u)."""
        ends = np.append(self.blocks.starts[1:], self.count * len(self.c))
        values = np.repeat(self.blocks.observed, ends - self.blocks.starts)
        return values.reshape(self.count, len(self.c))


def decompositions(judged: Judged, pooled: Pooled, scores: Mapping[str, Float64]) -> dict[str, Float64]:
    """Return the scores and their parts, by name, for each sequence.

    `scores` are the mean ``brier`` and ``log`` score of the confidences, for each sequence.
    """
    total = np.atleast_1d(judged.weight.sum())
    hits = judged.hits.sum(axis=1)
    found: dict[str, Float64] = {}
    for name, of in (("brier", brier_of), ("log", log_of)):
        regression = pooled.scores(of)
        unc = of(hits, np.broadcast_to(total, hits.shape)) / total
        found[name] = scores[name]
        found[f"{name}_mcb"] = scores[name] - regression
        found[f"{name}_dsc"] = unc - regression
        found[f"{name}_unc"] = unc
    return found


def brier_scores(judged: Judged) -> Float64:
    """Return the mean of (c - r)^2 of each sequence, for outcomes 0 and 1."""
    c, w = judged.c, judged.weight
    scores: Float64 = ((w * c * c).sum() + judged.hits @ (1.0 - 2.0 * c)) / w.sum()
    return scores


def log_scores(judged: Judged) -> Float64:
    """Return the mean log score of each sequence."""
    with np.errstate(divide="ignore", invalid="ignore"):
        right, wrong = -np.log(judged.c), -np.log1p(-judged.c)
        misses = judged.weight - judged.hits
        terms = np.where(judged.hits > 0.0, judged.hits * right, 0.0)
        terms += np.where(misses > 0.0, misses * wrong, 0.0)
    scores: Float64 = terms.sum(axis=1) / judged.weight.sum()
    return scores
