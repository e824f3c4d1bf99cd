"""Thirteen wrong Jacobians, and plain right ones."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def plain_softmax(z: Array, t: float = 1.0) -> Array:
    """Return the textbook softmax."""
    e = np.exp(z / t - (z / t).max())
    return np.asarray(e / e.sum())


def plain_jacobian(z: Array, t: float = 1.0) -> Array:
    """diag(p) - p p^T, over T."""
    p = plain_softmax(z, t)
    return np.asarray((np.diag(p) - np.outer(p, p)) / t)


def wrong_jacobians(z: Array, t: float) -> dict[str, Array]:
    """Return what "no false pass" is about."""
    p, right = plain_softmax(z, t), plain_jacobian(z, t)
    k = len(p)
    off = 1 - np.eye(k)
    one_zeroed = right.copy()
    one_zeroed[0, 1] = 0
    twice = plain_softmax(p)
    return {
        "sign flipped": -right,
        "doubled": 2 * right,
        "all zero": 0 * right,
        "diagonal only": right * np.eye(k),
        "off-diagonal positive": np.abs(right),
        "diagonal p": right * off + np.diag(p) / t,
        "diagonal 1 - p": right * off + np.diag(1 - p) / t,
        "one entry zeroed": one_zeroed,
        "0.05 % scale": right * 1.0005,
        "delta forgotten": -np.outer(p, p) / t,
        "softmax twice": np.diag(twice) - np.outer(twice, twice),
        "T forgotten": plain_jacobian(z, 1.0),
        "T squared": right / t,
    }


def to_digits(values: Array, digits: int) -> Array:
    """Round to significant digits, as text does."""
    return np.array([float(f"{x:.{digits - 1}e}") for x in values.ravel()]).reshape(values.shape)
