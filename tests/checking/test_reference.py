"""The truth: the same by every method, block by block, and of some rows what it is of all."""

import numpy as np
import pytest

from softmax_cli.checking.compare import terms
from softmax_cli.checking.inputs import Inputs, Kind, Sought
from softmax_cli.checking.reference import How, Truth, values_of
from softmax_cli.errors import InputError

INPUTS = Inputs.of(
    [[0.3, -1.0, 2.0], [1.2, 0.1, -0.4], [30.0, -3.0, 0.0]],
    [2.0, 0.5, 2.0],
    [1, 0, 2],
    [[1.0, -2.0, 0.5], [0.3, 0.1, -0.7], [2.0, 1.0, 1.0]],
)
ASKED: list[tuple[str, Kind]] = [
    ("softmax", "jacobian"),
    ("softmax", "vjp"),
    ("log-softmax", "jacobian"),
    ("log-softmax", "jvp"),
    ("sigmoid", "jacobian"),
    ("cross-entropy", "gradient"),
]


@pytest.mark.parametrize(("function", "kind"), ASKED)
def test_mpmath_agrees_with_the_complex_step(function: str, kind: Kind) -> None:
    """To a few ulp, each row at its temperature, with its target and its vector."""
    expected, size = Truth.of(Sought(function, kind), INPUTS).whole()
    found, _ = Truth.of(Sought(function, kind), INPUTS, How(digits=30)).whole()
    np.testing.assert_allclose(found, expected, rtol=1e-14, atol=1e-300)
    assert np.all(size >= np.abs(expected))


@pytest.mark.parametrize(("function", "kind"), [*ASKED, ("softmax", "probabilities")])
def test_of_some_rows_the_truth_is_that_of_all(function: str, kind: Kind) -> None:
    """Their sizes too."""
    truth = Truth.of(Sought(function, kind), INPUTS)
    for part, whole in zip(truth.rows([2, 0]).whole(), truth.whole(), strict=True):
        np.testing.assert_allclose(
            part, whole[[2, 0]], rtol=1e-15, atol=1e-290
        )  # the floor is that of the least T


def test_blocks_cover_every_entry_once() -> None:
    """Of matrices larger than a block: parts of a matrix, with their place."""
    k = 300
    inputs = Inputs.of(np.random.default_rng(0).normal(size=(2, k)))
    seen = np.zeros((2, k, k))
    truth = Truth.of(Sought("softmax", "jacobian"), inputs)
    expected, _ = truth.whole()
    for place, rows, classes, values, size in truth.blocks():
        seen[rows, classes] += 1.0
        assert values.shape == size.shape == expected[rows, classes].shape
        assert place.of(1, 7) == (rows.start, classes.start + 1, 7)
        np.testing.assert_array_equal(values, expected[rows, classes])
    assert np.all(seen == 1.0)


@pytest.mark.parametrize("digits", [1, 2, 3, 16])
def test_few_digits_call_nothing_right_wrong(digits: int) -> None:
    """Fewer digits than a double has give the derivative to a double's, all the same."""
    sought = Sought("softmax", "jacobian")
    few, many = (Truth.of(sought, INPUTS, How(digits=n)).whole()[0] for n in (digits, 50))
    np.testing.assert_array_equal(few, many)


@pytest.mark.parametrize("digits", [0, 1001])
def test_digits_are_bounded(digits: int) -> None:
    """More cannot be waited for."""
    with pytest.raises(InputError, match=f"{digits} is not among 1 to 1000"):
        Truth.of(Sought("softmax", "jacobian"), INPUTS, How(digits=digits))


def test_a_product_needs_its_vector() -> None:
    """With what to write."""
    with pytest.raises(InputError, match="a vjp needs a vector") as caught:
        Truth.of(Sought("softmax", "vjp"), INPUTS._replace(vector=None))
    assert caught.value.hint == "--vector v1,v2,..."


def test_values_are_those_of_each_temperature() -> None:
    """Losses too, one a row; what the floors are made of is s for the sigmoid."""
    t = INPUTS.temperature[:, None]
    s = 1.0 / (1.0 + np.exp(-INPUTS.z / t))
    p = np.exp(INPUTS.z / t) / np.exp(INPUTS.z / t).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(values_of("sigmoid", INPUTS), s)
    np.testing.assert_allclose(terms(Sought("sigmoid", "probabilities"), INPUTS), s)
    np.testing.assert_allclose(terms(Sought("softmax", "probabilities"), INPUTS), p)
    np.testing.assert_allclose(values_of("cross-entropy", INPUTS)[:, 0], -np.log(p[range(3), [1, 0, 2]]))


def test_how_the_truth_is_found_is_said() -> None:
    """By the name of the method, or the digits of mpmath; only differences have an error of their own."""
    assert How().name == "complex-step"
    assert How(digits=30).name == "mpmath, 30 digits"
    assert [How(method).exact for method in ("complex-step", "central")] == [True, False]
    assert How("central", digits=30).exact
