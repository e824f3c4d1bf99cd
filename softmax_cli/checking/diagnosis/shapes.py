"""Answers of another shape than was asked for: a vector where a Jacobian belongs, a flattened batch."""

from collections.abc import Iterator
from functools import cache
from itertools import islice

import numpy as np

from softmax_cli.checking.catalogue.formulas import Vector
from softmax_cli.checking.catalogue.mistake import Mistake, right_formula
from softmax_cli.checking.catalogue.tables import rows
from softmax_cli.checking.diagnosis.conclusion import theories_of
from softmax_cli.checking.diagnosis.diagnosis import Cause
from softmax_cli.checking.diagnosis.evidence import Evidence
from softmax_cli.checking.diagnosis.experiments.terms import sums
from softmax_cli.checking.diagnosis.experiments.theory import BlackBox, Theory, explained
from softmax_cli.checking.diagnosis.matching import Candidates
from softmax_cli.checking.inputs import Array, Sought

_MOST_SUMS = 4
_WHOLE = "return the whole matrix: np.diag(p) - np.outer(p, p), over T"
_VECTOR = "The derivative of softmax has an entry for each pair of classes: raising one logit moves every p."
_NEAR = 1e-9
_VALUES = Sought("softmax", "probabilities")
"""The terms of vectors are those of values."""


@cache
def _vectors() -> tuple[Mistake, ...]:
    """Return the vectors that are known to be returned in place of a Jacobian."""
    return tuple(
        Mistake(f"vector-{row['id']}", row["title"], row["formula"], _VECTOR, _WHOLE, Vector(row["formula"]))
        for row in rows("vectors")
    )


def vector_for_matrix(box: BlackBox) -> Cause:
    """Return what a function computes that returns a vector, (n, k), where a Jacobian is meant."""
    right_one = right_formula(box.sought)
    seen = next((one for rows in box.first() if (one := box.ask(rows)) is not None), None)
    if seen is None:
        return Cause.of("vector", right=right_one)
    unseen = [one for rows in box.held_out() if (one := box.ask(rows)) is not None]
    if all(np.abs(one.got).max() <= _NEAR for one in (seen, *unseen)):
        return Cause.of("vector-row-sums", right=right_one)
    fits = [fit for fit in _candidates(seen).fits(seen) if fit.rank <= 1]
    theories = [*theories_of(box.sought, fits), *_of_terms(seen)]
    kept = explained(theories, unseen)
    return kept[0].cause._replace(right=right_one) if kept else Cause.of("vector", right=right_one)


def _of_terms(seen: Evidence) -> Iterator[Theory]:
    for one in islice(sums(seen._replace(sought=_VALUES)), _MOST_SUMS):
        yield Theory(Cause.of("vector-of-terms", sum=one.text), one.answer)


def _candidates(seen: Evidence) -> Candidates:
    """Return the vectors as candidates; the first, which stands for the right one, is none."""
    with np.errstate(all="ignore"):
        answers = [mistake.answer(seen.q) for mistake in _vectors()]
    nothing = Mistake("nothing", "", "", "", "", lambda q: np.zeros_like(q.p))
    return Candidates((nothing, *_vectors()), np.array([np.full_like(seen.got, np.nan), *answers]))


def constant_for_matrix(result: Array) -> Cause | None:
    """Return the cause where a single number, 1 most often, is returned in place of a derivative."""
    if result.size != 1:
        return None
    number = result.item()
    cause = Cause.of("constant", number=number, right=right_formula(Sought("softmax", "jacobian")))
    if number == 1.0:
        return cause._replace(title=f"{cause.title}, as if the loss had the derivative already")
    return cause
