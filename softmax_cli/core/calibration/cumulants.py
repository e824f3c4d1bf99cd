"""The loss near an inverse temperature b, as a polynomial in the relative step from it.

With w = b (z - max z) and p = softmax(w), the loss of a row at b (1 + e) is

    log sum_j exp(w_j (1 + e)) - (1 + e) w_y = loss(b) + (k_1 - w_y) e + k_2 e^2 / 2 + k_3 e^3 / 6 + ...

with k_m the cumulants of w under p: the mean, the variance, and so on. Sums of them over rows, which add up
from parts, are all that is needed to find the best b nearby: one pass, however many rows there are.
"""

import math
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from softmax_cli.core.arrays import Float64
from softmax_cli.core.kernels.blocks import FEW, Block, blocks, quiet
from softmax_cli.core.kernels.threads import in_parts
from softmax_cli.core.labelled import Labelled

ORDER = 8
"""The highest cumulant."""

LEAST = -700.0
"""What is below it counts as it: its probability is below 1e-304."""

_VALUES = (1 << 14, 1 << 15)  # numbers in a block, by the axis of its classes


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
        """Add the sums over other rows."""
        self.rows += other.rows
        self.weight += other.weight
        self.loss += other.loss
        self.slopes += other.slopes
        self.size += other.size
        self.eighth += other.eighth
        self.squares += other.squares
        self.plain_loss += other.plain_loss
        firsts = [first for first in (self.first_masked, other.first_masked) if first is not None]
        self.first_masked = min(firsts, default=None)

    def add(self, rows: Labelled, *, order: int = ORDER) -> None:
        """Add some rows; with `order` 2 only what a Newton step needs."""

        def work(start: int, stop: int) -> None:
            part = Expansion(self.b, self.scale)
            with quiet():
                values = _VALUES[0 if rows.k <= FEW else 1]
                for block in blocks(rows.logits, start=start, stop=stop, values=values):
                    part._add_block(rows, block, order)
            parts[start] = part

        parts: dict[int, Expansion] = {}
        in_parts(work, len(rows), rows.z.size)
        for start in sorted(parts):
            self.merge(parts[start])

    def _add_block(self, rows: Labelled, block: Block, order: int) -> None:
        weights = None if rows.weights is None else rows.weights[block.start : block.stop]
        row = RowsAt(rows, block, self.b, self.scale)
        masked = row.masked if weights is None else row.masked & (weights > 0.0)
        if masked.any():
            if self.first_masked is None:
                self.first_masked = rows.number(block.start + int(np.argmax(masked)))
            return
        if weights is not None:
            np.copyto(row.label, 0.0, where=weights == 0.0)
        self.rows += len(row.label)
        self.weight += float(len(row.label) if weights is None else weights.sum())
        self.slopes[1] += _total(row.slope, weights)
        self.size += _total(np.abs(row.slope), weights)
        self.loss += _total(row.loss, weights)
        if order == 2:
            self.slopes[2] += _total(row.variance(), weights)
            return
        plain = row if self.b * self.scale == 1.0 else RowsAt(rows, block, 1.0 / self.scale, self.scale)
        self.plain_loss += _total(plain.loss, weights)
        k = row.cumulants()
        for m in range(2, ORDER + 1):
            self.slopes[m] += _total(k[m], weights)
        self.eighth += _total(k[0], weights)
        square = None if weights is None else weights * weights
        g = row.slope
        self.squares[0] += _total(g * g, square)
        self.squares[1] += 2.0 * _total(g * k[2], square)
        self.squares[2] += _total(k[2] * k[2] + g * k[3], square)


def _total(values: Float64, weights: Float64 | None) -> float:
    return float(np.add.reduce(values) if weights is None else np.add.reduce(values * weights))


class RowsAt:
    """One block at an inverse temperature b: what each row, (n,), adds to the sums."""

    def __init__(self, rows: Labelled, block: Block, b: float, scale: float) -> None:
        self.axis = block.axis
        self.k = rows.k
        d = block.z - block.top if scale == 1.0 else block.z * scale - block.top * scale
        place = slice(block.start, block.stop)
        self.label = _at_label(d, rows, block, place)
        self.masked = np.isneginf(self.label)
        if self.masked.any():  # or a distance that is no double
            self.masked = np.isneginf(_at_label(block.z, rows, block, place))
        self.label *= b
        d *= b
        self.w = np.maximum(d, LEAST, out=d)
        self.e = np.exp(self.w)

    @cached_property
    def _rest_and_tops(self) -> tuple[Float64, "Float64 | int"]:
        """The sum of all exponentials but those of the largest logits, and how many these are."""
        below = self.w < 0.0
        rest = self._sum(self.e * below)
        if int(np.count_nonzero(below)) == below.size - rest.size:
            return rest, 1
        return rest, self.k - self._sum(below.astype(np.float64))

    @property
    def tops(self) -> Float64:
        """How many classes are tied at the top."""
        rest, tops = self._rest_and_tops
        return np.broadcast_to(np.asarray(tops, np.float64), rest.shape)

    @cached_property
    def total(self) -> Float64:
        """The sum of all exponentials."""
        return self._sum(self.e)

    @cached_property
    def mean(self) -> Float64:
        """The first cumulant."""
        return self._dot(self.e, self.w) / self.total

    @cached_property
    def slope(self) -> Float64:
        """The mean less w_y."""
        return self.mean - self.label

    @property
    def loss(self) -> Float64:
        """The loss: log sum exp(w) - w_y."""
        rest, tops = self._rest_and_tops
        loss: Float64 = _log1p(rest + (tops - 1)) - self.label
        return loss

    def variance(self) -> Float64:
        """Return the second cumulant."""
        c = self.w - self._kept(self.mean)
        c *= c
        variance: Float64 = self._dot(self.e, c) / self.total
        return variance

    def cumulants(self) -> list[Float64]:
        """Return the cumulants of order 2 to `ORDER`, each at its place, and the eighth moment at 0.

        Destroys w and e.
        """
        over = 1.0 / self.total
        c, second = self.w, self.e
        c -= self._kept(self.mean)
        c2 = c * c
        second *= c2
        c *= second
        m2, m3 = self._sum(second) * over, self._sum(c) * over
        m5 = self._dot(c, c2) * over
        second *= c2
        m4, m6 = self._sum(second) * over, self._dot(second, c2) * over
        c2 *= c2
        m7, m8 = self._dot(c, c2) * over, self._dot(second, c2) * over
        m22, m33 = m2 * m2, m3 * m3
        return [
            *(m8, m2),  # place 1 is not used
            *(m2, m3, m4 - 3.0 * m22, m5 - 10.0 * m3 * m2),
            m6 - 15.0 * m4 * m2 - 10.0 * m33 + 30.0 * m22 * m2,
            m7 - 21.0 * m5 * m2 - 35.0 * m4 * m3 + 210.0 * m3 * m22,
            m8
            - 28.0 * m6 * m2
            - 56.0 * m5 * m3
            - 35.0 * m4 * m4
            + (420.0 * m4 * m22 + 560.0 * m33 * m2)
            - 630.0 * m22 * m22,
        ]

    def _sum(self, values: Float64) -> Float64:
        total: Float64 = np.add.reduce(values, axis=self.axis)
        return total

    def _dot(self, a: Float64, b: Float64) -> Float64:
        if self.axis == 0:
            return self._sum(a * b)
        product: Float64 = np.einsum("ij,ij->i", a, b)
        return product

    def _kept(self, values: Float64) -> Float64:
        return np.expand_dims(values, self.axis)


def _at_label(d: Float64, rows: Labelled, block: Block, place: slice) -> Float64:
    """Return d at the label of each row; of a distribution its mean."""
    if rows.target is not None:
        target = rows.target[place]
        n = len(target)
        index = target * n + np.arange(n) if block.axis == 0 else np.arange(n) * rows.k + target
        at_label: Float64 = np.ascontiguousarray(d).ravel().take(index)
        return at_label
    assert rows.soft is not None
    soft = block.lay(rows.soft)
    mean: Float64 = np.add.reduce(np.where(soft > 0.0, soft * d, 0.0), axis=block.axis)
    return mean


def _log1p(x: Float64) -> Float64:
    """Return log(1 + x) within 3 ulp for x >= 0: numpy's own takes five times as long.

    Source: Kahan, in the HP-15C Advanced Functions Handbook (1982).
    """
    u = 1.0 + x
    d = u - 1.0
    exact = d == 0.0
    d += exact
    result: Float64 = np.log(u) * (x / d)
    result += x * exact
    return result


_NINTH = 512.0  # abs(k_9) is at most so many ninth absolute moments, near b too


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
    ninth = _NINTH * -LEAST * expansion.eighth
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
