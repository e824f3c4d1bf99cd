"""Answers that show what is wrong without a formula: nothing but zeros, nan, and infinities."""

import numpy as np

from softmax_cli.checking.diagnosis.diagnosis import Cause
from softmax_cli.checking.inputs import Array, Inputs

_NOTHING = 1e-14
_OVERFLOW = 709.0
_UNDERFLOW = -745.0


def plain_causes(got: Array, expected: Array) -> tuple[Cause, ...]:
    """Return the cause where the answer needs no formula to see it: nothing but zeros."""
    if not np.abs(got).max() <= _NOTHING * np.abs(expected).max() or not np.any(expected):
        return ()
    return (Cause.of("all-zero"),)


def not_finite(inputs: Inputs, got: Array, expected: Array) -> tuple[Cause, ...]:
    """Return why some answers are nan or infinite where the truth is a number."""
    bad = ~np.isfinite(got) & np.isfinite(expected)
    rows = np.flatnonzero(bad.reshape(len(got), -1).any(axis=1))
    if rows.size == 0:
        return ()
    if bool(np.all(got[bad] == -np.inf)):
        return (Cause.of("log-of-zero"),)
    with np.errstate(invalid="ignore"):
        highest, lowest = inputs.z.max(axis=1) / inputs.temperature, inputs.z.min(axis=1) / inputs.temperature
    top = highest[rows]
    extreme = (highest > _OVERFLOW) | (highest < _UNDERFLOW)
    bearable = extreme & (highest - lowest < _OVERFLOW)
    if bearable.any() and not np.isin(np.flatnonzero(bearable), rows).any():  # it subtracts the maximum
        return (Cause.of("zero-probability"),)
    if (top > _OVERFLOW).any():
        return (Cause.of("no-shift", fails="overflows to inf"),)
    if (top < _UNDERFLOW).any():
        return (Cause.of("no-shift", fails="underflows to 0"),)
    return (Cause.of("not-finite" if np.isfinite(inputs.z[rows]).all() else "masked-class"),)
