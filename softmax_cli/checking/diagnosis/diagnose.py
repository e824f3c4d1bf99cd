"""From a wrong answer to its cause: by experiment where the function can be asked, else from its numbers."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from softmax_cli.checking.catalogue.mistake import right
from softmax_cli.checking.catalogue.table import guards, mistakes
from softmax_cli.checking.diagnosis.artefacts import Traces
from softmax_cli.checking.diagnosis.blockwise import parts
from softmax_cli.checking.diagnosis.conclusion import Query, concluded, theories_of
from softmax_cli.checking.diagnosis.diagnosis import Cause, Diagnosis
from softmax_cli.checking.diagnosis.experiments import terms
from softmax_cli.checking.diagnosis.experiments.number import Base, measured
from softmax_cli.checking.diagnosis.experiments.run import by_experiment
from softmax_cli.checking.diagnosis.experiments.theory import BlackBox, Setting, Theory
from softmax_cli.checking.diagnosis.matching import Candidates, Evidence, Fit, block, untempered
from softmax_cli.checking.diagnosis.not_finite import not_finite, plain_causes
from softmax_cli.checking.diagnosis.precision import Precision
from softmax_cli.checking.diagnosis.structure import LOCAL, structure
from softmax_cli.checking.inputs import Array, Inputs, Quantities, spread

_SMALL = 8
_LARGE = 96
_ROWS = 6
_SPREAD = 25.0
_SIZE = 300.0
_NEARLY = 0.01
"""An answer this near (relative) is compared with the guards too: eps, clipping."""
_MOST_CLASSES = 200
_ENOUGH = 5.0
"""So many digits in all must be there for one of some hundred mistakes to be told by them."""
_ENOUGH_FOR_A_NUMBER = 7.5
"""So many for a mistake with a factor, or a number, that is found from them too."""
_VALUES = 6
"""So many numbers at least are needed for one more to be found from them."""


class _Answer(NamedTuple):
    """A wrong answer, and how exactly it can be read."""

    query: Query
    got: Array
    expected: Array
    wrong: NDArray[np.bool_]
    rows: NDArray[np.intp]
    precision: Precision | None

    def evidence(self, most: int) -> Evidence:
        """Return what was answered, of a large matrix a block of about `most` classes."""
        inputs, rows = self.query.inputs, self.rows
        if self.query.kind != "jacobian" or inputs.k <= most:
            return Evidence.of(Quantities.of(inputs, rows), self.got[rows], self.precision)
        off = self.wrong[rows[0]]
        worst = np.array(np.unravel_index(int(np.argmax(off)), off.shape))
        classes = block(inputs.rows(rows), most, worst)
        part = self.got[np.ix_(rows, classes, classes)]
        return Evidence.of(Quantities.of(inputs, rows, classes), part, self.precision)


def diagnose(
    query: Query,
    got: Array,
    expected: Array,
    *,
    wrong: NDArray[np.bool_],
    precision: Precision | None = None,
    subject: BlackBox | None = None,
) -> Diagnosis:
    """Return what is wrong with an answer that is not right.

    Parameters
    ----------
    query
        The function, the kind of answer and all the rows it was asked at.
    got, expected
        Theirs and the right one, shape (n, k), or (n, k, k) for a Jacobian.
    wrong
        Which entries are out of tolerance.
    precision
        How theirs was rounded, where it was.
    subject
        The function that answered, where it can be asked again.

    Notes
    -----
    Of a function a cause is told only if it gives every answer at inputs that it was not found on. Of numbers
    alone every mistake is evaluated on a small block (a Jacobian's first few telling classes); what fits
    there is compared with a larger one. A fit in which each row has a factor of its own is not a cause.
    """
    plain = plain_causes(query.kind, got, expected)
    if plain:
        return Diagnosis(plain)
    overflow = not_finite(query.inputs, got, expected)
    rows = _telling_rows(query.inputs, got, wrong)
    function, kind = query.function, query.kind
    finite = np.isfinite(got)
    if overflow and not np.any(wrong & finite):
        return Diagnosis(overflow)
    found = None
    if subject is not None:
        t = float(query.inputs.temperature[0])
        found = by_experiment(Setting(function, kind, subject, t, precision))
    if found is None and rows.size:
        found = _of_numbers(_Answer(query, got, expected, wrong, rows, precision))
    if found is None:
        return Diagnosis(overflow) if overflow else structure(function, kind, got, expected, wrong)
    return found._replace(notes=(*found.notes, *(cause.title for cause in overflow)))


def _of_numbers(answer: _Answer) -> Diagnosis:
    """Return what the numbers of an answer show, where nothing can be asked."""
    query = answer.query
    evidence = answer.evidence(_SMALL)
    broken = structure(query.function, query.kind, answer.got, answer.expected, answer.wrong)
    digits = _digits(evidence)
    if digits < _ENOUGH:
        return broken if broken.laws else Diagnosis((Cause.of("too-few-digits"),))
    candidates = _candidates(answer, evidence.q)
    most = 2 if digits >= _ENOUGH_FOR_A_NUMBER else 0
    found = _confirmed(answer, [fit for fit in candidates.fits(evidence) if fit.rank <= most])
    if found:
        return concluded(query, theories_of(query.function, query.kind, found))
    for theory in _found(answer) if most else ():
        return Diagnosis((theory.cause,))
    found = _confirmed(answer, untempered(query.function, query.kind, evidence))
    if found:
        return concluded(query, theories_of(query.function, query.kind, found))
    if broken.causes[0].id in LOCAL:
        return broken
    composed = parts(query.function, query.kind, candidates, evidence)
    return Diagnosis((composed[0].cause,), laws=broken.laws) if composed else broken


def _digits(evidence: Evidence) -> float:
    """Return how many digits the numbers have in all, as they are written: what a cause has to explain."""
    got, slack = np.abs(evidence.got), np.maximum(evidence.slack, 1e-300)
    written = max(len(f"{x:.15e}".partition("e")[0].replace(".", "").rstrip("0")) for x in got.ravel())
    written = max(written, 2)  # 0.5 may be 0.50
    each = np.minimum(np.log10(np.maximum(got / slack, 1.0)), written)
    return float(np.where(got == 0.0, 1.0, each).sum())


def _found(answer: _Answer) -> Iterator[Theory]:
    """Yield the theories with a number, or terms, that is found from the answer itself."""
    query = answer.query
    function, kind = query.function, query.kind
    if query.inputs.k > _MOST_CLASSES:
        return
    q = Quantities.of(query.inputs, answer.rows)
    evidence = Evidence.of(q, answer.got[answer.rows], answer.precision)
    with np.errstate(all="ignore"):
        if evidence.got.size >= _VALUES:
            own = Evidence(
                Quantities.of(query.inputs.rows(answer.rows)), evidence.got, evidence.slack
            )  # the rows of their own, for many numbers to be tried at once
            yield from measured(function, kind, Base(right(function, kind)), [own])
        yield from terms.theories(function, kind, evidence)
        yield from Traces(function, kind, evidence, _candidates(answer, q)).theories()


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
    return np.sort(np.concatenate([bad[spread(bad.size, _ROWS)], good[:2]])) if bad.size else bad


def _candidates(answer: _Answer, q: Quantities) -> Candidates:
    function, kind, rows = answer.query.function, answer.query.kind, answer.rows
    with np.errstate(over="ignore", invalid="ignore"):
        near = np.abs(answer.got - answer.expected)[rows] <= _NEARLY * np.abs(answer.expected[rows])
    nearly_right = bool(near.reshape(rows.size, -1).all(axis=1).any())
    return Candidates.known(
        function, kind, mistakes(function, kind) + (guards(function, kind) if nearly_right else ()), q
    )


def _confirmed(answer: _Answer, found: list[Fit]) -> list[Fit]:
    """Return the fits that hold on a larger block as well, but for those with a factor for each row."""
    query = answer.query
    if found and query.kind == "jacobian" and query.inputs.k > _SMALL:
        evidence = answer.evidence(_LARGE)
        chosen = tuple(dict.fromkeys(fit.mistake for fit in found if fit.mistake.id != "right"))
        found = Candidates.of(query.function, query.kind, chosen, evidence.q).fits(evidence)
    best = min((fit.rank for fit in found), default=3)
    if best == 2:  # an unnamed number explains more with the right formula than with a wrong one
        return [fit for fit in found if fit.rank == 2 and fit.mistake.id == "right"] or found
    return [fit for fit in found if fit.rank <= 1] if best < 2 else []
