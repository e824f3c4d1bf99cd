"""Seeded draws."""

import numpy as np
import pytest

from softmax_cli.core.sampling.draws import Draws

P = np.array([[0.1, 0.2, 0.3, 0.4]])


def test_chi_squared() -> None:
    """Counts of a million draws are those of p: chi-squared with 3 degrees of freedom below its 99.9 %."""
    n = 1_000_000
    counts = Draws(5).counts(P, n)[0]
    assert ((counts - n * P[0]) ** 2 / (n * P[0])).sum() < 16.27


def test_a_seed_gives_the_same_draws_however_they_are_cut() -> None:
    """Batches of rows and of draws continue one stream."""
    whole = Draws(3).classes(np.repeat(P, 4, axis=0), 1)[:, 0]
    draws = Draws(3)
    assert [int(draws.classes(P, 1)[0, 0]) for _ in range(4)] == whole.tolist()
    draws = Draws(3)
    assert np.concatenate([draws.classes(P, 2)[0], draws.classes(P, 2)[0]]).tolist() == whole.tolist()


@pytest.mark.parametrize("count", [1, 500])
def test_what_has_probability_0_is_never_drawn(count: int) -> None:
    """Neither in front, nor in the middle, nor at the end."""
    p = np.array([[0.0, 0.5, 0.0, 0.5, 0.0]] * 200)
    assert set(np.unique(Draws(1).classes(p, count))) <= {1, 3}
