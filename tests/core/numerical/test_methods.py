"""The table of methods: each row is held against Taylor's series."""

from math import factorial

import numpy as np
import pytest

from softmax_cli.core.numerical.methods import EPS, METHODS, Method


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
def test_a_method_has_the_order_and_the_leading_error_that_its_row_says(method: Method) -> None:
    """Of z^m a method of order p gives the derivative for m <= p, and the leading error for m = p + 1.

    Richardson's row states five times that: the seventh derivative of a probability exceeds its first.
    """

    def given(m: int) -> float:
        return float(method.derivative(lambda step: np.asarray(step**m), 1.0))

    exact = [given(m) for m in range(method.order + 1)]
    np.testing.assert_allclose(exact, [float(m == 1) for m in range(method.order + 1)], atol=1e-15)
    leading = abs(given(method.order + 1)) / factorial(method.order + 1)
    stated = method.truncation / (5.04 if method.name == "richardson" else 1.0)
    assert leading == pytest.approx(stated, rel=1e-9)


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
def test_truncation_and_rounding_are_about_equal_at_the_default_step(method: Method) -> None:
    """The step of a method that subtracts is eps^(1 / (order + 1)), or twice that."""
    if not method.is_complex:
        assert 1 <= method.step / EPS ** (1 / (method.order + 1)) <= 2


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
def test_a_large_step_times_what_the_values_are_held_times_does_not_overflow(method: Method) -> None:
    """Values held times 1e200, over a step of 1e200, give the derivative though the product is no double."""
    found = method.derivative(lambda step: np.asarray([step]), 1e200, held=1e200)
    np.testing.assert_allclose(found, [1e-200], rtol=1e-14)
