"""An answer in two parts, each with a formula of its own: a Jacobian's diagonal, a gradient's target."""

import numpy as np
from numpy.typing import NDArray

from softmax_cli.checking.catalogue.mistake import Mistake, right_formula
from softmax_cli.checking.diagnosis.diagnosis import Cause
from softmax_cli.checking.diagnosis.matching import Candidates, Evidence, Fit
from softmax_cli.checking.inputs import Kind


def parts(function: str, kind: Kind, candidates: Candidates, evidence: Evidence) -> tuple[Cause, ...]:
    """Return what each part is, where one formula makes one part and another the rest.

    The parts of a Jacobian are the diagonal and what is off it, those of a gradient the target's entry and
    the rest.
    """
    shape = evidence.got.shape
    if kind == "jacobian" and shape[-1] > 1:
        on = np.broadcast_to(np.eye(shape[-1], dtype=bool), shape)
        names = ("on the diagonal", "off the diagonal")
    elif kind == "gradient" and shape[-1] > 1:
        on = evidence.q.y == 1.0
        names = ("at the target", "at the other classes")
    else:
        return ()
    fits = [_part(candidates, evidence, mask) for mask in (on, ~on)]
    if fits == [None, None]:
        return ()
    causes = [_part_cause(function, kind, name, fit) for name, fit in zip(names, fits, strict=True)]
    said = [cause for cause in causes if cause is not None]
    return tuple(sorted(said, key=lambda cause: cause.id.startswith("unknown")))


def _part(candidates: Candidates, evidence: Evidence, mask: NDArray[np.bool_]) -> Fit | None:
    part = evidence.part(mask)
    if not np.any(part.got):
        zero = Mistake("zero", "0", "0", "", "", lambda q: part.got)
        return Fit(zero, None, np.ones(len(part.got)))
    few = part.got.shape[1] < 2  # one number is always some factor times another
    found = [fit for fit in candidates.part(mask).fits(part) if fit.rank < (2 if few else 3)]
    # The right formula with a factor that has a name is plainer than another formula.
    return min(found, key=lambda fit: (fit.rank > 1, fit.mistake.id != "right", fit.rank), default=None)


def _part_cause(function: str, kind: Kind, name: str, fit: Fit | None) -> Cause | None:
    """Return what a part comes to, or None where it is right; `name` says where it is."""
    formula = right_formula(function, kind)
    if fit is None:
        return Cause(
            f"unknown {name}".replace(" ", "-"),
            f"{name}, the entries follow no known formula",
            "They are wrong, and not by a factor.",
            f"compare with {formula}",
            "",
            formula,
        )
    slug = f"{fit.mistake.id} {name}".replace(" ", "-")
    if fit.mistake.id == "right":
        return None if fit.rank == 0 else _right_times(slug, name, fit, formula)
    if fit.mistake.id == "zero":
        title, why = f"{name}, every entry is 0", "That part of the formula is missing."
        return Cause(slug, title, why, f"fill it in: {formula}", f"0 {name}", formula)
    times = _times(fit)
    return Cause(
        slug,
        f"{name}: {fit.mistake.title}" + (f", times {times}" if times else ""),
        fit.mistake.why,
        fit.mistake.fix,
        (f"{times} times " if times else "") + f"{fit.mistake.formula} ({name})",
        formula,
        times or None,
    )


def _right_times(slug: str, name: str, fit: Fit, formula: str) -> Cause:
    """Return the cause of a part that is the right one times a factor."""
    times, factor = _times(fit), fit.factor
    title = f"{name}, the entries are {times} times the right ones"
    return Cause(
        slug,
        title if factor is None else f"{title}: {factor.title}",
        "The rest is another matter." if factor is None else factor.why,
        f"take the factor {times} off",
        f"{times} times the right entries {name}",
        formula,
        times,
    )


def _times(fit: Fit) -> str:
    """Return the factor of a fit in words, "" for 1."""
    if fit.rank == 0:
        return ""
    return fit.factor.name if fit.factor is not None else f"{float(fit.scale[0]):.6g}"
