"""A function's own values, differentiated, and what only calling it shows: state, whole numbers."""

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from softmax_cli.checking.calling.binding import Binding, Given
from softmax_cli.checking.calling.call import Invocation
from softmax_cli.checking.calling.code.subject import Subject
from softmax_cli.checking.check import (
    LARGE,
    Conditions,
    Criteria,
    check_function,
    check_own,
    check_their_derivative,
)
from softmax_cli.checking.inputs import Inputs, Kind, Sought
from softmax_cli.checking.reference import DEFAULT, How
from softmax_cli.errors import InputError
from tests.checking.wrongs import Array, plain_jacobian

INPUTS = Inputs.of([[0.3, -1.0, 2.0], [1.2, 0.1, -0.4]])


def softmax(z: Any) -> Any:
    """Return softmax, also of complex numbers."""
    e = np.exp(z - z.real.max())
    return e / e.sum()


def of_floats(z: Array) -> list[float]:
    """Return softmax by the functions of math, which take no complex number."""
    e = [math.exp(x) for x in z]
    return [x / sum(e) for x in e]


def called(
    function: Callable[..., Any],
    kind: Kind = "probabilities",
    *,
    how: How = DEFAULT,
    inputs: Inputs | None = None,
) -> Invocation:
    """Return a function of the logits alone."""
    binding = Binding("softmax", kind, (Given(0, "z", "z"),))
    return Invocation(Subject.of(function), binding, Conditions(Criteria(how=how), inputs=inputs))


def test_the_derivative_of_right_values_is_right() -> None:
    """By the complex step, with nothing to remark; every row is differentiated at its own place."""
    verdict, notes = check_their_derivative(called(softmax), INPUTS)
    assert verdict.passed
    assert verdict.tally.entries == 18
    assert notes == ()
    wrong, _ = check_their_derivative(called(lambda z: softmax(2.0 * z)), INPUTS)
    assert not wrong.passed


@pytest.mark.parametrize(("step", "own"), [(None, ""), (1e-20, " with a step of their own, not --step")])
def test_what_takes_real_numbers_alone_is_differentiated_by_differences(step: float | None, own: str) -> None:
    """It is told which error there was, and that another step is taken."""
    verdict, notes = check_their_derivative(called(of_floats, how=How(step=step)), INPUTS)
    assert verdict.passed
    assert verdict.method == "central"
    assert notes == (f"of_floats takes only real numbers (TypeError): central differences instead{own}",)


@pytest.mark.parametrize(
    ("method", "step"),
    [
        *((method, None) for method in ("forward", "central", "five-point", "richardson")),
        *(("forward", 3.0), ("forward", 1e-14), ("richardson", 2.0), ("complex-step", 0.5)),
    ],
)
def test_no_method_fails_right_values_or_passes_wrong_ones(method: str, step: float | None) -> None:
    """The error of the method is in both derivatives; a step that is too long excuses nothing."""
    how = How(method, step)
    verdict, _ = check_their_derivative(called(softmax, how=how), INPUTS)
    assert verdict.passed
    assert verdict.method == method
    wrong, _ = check_their_derivative(called(lambda z: 1.0001 * softmax(z), how=how), INPUTS)
    assert not wrong.passed


def test_an_error_of_another_method_is_not_hidden() -> None:
    """Central differences have nothing to fall back to."""
    with pytest.raises(InputError, match="no_values raised ZeroDivisionError"):
        check_their_derivative(called(no_values, how=How("central")), INPUTS)


def no_values(z: Array) -> float:
    """Raise an error whatever is given."""
    return 1.0 / 0.0


@pytest.mark.parametrize(("step", "noted"), [(0.5, False), (300.0, True)])
def test_products_with_directions_keep_what_a_method_says(step: float, noted: bool) -> None:
    """Whether its own error is in the relative ones, and that it is too coarse."""
    z = np.random.default_rng(0).normal(size=(1, LARGE + 1)) * 3.0
    verdict = check_own(Criteria(how=How("forward", step)), Inputs.of(z))
    assert verdict.passed
    assert (verdict.kind, verdict.tally.rows, verdict.tally.entries) == ("jacobian", 1, 8 * (LARGE + 1))
    assert bool(verdict.warnings) == noted
    assert noted or not verdict.exact


def test_what_changes_from_call_to_call_fails_with_that_cause() -> None:
    """Although every number of the first call is right."""
    numbers: Iterator[int] = iter(range(1000))

    def jacobian(z: Array) -> Array:
        return plain_jacobian(z) + 1e-12 * next(numbers)

    verdict = check_function(called(jacobian, "jacobian", inputs=INPUTS))
    assert not verdict.passed
    assert verdict.diagnosis.causes[0].id == "state-between-calls"


def test_whole_numbers_are_the_first_cause() -> None:
    """A buffer of integers cuts what would be right."""

    def jacobian(z: Array) -> Any:
        return (9.0 * plain_jacobian(z)).astype(int)

    verdict = check_function(called(jacobian, "jacobian"))
    assert verdict.diagnosis.causes[0].id == "integer-buffer"


@pytest.mark.parametrize(("kind", "said"), [("loss", "a loss is"), ("probabilities", "probabilities are")])
def test_values_alone_are_no_derivative_to_check(kind: Kind, said: str) -> None:
    """Softmax's own values are compared with nothing."""
    with pytest.raises(InputError, match=f"{said} no derivative"):
        check_own(Criteria(Sought("softmax", kind)), INPUTS._replace(target=np.array([0, 1])))


def test_products_are_checked_with_a_vector_of_its_own_where_none_is_given() -> None:
    """Centred: its entries sum to 0, and the answer does not."""
    verdict = check_own(Criteria(Sought("softmax", "jvp")), INPUTS)
    assert verdict.passed
    assert verdict.inputs is not None
    assert verdict.inputs.vector is not None
    assert np.allclose(verdict.inputs.vector.sum(axis=1), 0.0)
