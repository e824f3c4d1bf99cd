"""The smooth calibration error against its definition, by mpmath."""

from itertools import pairwise
from typing import Any

import mpmath
import numpy as np
import pytest

from softmax_cli.core.reliability import smooth
from softmax_cli.core.reliability.smooth import at_width, cosine_series, smooth_error, smooth_errors


def exact_at(c: Any, masses: Any, sigma: float) -> Any:
    """Return the integral of the size of the residual, smoothed by a reflected Gaussian of width sigma."""
    images = [
        (float(m), sign * float(a) + 2 * j)
        for m, a in zip(masses, c, strict=True)
        for sign in (1, -1)
        for j in (-1, 0, 1)
    ]

    def f(t: Any) -> Any:
        return mpmath.fsum(m * mpmath.npdf(t - a, 0, sigma) for m, a in images)

    def integral(t: Any) -> Any:
        return mpmath.fsum(m * mpmath.ncdf((t - a) / sigma) for m, a in images)

    grid = [mpmath.mpf(i) / 60 for i in range(61)]
    values = [f(t) for t in grid]
    ends = [mpmath.mpf(0)]
    ends += [
        mpmath.findroot(f, (grid[i], grid[i + 1]), solver="anderson")
        for i in range(60)
        if values[i] * values[i + 1] < 0
    ]
    ends.append(mpmath.mpf(1))
    return mpmath.fsum(abs(integral(b) - integral(a)) for a, b in pairwise(ends))


@pytest.mark.parametrize("n", [4, 9, 15])
def test_the_fixed_point(n: int) -> None:
    """At the width found, the smoothed error is that width, within 1e-9."""
    rng = np.random.default_rng(n)
    c = rng.random(n)
    masses = ((rng.random(n) < c) - c) / n
    found = smooth_error(c, masses)
    with mpmath.workdps(20):
        assert float(exact_at(c, masses, found)) == pytest.approx(found, abs=1e-9)


def test_mass_at_the_ends_counts() -> None:
    """900 rows at 1.0 right and 100 at 0.9 wrong: 0.09, where reflection by cells drops the last one."""
    c = np.array([1.0, 0.9])
    assert smooth_error(c, np.array([0.0, -0.09])) == pytest.approx(0.09, abs=1e-12)


def test_nothing_wrong() -> None:
    """Without residuals the error is 0."""
    assert smooth_error(np.array([0.0, 1.0]), np.zeros(2)) == 0.0


def test_the_widths_for_references_are_close() -> None:
    """The coarse errors of many sequences are within 1 % of the exact ones."""
    rng = np.random.default_rng(3)
    c = np.sort(rng.random(300) ** 0.5)
    residuals = ((rng.random((5, 300)) < c) - c) / 300
    exact = [smooth_error(c, residual) for residual in residuals]
    np.testing.assert_allclose(smooth_errors(c, residuals), exact, rtol=0.01)


def test_narrow_kernels() -> None:
    """A width far below the distance of the confidences leaves every residual by itself."""
    c = np.array([0.2, 0.4, 0.7])
    masses = np.array([0.1, -0.2, 0.15])
    assert at_width(cosine_series(c, masses, 1 << 14), 0.004) == pytest.approx(0.45, abs=1e-9)


def test_the_cosines_are_exact_at_the_nodes() -> None:
    """Both ends included, for every frequency."""
    c, masses = np.array([0.0, 0.125, 0.5, 0.875, 1.0]), np.array([0.3, -0.2, 0.5, 0.7, -0.4])
    k = np.arange(9)[:, None]
    np.testing.assert_allclose(
        cosine_series(c, masses, 8), (masses * np.cos(k * np.pi * c)).sum(1), atol=1e-14
    )


def test_roots_by_triangles_are_as_good(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there are many signs, the triangles up to the roots give what bisection gives."""
    c = np.linspace(0.02, 0.98, 13)
    series = cosine_series(c, np.where(np.arange(13) % 2, 0.05, -0.04), 1 << 12)
    exact = at_width(series, 0.01)
    monkeypatch.setattr(smooth, "_DIRECTLY", 0)
    assert at_width(series, 0.01) == pytest.approx(exact, abs=1e-9)
