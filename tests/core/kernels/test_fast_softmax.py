"""The fast path of softmax: as right as the careful one, row by row, in whatever batch a row comes."""

import numpy as np
import pytest

from softmax_cli.core.arrays import rows_of
from softmax_cli.core.kernels.blocks import blocks, quiet
from softmax_cli.core.kernels.exponentials import Exponentials
from softmax_cli.core.kernels.fast_softmax import EXACT_ABOVE, FEW, LARGEST, fill_probabilities
from softmax_cli.errors import LogitsError

SHIFTS = [0.0, -3.0, -1e5, LARGEST, np.nextafter(LARGEST, 1e3), 651.3, 1000.7, EXACT_ABOVE, 1500.9, 1e5, 1e15]


def probabilities(z: np.ndarray, temperature: float = 1.0) -> np.ndarray:
    """Return what the fast path writes."""
    p = np.full(z.shape, np.nan, dtype=z.dtype)
    fill_probabilities(rows_of(z, -1), temperature, p)
    return p


def careful(z: np.ndarray, temperature: float) -> np.ndarray:
    """Return what the careful path gives."""
    p = np.empty(z.shape)
    with quiet():
        for block in blocks(rows_of(z, -1)):
            block.put(p, Exponentials(block, temperature).p)
    return p


@pytest.mark.parametrize("temperature", [1.0, 0.3, 7.0])
@pytest.mark.parametrize("k", [1, 2, 3, 10, FEW, FEW + 1, 700])
@pytest.mark.parametrize("spread", [1.0, 300.0])
def test_it_agrees_with_the_careful_path(temperature: float, k: int, spread: float) -> None:
    """Within 4 ulp at every shift of the logits, subnormal probabilities included."""
    draw = np.random.default_rng(k)
    z = np.array([draw.normal(size=k) * spread for _ in SHIFTS])
    z += np.array(SHIFTS)[:, None] - z.max(axis=1, keepdims=True)
    p, exact = probabilities(z, temperature), careful(z, temperature)
    assert np.all(np.abs(p - exact) <= 4 * np.spacing(exact))


@pytest.mark.parametrize("temperature", [1.0, 0.3])
@pytest.mark.parametrize("k", [3, 200])
def test_a_row_is_the_same_in_any_batch(temperature: float, k: int) -> None:
    """To the bit: alone, among rows that need a shift, and in a batch of many blocks."""
    draw = np.random.default_rng(1)
    z = draw.normal(size=(3000, k)) * 200.0 + draw.choice([0.0, 800.0, -700.0, 1e6], size=(3000, 1))
    z[::7, 0] = -np.inf
    p = probabilities(z, temperature)
    for row in [0, 7, 500, 2999]:
        np.testing.assert_array_equal(probabilities(z[row : row + 1], temperature)[0], p[row])


def test_infinities_and_float32() -> None:
    """One +inf takes all, a masked class gets exactly 0, and float32 is rounded once from double."""
    p = probabilities(np.array([[0.0, np.inf, 5.0], [-np.inf, 700.0, 700.0]]))
    np.testing.assert_array_equal(p, [[0.0, 1.0, 0.0], [0.0, 0.5, 0.5]])
    z = np.random.default_rng(2).normal(size=(50, 5)).astype(np.float32) * np.float32(10)
    np.testing.assert_array_equal(probabilities(z), probabilities(z.astype(np.float64)).astype(np.float32))


def test_a_bad_row_is_named() -> None:
    """The error says which row and which class."""
    z = np.zeros((40_000, 3))
    z[33_333, 2] = np.nan
    with pytest.raises(LogitsError) as caught:
        probabilities(z)
    assert (caught.value.index, caught.value.position) == ((33_333,), 2)
