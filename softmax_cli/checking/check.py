"""A whole check: softmax's own derivative, a matrix from a file, or a function of the user's."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from softmax_cli.checking import test_points
from softmax_cli.checking.compare import USUAL, Tolerance, merged
from softmax_cli.checking.diagnosis.diagnosis import Cause, Diagnosis
from softmax_cli.checking.inputs import VALUES, Array, Inputs, Kind, Sought
from softmax_cli.checking.reference import DEFAULT, How, Truth
from softmax_cli.checking.verdict import Verdict, judge
from softmax_cli.core import differentiate
from softmax_cli.core.numerical.derivative import differentiate as differentiate_numerically
from softmax_cli.errors import InputError

if TYPE_CHECKING:
    from softmax_cli.checking.calling.call import Invocation
    from softmax_cli.checking.calling.search import Conditions

LARGE = 4000
"""Beyond so many classes no matrix is formed: products with random directions are compared."""
DIRECTIONS = 4
"""So many for J v, and as many for g^T J."""


class Criteria(NamedTuple):
    """What is checked, and how strictly."""

    function: str = "softmax"
    kind: Kind = "jacobian"
    how: How = DEFAULT
    tolerance: Tolerance = USUAL

    @property
    def sought(self) -> Sought:
        """Which function's which kind of answer."""
        return Sought(self.function, self.kind)

    def truth(self, inputs: Inputs, kind: Kind | None = None) -> Truth:
        """Return the right answer at these inputs."""
        sought = self.sought if kind is None else self.sought._replace(kind=kind)
        return Truth.of(sought, inputs, self.how, self.tolerance)


def check_own(asked: Criteria, inputs: Inputs) -> Verdict:
    """Compare softmax's own analytic derivative with the numerical one.

    Beyond `LARGE` classes the Jacobian is checked by its products with random, centred directions: every
    entry of J v and g^T J is compared, so that a wrong sign, a wrong factor or zeros fail for certain.
    """
    if asked.kind == "jacobian" and inputs.k > LARGE:
        return _by_directions(asked, inputs)
    if asked.kind in ("vjp", "jvp") and inputs.vector is None:
        inputs = inputs._replace(vector=test_points.centred(inputs.n, inputs.k))
    return judge(asked.truth(inputs), _analytic(asked, asked.kind, inputs))


def _by_directions(asked: Criteria, inputs: Inputs) -> Verdict:
    tallies = []
    kinds: tuple[Kind, ...] = ("jvp", "vjp")
    for seed, kind in enumerate(kinds * DIRECTIONS):
        with_vector = inputs._replace(vector=test_points.centred(inputs.n, inputs.k, seed=seed))
        got = _analytic(asked, kind, with_vector)
        verdict = judge(asked.truth(with_vector, kind), got, explain=False)
        tallies.append(verdict.tally)
    method = f"{asked.how.method}, {2 * DIRECTIONS} random centred directions"
    t = float(inputs.temperature[0])
    return Verdict(asked.function, asked.kind, method, t, merged(tallies, inputs.n), inputs=inputs)


def _analytic(asked: Criteria, kind: Kind, inputs: Inputs) -> Array:
    t = float(inputs.temperature[0])
    if kind in ("jvp", "vjp"):
        product = getattr(differentiate, kind)
        return np.asarray(product(inputs.z, inputs.vector, function=asked.function, temperature=t))
    if kind in VALUES:
        said = "a loss is" if kind == "loss" else "probabilities are"
        raise InputError(
            f"there is nothing to check: {said} no derivative",
            where="--as",
            hint="--against FILE.py:NAME, or leave --as out",
        )
    return np.asarray(
        differentiate.jacobian(inputs.z, function=asked.function, temperature=t, target=inputs.target)
    )


def check_function(
    asked: Criteria, call: Invocation, conditions: Conditions, k: int, *, explain: bool = True
) -> Verdict:
    """Compare a user's function with the truth, at the user's logits or at inputs that tell mistakes apart.

    `conditions` are the user's rows, or None, and T, where the function has no parameter for it or the user
    gave one. Inputs that are chosen here have k classes.
    """
    inputs, temperature = conditions.inputs, conditions.temperature
    telling = _telling(asked, call, temperature, k)
    hard = _targeted(call, test_points.hard(asked.kind, temperature=temperature, k=k))
    if inputs is None:
        verdict = _at_theirs(asked, call, telling, hard, explain=explain)
    else:
        verdict = _at(asked, call, _targeted(call, inputs), explain=explain)
        if explain or verdict.passed:
            verdict = _with_other_inputs(asked, call, inputs, verdict, telling)
    if not call.repeated(telling):  # whatever else its numbers look like is chance
        verdict.diagnosis = Diagnosis((Cause.of("state-between-calls"),))
        verdict.tally.wrong = max(verdict.tally.wrong, 1)
    elif call.integers and not verdict.passed:
        buffer = Cause.of("integer-buffer")
        verdict.diagnosis = verdict.diagnosis._replace(causes=(buffer, *verdict.diagnosis.causes))
    verdict.warnings = (*verdict.warnings, *call.remarks)
    return verdict


def _telling(asked: Criteria, call: Invocation, temperature: float, k: int) -> Inputs:
    """Return inputs that tell mistakes apart: where it takes T, with several, one for a batch."""
    takes = call.temperature is not None and temperature == 1.0
    t = 2.0 if takes and call.batch else temperature
    rows = test_points.telling(asked.kind, temperature=t, varied=takes and not call.batch, k=k)
    return _targeted(call, rows)


def _targeted(call: Invocation, inputs: Inputs) -> Inputs:
    """Return the inputs with the target that is written into the function, where there is one."""
    fixed = call.binding.fixed
    return inputs if fixed is None else inputs._replace(target=np.full(inputs.n, fixed))


def _at(asked: Criteria, call: Invocation, inputs: Inputs, *, explain: bool = True) -> Verdict:
    rows = inputs._replace(batch=call.batch)
    return _judged(asked, call, rows, call.answers(rows), explain=explain)


def _judged(
    asked: Criteria, call: Invocation, inputs: Inputs, got: Array, *, explain: bool = True, stressed: int = 0
) -> Verdict:
    """Judge answers of a function that can be asked again."""
    subject = call.asked_again() if explain else None
    return judge(
        asked.truth(inputs),
        got,
        coarse=call.coarse,
        explain=explain,
        stressed=stressed,
        subject=subject,
    )


def _at_theirs(asked: Criteria, call: Invocation, telling: Inputs, hard: Inputs, *, explain: bool) -> Verdict:
    """Judge the answers at our own inputs: the hard ones together with the others."""
    first = _at(asked, call, telling, explain=explain)
    if not first.passed and (not explain or (first.diagnosis.certain and not _size_matters(first))):
        return first
    stressed = call.answers(hard, stress=True)
    finite = np.asarray(np.isfinite(stressed.reshape(len(stressed), -1)).all(axis=1), bool)
    if first.passed and not finite.all():
        return _right_but_not_finite(asked, call, telling, (hard, stressed, finite))
    got = np.concatenate([call.answers(telling), stressed])
    both = test_points.join(telling, hard)
    return _judged(asked, call, both, got, explain=explain, stressed=hard.n)


def _right_but_not_finite(
    asked: Criteria, call: Invocation, telling: Inputs, hard: tuple[Inputs, Array, NDArray[np.bool_]]
) -> Verdict:
    """Judge the finite answers; that others overflow is said, with its cause, but the formula is right."""
    from softmax_cli.checking.diagnosis.not_finite import (
        not_finite,  # as the whole diagnosis, only where it is needed
    )

    inputs, stressed, finite = hard
    kept = np.flatnonzero(finite)
    got = np.concatenate([call.answers(telling), stressed[kept]])
    finite_rows = test_points.join(telling, inputs.rows(kept))
    verdict = _judged(asked, call, finite_rows, got, stressed=kept.size)
    expected, _ = asked.truth(inputs).whole()
    lost = not_finite(inputs, stressed, expected)
    verdict.diagnosis = verdict.diagnosis._replace(causes=(*verdict.diagnosis.causes, *lost))
    verdict.warnings = (*verdict.warnings, *(f"logits of +-1000 break it: {cause.title}" for cause in lost))
    return verdict


def _size_matters(verdict: Verdict) -> bool:
    return any(cause.id == "some-rows" for cause in verdict.diagnosis.causes)


def _with_other_inputs(
    asked: Criteria, call: Invocation, inputs: Inputs, verdict: Verdict, telling: Inputs
) -> Verdict:
    """Ask at telling inputs too: to find the cause, or to warn that the user's own logits hide it."""
    try:
        other = _at(asked, call, telling)
    except InputError:
        return verdict  # it takes no other logits; what it did with the user's is known
    if verdict.passed and not other.passed:
        cause = other.diagnosis.causes[0].title if other.diagnosis.causes else "of unknown cause"
        verdict.warnings = (*verdict.warnings, f"it agrees at these logits, but not at others: {cause}")
    elif not verdict.passed and not other.passed and telling.k == inputs.k:
        both = test_points.join(inputs._replace(batch=call.batch), telling)
        if not call.batch:
            got = np.concatenate([call.answers(inputs), call.answers(telling)])
            verdict.diagnosis = _judged(asked, call, both, got).diagnosis
    elif not verdict.passed and not other.passed:
        verdict.diagnosis = other.diagnosis
    return verdict


def check_their_derivative(
    asked: Criteria, call: Invocation, inputs: Inputs
) -> tuple[Verdict, tuple[str, ...]]:
    """Differentiate the user's own function numerically, and compare that with the analytic Jacobian.

    Returns
    -------
    tuple
        The verdict, and notes: the complex step needs a function that takes complex numbers, and falls back.
    """
    notes: tuple[str, ...] = ()
    how = asked.how

    def of_row(i: int) -> Callable[[Array], Array]:
        return lambda z: call.values(z, inputs, i)

    def jacobians(method: str) -> Array:
        return np.stack(
            [
                differentiate_numerically(of_row(i), inputs.z[i], method=method, step=how.step)
                for i in range(inputs.n)
            ]
        )

    try:
        with np.errstate(all="ignore"):
            got = jacobians(how.method)
    except (InputError, TypeError) as error:  # a TypeError of ours: real numbers came for complex ones
        if how.method != "complex-step":
            raise
        said = type(error.__cause__ or error).__name__
        own = "" if how.step is None else " with a step of their own, not --step"
        notes = (f"{call.name} takes only real numbers ({said}): central differences instead{own}",)
        how = How("central", None)
        got = jacobians("central")
    truth = Truth.of(Sought(asked.function, "jacobian"), inputs, how, asked.tolerance)
    return judge(truth, got), notes
