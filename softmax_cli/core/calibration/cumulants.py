"""The loss near an inverse temperature b, as a polynomial in the relative step from it.

With w = b (z - max z) and p = softmax(w), the loss of a row at b (1 + e) is

    log sum_j exp(w_j (1 + e)) - (1 + e) w_y = loss(b) + (k_1 - w_y) e + k_2 e^2 / 2 + k_3 e^3 / 6 + ...

with k_m the cumulants of w under p: the mean, the variance, and so on. Sums of them over rows, which add up
from parts, are all that is needed to find the best b nearby: one pass, however many rows there are.
"""

import math
from dataclasses import dataclass, field

import numpy as np

from softmax_cli.core.arrays import Float64
from softmax_cli.core.calibration.rows_at import ORDER, Below, RowsAt
from softmax_cli.core.kernels.blocks import FEW, Block, blocks, quiet
from softmax_cli.core.kernels.threads import in_parts
from softmax_cli.core.labelled import Labelled

_VALUES = (1 << 13, 1 << 14)  # numbers in a block, by the axis of its classes


_PARTS = 8  # that threads share out: the same on every machine, as sums depend on their order


@dataclass(slots=True)
class Expansion:
    """Sums over rows about one inverse temperature.

    Parameters
    ----------
    b
        The inverse temperature.
    scale
        A power of two that the logits are multiplied by first, so that no difference of them overflows.
    rows, weight
        How many rows there are, and the sum of their weights.
    loss
        The sum of weight times loss at b.
    slopes
        Sums of weight times cumulant, of order 1 (less w_y) to `ORDER`; index 0 is not used.
    size
        The sum of weight times abs(k_1 - w_y), which the rounding error of the slope is proportional to.
    eighth
        The sum of weight times the mean of (w - k_1)^8: bounds what order 9 adds.
    squares
        Sums of weight^2 times the coefficients of (slope of a row)^2 in e, to order 2.
    plain_loss
        The sum of weight times loss at T = 1.
    first_masked
        The 1-based number of the first row whose label is masked, or None.
    """

    b: float
    scale: float = 1.0
    rows: int = 0
    weight: float = 0.0
    loss: float = 0.0
    slopes: Float64 = field(default_factory=lambda: np.zeros(ORDER + 1))
    size: float = 0.0
    eighth: float = 0.0
    squares: Float64 = field(default_factory=lambda: np.zeros(3))
    plain_loss: float = 0.0
    first_masked: int | None = None

    def merge(self, other: "Expansion") -> None:
        """Add the sums over the rows that follow."""
        self.rows += other.rows
        self.weight += other.weight
        self.loss += other.loss
        self.slopes += other.slopes
        self.size += other.size
        self.eighth += other.eighth
        self.squares += other.squares
        self.plain_loss += other.plain_loss
        if self.first_masked is None:
            self.first_masked = other.first_masked

    def add(self, rows: Labelled, *, order: int = ORDER) -> None:
        """Add some rows; with `order` 2 only what a Newton step needs."""

        def work(start: int, stop: int) -> None:
            values = _VALUES[0 if rows.k <= FEW else 1]
            for i in range(start, stop):
                with quiet():
                    for block in blocks(rows.logits, start=bounds[i], stop=bounds[i + 1], values=values):
                        parts[i]._add_block(rows, block, order)

        bounds = [len(rows) * part // _PARTS for part in range(_PARTS + 1)]
        parts = [Expansion(self.b, self.scale) for _ in range(_PARTS)]
        in_parts(work, _PARTS, rows.z.size)
        for part in parts:
            self.merge(part)

    def _add_block(self, rows: Labelled, block: Block, order: int) -> None:
        weights = None if rows.weights is None else rows.weights[block.start : block.stop]
        below = Below(rows, block, self.scale)
        masked = below.masked if weights is None else below.masked & (weights > 0.0)
        if masked.any():
            if self.first_masked is None:
                self.first_masked = rows.number(block.start + int(np.argmax(masked)))
            return
        if weights is not None:
            np.copyto(below.label, 0.0, where=weights == 0.0)
        self.rows += len(below.label)
        self.weight += float(len(below.label) if weights is None else weights.sum())
        if order > 2:
            self.plain_loss += _total(RowsAt(below, 1.0 / self.scale).loss, weights)
        row = RowsAt(below, self.b, last=True)
        self.slopes[1] += _total(row.slope, weights)
        self.size += _total(np.abs(row.slope), weights)
        self.loss += _total(row.loss, weights)
        if order == 2:
            self.slopes[2] += _total(row.variance(), weights)
        else:
            self._add_moments(row, weights)

    def _add_moments(self, row: "RowsAt", weights: Float64 | None) -> None:
        """Add the cumulants: sums of products of central moments, so that no row's own are needed."""
        g = row.slope
        m = row.moments()
        m22, m32 = m[2] * m[2], m[3] * m[2]

        def dot(a: Float64, b: Float64) -> float:
            return float(np.dot(a, b))

        squares = weights
        if weights is not None:
            squares = weights * weights
        g1 = g if squares is None else g * squares
        v1 = m[2] if squares is None else m[2] * squares
        self.squares += [dot(g1, g), 2.0 * dot(g1, m[2]), dot(v1, m[2]) + dot(g1, m[3])]
        w2, w3, w4, w22 = (a if weights is None else a * weights for a in (m[2], m[3], m[4], m22))
        sums = [0.0, 0.0, *(_total(a, weights) for a in m[2:])]
        self.eighth += sums[8]
        sums[4] -= 3.0 * dot(w2, m[2])
        sums[5] -= 10.0 * dot(w3, m[2])
        sums[6] += -15.0 * dot(w4, m[2]) - 10.0 * dot(w3, m[3]) + 30.0 * dot(w22, m[2])
        sums[7] += -21.0 * dot(w2, m[5]) - 35.0 * dot(w4, m[3]) + 210.0 * dot(w22, m[3])
        sums[8] += -28.0 * dot(w2, m[6]) - 56.0 * dot(w3, m[5]) - 35.0 * dot(w4, m[4])
        sums[8] += 420.0 * dot(w4, m22) + 560.0 * dot(w3, m32) - 630.0 * dot(w22, m22)
        self.slopes[2:] += sums[2:]


def _total(values: Float64, weights: Float64 | None) -> float:
    return float(np.add.reduce(values) if weights is None else np.add.reduce(values * weights))


_NINTH = 11643.0  # abs(k_9) is at most so many ninth absolute moments: the sizes of its coefficients
_REACH = 80.0  # beyond so large a distance p w^9 is below 3e-18


def step(expansion: Expansion) -> tuple[float, float]:
    """Return the relative step e from b to where the slope is 0, and a bound of its error.

    The bound holds the rounding of the sums and what the cumulants beyond `ORDER` add; it is infinite where
    the polynomial has no such root nearby.
    """
    slopes = expansion.slopes
    if not slopes[2] > 0.0:
        return 0.0, math.inf
    e = 0.0
    for _ in range(50):
        value, slope = _slope_at(slopes, e)
        if not slope > 0.0:
            return 0.0, math.inf
        change = value / slope
        e -= change
        if not abs(e) < 1.0:
            return 0.0, math.inf
        if abs(change) <= 1e-17 + 1e-16 * abs(e):
            break
    else:
        return 0.0, math.inf
    _, slope = _slope_at(slopes, e)
    rounding = 4.0 * np.finfo(float).eps * (expansion.size / slope + 1.0)
    ninth = _NINTH * (_REACH * expansion.eighth + 3e-18 * expansion.weight)
    beyond = ninth * abs(e) ** ORDER / math.factorial(ORDER) / slope
    return e, float(rounding + beyond)


def _slope_at(slopes: Float64, e: float) -> tuple[float, float]:
    """Return the slope at the relative step e, and its derivative."""
    powers = [e**m / math.factorial(m) for m in range(ORDER)]
    value = math.fsum(slopes[m + 1] * powers[m] for m in range(ORDER))
    return value, math.fsum(slopes[m + 2] * powers[m] for m in range(ORDER - 1))


def loss_at(expansion: Expansion, e: float) -> float:
    """Return the sum of weight times loss at the relative step e."""
    terms = [expansion.slopes[m] * e**m / math.factorial(m) for m in range(1, ORDER + 1)]
    return math.fsum([expansion.loss, *terms])


def standard_error(expansion: Expansion, e: float) -> float:
    """Return the relative standard error of the temperature at the step e, by the sandwich.

    With g the slope of a row with respect to log b and v its curvature: sqrt(sum w^2 g^2) / sum w v.
    Source: White, Maximum likelihood estimation of misspecified models (1982).
    """
    _, curvature = _slope_at(expansion.slopes, e)
    squares = float(expansion.squares @ [1.0, e, e * e])
    return math.sqrt(max(squares, 0.0)) / (curvature * (1.0 + e))
