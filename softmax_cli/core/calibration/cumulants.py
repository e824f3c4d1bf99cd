"""The loss near an inverse temperature b, as a polynomial in the relative step from it.

With w = b (z - max z) and p = softmax(w), the loss of a row at b (1 + e) is

    log sum_j exp(w_j (1 + e)) - (1 + e) w_y = loss(b) + (k_1 - w_y) e + k_2 e^2 / 2 + k_3 e^3 / 6 + ...

with k_m the cumulants of w under p: the mean, the variance, and so on. Sums of them over rows, which add up
from parts, are all that is needed to find the best b nearby: one pass, however many rows there are.
"""

import math
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from softmax_cli.core.arrays import Float64
from softmax_cli.core.calibration.rows_at import RowsAt, Summing, nearby
from softmax_cli.core.gathered import Additive
from softmax_cli.core.kernels.blocks import quiet
from softmax_cli.core.kernels.sums import dot
from softmax_cli.core.labelled import Labelled

ORDER = 8
"""The highest cumulant."""

START = 4
"""The highest cumulant where a start is looked for, and nothing else is wanted."""


@dataclass(slots=True)
class Expansion(Additive):
    """Sums over rows about one inverse temperature.

    Parameters
    ----------
    b, scale, ratio
        As for `rows_at.Summing`.
    order
        `ORDER` or `START`.
    rows, weight
        How many rows there are, and the sum of their weights.
    loss
        The sum of weight times loss at b.
    slopes
        Sums of weight times cumulant, of order 1 (less w_y) to `order`; index 0 is not used.
    size
        The sum of weight times abs(k_1 - w_y), which the rounding error of the slope is proportional to.
    moment, following
        Sums of weight times the mean of (w - k_1)^m, m the order, and times what lower moments than that of
        order m + 1 add to the cumulant of order m + 1: these bound what it adds.
    squares
        Sums of weight^2 times the coefficients of (slope of a row)^2 in e, to order 2.
    plain_loss
        The sum of weight times loss at T = 1.
    first_masked
        The 1-based number of the first row whose label is masked, or None; with one, sums lack rows.
    """

    of = ("b", "scale", "order", "ratio")
    b: float
    scale: float = 1.0
    order: int = ORDER
    ratio: Fraction | None = None
    rows: int = 0
    weight: float = 0.0
    loss: float = 0.0
    slopes: Float64 = field(init=False)
    size: float = 0.0
    moment: float = 0.0
    following: float = 0.0
    squares: Float64 = field(default_factory=lambda: np.zeros(3))
    plain_loss: float = 0.0
    first_masked: int | None = None

    def __post_init__(self) -> None:
        self.slopes = np.zeros(self.order + 1)

    @classmethod
    def near(cls, b: float, scale: float) -> "Expansion":
        """Return an empty one about a b that is quick, where one is next to the given b."""
        ratio = nearby(b * scale)
        return cls(b if ratio is None else float(ratio) / scale, scale, ratio=ratio)

    def add(self, rows: Labelled) -> None:
        """Add some rows."""
        plain = self.order == ORDER
        with quiet():
            for found in Summing(rows, self.b, self.scale, order=self.order, plain=plain, ratio=self.ratio):
                self._add(rows, found)

    def _add(self, rows: Labelled, found: RowsAt) -> None:
        n = len(found.label)
        self.rows += n
        weights = None if rows.weights is None else rows.weights[found.start : found.start + n]
        masked = [i for i in found.masked if weights is None or weights[i] > 0.0]
        if masked:
            if self.first_masked is None:
                self.first_masked = rows.number(found.start + masked[0])
            return
        self.weight += float(n if weights is None else weights.sum())
        if weights is not None:
            np.copyto(found.label, 0.0, where=weights == 0.0)
        label = found.label
        if self.order == ORDER:
            self.plain_loss += _losses(found.plain, label / self.scale, weights)
        label *= self.b
        self.loss += _losses(found.rest, label, weights)
        slope = np.subtract(found.mean, label, out=label)
        self.slopes[1] += _total(slope, weights)
        self.size += _total(np.abs(slope), weights)
        moments = found.moments
        moments[2:] *= 1.0 / (1.0 + found.rest)
        self._add_cumulants(moments, weights)
        if self.order == ORDER:
            g, v = (slope, moments[2]) if weights is None else (slope * weights**2, moments[2] * weights**2)
            self.squares[0] += dot(g, slope)
            self.squares[1] += 2.0 * dot(g, moments[2])
            self.squares[2] += dot(v, moments[2]) + dot(g, moments[3])

    def _add_cumulants(self, moments: Float64, weights: Float64 | None) -> None:
        """Add sums of cumulants: of central moments, and of products of them."""
        row = {m: moments[m] for m in range(2, self.order + 1)}
        row |= {22: row[2] * row[2], 32: row[3] * row[2], 33: row[3] * row[3]}
        sums = [*(_total(moments[m], weights) for m in range(2, self.order + 1)), 0.0]
        self.moment += sums[-2]
        for m in range(4, self.order + 2):
            for factor, i, j in _PRODUCTS[m]:
                a = row[i] if weights is None else row[i] * weights
                sums[m - 2] += factor * dot(a, row[j])
        self.slopes[2:] += sums[:-1]
        self.following += sums[-1]


_PRODUCTS = {
    4: ((-3, 2, 2),),
    5: ((-10, 3, 2),),
    6: ((-15, 4, 2), (-10, 3, 3), (30, 22, 2)),
    7: ((-21, 5, 2), (-35, 4, 3), (210, 22, 3)),
    8: ((-28, 6, 2), (-56, 5, 3), (-35, 4, 4), (420, 22, 4), (560, 32, 3), (-630, 22, 22)),
    9: ((-36, 7, 2), (-84, 6, 3), (-126, 5, 4), (756, 22, 5), (2520, 32, 4), (560, 33, 3), (-7560, 32, 22)),
}
"""What is added to the central moment of an order to make its cumulant: factors, and the two things they are
of, either a central moment or the product of two (32: that of orders 3 and 2)."""


def _losses(rest: Float64, label: Float64, weights: Float64 | None) -> float:
    """Return the sum of weight times log(1 + rest) - label.

    With u = fl(1 + rest) and what that has lost, l = rest - (u - 1): log(1 + rest) = log u + l / u. Where the
    losses are not small, logs are taken of products of eight u, which rounds by less than 1e-15 for each.
    """
    u = 1.0 + rest
    lost = u - 1.0
    np.subtract(rest, lost, out=lost)
    lost /= u
    lost -= label
    if weights is None:
        n = len(u) - len(u) % 8
        products = np.multiply.reduce(u[:n].reshape(8, -1), axis=0)
        total = _total(np.log(products), None) + _total(np.log(u[n:]), None) + _total(lost, None)
        if total > _NOT_SMALL * len(u):
            return total
    lost += np.log(u, out=u)
    return _total(lost, weights)


_NOT_SMALL = 2.0**-6


def _total(values: Float64, weights: Float64 | None) -> float:
    return float(np.add.reduce(values if weights is None else values * weights))


_REACH = 80.0  # beyond so large a distance p w^9 is below 3e-18


def step(expansion: Expansion) -> tuple[float, float]:
    """Return the relative step e from b to where the slope is 0, and a bound of its error.

    The bound holds the rounding of the sums and what the next cumulant adds; it is infinite where the
    polynomial has no such root nearby.
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
    power = expansion.ratio.numerator if expansion.ratio else 0  # multiplies the error of what is raised
    rounding = (4.0 + 2.0 * power) * np.finfo(float).eps * (expansion.size / slope + 1.0)
    return e, float(rounding + _beyond(expansion, e) / slope)


def _beyond(expansion: Expansion, e: float) -> float:
    """Return a bound of what the cumulant of the next order adds to the slope at the step e."""
    order = expansion.order
    size = abs(expansion.following) + _REACH * expansion.moment + 3e-18 * expansion.weight
    return size * abs(e) ** order / math.factorial(order)


def _slope_at(slopes: Float64, e: float) -> tuple[float, float]:
    """Return the slope at the relative step e, and its derivative."""
    powers = [e**m / math.factorial(m) for m in range(len(slopes))]
    value = math.fsum(k * power for k, power in zip(slopes[1:], powers, strict=False))
    return value, math.fsum(k * power for k, power in zip(slopes[2:], powers, strict=False))


def loss_at(expansion: Expansion, e: float) -> float:
    """Return the sum of weight times loss at the relative step e."""
    terms = [k * e**m / math.factorial(m) for m, k in enumerate(expansion.slopes) if m > 0]
    return math.fsum([expansion.loss, *terms])


def standard_error(expansion: Expansion, e: float) -> float:
    """Return the relative standard error of the temperature at the step e, by the sandwich.

    With g the slope of a row with respect to log b and v its curvature: sqrt(sum w^2 g^2) / sum w v.
    Source: White, Maximum likelihood estimation of misspecified models (1982).
    """
    _, curvature = _slope_at(expansion.slopes, e)
    squares = float(expansion.squares @ [1.0, e, e * e])
    return math.sqrt(max(squares, 0.0)) / (curvature * (1.0 + e))
