"""The exact values, by mpmath, and how far from them a result is."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import mpmath
import numpy as np
from mpmath import libmp
from numpy.typing import NDArray

mpmath.mp.dps = 60
Exact = Any  # mpmath's numbers have no types


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
        total = 1 + self.rest
        return [value / total for value in self.e]

    @cached_property
    def log_p(self) -> list[Exact]:
        """The log-probabilities."""
        log_total = mpmath.log1p(self.rest)
        return [value - log_total for value in self.q]

    @cached_property
    def complement(self) -> list[Exact]:
        """1 - p."""
        # The largest of the others is at most 1/2, where 60 digits are enough for the plain difference.
        return [self.rest / (1 + self.rest) if i == self.top else 1 - p for i, p in enumerate(self.p)]

    @cached_property
    def odds_against(self) -> list[Exact]:
        """exp(-z / T): the odds against each class by itself."""
        return [mpmath.exp(-mpmath.mpf(float(value)) / self.t) for value in self.z]

    @cached_property
    def sigmoid(self) -> list[Exact]:
        """The sigmoid of each logit."""
        return [1 / (1 + odds) for odds in self.odds_against]

    @cached_property
    def sigmoid_slopes(self) -> list[Exact]:
        """Their derivatives, each with respect to its logit."""
        return [odds / (1 + odds) ** 2 / self.t for odds in self.odds_against]

    def entry(self, i: int, j: int) -> Exact:
        """dp_i / dz_j."""
        return self.p[i] * (self.complement[i] if i == j else -self.p[j]) / self.t

    def log_entry(self, i: int, j: int) -> Exact:
        """D log p_i / dz_j."""
        return (self.complement[i] if i == j else -self.p[j]) / self.t

    def slope(self, j: int, target: int) -> Exact:
        """DL / dz_j of the cross-entropy."""
        return (-self.complement[j] if j == target else self.p[j]) / self.t

    def soft_slopes(self, y: NDArray[np.floating[Any]]) -> Iterator[tuple[Exact, Exact]]:
        """DL / dz of the cross-entropy with a distribution y, and what each error is measured by."""
        labels = [mpmath.mpf(float(value)) for value in y]
        over = mpmath.fsum(labels) - 1
        for label, p, complement in zip(labels, self.p, self.complement, strict=True):
            excess = p * over
            if label > 0.5:
                rest = 1 - label
                yield (rest - complement + excess) / self.t, (rest + complement + abs(excess)) / self.t
            else:
                yield (p - label + excess) / self.t, (p + label) / self.t


@dataclass
class Worst:
    """The worst errors met: in ulp, and in steps of the smallest subnormal number below the normal range."""

    ulp: float = 0.0
    steps: float = 0.0

    def meet(self, got: np.floating[Any], exact: Exact) -> None:
        """Compare a result with its exact value."""
        digits, least, beyond = _limits(got.dtype)
        value = exact._mpf_
        _, bits, power, size = value
        exponent = power + size - 1
        if bits and exponent >= beyond:
            assert np.isinf(got)
            assert (got > 0) == (exact > 0)
            return
        normal = bits and exponent >= least
        unit = (exponent if normal else least) - digits
        apart = libmp.mpf_sub(libmp.from_float(float(got)), value)
        error = abs(libmp.to_float(libmp.mpf_shift(apart, -unit)))
        if normal:
            self.ulp = max(self.ulp, error)
        else:
            self.steps = max(self.steps, error)

    def within(self, ulp: float) -> None:
        """Fail where a result was further off than allowed."""
        assert self.ulp <= ulp
        assert self.steps <= 2.0


@cache
def _limits(dtype: np.dtype[Any]) -> tuple[int, int, int]:
    """Return a type's binary digits after the first, its least normal exponent, and the first beyond it."""
    info = np.finfo(dtype)
    return int(info.nmant), int(info.minexp), int(info.maxexp)
