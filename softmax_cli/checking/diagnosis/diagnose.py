"""From a wrong answer to its cause: the catalogue first, then its parts, then the structure that broke."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from softmax_cli.checking.catalogue.mistake import Mistake, right_formula
from softmax_cli.checking.catalogue.table import guards, mistakes
from softmax_cli.checking.diagnosis.blockwise import parts
from softmax_cli.checking.diagnosis.diagnosis import Cause, Diagnosis, Separating
from softmax_cli.checking.diagnosis.matching import Candidates, Evidence, Fit, block
from softmax_cli.checking.diagnosis.not_finite import not_finite, plain_causes
from softmax_cli.checking.diagnosis.parametric import fitted
from softmax_cli.checking.diagnosis.precision import Precision
from softmax_cli.checking.diagnosis.structure import LOCAL, structure
from softmax_cli.checking.inputs import Array, Inputs, Kind, Quantities

_SMALL = 8
_LARGE = 96
_ROWS = 6
_MOST = 4
_SPREAD = 25.0
_SIZE = 300.0
_NEARLY = 0.01
"""An answer this near (relative) is held against the guards too: eps, clipping."""


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked: which function's which kind of answer, and where."""

    function: str
    kind: Kind
    inputs: Inputs


def diagnose(
    question: Question,
    got: Array,
    expected: Array,
    *,
    wrong: NDArray[np.bool_],
    precision: Precision | None = None,
) -> Diagnosis:
    """Return what is wrong with an answer that is not right.

    Parameters
    ----------
    question
        The function, the kind of answer and all the rows it was asked at.
    got, expected
        Theirs and the right one, shape (n, k), or (n, k, k) for a Jacobian.
    wrong
        Which entries are out of tolerance.
    precision
        How theirs was rounded, where it was.

    Notes
    -----
    Every mistake is evaluated on a small block (a Jacobian's first few telling classes); what fits there is
    held against a larger one. A fit in which each row has a factor of its own is no cause.
    """
    plain = plain_causes(question.kind, got, expected)
    if plain:
        return Diagnosis(plain)
    overflow = not_finite(question.inputs, got, expected)
    rows = _telling_rows(question.inputs, got, wrong)
    if rows.size == 0:
        return Diagnosis(overflow or structure(question.function, question.kind, got, expected, wrong))
    said = _of_finite_rows(question, got, expected, wrong, rows, precision)
    return said._replace(causes=(*said.causes, *overflow)) if said.certain else said


def _of_finite_rows(
    question: Question,
    got: Array,
    expected: Array,
    wrong: NDArray[np.bool_],
    rows: NDArray[np.intp],
    precision: Precision | None,
) -> Diagnosis:
    evidence = _evidence(question, got, wrong, rows, precision, _SMALL)
    candidates = _candidates(question, got, expected, rows, evidence.q)
    found = _confirmed(question, candidates.fits(evidence), got, wrong, rows, precision)
    if found:
        return _from_fits(question, found)
    cause = fitted(question.function, question.kind, question.inputs, got, rows, precision)
    if cause is not None:
        return Diagnosis((cause,))
    found = _confirmed(question, _untempered(question, evidence), got, wrong, rows, precision)
    if found:
        return _from_fits(question, found)
    broken = structure(question.function, question.kind, got, expected, wrong)
    local = any(cause.id in LOCAL for cause in broken)
    composed = () if local else parts(question.function, question.kind, candidates, evidence)
    return Diagnosis(composed + broken)


def _telling_rows(inputs: Inputs, got: Array, wrong: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return some rows to look at: finite ones, the wrong ones first, and not too many.

    A saturated row tells little, and what a wrong formula loses to rounding there is not known: it is
    looked at only where no other row is wrong.
    """
    n = len(got)
    finite = np.isfinite(got.reshape(n, -1)).all(axis=1)
    with np.errstate(invalid="ignore"):
        x = inputs.z / inputs.temperature[:, None]
        gentle = finite & (np.ptp(x, axis=1) < _SPREAD) & (np.abs(x).max(axis=1) < _SIZE)
    if (gentle & wrong.reshape(n, -1).any(axis=1)).any():
        finite = gentle
    bad = np.flatnonzero(finite & wrong.reshape(n, -1).any(axis=1))
    good = np.flatnonzero(finite & ~wrong.reshape(n, -1).any(axis=1))
    picked = bad[np.unique(np.linspace(0, max(bad.size - 1, 0), _ROWS).astype(int))] if bad.size else bad
    return np.sort(np.concatenate([picked, good[:2]])) if bad.size else bad


def _candidates(
    question: Question, got: Array, expected: Array, rows: NDArray[np.intp], q: Quantities
) -> Candidates:
    function, kind = question.function, question.kind
    with np.errstate(over="ignore", invalid="ignore"):
        near = np.abs(got - expected)[rows] <= _NEARLY * np.abs(expected[rows])
    nearly_right = bool(near.reshape(rows.size, -1).all(axis=1).any())
    return Candidates.of(
        function, kind, mistakes(function, kind) + (guards(function, kind) if nearly_right else ()), q
    )


def _confirmed(
    question: Question,
    found: list[Fit],
    got: Array,
    wrong: NDArray[np.bool_],
    rows: NDArray[np.intp],
    precision: Precision | None,
) -> list[Fit]:
    """Return the fits that hold on a larger block as well, but for those with a factor for each row."""
    if found and question.kind == "jacobian" and question.inputs.k > _SMALL:
        evidence = _evidence(question, got, wrong, rows, precision, _LARGE)
        chosen = tuple(dict.fromkeys(fit.mistake for fit in found if fit.mistake.id != "right"))
        found = Candidates.of(question.function, question.kind, chosen, evidence.q).fits(evidence)
    best = min((fit.rank for fit in found), default=3)
    if best == 2:  # an unnamed number explains more with the right formula than with a wrong one
        return [fit for fit in found if fit.rank == 2 and fit.mistake.id == "right"] or found
    return [fit for fit in found if fit.rank <= 1] if best < 2 else []


def _untempered(question: Question, evidence: Evidence) -> list[Fit]:
    """Return the mistakes that fit when the temperature is ignored as well."""
    inputs = question.inputs
    if np.all(inputs.temperature == 1.0):
        return []
    plain = replace(evidence.q, inputs=replace(inputs, temperature=np.ones(inputs.n)))
    chosen = tuple(m for m in mistakes(question.function, question.kind) if m.probabilities is None)
    found = Candidates.of(question.function, question.kind, chosen, plain).fits(evidence)
    return [
        replace(fit, mistake=_ignoring_temperature(fit.mistake)) for fit in found if fit.mistake.id != "right"
    ]


def _ignoring_temperature(mistake: Mistake) -> Mistake:
    def answer(q: Quantities) -> Array:
        inputs = q.inputs
        return mistake.answer(replace(q, inputs=replace(inputs, temperature=np.ones(inputs.n))))

    return replace(
        mistake,
        title=f"{mistake.title}; and the temperature is ignored",
        why=f"{mistake.why} And the logits must be divided by T.",
        answer=answer,
    )


def _evidence(
    question: Question,
    got: Array,
    wrong: NDArray[np.bool_],
    rows: NDArray[np.intp],
    precision: Precision | None,
    most: int,
) -> Evidence:
    if question.kind != "jacobian" or question.inputs.k <= most:
        return Evidence.of(Quantities(question.inputs, rows), got[rows], precision)
    worst = np.array(np.unravel_index(int(np.argmax(wrong[rows[0]])), wrong[rows[0]].shape))
    classes = block(question.inputs.rows(rows), most, worst)
    part = got[np.ix_(rows, classes, classes)]
    return Evidence.of(Quantities(question.inputs, rows, classes), part, precision)


def _from_fits(question: Question, found: Sequence[Fit]) -> Diagnosis:
    ordered = sorted(found, key=_plainness)
    distinct = _distinct(question, ordered)
    causes = tuple(_cause(question, fit) for fit in distinct[:_MOST])
    return Diagnosis(causes, certain=len(distinct) == 1, apart=_separating(question, distinct[:_MOST]))


def _plainness(fit: Fit) -> int:
    """Return the place of a fit: the plainer comes first, and of the same plainness the earlier."""
    if fit.rank == 0:
        return 1
    if fit.mistake.id != "right":
        return 2
    assert fit.factor is not None or fit.rank == 2
    # exp(z), not divided by its sum, is a formula of its own rather than S times the right one.
    return 3 if fit.factor is None else int(fit.factor.id.startswith("denominator")) * 2


def _distinct(question: Question, ordered: Sequence[Fit]) -> list[Fit]:
    """Leave out fits that are the same formula in other words: equal wherever they are asked."""
    q = Quantities(_generic(question.inputs))
    kept: list[tuple[Fit, Array]] = []
    for fit in ordered:
        with np.errstate(all="ignore"):
            answer = np.asarray(fit.answer(q))
        if not any(_equal(answer, other) for _, other in kept):
            kept.append((fit, answer))
    return [fit for fit, _ in kept]


def _equal(a: Array, b: Array) -> bool:
    size = np.abs(a[np.isfinite(a)]).max(initial=0.0)
    return bool(np.allclose(a, b, rtol=1e-6, atol=1e-9 * float(size), equal_nan=True))


_TELLING = (1.43, -0.4, 0.23, 0.96, -1.17, 1.9, -0.71, 0.58)


def _generic(inputs: Inputs) -> Inputs:
    """Return inputs like these at which every formula shows: three rows, three temperatures, five classes."""
    z = np.array([_TELLING[:5], _TELLING[3:8], (-1.3, 2.4, 0.35, -0.22, 1.05)])
    vector = None if inputs.vector is None else np.array([_TELLING[2:7], _TELLING[1:6], _TELLING[:5]])
    target = None if inputs.target is None else np.array([1, 2, 4])
    temperature = np.array([2.0, 0.6, 3.1])
    if np.all(inputs.temperature == 1.0):
        temperature[:] = 1.0  # mistakes that differ by T alone are one mistake to who has no T
    return Inputs(z, temperature, target, vector)


def _separating(question: Question, found: Sequence[Fit]) -> Separating | None:
    """Return the plainest input at which all the fits differ."""
    if len(found) < 2:
        return None
    inputs = question.inputs
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


def _differ(found: Sequence[Fit], inputs: Inputs) -> bool:
    q = Quantities(inputs)
    with np.errstate(all="ignore"):
        answers = [np.asarray(fit.answer(q)) for fit in found]
    return not any(
        np.allclose(a, b, rtol=1e-3, atol=1e-6) for i, a in enumerate(answers) for b in answers[:i]
    )


def _cause(question: Question, fit: Fit) -> Cause:
    formula = right_formula(question.function, question.kind)
    mistake, factor = fit.mistake, fit.factor
    number = f"{float(fit.scale[0]):.6g}"
    if mistake.id == "right":
        if factor is not None:
            theirs = f"{factor.name} times the right formula"
            return Cause(factor.id, factor.title, factor.why, factor.fix, theirs, formula, factor.name)
        return Cause(
            "scaled",
            f"every entry is {number} times the right one",
            "All entries are wrong by one factor: the formula is right, a constant is not.",
            f"look for the factor {number}",
            f"{number} times the right formula",
            formula,
            number,
        )
    if fit.rank == 0:
        return Cause(mistake.id, mistake.title, mistake.why, mistake.fix, mistake.formula, formula)
    name = number if factor is None else factor.name
    if mistake.id == "temperature-ignored" and name == "T":
        return Cause(
            mistake.id,
            "the temperature is ignored throughout: neither z / T nor the factor 1/T is there",
            f"{mistake.why} The chain rule then brings out 1/T.",
            mistake.fix,
            f"T times: {mistake.formula}",
            formula,
            name,
        )
    return Cause(
        mistake.id,
        f"{mistake.title}; and all of it is multiplied by {name}",
        mistake.why if factor is None else f"{mistake.why} On top of it: {factor.title}.",
        mistake.fix,
        f"{name} times: {mistake.formula}",
        formula,
        name,
    )
