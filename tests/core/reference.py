"""The exact values, by mpmath, and how far from them a result is."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import mpmath
import numpy as np
from numpy.typing import NDArray

mpmath.mp.dps = 60
Exact = Any  # mpmath's numbers have no types
TINY = mpmath.mpf(2) ** -1022


@dataclass(frozen=True)
class Exactly:
    """softmax and what is made of it for one vector, from the sum of the others, so that nothing cancels."""

    z: NDArray[np.floating[Any]]
    temperature: float = 1.0

    @cached_property
    def t(self) -> Exact:
        """T."""
        return mpmath.mpf(self.temperature)

    @cached_property
    def top(self) -> int:
        """The place of the largest logit."""
        return int(np.argmax(self.z))

    @cached_property
    def q(self) -> list[Exact]:
        """(z - max z) / T."""
        logits = [mpmath.mpf(float(value)) for value in self.z]
        return [(value - logits[self.top]) / self.t for value in logits]

    @cached_property
    def e(self) -> list[Exact]:
        """The exponentials, the largest 1."""
        return [mpmath.exp(value) for value in self.q]

    @cached_property
    def rest(self) -> Exact:
        """Their sum, but for the largest."""
        return mpmath.fsum(value for i, value in enumerate(self.e) if i != self.top)

    @cached_property
    def p(self) -> list[Exact]:
        """The probabilities."""
        return [value / (1 + self.rest) for value in self.e]

    @cached_property
    def log_p(self) -> list[Exact]:
        """The log-probabilities."""
        return [value - mpmath.log1p(self.rest) for value in self.q]

    @cached_property
    def complement(self) -> list[Exact]:
        """1 - p."""
        # The largest of the others is at most 1/2, where 60 digits are enough for the plain difference.
        return [self.rest / (1 + self.rest) if i == self.top else 1 - p for i, p in enumerate(self.p)]

    def entry(self, i: int, j: int) -> Exact:
        """dp_i / dz_j."""
        return self.p[i] * (self.complement[i] if i == j else -self.p[j]) / self.t

    def log_entry(self, i: int, j: int) -> Exact:
        """D log p_i / dz_j."""
        return (self.complement[i] if i == j else -self.p[j]) / self.t

    def slope(self, j: int, target: int) -> Exact:
        """DL / dz_j of the cross-entropy."""
        return (-self.complement[j] if j == target else self.p[j]) / self.t

    def soft_slope(self, j: int, y: NDArray[np.floating[Any]]) -> tuple[Exact, Exact]:
        """DL / dz_j of the cross-entropy with a distribution y, and what its error is measured by."""
        labels = [mpmath.mpf(float(value)) for value in y]
        excess = self.p[j] * (mpmath.fsum(labels) - 1)
        if labels[j] > 0.5:
            rest = 1 - labels[j]
            return (rest - self.complement[j] + excess) / self.t, (
                rest + self.complement[j] + abs(excess)
            ) / self.t
        return (self.p[j] - labels[j] + excess) / self.t, (self.p[j] + labels[j]) / self.t


@dataclass
class Worst:
    """The worst errors met: in ulp, and in steps of the smallest subnormal number below the normal range."""

    ulp: float = 0.0
    steps: float = 0.0

    def meet(self, got: np.floating[Any], exact: Exact) -> None:
        """Compare a result with its exact value."""
        info = np.finfo(got.dtype)
        least = mpmath.mpf(2) ** int(info.minexp)
        if abs(exact) >= mpmath.mpf(2) ** int(info.maxexp):
            assert np.isinf(got)
            assert (got > 0) == (exact > 0)
            return
        if exact and abs(exact) >= least:
            step = mpmath.mpf(2) ** (mpmath.frexp(exact)[1] - 1 - int(info.nmant))
            self.ulp = max(self.ulp, float(abs(mpmath.mpf(float(got)) - exact) / step))
        else:
            step = least / mpmath.mpf(2) ** int(info.nmant)
            self.steps = max(self.steps, float(abs(mpmath.mpf(float(got)) - exact) / step))

    def within(self, ulp: float) -> None:
        """Fail where a result was further off than allowed."""
        assert self.ulp <= ulp
        assert self.steps <= 2.0
