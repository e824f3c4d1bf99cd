"""The exact temperature, by mpmath: the root of the slope of the loss, for the doubles as they are."""

from typing import Any

import mpmath
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def exact_temperature(z: Floats, y: NDArray[Any], weights: Floats | None = None, near: float = 1.0) -> Any:
    """Return T with 40 digits, for labels or distributions y, by Newton's method from `near`."""
    with mpmath.workdps(40):
        b = 1 / mpmath.mpf(near)
        w = np.ones(len(z)) if weights is None else weights
        rows = [_row(z[i], y[i], float(w[i])) for i in range(len(z)) if w[i] > 0]
        for _ in range(60):
            slope = curvature = mpmath.mpf(0)
            for d, label, weight in rows:
                e = [mpmath.exp(b * x) for x in d]
                total = mpmath.fsum(e)
                mean = mpmath.fsum(p * x for p, x in zip(e, d, strict=True)) / total
                square = mpmath.fsum(p * (x - mean) ** 2 for p, x in zip(e, d, strict=True)) / total
                slope += weight * (mean - label)
                curvature += weight * square
            step = slope / curvature
            b -= step
            if abs(step) < abs(b) * mpmath.mpf(10) ** -30:
                return 1 / b
        raise AssertionError("no convergence: start nearer")


def _row(z: Floats, y: Any, weight: float) -> tuple[list[Any], Any, float]:
    exact = [mpmath.mpf(float(value)) for value in z]
    top = max(exact)
    d = [value - top for value in exact if value != mpmath.ninf]
    if np.ndim(y):
        label = mpmath.fsum(mpmath.mpf(float(v)) * (x - top) for v, x in zip(y, exact, strict=True) if v > 0)
    else:
        label = exact[int(y)] - top
    return d, label, weight
