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
from softmax_cli.checking.diagnosis.experiments.terms import sums
from softmax_cli.checking.diagnosis.experiments.theory import Setting, Theory, explained
from softmax_cli.checking.diagnosis.matching import Candidates, Evidence
from softmax_cli.checking.inputs import Array

_MOST_SUMS = 4
_WHOLE = "return the whole matrix: np.diag(p) - np.outer(p, p), over T"
_VECTOR = "The derivative of softmax has an entry for each pair of classes: raising one logit moves every p."
_NEAR = 1e-9


_SUMS = ("vector-row-sums", "the sums of the rows of J, which are 0", _VECTOR, _WHOLE, "sum_j J_ij")
_UNKNOWN = Cause(
    "vector", "a vector where the Jacobian belongs, and no known mistake", _VECTOR, _WHOLE, "a vector"
)


@cache
def _vectors() -> tuple[Mistake, ...]:
    """Return the vectors that are known to be returned in place of a Jacobian."""
    return tuple(
        Mistake(f"vector-{row['id']}", row["title"], row["formula"], _VECTOR, _WHOLE, Vector(row["formula"]))
        for row in rows("vectors")
    )


def vector_for_matrix(setting: Setting) -> Cause:
    """Return what a function computes that returns a vector, (n, k), where a Jacobian is meant."""
    right_one = right_formula(setting.function, "jacobian")
    seen = next((one for rows in setting.first() if (one := setting.ask(rows)) is not None), None)
    if seen is None:
        return _UNKNOWN._replace(right=right_one)
    unseen = [one for rows in setting.held_out() if (one := setting.ask(rows)) is not None]
    if all(np.abs(one.got).max() <= _NEAR for one in (seen, *unseen)):
        return Cause(*_SUMS, right_one)
    fits = [fit for fit in _candidates(seen).fits(seen) if fit.rank <= 1]
    theories = [*theories_of(setting.function, setting.kind, fits), *_of_terms(seen)]
    kept = explained(theories, unseen)
    return (kept[0].cause if kept else _UNKNOWN)._replace(right=right_one)


def _of_terms(seen: Evidence) -> Iterator[Theory]:
    for one in islice(sums("probabilities", seen), _MOST_SUMS):
        title = f"a vector, {one.text}, in place of the Jacobian"
        yield Theory(Cause("vector-of-terms", title, _VECTOR, _WHOLE, one.text), one.answer)


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
    one = float(result.ravel()[0])
    return Cause(
        "constant",
        f"the number {one:g} in place of the Jacobian"
        + (", as if the loss had the derivative already" if one == 1.0 else ""),
        _VECTOR,
        _WHOLE,
        f"{one:g}",
        right_formula("softmax", "jacobian"),
    )
