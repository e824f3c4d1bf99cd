"""What is wrong where no formula of the catalogue fits: which entries, which law."""

import numpy as np
from numpy.typing import NDArray

from softmax_cli.checking.catalogue.mistake import right_formula
from softmax_cli.checking.diagnosis.diagnosis import Cause, Diagnosis
from softmax_cli.checking.diagnosis.evidence import ComparedAnswer
from softmax_cli.checking.diagnosis.invariants import broken_laws
from softmax_cli.checking.inputs import Sought

_FEW = 4
LOCAL = frozenset({"one-entry", "one-row", "one-column", "few-entries", "one-half", "a-block", "zero-lines"})
"""Where a place is a better answer than a formula."""


def structure(answer: ComparedAnswer) -> Diagnosis:
    """Return the one thing that says most: where it is wrong, else which law is broken; the laws besides."""
    rows = np.flatnonzero(answer.finite & answer.bad)
    laws: tuple[Cause, ...] = ()
    if rows.size:
        laws = tuple(broken_laws(answer.sought, answer.got[rows[0]], answer.expected[rows[0]]))
    place = places(answer)
    some = _some_rows(answer)
    if place is None and laws:
        where = f" (row {rows[0] + 1})" if len(answer.got) > 1 else ""
        place = no_known_mistake(answer.sought, laws[0]._replace(title=f"{laws[0].title}{where}"))
    notes = (some.title,) if some and place else ()
    return Diagnosis((place or some or Cause.of("unknown"),), notes=notes, laws=laws)


def no_known_mistake(sought: Sought, broken: Cause) -> Cause:
    """Return the cause that says only which law is broken."""
    formula = right_formula(sought)
    return broken._replace(
        title=f"no known mistake, but a law is broken: {broken.title}",
        fix=f"compare term by term with {formula}",
        right=formula,
    )


def places(answer: ComparedAnswer) -> Cause | None:
    """Return the cause where only some entries of a Jacobian are wrong, in every row the same."""
    if answer.sought.kind != "jacobian":
        return None
    lines = _zero_lines(answer)
    if lines is not None:
        return lines
    which = _pattern(np.asarray(answer.wrong.any(axis=0)))
    if which is None:
        return None
    name, title = which
    return Cause(name, title, "All other entries agree.", "look at the code that fills this part")


def _zero_lines(answer: ComparedAnswer) -> Cause | None:
    """Return the cause where whole rows and columns of a Jacobian are 0 and the rest is right."""
    if answer.got.shape[1] < 2:
        return None
    empty = (answer.got == 0.0) & (answer.expected != 0.0)
    rows, columns = empty.all(axis=2).all(axis=0), empty.all(axis=1).all(axis=0)
    lines = rows[:, None] | columns[None, :]
    if not lines.any() or lines.all() or np.any(answer.wrong & ~lines):
        return None
    names = [
        f"{name}{'s' if which.sum() > 1 else ''} {_range(np.flatnonzero(which))}"
        for name, which in (("row", rows), ("column", columns))
        if which.any()
    ]
    ends = (rows | columns)[-1] and (rows | columns).sum() == 1
    last = ": the last row or column is never filled, a loop stops early (off by one)" if ends else ""
    are = "are" if lines.sum() > len(lines) else "is"
    return Cause.of("zero-lines", lines=" and ".join(names), are=are, last=last)


def _some_rows(answer: ComparedAnswer) -> Cause | None:
    rows = np.flatnonzero(answer.bad)
    if not 0 < rows.size < len(answer.wrong):
        return None
    said = ", ".join(str(row + 1) for row in rows[:5]) + (", ..." if rows.size > 5 else "")
    return Cause.of("some-rows", rows=said, n=len(answer.wrong))


def _pattern(mask: NDArray[np.bool_]) -> tuple[str, str] | None:
    """Return the first pattern that the wrong entries of a matrix make, and its sentence."""
    k = len(mask)
    on = np.eye(k, dtype=bool)
    of, wrt = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if mask.all() or not mask.any():
        return None
    half = "below" if not np.triu(mask).any() else "above"
    few = ", ".join(f"({i + 1}, {j + 1})" for i, j in np.argwhere(mask)[:_FEW])
    patterns = (
        (mask.sum() == 1, "one-entry", f"one entry is wrong: of class {of[0] + 1} wrt class {wrt[0] + 1}"),
        (not (mask & ~on).any(), "diagonal-wrong", "only diagonal entries are wrong"),
        (
            not (mask & on).any() and mask[~on].all(),
            "off-diagonal-wrong",
            "only off-diagonal entries are wrong, and all of them",
        ),
        (of.size == 1, "one-row", f"only the row of class {of[0] + 1} is wrong"),
        (wrt.size == 1, "one-column", f"only the column of class {wrt[0] + 1} is wrong"),
        (
            not np.tril(mask).any() or not np.triu(mask).any(),
            "one-half",
            f"only entries {half} the diagonal are wrong",
        ),
        (mask.sum() <= _FEW, "few-entries", f"a few entries are wrong: {few} (of, wrt)"),
        (of.size < k and wrt.size < k, "a-block", f"a block is wrong: of {_range(of)}, wrt {_range(wrt)}"),
    )
    return next(((name, title) for holds, name, title in patterns if holds), None)


def _range(classes: NDArray[np.intp]) -> str:
    first, last = classes[0] + 1, classes[-1] + 1
    if last - first + 1 == classes.size:
        return f"{first}" if first == last else f"{first} to {last}"
    return ", ".join(str(i + 1) for i in classes[:5]) + (", ..." if classes.size > 5 else "")
