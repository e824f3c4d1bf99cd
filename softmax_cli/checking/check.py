"""A whole check: softmax's own derivative, a matrix from a file, or a function of the user's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from softmax_cli.checking import test_points
from softmax_cli.checking.compare import USUAL, Tolerance, merged
from softmax_cli.checking.diagnosis.diagnosis import Cause
from softmax_cli.checking.inputs import Array, Inputs, Kind
from softmax_cli.checking.reference import DEFAULT, How, Truth
from softmax_cli.checking.verdict import Verdict, judge
from softmax_cli.core import differentiate
from softmax_cli.core.numerical.derivative import differentiate as differentiate_numerically
from softmax_cli.errors import InputError

if TYPE_CHECKING:
    from softmax_cli.checking.user_function import Theirs

LARGE = 4000
"""Beyond so many classes no matrix is formed: products with random directions are compared."""
DIRECTIONS = 4
"""So many for J v, and as many for g^T J."""
_SMALL = 64
_EITHER = frozenset({"y", "y_true", "label", "labels", "targets"})


class Asked(NamedTuple):
    """What is checked, and how strictly."""

    function: str = "softmax"
    kind: Kind = "jacobian"
    how: How = DEFAULT
    tolerance: Tolerance = USUAL

    def truth(self, inputs: Inputs, kind: Kind | None = None) -> Truth:
        """Return the right answer at these inputs."""
        return Truth.of(self.function, kind or self.kind, inputs, self.how, self.tolerance)


def check_own(asked: Asked, inputs: Inputs) -> Verdict:
    """Hold softmax's own analytic derivative against the numerical one.

    Beyond `LARGE` classes the Jacobian is checked by its products with random, centred directions: every
    entry of J v and g^T J is compared, so that a wrong sign, a wrong factor or zeros fail for certain.
    """
    if asked.kind == "jacobian" and inputs.k > LARGE:
        return _by_directions(asked, inputs)
    if asked.kind in ("vjp", "jvp") and inputs.vector is None:
        inputs = replace(inputs, vector=test_points.centred(inputs.n, inputs.k))
    return judge(asked.truth(inputs), _analytic(asked, asked.kind, inputs), asked.how)


def _by_directions(asked: Asked, inputs: Inputs) -> Verdict:
    tallies = []
    kinds: tuple[Kind, ...] = ("jvp", "vjp")
    for seed, kind in enumerate(kinds * DIRECTIONS):
        with_vector = replace(inputs, vector=test_points.centred(inputs.n, inputs.k, seed=seed))
        got = _analytic(asked, kind, with_vector)
        verdict = judge(asked.truth(with_vector, kind), got, asked.how, explain=False)
        tallies.append(verdict.tally)
    method = f"{asked.how.method}, {2 * DIRECTIONS} random centred directions"
    t = float(inputs.temperature[0])
    return Verdict(asked.function, asked.kind, method, t, merged(tallies, inputs.n), inputs=inputs)


def _analytic(asked: Asked, kind: Kind, inputs: Inputs) -> Array:
    t = float(inputs.temperature[0])
    if kind in ("jvp", "vjp"):
        product = getattr(differentiate, kind)
        return np.asarray(product(inputs.z, inputs.vector, function=asked.function, temperature=t))
    if kind in ("probabilities", "log-probabilities"):
        raise InputError(
            "there is nothing to check: probabilities are no derivative",
            where="--as",
            hint="--against FILE.py:NAME, or leave --as out",
        )
    return np.asarray(
        differentiate.jacobian(inputs.z, function=asked.function, temperature=t, target=inputs.target)
    )


def check_function(asked: Asked, theirs: Theirs, inputs: Inputs | None, temperature: float) -> Verdict:
    """Hold a user's function against the truth, at the user's logits or at inputs that tell mistakes apart.

    Parameters
    ----------
    asked
        What its answers are to be.
    theirs
        The function.
    inputs
        The user's rows, or None.
    temperature
        T, where the function has no parameter for it or the user gave one.
    """
    varied = theirs.temperature is not None and temperature == 1.0
    telling = test_points.telling(asked.kind, temperature=temperature, varied=varied)
    hard = test_points.hard(asked.kind, temperature=temperature)
    theirs.settle(telling if inputs is None else inputs)
    if theirs.batch and varied:  # a batch has one temperature
        telling = test_points.telling(asked.kind, temperature=2.0, varied=False)
    if theirs.target in _EITHER:
        _choose_target(asked, theirs, telling if inputs is None else inputs)
    verdict = _at_theirs(asked, theirs, telling, hard) if inputs is None else _at(asked, theirs, inputs)
    if inputs is not None:
        verdict = _with_other_inputs(asked, theirs, inputs, verdict)
    habits = _habits(theirs, telling, passed=verdict.passed)
    verdict.diagnosis = verdict.diagnosis._replace(causes=(*habits, *verdict.diagnosis.causes))
    if habits and verdict.passed:
        verdict.tally.wrong = 1
    verdict.warnings = (*verdict.warnings, *theirs.remarks, *_rows_mixed(asked, theirs, telling))
    return verdict


def _at(asked: Asked, theirs: Theirs, inputs: Inputs) -> Verdict:
    rows = replace(inputs, batch=theirs.batch)
    return judge(asked.truth(rows), theirs.answers(rows), asked.how, single=theirs.single)


def _at_theirs(asked: Asked, theirs: Theirs, telling: Inputs, hard: Inputs) -> Verdict:
    """Judge the answers at our own inputs: the hard ones together with the others, unless in a batch."""
    first = _at(asked, theirs, telling)
    if theirs.batch or (not first.passed and first.diagnosis.certain and not _size_matters(first)):
        return first
    stressed = theirs.answers(hard, stress=True)
    finite = np.asarray(np.isfinite(stressed.reshape(len(stressed), -1)).all(axis=1), bool)
    if first.passed and not finite.all():
        return _right_but_not_finite(asked, theirs, telling, (hard, stressed, finite))
    got = np.concatenate([theirs.answers(telling), stressed])
    return judge(
        asked.truth(test_points.join(telling, hard)), got, asked.how, single=theirs.single, stressed=hard.n
    )


def _right_but_not_finite(
    asked: Asked, theirs: Theirs, telling: Inputs, hard: tuple[Inputs, Array, NDArray[np.bool_]]
) -> Verdict:
    """Judge the finite answers; that others overflow is said, with its cause, but the formula is right."""
    from softmax_cli.checking.diagnosis.not_finite import (
        not_finite,  # as the whole diagnosis, only where it is needed
    )

    inputs, stressed, finite = hard
    kept = np.flatnonzero(finite)
    got = np.concatenate([theirs.answers(telling), stressed[kept]])
    verdict = judge(
        asked.truth(test_points.join(telling, inputs.rows(kept))),
        got,
        asked.how,
        single=theirs.single,
        stressed=kept.size,
    )
    expected, _ = asked.truth(inputs).whole()
    lost = not_finite(inputs, stressed, expected)
    verdict.diagnosis = verdict.diagnosis._replace(causes=(*verdict.diagnosis.causes, *lost))
    verdict.warnings = (*verdict.warnings, *(f"logits of +-1000 break it: {cause.title}" for cause in lost))
    return verdict


def _size_matters(verdict: Verdict) -> bool:
    return any(cause.id == "some-rows" for cause in verdict.diagnosis.causes)


def _with_other_inputs(asked: Asked, theirs: Theirs, inputs: Inputs, verdict: Verdict) -> Verdict:
    """Ask at telling inputs too: to find the cause, or to warn that the user's own logits hide it."""
    k = inputs.k if inputs.k <= _SMALL else test_points.CLASSES
    varied = theirs.temperature is not None and not theirs.batch
    t = float(inputs.temperature[0])
    telling = test_points.telling(asked.kind, temperature=t, varied=varied, k=k)
    try:
        other = _at(asked, theirs, telling)
    except InputError:
        return verdict  # it takes no other logits; what it did with the user's is known
    if verdict.passed and not other.passed:
        cause = other.diagnosis.causes[0].title if other.diagnosis.causes else "of unknown cause"
        verdict.warnings = (*verdict.warnings, f"it agrees at these logits, but not at others: {cause}")
    elif not verdict.passed and not other.passed and k == inputs.k:
        both = test_points.join(replace(inputs, batch=theirs.batch), telling)
        if not theirs.batch:
            got = np.concatenate([theirs.answers(inputs), theirs.answers(telling)])
            verdict.diagnosis = judge(asked.truth(both), got, asked.how, single=theirs.single).diagnosis
    elif not verdict.passed and not other.passed:
        verdict.diagnosis = other.diagnosis
    return verdict


def _choose_target(asked: Asked, theirs: Theirs, inputs: Inputs) -> None:
    """Decide between an index and a one-hot vector for a target: what comes nearer the truth."""
    one = inputs.rows([0])
    expected, _ = asked.truth(one).whole()
    distance = {}
    for form in (False, True):
        theirs.one_hot = form
        try:
            distance[form] = float(np.abs(theirs.answers(one) - expected).max())
        except InputError:
            distance[form] = np.inf
    theirs.one_hot = distance[True] < distance[False]
    if theirs.one_hot:
        theirs.remarks[f"{theirs.name} gets {theirs.target!r} as a one-hot vector"] = None


def _habits(theirs: Theirs, telling: Inputs, *, passed: bool) -> list[Cause]:
    """Return what is no formula: an integer buffer, an answer that depends on the calls before."""
    causes: list[Cause] = []
    if _depends_on_calls(theirs, telling):
        causes.append(
            Cause(
                "state-between-calls",
                "the answer changes from call to call at the same input",
                "Something is kept between calls: a buffer that is added to, a gradient that is never "
                "cleared, or random numbers.",
                "start from a fresh array in every call",
            )
        )
    if theirs.integers and not passed:
        causes.append(
            Cause(
                "integer-buffer",
                "the result is in an integer array, which cuts every decimal off",
                "Probabilities and their derivatives lie between -1 and 1: as whole numbers they are 0.",
                "make the buffer float: np.zeros(k, dtype=float), or np.zeros_like(z, dtype=float)",
            )
        )
    return causes


def _depends_on_calls(theirs: Theirs, telling: Inputs) -> bool:
    rows = telling if theirs.batch else telling.rows([0])
    try:
        return not np.array_equal(theirs.answers(rows), theirs.answers(rows), equal_nan=True)
    except InputError:
        return False


def _rows_mixed(asked: Asked, theirs: Theirs, telling: Inputs) -> tuple[str, ...]:
    """Say so where a function that is right for one row gives something else for several at once."""
    if theirs.batch or asked.kind == "jacobian" or not theirs.knows_axes():
        return ()  # a function of one vector need not know better
    same = test_points.telling(asked.kind, temperature=float(telling.temperature[-1]), varied=False)
    together = replace(theirs, batch=True, remarks={})
    try:
        got = together.answers(same)
        single = theirs.answers(same)
    except InputError:
        return ()
    if np.allclose(got, single, rtol=1e-4, atol=1e-8, equal_nan=True):
        return ()
    verdict = judge(asked.truth(replace(same, batch=True)), got, asked.how)
    if verdict.passed or not verdict.diagnosis.causes:
        return ()
    return (f"given several rows at once, shape (n, k), it is wrong: {verdict.diagnosis.causes[0].title}",)


def check_their_derivative(asked: Asked, theirs: Theirs, inputs: Inputs) -> tuple[Verdict, tuple[str, ...]]:
    """Differentiate the user's own function numerically, and hold that against the analytic Jacobian.

    Returns
    -------
    tuple
        The verdict, and notes: the complex step needs a function that takes complex numbers, and falls back.
    """
    notes: tuple[str, ...] = ()
    how = asked.how

    def of_row(i: int) -> Callable[[Array], Array]:
        return lambda z: theirs.values(z, inputs, i)

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
    except Exception as error:
        if how.method != "complex-step":
            raise theirs.raised(error) from error
        notes = (
            f"{theirs.name} takes only real numbers ({type(error).__name__}): central differences instead",
        )
        how = How("central", None)
        got = jacobians("central")
    truth = Truth.of(asked.function, "jacobian", inputs, how, asked.tolerance)
    return judge(truth, got, how), notes
