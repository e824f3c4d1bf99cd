"""Two mistakes at once: a wrong formula, on wrong probabilities."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from softmax_cli.checking.catalogue.mistake import Mistake
from softmax_cli.checking.catalogue.table import mistakes
from softmax_cli.checking.diagnosis.evidence import Evidence
from softmax_cli.checking.diagnosis.matching import Candidates, Fit
from softmax_cli.checking.inputs import Array, Quantities, Sought


def both(evidence: Evidence) -> list[Fit]:
    """Return the pairs of a wrong formula and wrong probabilities that fit, without or with a factor.

    All pairs are tested on one row, and those that fit it on the others.
    """
    sought, q, got, slack = evidence
    if q.inputs.together:
        return []
    one = Evidence(sought, Quantities.of(q.inputs.rows([0])), got[:1], slack[:1])
    with np.errstate(all="ignore"):
        found = one.q.kept(("pairs", sought), lambda: _pairs(sought, one.q))
        if found is None:
            return []
        near = found.built.fits(one)
        chosen = {id(fit.mistake) for fit in near if fit.mistake.id != "right" and fit.rank <= 1}
        built = found.built.mistakes[1:]
        told = [_told(*pair, m) for pair, m in zip(found.pairs, built, strict=True) if id(m) in chosen]
        return Candidates.of(sought, told, q).fits(evidence)


class _Pairs(NamedTuple):
    """Each formula with each of the wrong probabilities, and the same as candidates."""

    pairs: list[tuple[Mistake, Mistake]]
    built: Candidates


def _pairs(sought: Sought, q: Quantities) -> _Pairs | None:
    """Return all pairs at one row, or None where there are none."""
    every = mistakes(sought)
    wrong_p = [m for m in every if m.probabilities is not None]
    formulas = [m for m in every if m.probabilities is None]
    if not wrong_p or not formulas:
        return None
    probabilities = [_of(m, q) for m in wrong_p]
    answers = [(m, a) for m in formulas if (a := _answers(m, q, probabilities)) is not None]
    pairs = [(m, other) for m, _ in answers for other in wrong_p]
    right = Candidates.of(sought, (), q)
    built = [m._replace(answer=_answer(m, other)) for m, other in pairs]
    stacked = np.concatenate([right.answers, *(a for _, a in answers)])
    return _Pairs(pairs, Candidates((*right.mistakes, *built), stacked))


def _of(mistake: Mistake, q: Quantities) -> Array:
    assert mistake.probabilities is not None
    return np.broadcast_to(mistake.probabilities(q), q.all_z.shape)


def _told(formula: Mistake, other: Mistake, both: Mistake) -> Mistake:
    return both._replace(
        title=f"{formula.title}; and {other.title}",
        formula=f"{formula.formula}, with {_own(other)}",
        why=f"{formula.why} {other.why}",
        fix=f"{formula.fix}; {other.fix}",
    )


def _answer(formula: Mistake, other: Mistake) -> Callable[[Quantities], Array]:
    return lambda q: formula.answer(q.with_p(_of(other, q)))


def _own(mistake: Mistake) -> str:
    return mistake.formula.removeprefix("the right formula with ")


def _answers(formula: Mistake, q: Quantities, probabilities: Sequence[Array]) -> Array | None:
    """Return the formula on each of the wrong probabilities, shape (count, n, ...)."""
    count, n = len(probabilities), len(q.z)
    tiled = Quantities(q.inputs.repeated(count), instead=np.concatenate(probabilities))
    try:
        answer = formula.answer(tiled)
    except LookupError:
        return None
    return np.asarray(answer).reshape(count, n, *answer.shape[1:])
