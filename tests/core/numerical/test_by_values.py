"""A function that has no columns of its own is differentiated by its values alone."""

import numpy as np
import pytest

from softmax_cli.core.numerical.by_values import DenseNumerical
from softmax_cli.core.numerical.columns import COLUMNS
from softmax_cli.core.numerical.derivative import Numerical, derivative

RNG = np.random.default_rng(4)
Z, V = RNG.normal(size=(2, 3, 5))
TARGET = np.array([4, 0, 2])


def both(
    function: str, method: str, monkeypatch: pytest.MonkeyPatch
) -> tuple[DenseNumerical, Numerical | DenseNumerical]:
    """Return the derivative by values, and the one that knows which logit changes what."""
    given = TARGET if function == "cross-entropy" else None
    known = derivative(Z, function=function, temperature=0.7, target=given)
    monkeypatch.delitem(COLUMNS, function)
    found = derivative(Z, function=function, temperature=0.7, target=given, method=method)
    assert isinstance(found, DenseNumerical)
    return found, known


@pytest.mark.parametrize("function", sorted(COLUMNS))
@pytest.mark.parametrize(
    ("method", "stated"), [("complex-step", 1e-11), ("central", 1e-8), ("forward", 1e-5)]
)
def test_it_is_as_wrong_as_it_states(
    function: str, method: str, stated: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each row has its own target; where a complex step is not to be had, the best of the others is taken."""
    found, known = both(function, method, monkeypatch)
    assert np.all(np.abs(found.dense() - known.dense()) <= found.error())
    assert found.error().max() < stated


def test_its_parts_are_parts_of_the_matrix(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows of the file, rows of the matrix, products, and the errors of each."""
    found, _ = both("log-softmax", "central", monkeypatch)
    whole, errors = found.dense(), found.error()
    np.testing.assert_array_equal(found.take([2]).dense(1, 3), whole[[2], 1:3])
    np.testing.assert_array_equal(found.take([2]).error(1, 3), errors[[2], 1:3])
    np.testing.assert_allclose(found.jvp(V), np.einsum("nij,nj->ni", whole, V))
    np.testing.assert_allclose(found.vjp(V), np.einsum("nij,ni->nj", whole, V))
    np.testing.assert_allclose(found.bound().jvp(abs(V)), np.einsum("nij,nj->ni", errors, abs(V)))
