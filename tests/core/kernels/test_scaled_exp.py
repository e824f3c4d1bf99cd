"""Exponentials below the range of a double, as mantissa and exponent."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest

from softmax_cli.core.kernels.scaled_exp import parts, sum_of_parts

mpmath.mp.dps = 60

EPS = 2.0**-52


def test_parts_are_the_exponential() -> None:
    """The value of f 2^x is exp(q + low) within 1 ulp, f in [0.7, 1.42], however small the result."""
    q = np.concatenate([-np.geomspace(1e-10, 4999.0, 300), [0.0, -0.0]])
    low = q * 1e-17
    f, x = parts(q, low)
    assert np.all((f >= 0.7) & (f <= 1.42))
    for each, rest, mantissa, exponent in zip(q.tolist(), low.tolist(), f.tolist(), x.tolist(), strict=True):
        exact = mpmath.exp(mpmath.mpf(each) + mpmath.mpf(rest)) / mpmath.mpf(2) ** exponent
        assert abs(mantissa - exact) <= EPS * mantissa


def test_what_no_temperature_can_bring_back_is_0() -> None:
    """Masked classes, and exponents below -5000, are 0 over the smallest temperature."""
    f, x = parts(np.array([-np.inf, -1e300, -5001.0]), np.zeros(3))
    assert np.all(np.isfinite(f))
    assert np.all(np.ldexp(f, np.minimum(x + 1074, 0)) == 0.0)


@pytest.mark.parametrize("axis", [0, 1])
def test_sum_of_parts_is_the_sum(axis: int) -> None:
    """Terms far apart, negative ones and zeros add up as they should, along either axis, which is kept."""
    f = np.array([[1.0, -1.25, 0.0, 1.1], [0.0, 1.0, 0.75, 1.25], [0.0, 0.0, 0.0, 0.0]])
    x = np.array([[-3000, -3001, 500, -3052], [900, -2000, -2001, -2000], [7, 8, 9, 10]])
    f, x = (f.T, x.T) if axis == 0 else (f, x)
    total, exponent = sum_of_parts(f, x, axis)
    assert total.shape == exponent.shape == ((1, 3) if axis == 0 else (3, 1))
    found = [
        Fraction(t) * Fraction(2) ** e
        for t, e in zip(total.ravel().tolist(), exponent.ravel().tolist(), strict=True)
    ]
    vectors = zip((f.T if axis == 0 else f).tolist(), (x.T if axis == 0 else x).tolist(), strict=True)
    for value, (terms, exponents) in zip(found, vectors, strict=True):
        exact = sum(
            (Fraction(t) * Fraction(2) ** e for t, e in zip(terms, exponents, strict=True)), Fraction(0)
        )
        assert abs(value - exact) <= abs(exact) * Fraction(4 * EPS)
