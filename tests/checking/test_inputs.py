"""What a function is asked at, and what its formulas are made of."""

import numpy as np
import pytest

from softmax_cli.checking.inputs import Inputs, Quantities, spread

INPUTS = Inputs.of(
    [[0.3, -np.inf, 2.0], [1.2, 0.1, -0.4]], [2.0, 0.5], [1, 0], [[1.0, -2.0, 0.5], [0.3, 0.1, -0.7]]
)


def test_rows_keep_all_that_was_told() -> None:
    """The target, the vector and the temperature of each, over and over where they are repeated."""
    turned = INPUTS.rows([1, 0])
    assert (turned.n, turned.k, turned.batch) == (2, 3, True)
    assert turned.target is not None
    assert turned.vector is not None
    assert (turned.temperature.tolist(), turned.target.tolist()) == ([0.5, 2.0], [0, 1])
    assert turned.vector[0].tolist() == [0.3, 0.1, -0.7]
    assert INPUTS.repeated(2).temperature.tolist() == [2.0, 0.5, 2.0, 0.5]
    bare = Inputs.of([1.0, 2.0])._replace(batch=False).rows(slice(0, 1))
    assert (bare.target, bare.vector, bare.batch) == (None, None, False)


def test_rows_are_together_only_where_one_may_get_into_another() -> None:
    """Not where they were given one at a time, nor a row alone."""
    assert INPUTS.together
    assert not INPUTS._replace(batch=False).together
    assert not INPUTS.rows([0]).together


def test_a_masked_class_is_a_low_logit() -> None:
    """No formula stumbles on it: p is 0, and everything finite."""
    q = Quantities(INPUTS)
    assert q.z[0, 1] == -1e4
    assert q.p[0, 1] == 0.0
    assert np.isfinite(q.log_p).all()
    assert q.p.sum(axis=1) == pytest.approx([1.0, 1.0])


def test_what_was_not_given_is_no_quantity() -> None:
    """A formula of it means nothing."""
    q = Quantities(Inputs.of([1.0, 2.0]))
    with pytest.raises(LookupError, match="no target"):
        _ = q.y
    with pytest.raises(LookupError, match="no vector"):
        _ = q.g


def test_other_probabilities_take_the_place_of_p() -> None:
    """Their logarithm too, nan where they are not above 0; without T nothing else changes."""
    q = Quantities(INPUTS, classes=np.array([0, 2])).with_p(np.array([[0.5, 0.5, -1.0], [0.2, 0.3, 0.5]]))
    assert q.p.tolist() == [[0.5, -1.0], [0.2, 0.5]]
    assert np.isnan(q.log_p).tolist() == [[False, True], [False, False]]
    assert q.y.tolist() == [[0.0, 0.0], [1.0, 0.0]]
    assert Quantities(INPUTS).untempered().t.tolist() == [[1.0], [1.0]]


def test_only_small_quantities_are_remembered() -> None:
    """All that is computed of a large matrix stays in memory as long as its quantities do."""
    assert Quantities.of(INPUTS) is Quantities.of(INPUTS._replace(z=INPUTS.z.copy()))
    large = Inputs.of(np.linspace(-1.0, 1.0, 200))
    assert Quantities.of(large) is not Quantities.of(large)


@pytest.mark.parametrize(
    ("count", "most", "places"),
    [(10, 4, [0, 3, 6, 9]), (3, 5, [0, 1, 2]), (5, 1, [0]), (0, 3, []), (2, 2, [0, 1])],
)
def test_places_are_spread_evenly(count: int, most: int, places: list[int]) -> None:
    """The first and the last among them, each once."""
    assert spread(count, most).tolist() == places
