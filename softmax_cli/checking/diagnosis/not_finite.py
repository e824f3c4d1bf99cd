"""Answers that show what is wrong without a formula: nothing but zeros, nan, and infinities."""

import numpy as np

from softmax_cli.checking.catalogue.mistake import RIGHT
from softmax_cli.checking.diagnosis.diagnosis import Cause
from softmax_cli.checking.inputs import Array, Inputs, Kind

_NOTHING = 1e-14
_OVERFLOW = 709.0
_UNDERFLOW = -745.0

_LOG_OF_ZERO = Cause(
    "log-of-zero",
    "the logarithm of a probability that is too small for a double: -inf",
    "exp(z - max) underflows to 0 below -745, and log 0 is -inf; the log-probability itself is a number.",
    "never take the log of softmax: log p = z - max - log(sum(exp(z - max)))",
    "log(softmax(z))",
    RIGHT["log-softmax", "log-probabilities"],
)
_MASKED = Cause(
    "masked-class",
    "a masked class (-inf) gives nan",
    "0 times -inf, and inf - inf, are nan; the derivative of a masked class is 0.",
    "multiply by p only where p > 0, and subtract a finite maximum",
)
_NOT_FINITE = Cause(
    "not-finite",
    "the answer holds nan or inf where the truth is a number",
    "A division by 0, a logarithm of 0 or less, or 0 times inf.",
    "look for a division or a logarithm without a guard",
)


def plain_causes(kind: Kind, got: Array, expected: Array) -> tuple[Cause, ...]:
    """Return the cause where the answer needs no formula to see it: nothing but zeros."""
    if not np.abs(got).max() <= _NOTHING * np.abs(expected).max() or not np.any(expected):
        return ()
    return (
        Cause(
            "all-zero",
            "every entry is 0",
            "Three usual causes: an integer array that the result was written into cuts every entry to 0; "
            "the rows of J were summed, and sum to 0; or the result was detached and never filled.",
            "make the buffer float (np.zeros(..., dtype=float)), and return J itself, not J.sum()",
        ),
    )


def not_finite(inputs: Inputs, got: Array, expected: Array) -> tuple[Cause, ...]:
    """Return why some answers are nan or infinite where the truth is a number."""
    bad = ~np.isfinite(got) & np.isfinite(expected)
    rows = np.flatnonzero(bad.reshape(len(got), -1).any(axis=1))
    if rows.size == 0:
        return ()
    if bool(np.all(got[bad] == -np.inf)):
        return (_LOG_OF_ZERO,)
    with np.errstate(invalid="ignore"):
        top = (inputs.z.max(axis=1) / inputs.temperature)[rows]
    if (top > _OVERFLOW).any():
        return (_no_shift("overflows to inf"),)
    if (top < _UNDERFLOW).any():
        return (_no_shift("underflows to 0"),)
    return (_NOT_FINITE if np.isfinite(inputs.z[rows]).all() else _MASKED,)


def _no_shift(what: str) -> Cause:
    return Cause(
        "no-shift",
        f"the maximum is not subtracted before the exponential: exp {what}, and the result is nan or inf",
        "exp(z) is inf above 709, and all are 0 below -745: inf / inf and 0 / 0 are nan.",
        "e = np.exp(z / T - (z / T).max()); p = e / e.sum()",
        "exp(z_i) / sum_j exp(z_j), as it stands",
        "exp(z_i - max z) / sum_j exp(z_j - max z)",
    )
