"""Numerical derivatives against mpmath, and the errors that they state."""

import mpmath
import numpy as np
import pytest

from softmax_cli.core.differentiate import jacobian
from softmax_cli.core.numerical.derivative import Numerical, derivative, differentiate
from softmax_cli.core.numerical.methods import METHODS
from softmax_cli.errors import InputError
from tests.core.reference import Exact, Exactly

FUNCTIONS = ("softmax", "log-softmax", "sigmoid", "cross-entropy")


def exact(z: np.ndarray, function: str, t: float, target: int) -> list[list[Exact]]:
    """Return the derivative in 60 digits, as a list of rows."""
    of, k = Exactly(z, t), range(len(z))
    if function == "softmax":
        return [[of.entry(i, j) for j in k] for i in k]
    if function == "log-softmax":
        return [[of.log_entry(i, j) for j in k] for i in k]
    if function == "sigmoid":
        return [[of.sigmoid_slopes[i] if i == j else mpmath.mpf(0) for j in k] for i in k]
    return [[of.slope(j, target) for j in k]]


def worst(found: np.ndarray, right: list[list[Exact]]) -> float:
    """Return the largest relative error among entries that a double holds with all its digits."""
    pairs = zip(found.ravel(), (x for row in right for x in row), strict=True)
    return max((float(abs(a - b) / abs(b)) for a, b in pairs if abs(b) > 1e-290), default=0.0)


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("temperature", [1.0, 2.5, 0.3])
@pytest.mark.parametrize("scale", [0.1, 3.0, 30.0, 300.0, 3000.0])
def test_the_complex_step_is_exact_at_any_scale(function: str, temperature: float, scale: float) -> None:
    """Each entry is within a few ulp of the truth, however saturated the logits are."""
    z = np.random.default_rng(7).normal(size=8) * scale
    found = derivative(z, function=function, temperature=temperature, target=2).dense()
    assert worst(found, exact(z, function, temperature, 2)) < 1e-15


@pytest.mark.parametrize("function", FUNCTIONS)
def test_an_infinite_logit_makes_the_vector_one_hot(function: str) -> None:
    """At +inf the derivative is that of a one-hot vector, as the analytic one is."""
    z = np.array([[0.0, np.inf, 1.0], [2.0, 0.5, -1.0]])
    target = [2, 0] if function == "cross-entropy" else None
    right = jacobian(z, function=function, target=target, temperature=2.0)
    found = derivative(z, function=function, target=target, temperature=2.0).dense()
    np.testing.assert_allclose(found, right, rtol=1e-14)


def test_the_complex_step_is_within_1e_14_for_a_thousand_classes() -> None:
    """At K = 1,000 and logit scale 3 each entry is within 1e-14."""
    z = np.random.default_rng(3).normal(size=1000) * 3
    found = derivative(z)
    some = np.array([0, 1, 17, 500, 999, int(np.argmax(z))])
    of = Exactly(z)
    right = [[of.entry(i, j) for j in some] for i in some]
    assert worst(found.dense()[np.ix_(some, some)], right) < 1e-14


@pytest.mark.parametrize("logits", [[15.0, 0.0, -5.0], [40.0, 0.0, -700.0]])
def test_a_saturated_diagonal_keeps_its_digits(logits: list[float]) -> None:
    """1 - p does not cancel where p is nearly 1."""
    z = np.array(logits)
    assert worst(derivative(z).dense(), exact(z, "softmax", 1.0, 0)) < 1e-14


STATED = {"forward": 1e-5, "central": 1e-8, "five-point": 1e-10, "richardson": 1e-10, "complex-step": 1e-14}


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("method", sorted(METHODS))
@pytest.mark.parametrize("scale", [0.1, 3.0, 30.0])
def test_a_method_is_as_wrong_as_it_states_and_no_more(function: str, method: str, scale: float) -> None:
    """The true error of every entry is below the stated one, which is too small to excuse a wrong entry."""
    z = np.random.default_rng(11).normal(size=6) * scale
    found = derivative(z, function=function, temperature=1.7, target=1, method=method)
    right: np.ndarray = np.array(exact(z, function, 1.7, 1)).reshape(found.dense().shape)
    off = np.abs((right - found.dense()).astype(float))
    assert np.all(off <= found.error() + 1e-300)
    assert found.error().max() < STATED[method]


@pytest.mark.parametrize("function", FUNCTIONS[:3])
def test_products_are_those_of_the_dense_matrix(function: str) -> None:
    """J v and g^T J need no matrix, and agree with it."""
    rng = np.random.default_rng(5)
    z, v = rng.normal(size=(2, 9)), rng.normal(size=(2, 9))
    found = derivative(z, function=function)
    np.testing.assert_allclose(
        found.jvp(v), np.einsum("nij,nj->ni", found.dense(), v), rtol=1e-12, atol=1e-15
    )
    np.testing.assert_allclose(
        found.vjp(v), np.einsum("ni,nij->nj", v, found.dense()), rtol=1e-12, atol=1e-15
    )


def test_some_rows_keep_their_own_numbers() -> None:
    """Derivatives of rows that are picked are those of the rows, with their errors and their targets."""
    z, target = np.random.default_rng(6).normal(size=(3, 4)), np.array([2, 0, 3])
    found = derivative(z, function="cross-entropy", target=target, method="central")
    alone = derivative(z[1], function="cross-entropy", target=0, method="central")
    np.testing.assert_array_equal(found.take([1]).dense()[0], alone.dense())
    np.testing.assert_array_equal(found.take([1]).error()[0], alone.error())
    softmax = derivative(z, method="central")
    np.testing.assert_array_equal(softmax.take(slice(1, None)).dense(), softmax.dense()[1:])
    np.testing.assert_array_equal(softmax.take(slice(1, None)).error(), softmax.error()[1:])


def test_a_block_of_rows_is_a_part_of_the_whole() -> None:
    """dense(2, 4) holds rows 2 and 3."""
    found = derivative(np.arange(6.0))
    assert np.array_equal(found.dense(2, 4), found.dense()[2:4])


def test_a_masked_class_has_derivative_zero() -> None:
    """A logit of -inf neither moves nor is moved."""
    found = derivative([1.0, -np.inf, 0.5]).dense()
    assert np.all(found[1] == 0)
    assert np.all(found[:, 1] == 0)
    np.testing.assert_allclose(found[np.ix_([0, 2], [0, 2])], derivative([1.0, 0.5]).dense(), rtol=1e-15)


@pytest.mark.parametrize("step", [0.0, -1.0, np.inf, np.nan])
def test_a_step_that_is_none_is_refused(step: float) -> None:
    """A step is finite and above 0."""
    with pytest.raises(InputError, match="above 0"):
        derivative([1.0, 2.0], method="central", step=step)


def test_a_step_that_rounding_swallows_is_refused() -> None:
    """Where z + h = z the difference would be 0, and no derivative."""
    with pytest.raises(InputError, match=r"z \+ h = z"):
        derivative([1e6, 0.0], method="central", step=1e-12)


def test_any_function_can_be_differentiated() -> None:
    """A callable of one vector gives J[..., j] = df/dz_j, by either kind of step."""
    z = np.array([0.3, -1.2])
    right = np.diag(np.cos(z))
    np.testing.assert_allclose(differentiate(np.sin, z), right, atol=1e-9)
    np.testing.assert_allclose(differentiate(np.sin, z, method="complex-step"), right, rtol=1e-15)


def test_a_real_function_refuses_the_complex_step() -> None:
    """A function that gives real numbers for complex ones has no complex step."""
    with pytest.raises(TypeError):
        differentiate(np.abs, np.array([1.0]), method="complex-step")


def test_memory_is_proportional_to_k() -> None:
    """The numbers that are held do not grow with k^2."""
    found = derivative(np.zeros(50_000))
    assert isinstance(found, Numerical)
    assert found.jvp(np.ones(50_000)).shape == (50_000,)
