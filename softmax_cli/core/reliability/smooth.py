"""The smooth calibration error: no bins, and the width of the smoothing chosen by the error itself.

With a Gaussian kernel reflected at 0 and 1, the smoothed residual is a cosine series,

    f(t) = a_0 + 2 sum_k a_k exp(-(k pi sigma)^2 / 2) cos(k pi t),    a_k = mean((r - c) cos(k pi c)),

so that a kernel of any width costs no more than a Fourier transform. smECE_sigma is the integral of abs(f),
and smECE is where smECE_sigma = sigma.

Source: Blasiok, Nakkiran, Smooth ECE: principled reliability diagrams via kernel smoothing (2023).
"""

import math

import numpy as np
from numpy.typing import NDArray

from softmax_cli.core.arrays import Float64

GRID = 1 << 18
"""Intervals of [0, 1] that masses are spread over: the series is then within 1e-12."""
FINEST = 1 << 22

_DIRECTLY = 1 << 21  # products for the roots of wide kernels; narrow ones have small triangles there
_PER_WIDTH = 256  # points a kernel's width: a sign that is missed between two changes 1e-11
_NARROW = 0.01  # below, a quarter of them will do: errors go with the square of the width


def smooth_error(c: Float64, residual: Float64) -> float:
    """Return smECE within 1e-9.

    `residual` is weight times (r - c), the weights summing to 1.

    Examples
    --------
    >>> round(smooth_error(np.array([0.9, 1.0]), np.array([-0.09, 0.0])), 9)
    0.09
    """
    size = float(np.abs(residual).sum())
    least = abs(math.fsum(residual.tolist()))
    if size - least <= 1e-15:
        return least
    series = cosine_series(c, residual, GRID)
    found = _fixed_point(series, least, size)
    if found * GRID < 32.0:  # too narrow for the grid
        found = _fixed_point(cosine_series(c, residual, FINEST), least, size)
    return found


def _fixed_point(series: Float64, low: float, high: float) -> float:
    """Return the sigma where smECE_sigma = sigma: it falls as sigma grows (bisection and false position)."""
    least = max(low, 8.0 / len(series))
    at_high = at_width(series, high) - high
    while True:  # wide kernels cost least
        low = max(least, high / 4.0)
        at_low = at_width(series, low) - low
        if at_low > 0.0 or low == least:
            break
        high, at_high = low, at_low
    if at_low <= 0.0:
        return at_low + low
    for i in range(200):
        guess = low + (high - low) * at_low / (at_low - at_high) if i % 3 else 0.5 * (low + high)
        value = at_width(series, guess) - guess
        if abs(value) < 1e-13 or high - low < 1e-13:
            return guess
        if value > 0.0:
            low, at_low = guess, value
        else:
            high, at_high = guess, value
    return 0.5 * (low + high)


def cosine_series(c: Float64, masses: Float64, grid: int) -> Float64:
    """Return sum of mass times cos(k pi c) for k = 0 to grid, by cubic interpolation of the cosines."""
    place = np.minimum(np.floor(c * grid), grid - 1).astype(np.int64)
    x = c * grid - place
    spread = np.zeros(grid + 1)
    for offset, share in (
        (-1, -x * (x - 1.0) * (x - 2.0) / 6.0),
        (0, (x + 1.0) * (x - 1.0) * (x - 2.0) / 2.0),
        (1, -(x + 1.0) * x * (x - 2.0) / 2.0),
        (2, (x + 1.0) * x * (x - 1.0) / 6.0),
    ):
        node = np.abs(place + offset)
        node = np.where(node > grid, 2 * grid - node, node)
        spread += np.bincount(node, masses * share, minlength=grid + 1)
    even = np.concatenate([spread, spread[-2:0:-1]])
    even[1:grid] /= 2.0
    even[grid + 1 :] /= 2.0
    series: Float64 = np.fft.rfft(even).real
    return series


def at_width(series: Float64, sigma: float) -> float:
    """Return smECE_sigma: the integral of the size of the smoothed residual."""
    most = min(len(series), int(9.2 / (math.pi * sigma)) + 2)
    k = np.arange(most)
    a = 2.0 * series[:most] * np.exp(-0.5 * (k * math.pi * sigma) ** 2)
    a[0] = series[0]
    per_width = _PER_WIDTH if sigma > _NARROW else _PER_WIDTH // 4
    points = max(512, 1 << math.ceil(math.log2(per_width / sigma)))
    f = _on_grid(a.astype(complex), points)
    integral = np.zeros(most, complex)
    integral[1:] = -1j * a[1:] / (k[1:] * math.pi)
    f_integral = _on_grid(integral, points) + a[0] * np.arange(points + 1) / points
    changes = np.flatnonzero((f[:-1] > 0.0) != (f[1:] > 0.0))
    if len(changes) * most <= _DIRECTLY:
        roots = _roots(a, k, changes / points, (changes + 1) / points, f[changes])
        at_roots = a[0] * roots + np.sin(math.pi * np.outer(roots, k[1:])) @ (a[1:] / (k[1:] * math.pi))
    else:  # f is straight between points: the triangle up to the root
        at_roots = f_integral[changes] + 0.5 * f[changes] ** 2 / (f[changes] - f[changes + 1]) / points
    ends = np.concatenate([[0.0], at_roots, [f_integral[-1]]])
    return float(np.abs(np.diff(ends)).sum())


def _on_grid(coefficients: NDArray[np.complex128], points: int) -> Float64:
    """Return sum of Re(coefficient_k exp(i k pi t)) at t = 0, 1 / points, ..., 1."""
    spectrum = np.zeros(points + 1, complex)
    most = min(points, len(coefficients))
    spectrum[:most] = coefficients[:most] * points
    spectrum[0] *= 2.0
    values: Float64 = np.fft.irfft(spectrum, 2 * points)[: points + 1]
    return values


def _roots(a: Float64, k: NDArray[np.int64], low: Float64, high: Float64, at_low: Float64) -> Float64:
    """Return the roots between low and high, by bisection; the integral has only the square of an error."""
    positive = at_low > 0.0
    for _ in range(24):
        middle = 0.5 * (low + high)
        same = (np.cos(math.pi * np.outer(middle, k)) @ a > 0.0) == positive
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    roots: Float64 = 0.5 * (low + high)
    return roots


def smooth_errors(c: Float64, residuals: Float64) -> Float64:
    """Return smECE of many sequences over the same confidences, (m, n), within 1 % of each.

    Enough to see what a calibrated model would show: the width is halved until it is right to 1/256 of it.
    """
    k = np.arange(_TERMS)
    series = residuals @ np.cos(math.pi * np.outer(c, k))
    t = np.linspace(0.0, 1.0, 2 * _TERMS + 1)
    cosines = np.cos(math.pi * np.outer(k, t))
    low = np.zeros(len(series))
    high = np.maximum(np.abs(residuals).sum(axis=1), 1e-12)
    for _ in range(14):
        sigma = 0.5 * (low + high)
        a = 2.0 * series * np.exp(-0.5 * (math.pi * np.outer(sigma, k)) ** 2)
        a[:, 0] = series[:, 0]
        f = np.abs(a @ cosines)
        value = (f[:, 1:] + f[:, :-1]).sum(axis=1) / (4 * _TERMS)
        low, high = np.where(value > sigma, sigma, low), np.where(value > sigma, high, sigma)
    errors: Float64 = 0.5 * (low + high)
    return errors


_TERMS = 256
