"""From a wrong answer to its cause: by experiment where the function can be asked, else from its numbers."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from softmax_cli.checking.catalogue.mistake import right_formula
from softmax_cli.checking.catalogue.table import guards, mistakes
from softmax_cli.checking.diagnosis.artefacts import traces
from softmax_cli.checking.diagnosis.blockwise import parts
from softmax_cli.checking.diagnosis.conclusion import concluded, theories_of
from softmax_cli.checking.diagnosis.diagnosis import Cause, Diagnosis
from softmax_cli.checking.diagnosis.evidence import ComparedAnswer, Evidence
from softmax_cli.checking.diagnosis.experiments import terms
from softmax_cli.checking.diagnosis.experiments.number import measured
from softmax_cli.checking.diagnosis.experiments.run import by_experiment
from softmax_cli.checking.diagnosis.experiments.theory import BlackBox, Theory
from softmax_cli.checking.diagnosis.matching import Candidates, Fit, block, untempered
from softmax_cli.checking.diagnosis.not_finite import not_finite, plain_causes
from softmax_cli.checking.diagnosis.precision import Precision
from softmax_cli.checking.diagnosis.structure import LOCAL, structure
from softmax_cli.checking.inputs import Quantities, spread

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
    """A wrong answer, the rows of it to look at, and how it was rounded."""

    compared: ComparedAnswer
    rows: NDArray[np.intp]
    precision: Precision | None

    def evidence(self, most: int | None = None) -> Evidence:
        """Return what was answered in these rows, of a large matrix a block of about `most` classes."""
        (sought, inputs, got, _, wrong), rows, precision = self
        if most is None or sought.kind != "jacobian" or inputs.k <= most:
            return Evidence.of(sought, Quantities.of(inputs, rows), got[rows], precision)
        off = wrong[rows[0]]
        worst = np.array(np.unravel_index(int(np.argmax(off)), off.shape))
        classes = block(inputs.rows(rows), most, worst)
        part = got[np.ix_(rows, classes, classes)]
        return Evidence.of(sought, Quantities.of(inputs, rows, classes), part, precision)


def diagnose(
    answer: ComparedAnswer, *, precision: Precision | None = None, subject: BlackBox | None = None
) -> Diagnosis:
    """Return what is wrong with an answer that is not right.

    Parameters
    ----------
    answer
        What was answered at all the rows that it was asked at.
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
    _, inputs, got, expected, wrong = answer
    plain = plain_causes(got, expected)
    if plain:
        return Diagnosis(plain)
    overflow = not_finite(inputs, got, expected)
    if overflow and not np.any(wrong & np.isfinite(got)):
        return Diagnosis(overflow)
    found = None
    if subject is not None:
        found = by_experiment(subject._replace(precision=precision))
    if found is None and (rows := _telling_rows(answer)).size:
        found = _of_numbers(_Answer(answer, rows, precision))
    if found is None:
        return Diagnosis(overflow) if overflow else structure(answer)
    return found._replace(notes=(*found.notes, *(cause.title for cause in overflow)))


def _of_numbers(answer: _Answer) -> Diagnosis:
    """Return what the numbers of an answer show, where nothing can be asked."""
    sought, inputs, *_ = answer.compared
    evidence = answer.evidence(_SMALL)
    broken = structure(answer.compared)
    digits = _digits(evidence)
    if digits < _ENOUGH:
        return broken if broken.laws else Diagnosis((Cause.of("too-few-digits"),))
    candidates = _candidates(answer, evidence.q)
    most = 2 if digits >= _ENOUGH_FOR_A_NUMBER else 0
    fits = candidates.fits(evidence)
    if any(fit.is_right for fit in fits):
        return Diagnosis((Cause.of("rounding-alone", right=right_formula(sought)),))
    found = _confirmed(answer, [fit for fit in fits if fit.rank <= most])
    if not found:
        for theory in _found(answer) if most else ():
            return Diagnosis((theory.cause,))
        found = _confirmed(answer, untempered(evidence))
    if found:
        return concluded(inputs, theories_of(sought, found))
    if broken.causes[0].id in LOCAL:
        return broken
    composed = parts(candidates, evidence)
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
    inputs = answer.compared.inputs
    if inputs.k > _MOST_CLASSES:
        return
    evidence = answer.evidence()
    with np.errstate(all="ignore"):
        if evidence.got.size >= _VALUES:  # the rows of their own, for many numbers to be tried at once
            yield from measured([evidence._replace(q=Quantities.of(inputs.rows(answer.rows)))])
        yield from terms.theories(evidence)
        yield from traces(_candidates(answer, evidence.q), evidence)


def _telling_rows(answer: ComparedAnswer) -> NDArray[np.intp]:
    """Return some rows to look at: finite ones, the wrong ones first, and not too many.

    A saturated row tells little, and what a wrong formula loses to rounding there is not known: it is
    looked at only where no other row is wrong.
    """
    inputs, finite, bad = answer.inputs, answer.finite, answer.bad
    with np.errstate(invalid="ignore"):
        x = inputs.z / inputs.temperature[:, None]
        gentle = finite & (np.ptp(x, axis=1) < _SPREAD) & (np.abs(x).max(axis=1) < _SIZE)
    if (gentle & bad).any():
        finite = gentle
    wrong, good = np.flatnonzero(finite & bad), np.flatnonzero(finite & ~bad)
    return np.sort(np.concatenate([wrong[spread(wrong.size, _ROWS)], good[:2]])) if wrong.size else wrong


def _candidates(answer: _Answer, q: Quantities) -> Candidates:
    (sought, _, got, expected, _), rows, _ = answer
    with np.errstate(over="ignore", invalid="ignore"):
        near = np.abs(got - expected)[rows] <= _NEARLY * np.abs(expected[rows])
    nearly_right = bool(near.reshape(rows.size, -1).all(axis=1).any())
    return Candidates.known(sought, mistakes(sought) + (guards(sought) if nearly_right else ()), q)


def _confirmed(answer: _Answer, found: list[Fit]) -> list[Fit]:
    """Return the fits that hold on a larger block as well, but for those with a factor for each row."""
    sought, inputs, *_ = answer.compared
    if found and sought.kind == "jacobian" and inputs.k > _SMALL:
        evidence = answer.evidence(_LARGE)
        chosen = tuple(dict.fromkeys(fit.mistake for fit in found if fit.mistake.id != "right"))
        found = Candidates.of(sought, chosen, evidence.q).fits(evidence)
    found = [fit for fit in found if not fit.is_right]
    best = min((fit.rank for fit in found), default=3)
    if best == 2:  # an unnamed number explains more with the right formula than with a wrong one
        return [fit for fit in found if fit.rank == 2 and fit.mistake.id == "right"] or found
    return [fit for fit in found if fit.rank <= 1] if best < 2 else []
