"""Sums with their rounding errors kept, held against exact fractions."""

import math
from fractions import Fraction

import numpy as np
import pytest

from softmax_cli.core.kernels.sums import accurate_sum, dot, sum_of_products, two_sum


def test_two_sum_loses_nothing() -> None:
    """The exact a + b is the rounded sum and its error, whichever of the two is larger."""
    draw = np.random.default_rng(3)
    a, b = draw.normal(size=300) * 10.0 ** draw.integers(-20, 20, 300), draw.normal(size=300)
    s, error = two_sum(a.copy(), b.copy())
    np.testing.assert_array_equal(s, a + b)
    assert np.any(error)
    for x, y, whole, rest in zip(*map(np.ndarray.tolist, (a, b, s, error)), strict=True):
        assert Fraction(x) + Fraction(y) == Fraction(whole) + Fraction(rest)


@pytest.mark.parametrize("axis", [0, 1])
@pytest.mark.parametrize("spread", [0.0, 3.0, 30.0])
def test_accurate_sum_is_right_far_beyond_a_double(axis: int, spread: float) -> None:
    """The two parts add up to the exact sum within 2^-70 of it, along either axis, which is kept."""
    terms = np.exp(np.random.default_rng(5).normal(size=(40, 40)) * spread)
    high, low = accurate_sum(terms, axis)
    assert high.shape == low.shape == ((1, 40) if axis == 0 else (40, 1))
    vectors = terms.T if axis == 0 else terms
    for vector, whole, rest in zip(
        vectors.tolist(), high.ravel().tolist(), low.ravel().tolist(), strict=True
    ):
        exact = sum(map(Fraction, vector), Fraction(0))
        assert abs(Fraction(whole) + Fraction(rest) - exact) <= exact / 2**70


def test_the_high_part_alone_is_exact_in_any_order() -> None:
    """What is above the cut adds up without rounding: the order of the terms does not matter to the bit."""
    terms = np.random.default_rng(9).random((1, 1000))
    high, _ = accurate_sum(terms, 1)
    for seed in range(5):
        np.testing.assert_array_equal(
            accurate_sum(np.random.default_rng(seed).permuted(terms, axis=1), 1)[0], high
        )


@pytest.mark.parametrize("n", [0, 1, 1000, 20_001])
def test_sums_of_products_however_many_they_are(n: int) -> None:
    """The sum of a b is right to rounding, of a vector and along either axis of a matrix."""
    a, b = np.random.default_rng(n).normal(size=(2, n, 3))
    exact = [math.fsum((x * y).tolist()) for x, y in zip(a.T, b.T, strict=True)]
    size = 1e-14 * np.abs(a * b).sum(axis=0)
    assert all(abs(dot(x, y) - e) <= s for x, y, e, s in zip(a.T, b.T, exact, size, strict=True))
    along, down = np.empty(3), np.empty(3)
    sum_of_products(np.ascontiguousarray(a.T), np.ascontiguousarray(b.T), 1, along)
    sum_of_products(a, b, 0, down)
    assert (np.abs(along - exact) <= size).all()
    assert (np.abs(down - exact) <= size).all()
