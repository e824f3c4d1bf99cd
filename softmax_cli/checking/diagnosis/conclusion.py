"""From the formulas that fit to a diagnosis: the plainest, each once, and what would tell them apart."""

from collections.abc import Sequence

import numpy as np

from softmax_cli.checking.catalogue.mistake import right_formula
from softmax_cli.checking.diagnosis.diagnosis import Cause, Diagnosis, Separating
from softmax_cli.checking.diagnosis.experiments.theory import Theory
from softmax_cli.checking.diagnosis.matching import Fit
from softmax_cli.checking.inputs import Array, Inputs, Quantities, Sought

_SMALL = 8
_MOST = 4
_TELLING = (1.43, -0.4, 0.23, 0.96, -1.17, 1.9, -0.71, 0.58)


def concluded(inputs: Inputs, theories: Sequence[Theory]) -> Diagnosis:
    """Return the diagnosis of theories that fit equally, the plainest first."""
    distinct = _distinct(inputs, theories)[:_MOST]
    causes = tuple(theory.cause for theory in distinct)
    return Diagnosis(causes, certain=len(distinct) == 1, apart=_separating(inputs, distinct))


def theories_of(sought: Sought, fits: Sequence[Fit]) -> list[Theory]:
    """Return fits as theories, the plainest first."""
    return [Theory(_cause(sought, fit), fit.answer) for fit in sorted(fits, key=_plainness)]


def _plainness(fit: Fit) -> int:
    """Return the place of a fit: the plainer comes first, and of the same plainness the earlier."""
    if fit.rank == 0:
        return 1
    if fit.mistake.id != "right":
        return 2
    # exp(z), not divided by its sum, is a formula of its own rather than S times the right one.
    return 3 if fit.factor is None else int(fit.factor.id.startswith("denominator")) * 2


def _distinct(inputs: Inputs, ordered: Sequence[Theory]) -> list[Theory]:
    """Leave out theories that are the same formula in other words: equal wherever they are asked."""
    q = Quantities.of(_generic(inputs))
    kept: list[tuple[Theory, Array]] = []
    for theory in ordered:
        with np.errstate(all="ignore"):
            answer = np.asarray(theory.answer(q))
        if not any(_equal(answer, other) for _, other in kept):
            kept.append((theory, answer))
    return [theory for theory, _ in kept]


def _equal(a: Array, b: Array) -> bool:
    size = np.abs(a[np.isfinite(a)]).max(initial=0.0)
    return bool(np.allclose(a, b, rtol=1e-6, atol=1e-9 * float(size), equal_nan=True))


def _generic(inputs: Inputs) -> Inputs:
    """Return inputs like these at which every formula shows: three rows, three temperatures, five classes."""
    z = np.array([_TELLING[:5], _TELLING[3:8], (-1.3, 2.4, 0.35, -0.22, 1.05)])
    vector = None if inputs.vector is None else np.array([_TELLING[2:7], _TELLING[1:6], _TELLING[:5]])
    target = None if inputs.target is None else np.array([1, 2, 4])
    temperature = np.array([2.0, 0.6, 3.1])
    if np.all(inputs.temperature == 1.0):
        temperature[:] = 1.0  # without T, mistakes that differ by T alone are one mistake
    return Inputs(z, temperature, target, vector)


def _separating(inputs: Inputs, found: Sequence[Theory]) -> Separating | None:
    """Return the plainest input at which all the theories differ."""
    if len(found) < 2:
        return None
    own = inputs.z[0]
    for z in (own, np.array(_TELLING[:3]), np.array(_TELLING[:5])):
        own_t = float(inputs.temperature[0])
        for temperature in (1.0,) if own_t == 1.0 else (own_t, 2.0, 3.0, 0.7):
            if z.size <= _SMALL and np.isfinite(z).all() and _differ(found, _like(inputs, z, temperature)):
                return Separating(tuple(map(float, z)), temperature)
    return None


def _like(inputs: Inputs, z: Array, temperature: float) -> Inputs:
    vector = None if inputs.vector is None else np.resize(np.array(_TELLING[2:]), z.shape)
    target = None if inputs.target is None else min(1, z.size - 1)
    return Inputs.of(z, temperature, target, vector)


def _differ(found: Sequence[Theory], inputs: Inputs) -> bool:
    q = Quantities.of(inputs)
    with np.errstate(all="ignore"):
        answers = [np.asarray(theory.answer(q)) for theory in found]
    return not any(
        np.allclose(a, b, rtol=1e-3, atol=1e-6) for i, a in enumerate(answers) for b in answers[:i]
    )


def _cause(sought: Sought, fit: Fit) -> Cause:
    formula, times, factor = right_formula(sought), fit.times, fit.factor
    if fit.mistake.id == "right":
        if factor is None:
            return Cause.of("scaled", number=times, right=formula)._replace(factor=times)
        theirs = f"{times} times the right formula"
        return Cause(factor.id, factor.title, factor.why, factor.fix, theirs, formula, times)
    cause = fit.cause(formula)
    if not times:
        return cause
    title, why = f"{cause.title}; and all of it is multiplied by {times}", cause.explanation
    if cause.id == "temperature-ignored" and times == "T":
        title = "the temperature is ignored throughout: neither z / T nor the factor 1/T is there"
        why = f"{why} The chain rule then brings out 1/T."
    elif factor is not None:
        why = f"{why} On top of it: {factor.title}."
    return cause._replace(title=title, explanation=why, theirs=f"{times} times: {cause.theirs}", factor=times)
