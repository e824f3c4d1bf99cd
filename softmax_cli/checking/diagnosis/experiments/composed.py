"""Two mistakes at once: a wrong formula, on wrong probabilities."""

from typing import NamedTuple

import numpy as np

from softmax_cli.checking.catalogue.mistake import Formula, Mistake
from softmax_cli.checking.catalogue.table import mistakes
from softmax_cli.checking.diagnosis.evidence import Evidence
from softmax_cli.checking.diagnosis.matching import Candidates, Fit, on_each
from softmax_cli.checking.inputs import Quantities, Sought


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
    probabilities = [m.probabilities(q) for m in wrong_p if m.probabilities is not None]
    right = Candidates.of(sought, (), q)
    pairs: list[tuple[Mistake, Mistake]] = []
    answers = [right.answers]
    for formula in formulas:
        try:
            answers.append(on_each(formula.answer, q, probabilities))
        except LookupError:
            continue  # a formula of what was not given
        pairs += [(formula, other) for other in wrong_p]
    built = [formula._replace(answer=_answer(formula, other)) for formula, other in pairs]
    return _Pairs(pairs, Candidates((*right.mistakes, *built), np.concatenate(answers)))


def _told(formula: Mistake, other: Mistake, both: Mistake) -> Mistake:
    return both._replace(
        title=f"{formula.title}; and {other.title}",
        formula=f"{formula.formula}, with {_own(other)}",
        why=f"{formula.why} {other.why}",
        fix=f"{formula.fix}; {other.fix}",
    )


def _answer(formula: Mistake, other: Mistake) -> Formula:
    assert other.probabilities is not None
    wrong_p = other.probabilities
    return lambda q: formula.answer(q.with_p(wrong_p(q)))


def _own(mistake: Mistake) -> str:
    return mistake.formula.removeprefix("the right formula with ")
