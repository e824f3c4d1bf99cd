"""Jacobians from probabilities, entry by entry."""

import numpy as np
import pytest

from softmax_cli.core.kernels import matrices
from softmax_cli.core.kernels.matrices import FEW, fill_jacobians, set_diagonal, sum_below_half


def distributions(n: int, k: int) -> np.ndarray:
    """Draw distributions, some of them saturated."""
    e = np.exp(np.random.default_rng(k).normal(size=(n, k)) * np.linspace(0.1, 12.0, n)[:, None])
    found: np.ndarray = e / e.sum(axis=1, keepdims=True)
    return found


@pytest.mark.parametrize("k", [1, 2, 3, FEW, FEW + 1, 12])
@pytest.mark.parametrize("temperature", [1.0, 2.5])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_entries(k: int, temperature: float, dtype: type[np.floating]) -> None:
    """Each entry is p_i (delta_ij - p_j) / T, and 1 - p_i does not cancel."""
    p = distributions(30, k)
    found = np.full((30, k, k), np.nan, dtype=dtype)
    fill_jacobians(p, temperature, found)
    others = np.array([[row[np.arange(k) != i].sum() for i in range(k)] for row in p])
    expected = -p[:, :, None] * p[:, None, :] / temperature
    set_diagonal(expected, p * others / temperature)
    np.testing.assert_allclose(found, expected, rtol=2e-7 if dtype is np.float32 else 4e-15)
    np.testing.assert_array_equal(found, found.transpose(0, 2, 1))


@pytest.mark.parametrize("k", [3, 9])
def test_many_blocks_are_one(k: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """How many matrices are made at a time changes nothing."""
    p = distributions(50, k)
    whole, pieces = np.empty((50, k, k)), np.empty((50, k, k))
    fill_jacobians(p, 1.0, whole)
    monkeypatch.setattr(matrices, "_ENTRIES", 2 * k * k)
    fill_jacobians(p, 1.0, pieces)
    np.testing.assert_array_equal(pieces, whole)


@pytest.mark.parametrize("k", [3, 9])
def test_a_product_that_vanishes_is_0_and_not_minus_0(k: int) -> None:
    """-p_i p_j below the range of a double is written 0."""
    p = np.full((2, k), 1e-200)
    p[:, 0] = 1.0
    found = np.empty((2, k, k))
    fill_jacobians(p, 1.0, found)
    assert found[0, 1, 2] == 0.0
    assert not np.signbit(found[0, 1, 2])


def test_sum_below_half() -> None:
    """1 - p for a probability above 1/2, by the sum of the others; 1/2 itself is one of the others."""
    p = np.array([[0.75, 0.125, 0.125], [0.5, 0.5, 0.0], [0.25, 0.25, 0.5]])
    np.testing.assert_array_equal(sum_below_half(p), [[0.25], [1.0], [1.0]])
