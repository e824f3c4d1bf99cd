"""What one logit changes: each function along z_j + h, real h or complex, as a vector times a number.

With e_j = exp((z_j - m) / T) for one m, S their sum, R_j the sum of the others, p = e / S, w = exp(h / T) and
u_j = p_j (w - 1), logit j moves only e_j, and S by the factor 1 + u_j:

    softmax        p_i = p_i / (1 + u_j)               p_j = e_j / (e_j + R_j / w)
    log-softmax    log p_i = const - log(1 + u_j)      log p_j = -log(1 + (R_j / e_j) / w)
    sigmoid        no other                            s_j = 1 / (1 + exp(-z_j / T) / w)
    cross-entropy  L = const + log(1 + u_j)            L = log(1 + (R_t / e_t) / w) for the target t

The forms on the right never subtract p from 1, so that a saturated class keeps its digits. Real steps are
taken in the usual way, rounding included; for complex steps constants are left out, and values are
held times 2^200, so that p_j times a small step does not underflow before p_j does. The arithmetic is that of
doubles, or any other with exp, expm1 and log1p of an array: mpmath's gives as many digits as are wanted.
"""

import sys
from collections.abc import Callable
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from softmax_cli.core.kernels.blocks import quiet
from softmax_cli.core.kernels.compensated import shifted

Array: TypeAlias = NDArray[np.float64]
Values: TypeAlias = NDArray[Any]
Step: TypeAlias = Values | complex
"""Of each logit, or one for all, along the imaginary axis."""
HELD = 2.0**200
_TINY = 1e-100
_LEAST, _MOST = 5e-324, sys.float_info.max / 4
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


class ElementaryFunctions(NamedTuple):
    """Functions of an array, and exp((z - top) / T), to a few ulp whatever the size of z."""

    exp: Callable[[Any], Any]
    expm1: Callable[[Any], Any]
    log1p: Callable[[Any], Any]
    scaled_exp: Callable[[Values, Values, Any], Values]


class Logits:
    """Logits with e_j, R_j, p_j and 1 - p_j, each to a few ulp of the arithmetic.

    Parameters
    ----------
    z
        Shape (..., k).
    temperature
        T, finite and above 0.
    arithmetic
        What they are computed in.
    """

    def __init__(self, z: Values, temperature: Any, arithmetic: ElementaryFunctions | None = None) -> None:
        self.z = z
        self.temperature = temperature
        self.arithmetic = arithmetic or DOUBLES

    @cached_property
    def e(self) -> Values:
        """e_j, with m = 0 where that is safe, else the largest logit."""
        z, t = self.z, self.temperature
        top = np.maximum.reduce(z, axis=-1, keepdims=True)
        if t == 1.0 and top.min() >= 0.0 and top.max() <= _UNSHIFTED:
            return np.asarray(self.arithmetic.exp(z))  # no difference, no quotient: only exp rounds
        return self.arithmetic.scaled_exp(z, top, t)

    @cached_property
    def _sums(self) -> tuple[Values, Values, Values]:
        e = self.e
        total = np.add.reduce(e, axis=-1, keepdims=True)
        others, p = total - e, e / total
        most = p > 0.5
        if most.any():  # total - e would leave nothing of the others: theirs is summed anew
            np.copyto(others, np.add.reduce(e * ~most, axis=-1, keepdims=True), where=most)
        return others, p, others / total

    @property
    def others(self) -> Values:
        """R_j."""
        return self._sums[0]

    @property
    def p(self) -> Values:
        """The probabilities."""
        return self._sums[1]

    @property
    def rest(self) -> Values:
        """1 - p_j."""
        return self._sums[2]

    @cached_property
    def ratio(self) -> Values:
        """R_j / e_j; nearly infinite for a masked class."""
        with np.errstate(over="ignore"):
            return np.minimum(self.others / np.where(self.e == 0.0, _LEAST, self.e), _MOST)

    def growth(self, h: Step) -> Values:
        """u_j = p_j (w - 1)."""
        return np.asarray(self.p * self.arithmetic.expm1(h / self.temperature))

    def shrunk(self, h: Step) -> Values:
        """1 / (1 + u_j)."""
        u = self.growth(h)
        return -HELD * u / (1.0 + u) if isinstance(h, complex) else HELD / (1.0 + u)

    def log_growth(self, h: Step) -> Values:
        """log(1 + u_j)."""
        return self._log_of_one_plus(self.growth(h))

    def own(self, h: Step) -> Values:
        """p_j = e_j / (e_j + R_j / w)."""
        moved = self.e + self.others * self.arithmetic.exp(-h / self.temperature)
        return np.asarray(HELD * self.e / moved)

    def own_log(self, h: Step) -> Values:
        """-log p_j = log(1 + (R_j / e_j) / w)."""
        return self._log_of_one_plus(self.ratio * self.arithmetic.exp(-h / self.temperature))

    def _log_of_one_plus(self, u: Values) -> Values:
        with np.errstate(over="ignore"):  # of the branch not taken
            return np.where(np.abs(u) < _TINY, HELD * u, HELD * self.arithmetic.log1p(u))


def _scaled_exp(z: Array, top: Array, temperature: float) -> Array:
    endless = np.isposinf(top)
    if endless.any():  # +inf makes a vector one-hot
        z, top = np.where(endless, np.where(z == top, 0.0, -np.inf), z), np.where(endless, 0.0, top)
    with quiet():
        q, low = shifted(z, top, temperature)
        e: Array = np.exp(q) * (1.0 + low)
    return e


DOUBLES = ElementaryFunctions(np.exp, np.expm1, np.log1p, _scaled_exp)


def _softmax(x: Logits, target: ArrayLike | None) -> Columns:
    return Columns(
        rows=x.p,
        off=x.shrunk,
        diagonal=x.own,
        off_size=1.0,
        off_spread=x.p,
        diagonal_size=x.p,
        diagonal_spread=x.p * x.rest,
    )


def _log_softmax(x: Logits, target: ArrayLike | None) -> Columns:
    return Columns(
        rows=np.ones_like(x.p),
        off=lambda h: -x.log_growth(h),
        diagonal=lambda h: -x.own_log(h),
        off_size=1.0,
        off_spread=x.p,
        diagonal_size=1.0 + x.arithmetic.log1p(x.ratio),
        diagonal_spread=x.rest,
    )


def _sigmoid(x: Logits, target: ArrayLike | None) -> Columns:
    # s(z) = 1 - s(-z): the smaller of the two is differentiated, and the sign turned back.
    zeros = np.zeros_like(x.z)
    small = x.arithmetic.scaled_exp(-np.abs(x.z), zeros, x.temperature)
    sign = np.where(x.z > 0.0, -1.0, 1.0)

    def diagonal(h: Step) -> Values:
        moved = small * x.arithmetic.exp(sign * h / x.temperature)
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


def _cross_entropy(x: Logits, target: ArrayLike | None) -> Columns:
    if target is None:
        raise ValueError("cross-entropy needs a target")
    is_target = np.arange(x.z.shape[-1]) == np.asarray(target)[..., None]
    zeros = np.zeros_like(x.p)
    return Columns(
        rows=zeros,
        off=lambda h: zeros * h,
        diagonal=lambda h: np.where(is_target, x.own_log(h), x.log_growth(h)),
        off_size=zeros,
        off_spread=zeros,
        diagonal_size=np.where(is_target, 1.0 + x.arithmetic.log1p(x.ratio), 1.0),
        diagonal_spread=np.where(is_target, x.rest, x.p),
    )


COLUMNS: dict[str, Callable[[Logits, ArrayLike | None], Columns]] = {
    "softmax": _softmax,
    "log-softmax": _log_softmax,
    "sigmoid": _sigmoid,
    "cross-entropy": _cross_entropy,
}
