"""Products whose factors overflow where they themselves do not."""

import numpy as np

from softmax_cli.core.kernels.overflow import finite_or


def test_only_what_is_not_finite_is_replaced() -> None:
    """The first choice stays where it is finite; the second is not asked where nothing is wanting."""
    first, second = np.array([1.0, np.inf, np.nan, -np.inf]), np.array([9.0, 2.0, 3.0, 4.0])
    np.testing.assert_array_equal(finite_or(lambda: first, lambda: second), [1.0, 2.0, 3.0, 4.0])

    def never() -> np.ndarray:
        raise AssertionError("asked for no need")

    np.testing.assert_array_equal(finite_or(lambda: first[:1], never), [1.0])


def test_overflow_on_the_way_is_no_warning() -> None:
    """0 times infinity, inside, is nan without a word."""
    found = finite_or(lambda: np.array([1e308]) * 10.0 * 0.0, lambda: np.array([0.0]))
    np.testing.assert_array_equal(found, [0.0])
