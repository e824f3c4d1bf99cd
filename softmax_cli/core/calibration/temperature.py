"""The temperature that minimises the loss: a start from a sample, then one pass over all rows, or two."""

import math
from dataclasses import dataclass, field

import numpy as np

from softmax_cli.core.calibration.cumulants import START, Expansion, loss_at, standard_error, step
from softmax_cli.core.calibration.fitted import Calibration, NewtonStep
from softmax_cli.core.calibration.limits import ExactSlope, Limits
from softmax_cli.core.calibration.samples import Sample
from softmax_cli.core.calibration.source import RowSource
from softmax_cli.core.gathered import Additive, AnySums
from softmax_cli.core.labelled import Labelled
from softmax_cli.errors import InputError

ENOUGH = 9e-14
"""A bound of the relative error that is good enough: rounding alone comes to a tenth of it."""

_MOST_STEPS = 200
_PART = 1 << 17  # logits that a start is looked for with, if these are neither too few rows nor too many
_FEWEST, _MOST = 1 << 10, 1 << 13
_NEAR_ENOUGH = 1e-4  # of a start: a sample's best b is farther from that of all rows
_NEAR = 0.1  # a step whose error is bounded by so much leads to a root that is there
_FARTHEST = 4.0  # what b is multiplied or divided by in one step, at most
_IN_95_PERCENT = 1.959963984540054


@dataclass(slots=True)
class TemperatureSearch:
    """The search for the temperature that minimises the mean cross-entropy, and what it has learnt."""

    source: RowSource
    scale: float = 1.0
    passes: int = 0
    low: float = 0.0
    high: float = math.inf
    steps: list[NewtonStep] = field(default_factory=list)
    limits: Limits | None = None

    def run(self) -> Calibration:
        """Return the temperature that is found.

        The rows are read once where a sample of them is like the rest, twice where it is not.

        Raises
        ------
        InputError
            Where no row counts.
        """
        expansion = self._first_pass()
        if expansion is None:
            answer = self._without_answer()
            if answer is not None:
                return answer
            expansion = self._gather(Expansion(self._minimum(self.source.sample()), self.scale))
        elif expansion.first_masked is not None:
            return Calibration(
                status="infeasible",
                nll_before=math.inf,
                nll_limit=math.inf,
                rows=expansion.rows,
                passes=self.passes,
                first_masked=expansion.first_masked,
            )
        elif not step(expansion)[1] < _NEAR:
            again = Expansion(self._minimum(self.source.sample()), self.scale)
            both = self._gather(_Both(again, Limits(self.scale)))
            expansion, self.limits = both.expansion, both.limits
            answer = self._without_answer()
            if answer is not None:
                return answer
        while True:
            e, error = step(expansion)
            b = self._next(expansion, e, error)
            if error <= ENOUGH or self.passes >= _MOST_STEPS:
                return self._found(expansion, e, error)
            if abs(b / expansion.b - 1.0) <= 4.0 * np.finfo(float).eps:  # rounding is all that is left
                return self._found(expansion, e, error)
            expansion = self._gather(Expansion(b, self.scale))

    def _first_pass(self) -> Expansion | None:
        """Read all rows: with sums about the best b of the first ones, or with what tells why it has none."""
        head = self.source.head()
        b = self._begin(head)
        if b is not None:
            many = len(head) >= Sample.most(head.k)  # there will be more
            empty = Expansion.near(b, self.scale) if many else Expansion(b, self.scale)
            return self._gather(empty, sampled=True)
        self.limits = self._gather(Limits(self.scale), sampled=True)
        return None

    def _gather(self, empty: AnySums, *, sampled: bool = False) -> AnySums:
        self.passes += 1
        return self.source.gather(empty, sampled=sampled)

    def _begin(self, rows: Labelled) -> float | None:
        """Choose the scale, and return the b about which to sum up; None where these rows have none."""
        self.scale = _scale(rows)
        for part in (_some(rows), rows):
            limits = Limits(self.scale)
            limits.add(part)
            if not limits.is_close and limits.status() == "ok":
                return self._minimum(rows)
        return None

    def _without_answer(self) -> Calibration | None:
        """Return the end of a search for a temperature that does not exist."""
        limits = self.limits
        assert limits is not None
        if not limits.weight > 0.0:
            raise InputError("no row counts: there are none, or the sum of the weights is 0")
        exact = None
        if limits.is_close:
            exact = self._gather(ExactSlope()).value()
        status = limits.status(exact)
        if status == "ok":
            return None
        return Calibration(
            status=status,
            nll_before=limits.plain_loss / limits.weight,
            nll_limit=limits.limit(status),
            rows=limits.rows,
            passes=self.passes,
            first_masked=limits.first_masked,
        )

    def _minimum(self, rows: Labelled) -> float:
        """Return the best b for rows in memory, or a b to start from where they have none.

        Of many rows first the best for a part of them, and from there one step.
        """
        some = _some(rows)
        if some is not rows:
            b = self._minimum(some)
            expansion = Expansion(b, self.scale, START)
            expansion.add(rows)
            e, error = step(expansion)
            if error < _NEAR_ENOUGH:
                self._next(expansion, e, error, of_all=False)
                return b * (1.0 + e)
        limits = Limits(self.scale)
        limits.add(rows)
        b = 2.0 * limits.weight / limits.size if limits.size > 0.0 else 1.0
        if limits.status() != "ok":
            return b
        search = TemperatureSearch(self.source, self.scale)
        for _ in range(_MOST_STEPS):
            expansion = Expansion(b, self.scale, START)
            expansion.add(rows)
            slope, curvature = float(expansion.slopes[1]), float(expansion.slopes[2])
            e = -slope / curvature if curvature > 0.0 else math.nan
            before, b = b, search._next(expansion, e, 0.0)
            if abs(b / before - 1.0) < 1e-9:
                break
        self.steps += search.steps
        return b

    def _next(self, expansion: Expansion, e: float, error: float, *, of_all: bool = True) -> float:
        """Return the next b, between those that are known to be too small and too large for all rows."""
        b = expansion.b
        slope = expansion.slopes[1]
        if slope <= 0.0 and of_all:
            self.low = max(self.low, b)
        if slope >= 0.0 and of_all:
            self.high = min(self.high, b)
        following = b * (1.0 + e) if error < math.inf and math.isfinite(e) else math.nan
        if not b / _FARTHEST <= following <= b * _FARTHEST:
            following = b * _FARTHEST if slope < 0.0 else b / _FARTHEST
        if not self.low < following < self.high and following != b:
            following = math.sqrt(self.low) * math.sqrt(self.high)
        scaled = b * self.scale
        self.steps.append(
            NewtonStep(
                rows=expansion.rows,
                temperature=1.0 / scaled,
                loss=expansion.loss / expansion.weight,
                slope=float(slope) / expansion.weight / scaled,
                curvature=float(expansion.slopes[2]) / expansion.weight / scaled / scaled,
                next_temperature=1.0 / (following * self.scale),
            )
        )
        return following

    def _found(self, expansion: Expansion, e: float, error: float) -> Calibration:
        temperature = 1.0 / (expansion.b * (1.0 + e) * self.scale)
        se = standard_error(expansion, e) * temperature
        return Calibration(
            status="ok",
            temperature=temperature,
            se=se,
            low=max(0.0, temperature - _IN_95_PERCENT * se),
            high=temperature + _IN_95_PERCENT * se,
            certified=error if error < math.inf else None,
            nll_before=expansion.plain_loss / expansion.weight,
            nll_after=loss_at(expansion, e) / expansion.weight,
            rows=expansion.rows,
            passes=self.passes,
            steps=tuple(self.steps),
        )


@dataclass(slots=True)
class _Both(Additive):
    """The sums about one b, and what tells whether there is a best one."""

    expansion: Expansion
    limits: Limits

    def add(self, rows: Labelled) -> None:
        self.expansion.add(rows)
        self.limits.add(rows)


def _some(rows: Labelled) -> Labelled:
    """Return a part of many rows, all along them."""
    part = min(_MOST, max(_FEWEST, _PART // rows.k))
    return rows.part(slice(None, None, -(-len(rows) // part))) if len(rows) > 4 * part else rows


def _scale(rows: Labelled) -> float:
    """Return a power of two that keeps differences of logits, and their inverses, in the range of doubles."""
    z = np.asarray(rows.z, np.float64)
    sizes = np.abs(z[np.isfinite(z)])
    largest = float(sizes.max(initial=0.0))
    if largest > 2.0**1000:
        return 2.0**-60
    return 2.0**800 if 0.0 < largest < 2.0**-800 else 1.0
