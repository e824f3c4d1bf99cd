"""A whole check: softmax's own derivative, a matrix from a file, or a function of the user's."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from softmax_cli.checking import test_points
from softmax_cli.checking.compare import USUAL, Tolerance
from softmax_cli.checking.diagnosis.diagnosis import Cause, Diagnosis
from softmax_cli.checking.inputs import PRODUCTS, VALUES, Array, Inputs, Kind, Sought
from softmax_cli.checking.reference import DEFAULT, How, Truth
from softmax_cli.checking.verdict import Verdict, judge, judge_alone, settled
from softmax_cli.core import differentiate
from softmax_cli.core.numerical.derivative import differentiate as differentiate_numerically
from softmax_cli.errors import InputError

if TYPE_CHECKING:
    from softmax_cli.checking.calling.call import Invocation

LARGE = 4000
"""Beyond so many classes no matrix is formed: products with random directions are compared."""
DIRECTIONS = 4
"""So many for J v, and as many for g^T J."""
_MOST_CLASSES = 64
"""A function is asked at inputs of its user's number of classes up to so many."""


class Criteria(NamedTuple):
    """What is checked, and how strictly."""

    sought: Sought = Sought("softmax", "jacobian")
    how: How = DEFAULT
    tolerance: Tolerance = USUAL

    def truth(self, inputs: Inputs) -> Truth:
        """Return the right answer at these inputs."""
        return Truth.of(self.sought, inputs, self.how, self.tolerance)


class Conditions(NamedTuple):
    """How a function is judged.

    Parameters
    ----------
    asked
        How strictly.
    temperature
        T, where the function has no parameter for it or the user gave one.
    inputs
        The user's rows, or None.
    on_row
        Called before each row, for progress.
    differentiated
        Whether the derivative of values, found numerically, is judged in place of the values.
    classes
        The number of classes that the function is written for, where it takes no other.
    """

    asked: Criteria = Criteria()
    temperature: float = 1.0
    inputs: Inputs | None = None
    on_row: Callable[[], None] | None = None
    differentiated: bool = False
    classes: int | None = None

    @property
    def k(self) -> int:
        """The number of classes of inputs that are chosen here."""
        own = None if self.inputs is None or self.inputs.k > _MOST_CLASSES else self.inputs.k
        return self.classes or own or test_points.CLASSES


def check_own(asked: Criteria, inputs: Inputs) -> Verdict:
    """Compare softmax's own analytic derivative with the numerical one.

    Beyond `LARGE` classes the Jacobian is checked by its products with random, centred directions: every
    entry of J v and g^T J is compared, so that a wrong sign, a wrong factor or zeros fail for certain.
    """
    kind = asked.sought.kind
    if kind == "jacobian" and inputs.k > LARGE:
        return _by_directions(asked, inputs)
    if kind in PRODUCTS and inputs.vector is None:
        inputs = inputs._replace(vector=test_points.centred(inputs.n, inputs.k))
    return judge(asked.truth(inputs), _analytic(asked.sought, inputs))


def _by_directions(asked: Criteria, inputs: Inputs) -> Verdict:
    verdicts = []
    kinds: tuple[Kind, ...] = ("jvp", "vjp")
    for seed, kind in enumerate(kinds * DIRECTIONS):
        with_vector = inputs._replace(vector=test_points.centred(inputs.n, inputs.k, seed=seed))
        product = asked._replace(sought=asked.sought._replace(kind=kind))
        got = _analytic(product.sought, with_vector)
        verdicts.append(judge(product.truth(with_vector), got, explain=False))
    verdict = reduce(Verdict.joined, verdicts)
    verdict.kind, verdict.inputs, verdict.tally.rows = asked.sought.kind, inputs, inputs.n
    verdict.method = f"{verdict.method}, {2 * DIRECTIONS} random centred directions"
    return verdict


def _analytic(sought: Sought, inputs: Inputs) -> Array:
    function, kind = sought
    t = float(inputs.temperature[0])
    if kind in PRODUCTS:
        product = getattr(differentiate, kind)
        return np.asarray(product(inputs.z, inputs.vector, function=function, temperature=t))
    if kind in VALUES:
        said = "a loss is" if kind == "loss" else "probabilities are"
        raise InputError(
            f"there is nothing to check: {said} no derivative",
            where="--as",
            hint="--against FILE.py:NAME, or leave --as out",
        )
    return np.asarray(
        differentiate.jacobian(inputs.z, function=function, temperature=t, target=inputs.target)
    )


def check_function(call: Invocation, *, explain: bool = True) -> Verdict:
    """Compare a user's function with the truth, at its user's logits or at those that tell mistakes apart."""
    if call.conditions.inputs is None:
        verdict = _at_chosen(call, explain=explain)
    else:
        inputs = call.targeted(call.conditions.inputs)
        verdict = _at(call, inputs, explain=explain)
        if explain or verdict.passed:
            verdict = _with_other_inputs(call, inputs, verdict)
    if not call.repeated(call.telling()):  # whatever else its numbers look like is chance
        verdict.diagnosis = Diagnosis((Cause.of("state-between-calls"),))
        verdict.tally.wrong = max(verdict.tally.wrong, 1)
    elif call.integers and not verdict.passed:
        buffer = Cause.of("integer-buffer")
        others = tuple(cause for cause in verdict.diagnosis.causes if cause.id != "all-zero")
        verdict.diagnosis = verdict.diagnosis._replace(causes=(buffer, *others))
    verdict.warnings = (*verdict.warnings, *call.remarks)
    return verdict


def _at(call: Invocation, inputs: Inputs, *, explain: bool = True) -> Verdict:
    rows = inputs._replace(batch=call.batch)
    return call.judged(rows, call.answers(rows), explain=explain)


def _at_chosen(call: Invocation, *, explain: bool) -> Verdict:
    """Judge the answers at our own inputs: the hard ones together with the others."""
    telling, conditions = call.telling(), call.conditions
    first = _at(call, telling, explain=explain)
    if not first.passed and (not explain or (first.diagnosis.certain and not _size_matters(first))):
        return first
    hard = call.targeted(test_points.hard(call.kind, temperature=conditions.temperature, k=conditions.k))
    stressed = call.answers(hard, stress=True)
    finite = np.asarray(np.isfinite(stressed.reshape(len(stressed), -1)).all(axis=1), bool)
    if first.passed and not finite.all():
        return _right_but_not_finite(call, telling, (hard, stressed, finite))
    got = np.concatenate([call.answers(telling), stressed])
    both = test_points.join(telling, hard)
    return call.judged(both, got, explain=explain, stressed=hard.n)


def _right_but_not_finite(
    call: Invocation, telling: Inputs, hard: tuple[Inputs, Array, NDArray[np.bool_]]
) -> Verdict:
    """Judge the finite answers; that others overflow is said, with its cause, but the formula is right."""
    from softmax_cli.checking.diagnosis.not_finite import (
        not_finite,  # as the whole diagnosis, only where it is needed
    )

    inputs, stressed, finite = hard
    kept = np.flatnonzero(finite)
    got = np.concatenate([call.answers(telling), stressed[kept]])
    verdict = call.judged(test_points.join(telling, inputs.rows(kept)), got, stressed=kept.size)
    expected, _ = call.truth(inputs).whole()
    lost = not_finite(inputs, stressed, expected)
    verdict.diagnosis = verdict.diagnosis._replace(causes=(*verdict.diagnosis.causes, *lost))
    verdict.warnings = (*verdict.warnings, *(f"logits of +-1000 break it: {cause.title}" for cause in lost))
    return verdict


def _size_matters(verdict: Verdict) -> bool:
    return any(cause.id == "some-rows" for cause in verdict.diagnosis.causes)


def _with_other_inputs(call: Invocation, inputs: Inputs, verdict: Verdict) -> Verdict:
    """Ask at telling inputs too: to find the cause, or to warn that the user's own logits hide it."""
    telling = call.telling()
    try:
        other = _at(call, telling)
    except InputError:
        return verdict  # it takes no other logits; what it did with the user's is known
    if verdict.passed and not other.passed:
        cause = other.diagnosis.causes[0].title if other.diagnosis.causes else "of unknown cause"
        verdict.warnings = (*verdict.warnings, f"it agrees at these logits, but not at others: {cause}")
    elif not verdict.passed and not other.passed and telling.k == inputs.k:
        if not call.batch:
            got = np.concatenate([call.answers(inputs), call.answers(telling)])
            verdict.diagnosis = call.judged(test_points.join(inputs, telling), got).diagnosis
    elif not verdict.passed and not other.passed:
        verdict.diagnosis = other.diagnosis
    return verdict


def check_their_derivative(call: Invocation, inputs: Inputs) -> tuple[Verdict, tuple[str, ...]]:
    """Differentiate the user's own function numerically, and compare that with the analytic Jacobian.

    The method's error is in the answer, so that the truth is found by the same one. A step of the user's has
    not the last word: central differences have, which any function of real numbers takes.

    Returns
    -------
    tuple
        The verdict, and notes: the complex step needs a function that takes complex numbers, and falls back.
    """
    asked = call.criteria._replace(sought=call.criteria.sought._replace(kind="jacobian"))
    try:
        verdict = _differentiated(call, inputs, asked)
    except (InputError, TypeError) as error:  # a TypeError of ours: real numbers came for complex ones
        if asked.how.method != "complex-step":
            raise
        said = type(error.__cause__ or error).__name__
        own = "" if asked.how.step is None else " with a step of their own, not --step"
        note = f"{call.name} takes only real numbers ({said}): central differences instead{own}"
        return _differentiated(call, inputs, asked._replace(how=How("central"))), (note,)
    if asked.how.step is not None:
        verdict = settled(verdict, _differentiated(call, inputs, asked._replace(how=How("central"))))
    return verdict, ()


def _differentiated(call: Invocation, inputs: Inputs, asked: Criteria) -> Verdict:
    def of_row(i: int) -> Callable[[Array], Array]:
        return lambda z: call.values(z, inputs, i)

    method, step, _ = asked.how
    with np.errstate(all="ignore"):
        each = (
            differentiate_numerically(of_row(i), z, method=method, step=step) for i, z in enumerate(inputs.z)
        )
        got = np.stack(list(each))
    return judge_alone(asked.truth(inputs), got, explain=True)
