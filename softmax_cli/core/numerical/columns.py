"""What one logit changes: each function along z_j + h, real h or complex, as a vector times a number.

With e_j = exp((z_j - m) / T) for one m, S their sum, R_j the sum of the others, p = e / S, w = exp(h / T) and
u_j = p_j (w - 1), logit j moves only e_j, and S by the factor 1 + u_j:

    softmax        p_i = p_i / (1 + u_j)               p_j = e_j / (e_j + R_j / w)
    log-softmax    log p_i = const - log(1 + u_j)      log p_j = -log(1 + (R_j / e_j) / w)
    sigmoid        no other                            s_j = 1 / (1 + exp(-z_j / T) / w)
    cross-entropy  L = const + log(1 + u_j)            L = log(1 + (R_t / e_t) / w) for the target t

The forms on the right never subtract p from 1, so that a saturated class keeps its digits. Real steps are
taken as anybody would take them, rounding included; for complex steps constants are left out, and values are
held times 2^200, so that p_j times a small step does not underflow before p_j does.
"""

import sys
from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array: TypeAlias = NDArray[np.float64]
Values: TypeAlias = NDArray[Any]
Step: TypeAlias = Values | complex
"""Of each logit, or one for all, along the imaginary axis."""
HELD = 2.0**200
_TINY = 1e-100


_UNSHIFTED = 500.0
"""exp of it, times HELD and the number of classes, is far from overflow."""


class Columns(NamedTuple):
    """f_i(z + h_j) = rows_i off_j(h_j) + const (i != j), f_j(z + h_j) = diagonal_j(h_j); arrays (..., k).

    `off` and `diagonal` are held times ``HELD``. ``off_size`` bounds what is added and subtracted on the way,
    ``off_spread`` the derivatives times T^n; so for `diagonal`.
    """

    rows: Array
    off: Callable[[Step], Values]
    diagonal: Callable[[Step], Values]
    off_size: Array | float
    off_spread: Array
    diagonal_size: Array
    diagonal_spread: Array


class _Sums(NamedTuple):
    """e_j, R_j, p_j and 1 - p_j, each to a few ulp."""

    e: Array
    others: Array
    p: Array
    rest: Array
    temperature: float

    @property
    def ratio(self) -> Array:
        """R_j / e_j; of a masked class no infinity, but nearly."""
        with np.errstate(divide="ignore", over="ignore"):
            return np.minimum(self.others / self.e, sys.float_info.max / 4)

    def growth(self, h: Step) -> Values:
        """u_j = p_j (w - 1)."""
        return np.asarray(self.p * np.expm1(h / self.temperature))

    def shrunk(self, h: Step) -> Values:
        """1 / (1 + u_j)."""
        u = self.growth(h)
        return -HELD * u / (1.0 + u) if isinstance(h, complex) else HELD / (1.0 + u)

    def log_growth(self, h: Step) -> Values:
        """log(1 + u_j)."""
        u = self.growth(h)
        return _log_of_one_plus(u) if isinstance(h, complex) else HELD * np.log(1.0 + u)

    def own(self, h: Step) -> Values:
        """p_j = e_j / (e_j + R_j / w)."""
        return np.asarray(HELD * self.e / (self.e + self.others * np.exp(-h / self.temperature)))

    def own_log(self, h: Step) -> Values:
        """-log p_j = log(1 + (R_j / e_j) / w)."""
        return _log_of_one_plus(self.ratio * np.exp(-h / self.temperature))


def _log_of_one_plus(u: Values) -> Values:
    with np.errstate(over="ignore"):  # of the branch not taken
        return np.where(np.abs(u) < _TINY, HELD * u, HELD * np.log1p(u))


def _sums(z: Array, temperature: float) -> _Sums:
    e = _exponentials(z, temperature)
    total = np.add.reduce(e, axis=-1, keepdims=True)
    others, p = total - e, e / total
    most = p > 0.5
    if most.any():  # total - e would leave nothing of the others: theirs is summed anew
        np.copyto(others, np.add.reduce(e * ~most, axis=-1, keepdims=True), where=most)
    return _Sums(e, others, p, others / total, temperature)


def _exponentials(z: Array, temperature: float) -> Array:
    """Return exp((z - m) / T), m being 0 where that is safe, else the largest logit."""
    top = np.maximum.reduce(z, axis=-1, keepdims=True)
    if temperature == 1.0 and top.min() >= 0.0 and top.max() <= _UNSHIFTED:
        return np.asarray(np.exp(z))  # no difference, no quotient: nothing rounds but exp itself
    with np.errstate(invalid="ignore", over="ignore"):
        d = np.where(z == top, 0.0, z - top)
        e: Array = np.exp(d / temperature) * (1.0 + _lost(z, top, d, temperature))
    return e


def _lost(z: Array, top: Array, d: Array, temperature: float) -> Array:
    """Return what rounding took from (z - top) / T: Knuth's TwoDiff, and the remainder of the division."""
    back = d - z
    lost = (z - (d - back)) - (top + back)
    if temperature != 1.0:
        lost += _remainder(d, d / temperature, temperature)
    return np.where(np.isfinite(lost), lost / temperature, 0.0)


def _remainder(d: Array, quotient: Array, temperature: float) -> Array:
    """Return d - quotient * T, exactly (Dekker's product: each factor is split into halves)."""
    splitter = 2.0**27 + 1.0
    a = splitter * quotient
    a_high = a - (a - quotient)
    b = splitter * temperature
    b_high = b - (b - temperature)
    a_low, b_low = quotient - a_high, temperature - b_high
    product = quotient * temperature
    error = ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low
    remainder: Array = (d - product) - error
    return remainder


def _softmax(z: Array, temperature: float, target: ArrayLike | None) -> Columns:
    x = _sums(z, temperature)
    return Columns(
        rows=x.p,
        off=x.shrunk,
        diagonal=x.own,
        off_size=1.0,
        off_spread=x.p,
        diagonal_size=x.p,
        diagonal_spread=x.p * x.rest,
    )


def _log_softmax(z: Array, temperature: float, target: ArrayLike | None) -> Columns:
    x = _sums(z, temperature)
    return Columns(
        rows=np.ones_like(x.p),
        off=lambda h: -x.log_growth(h),
        diagonal=lambda h: -x.own_log(h),
        off_size=1.0,
        off_spread=x.p,
        diagonal_size=1.0 + np.log1p(x.ratio),
        diagonal_spread=x.rest,
    )


def _sigmoid(z: Array, temperature: float, target: ArrayLike | None) -> Columns:
    # s(z) = 1 - s(-z): the smaller of the two is differentiated, and the sign turned back.
    size = np.abs(z)
    with np.errstate(invalid="ignore"):
        lost = _lost(size, np.zeros_like(size), size, temperature)
    small = np.exp(-size / temperature) * (1.0 - lost)
    sign = np.where(z > 0.0, -1.0, 1.0)
    zeros = np.zeros_like(z)

    def diagonal(h: Step) -> Values:
        moved = small * np.exp(sign * h / temperature)
        return np.asarray(sign * (HELD * moved) / (1.0 + moved))

    return Columns(
        rows=zeros,
        off=lambda h: zeros * h,
        diagonal=diagonal,
        off_size=zeros,
        off_spread=zeros,
        diagonal_size=small,
        diagonal_spread=small / (1.0 + small) ** 2,
    )


def _cross_entropy(z: Array, temperature: float, target: ArrayLike | None) -> Columns:
    if target is None:
        raise ValueError("cross-entropy needs a target")
    x = _sums(z, temperature)
    is_target = np.arange(z.shape[-1]) == np.asarray(target)[..., None]
    zeros = np.zeros_like(x.p)
    return Columns(
        rows=zeros,
        off=lambda h: zeros * h,
        diagonal=lambda h: np.where(is_target, x.own_log(h), x.log_growth(h)),
        off_size=zeros,
        off_spread=zeros,
        diagonal_size=np.where(is_target, 1.0 + np.log1p(x.ratio), 1.0),
        diagonal_spread=np.where(is_target, x.rest, x.p),
    )


COLUMNS: dict[str, Callable[[Array, float, ArrayLike | None], Columns]] = {
    "softmax": _softmax,
    "log-softmax": _log_softmax,
    "sigmoid": _sigmoid,
    "cross-entropy": _cross_entropy,
}
