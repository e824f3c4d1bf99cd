"""An answer in two parts, each with a formula of its own: a Jacobian's diagonal, a gradient's target."""

from collections.abc import Callable
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from softmax_cli.checking.catalogue.mistake import right_formula
from softmax_cli.checking.diagnosis.diagnosis import Cause
from softmax_cli.checking.diagnosis.evidence import Evidence
from softmax_cli.checking.diagnosis.experiments.terms import sums
from softmax_cli.checking.diagnosis.experiments.theory import Theory
from softmax_cli.checking.diagnosis.matching import Candidates, Fit
from softmax_cli.checking.inputs import Array, Kind, Quantities, Sought

_NAMES = {
    "jacobian": ("on the diagonal", "off the diagonal"),
    "gradient": ("at the target", "at the other classes"),
}
_MOST_TERMS = 2
_MOST_READINGS = 4


class _PartOutcome(NamedTuple):
    """What makes one part: its cause, None where it is right, and its formula."""

    cause: Cause | None
    answer: Callable[[Quantities], Array]


def parts(candidates: Candidates, evidence: Evidence) -> list[Theory]:
    """Return the theories in which one formula makes one part and another the rest.

    The parts of a Jacobian are the diagonal and what is off it, those of a gradient the target's entry and
    the rest.
    """
    kind = evidence.sought.kind
    if not _has_parts(evidence):
        return []
    first, second = (_readings(which, candidates, evidence) for which in (True, False))
    return [_joined(kind, a, b) for a in first for b in second if a.cause or b.cause]


def one_part(candidates: Candidates, evidence: Evidence) -> list[Theory]:
    """Return what is wrong with one part, where nothing that is known makes the other."""
    kind = evidence.sought.kind
    if not _has_parts(evidence):
        return []
    found: list[Theory] = []
    for first, other in zip((True, False), reversed(_NAMES[kind]), strict=True):
        for reading in _readings(first, candidates, evidence):
            if reading.cause is not None:
                title = f"{reading.cause.title}; {other}, no known mistake"
                cause = reading.cause._replace(title=title)
                found.append(Theory(cause, reading.answer, of=_which(kind, first)))
    return found


def _has_parts(evidence: Evidence) -> bool:
    return evidence.sought.kind in _NAMES and evidence.got.shape[-1] > 1


def _which(kind: Kind, first: bool) -> Callable[[Quantities], NDArray[np.bool_]]:
    return lambda q: _mask(kind, q) == first


def _mask(kind: Kind, q: Quantities) -> NDArray[np.bool_]:
    """Return which entries are of the first part."""
    if kind == "gradient":
        return np.asarray(q.y == 1.0)
    return np.broadcast_to(q.eye == 1.0, (len(q.z), *q.eye.shape))


def _readings(first: bool, candidates: Candidates, evidence: Evidence) -> list[_PartOutcome]:
    """Return what a part may be: zeros, a formula of the catalogue, else a sum of terms."""
    sought = evidence.sought
    name, mask = _NAMES[sought.kind][not first], _mask(sought.kind, evidence.q) == first
    part = evidence.part(mask)
    formula = right_formula(sought)
    if not np.any(part.got):
        title, why = f"{name}, every entry is 0", "That part of the formula is missing."
        cause = Cause(f"zero-{_slug(name)}", title, why, f"fill it in: {formula}", f"0 {name}", formula)
        return [_PartOutcome(cause, lambda q: np.zeros(()))]
    few = part.got.shape[1] < 2  # one number is always some factor times another
    found = [fit for fit in candidates.part(mask).fits(part) if fit.rank < (2 if few else 3)]
    # The right formula with a factor that has a name is plainer than another formula.
    found.sort(key=lambda fit: (fit.rank > 1, fit.mistake.id != "right", fit.rank))
    if found:
        best = [fit for fit in found if (fit.rank > 1) == (found[0].rank > 1)][:_MOST_READINGS]
        outcomes = [_PartOutcome(_cause(sought, name, fit), fit.answer) for fit in best]
        return [one for one in outcomes if one.cause is None] or outcomes  # what is right has no cause
    return [
        _PartOutcome(
            Cause(
                f"other-terms-{_slug(name)}",
                f"{name}, the entries are {one.text}",
                "That part follows another formula.",
                f"compare with {formula}",
                f"{one.text} ({name})",
                formula,
            ),
            one.answer,
        )
        for one in islice(sums(evidence, mask, most=_MOST_TERMS), _MOST_READINGS)
    ]


def _joined(kind: Kind, first: _PartOutcome, second: _PartOutcome) -> Theory:
    """Return the theory of both parts, one cause."""

    def answer(q: Quantities) -> Array:
        return np.where(_mask(kind, q), first.answer(q), second.answer(q))

    a, b = first.cause, second.cause
    one = a or b
    assert one is not None
    if a is None or b is None:
        return Theory(one, answer)
    return Theory(
        a._replace(
            id=f"{a.id}-and-{b.id}",
            title=f"{a.title}; {b.title}",
            explanation=f"{a.explanation} {b.explanation}",
            fix=a.fix if a.fix == b.fix else f"{a.fix}; {b.fix}",
            theirs=f"{a.theirs}; {b.theirs}",
            factor=None,
        ),
        answer,
    )


def _cause(sought: Sought, name: str, fit: Fit) -> Cause | None:
    """Return the cause of a part, or None where it is right; `name` says where the part is."""
    formula, times, factor = right_formula(sought), fit.times, fit.factor
    slug = f"{fit.mistake.id}-{_slug(name)}"
    if fit.mistake.id != "right":
        cause = fit.cause(formula)
        return cause._replace(
            id=slug,
            title=f"{name}: {cause.title}" + (f", times {times}" if times else ""),
            theirs=(f"{times} times " if times else "") + f"{cause.theirs} ({name})",
            factor=times or None,
        )
    if not times:
        return None
    title = f"{name}, the entries are {times} times the right ones"
    return Cause(
        slug,
        title if factor is None else f"{title}: {factor.title}",
        "The other entries are not." if factor is None else factor.why,
        f"take the factor {times} off",
        f"{times} times the right entries {name}",
        formula,
        times,
    )


def _slug(name: str) -> str:
    return name.replace(" ", "-")
