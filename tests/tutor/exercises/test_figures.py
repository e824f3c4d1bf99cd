"""The numbers that exercises are about."""

import random

import pytest

from softmax_cli.checking.catalogue.tables import rows
from softmax_cli.tutor.exercises.drawing import Draw
from softmax_cli.tutor.exercises.figures import drawn
from softmax_cli.tutor.exercises.goal import Goal
from softmax_cli.tutor.exercises.skills import SKILLS


@pytest.mark.parametrize("k", [3, 4, 5, 6])
def test_what_is_drawn_is_a_distribution_and_a_true_class(k: int) -> None:
    """Probabilities are above 0 and add up to 1, in two digits; y is 1 at the class of the exercise alone."""
    goal = Goal("softmax", 2, 1, tuple("abcdef"[:k]))
    for seed in range(40):
        given = drawn(Draw(SKILLS["softmax-other"], "number", goal, random.Random(seed), rows))
        p, y = given["p"], given["y"]
        assert isinstance(p, tuple)
        assert len(p) == k
        assert min(p) > 0.0
        assert sum(p) == pytest.approx(1.0, abs=1e-12)
        assert [round(share, 2) for share in p] == [*p]
        assert y == tuple(float(m == 1) for m in range(k))
