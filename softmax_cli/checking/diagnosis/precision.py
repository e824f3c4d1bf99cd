"""Rounded answers: which grid an answer's own values lie on, and what that excuses.

Only an answer all of whose values lie on a grid is taken for rounded: a wrong factor moves them off it.
"""

from typing import NamedTuple

import numpy as np

from softmax_cli.checking.compare import EPS, noise
from softmax_cli.checking.inputs import Array, Inputs

_MOST_DIGITS = 12
_SAMPLE = 256
_NO_DIGITS = 1e-290
_TWO_DECIMALS = 0.05
"""The largest entry that two decimals may still tell."""


class Coarse(NamedTuple):
    """A floating-point type: its name in words, the distance from 1 to the next number, the smallest."""

    name: str
    eps: float
    tiny: float


_SINGLE = Coarse("single precision", 2.0**-23, 2.0**-126)
_TYPES = {
    "float32": _SINGLE,
    "float16": Coarse("half precision", 2.0**-10, 2.0**-24),
    "bfloat16": Coarse("bfloat16", 2.0**-7, 2.0**-126),
}


class Precision(NamedTuple):
    """How an answer's values were rounded, before they came here.

    Parameters
    ----------
    name
        In words: ``4 decimals``, ``6 significant digits``, ``single precision``.
    digits
        Significant digits, or None.
    decimals
        Digits after the point, or None.
    coarse
        The type with fewer digits than a double that they were, or look like, computed in; or None.
    """

    name: str
    digits: int | None = None
    decimals: int | None = None
    coarse: Coarse | None = None

    def allowance(self, expected: Array, inputs: Inputs, terms: Array) -> Array:
        """Return the absolute error that the rounding excuses, for each entry."""
        if self.decimals is not None:
            return np.full(expected.shape, 0.5000001 * 10.0**-self.decimals)
        rounding = np.zeros(expected.shape)
        if self.coarse is not None:
            plain = noise(inputs, self.coarse.eps)
            relative = plain[:, :, None] if expected.ndim == 3 else plain
            rounding = relative * np.maximum(np.abs(expected), terms) + 64.0 * self.coarse.tiny
        if self.digits is not None:
            with np.errstate(divide="ignore"):
                top = np.floor(np.log10(np.abs(expected) * (1.0 + 10.0**-self.digits)))
            half = np.where(expected == 0.0, 0.0, 0.5000001 * 10.0 ** (top - self.digits + 1))
            rounding = np.maximum(rounding, half)
        return rounding


def precision_of(got: Array, expected: Array, *, coarse: str = "") -> tuple[Precision, ...]:
    """Return the ways in which the values of `got` may have been rounded, the finest first.

    `coarse` is the type that the values are known to have been, if not double: float32, float16, bfloat16.
    """
    # What is nearly subnormal has no digits to lie on a grid with.
    values = got[np.isfinite(got) & (np.abs(got) > _NO_DIGITS)]
    if values.size == 0:
        lost = not got.any() and 0.0 < float(np.abs(expected).max()) < _SINGLE.tiny
        return (Precision(_SINGLE.name, coarse=_SINGLE),) if lost else ()
    found = []
    if coarse or _on_single_grid(values):
        found.append(Precision(_SINGLE.name, coarse=_SINGLE))
    if coarse in ("float16", "bfloat16"):
        found.append(Precision(_TYPES[coarse].name, coarse=_TYPES[coarse]))
    digits = _significant(values)
    if digits is not None:
        if digits >= 7:
            found.append(Precision(f"{digits} significant digits", digits=digits, coarse=_SINGLE))
        found.append(Precision(f"{digits} significant digits", digits=digits))
    decimals = _decimals(values, float(np.abs(expected).max()))
    if decimals is not None:
        found.append(Precision(f"{decimals} decimals", decimals=decimals))
    return tuple(found)


def _on_single_grid(values: Array) -> bool:
    with np.errstate(over="ignore", under="ignore"):
        return all(bool(np.all(part.astype(np.float32) == part)) for part in (values[:_SAMPLE], values))


def _significant(values: Array) -> int | None:
    """Return the fewest significant digits, from 3 on, that hold every value."""
    for digits in range(3, _MOST_DIGITS + 1):
        if all(_have_digits(part, digits) for part in (values[:_SAMPLE], values)):
            return digits
    return None


def _have_digits(values: Array, digits: int) -> bool:
    size = np.abs(values)
    exponent = np.clip(digits - 1 - np.floor(np.log10(size)), -300, 300)
    return _whole(size * 10.0**exponent)


def _decimals(values: Array, largest: float) -> int | None:
    """Return the fewest decimals that hold every value and leave the largest entry two digits.

    Two decimals, as people write them, may also leave it one that is not small.
    """
    if not 0.0 < largest < np.inf:
        return None
    fewest = max(0, int(np.ceil(1 - np.log10(largest) - 1e-9)))
    fewest = 2 if largest >= _TWO_DECIMALS and fewest == 3 else fewest
    for decimals in range(fewest, fewest + _MOST_DIGITS - 2):
        if all(_whole(np.abs(part) * 10.0**decimals) for part in (values[:_SAMPLE], values)):
            return decimals
    return None


def _whole(scaled: Array) -> bool:
    return bool(np.all(np.abs(scaled - np.rint(scaled)) <= 8.0 * EPS * scaled))
