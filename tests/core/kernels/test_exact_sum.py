"""Sums without rounding, against math.fsum and fractions."""

import math
from fractions import Fraction

import numpy as np
import pytest

from softmax_cli.core.kernels.exact_sum import CHUNK, ExactSum


@pytest.mark.parametrize("seed", range(30))
def test_the_sum_is_rounded_once(seed: int) -> None:
    """Terms of any size, subnormal ones too, give what math.fsum gives, however they are cut into parts."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 4000))
    terms = rng.normal(size=n) * 2.0 ** rng.integers(-1070, 900, size=n)
    whole, first, second = ExactSum(), ExactSum(), ExactSum()
    whole.add(terms)
    first.add(terms[: n // 3])
    second.add(terms[n // 3 :])
    first.merge(second)
    assert float(whole) == math.fsum(terms)
    assert first == whole


def test_products_are_not_rounded() -> None:
    """A weighted sum is that of the exact products, and +inf with weight 0 adds nothing."""
    rng = np.random.default_rng(1)
    a, b = rng.random(500), rng.random(500)
    total = ExactSum()
    total.add_products(a, b)
    total.add_products(np.array([np.inf]), np.array([0.0]))
    assert total.exact() == sum(
        Fraction(x) * Fraction(y) for x, y in zip(a.tolist(), b.tolist(), strict=True)
    )


def test_infinite_and_huge_terms() -> None:
    """Terms near the largest double do not overflow on the way; an infinite one makes the sum infinite."""
    total = ExactSum()
    total.add(np.array([1.5e308, 1.5e308, -1.5e308, 1.0]))
    assert float(total) == 1.5e308
    total.add(np.array([np.inf]))
    assert float(total) == math.inf


def test_long_counts() -> None:
    """Zeros and ones are counted, over more than one chunk."""
    total = ExactSum()
    total.add(np.ones(2 * CHUNK + 5))
    assert total.over(2) == CHUNK + 2.5
