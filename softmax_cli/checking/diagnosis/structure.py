"""What broke, where no formula of the catalogue fits: which entries, which law."""

import numpy as np
from numpy.typing import NDArray

from softmax_cli.checking.diagnosis.diagnosis import Cause
from softmax_cli.checking.diagnosis.invariants import broken_laws
from softmax_cli.checking.inputs import Array, Kind

_FEW = 4
LOCAL = frozenset({"one-entry", "one-row", "one-column", "few-entries", "one-half", "a-block", "zero-lines"})
"""Where a place is a better answer than a formula."""


def structure(
    function: str, kind: Kind, got: Array, expected: Array, wrong: NDArray[np.bool_]
) -> tuple[Cause, ...]:
    """Return which entries are wrong, and which laws of a right answer are broken."""
    found = [*_zero_lines(kind, got, expected, wrong), *_where(kind, wrong)]
    finite = np.isfinite(got.reshape(len(got), -1)).all(axis=1) & wrong.reshape(len(got), -1).any(axis=1)
    if finite.any():
        first = int(np.argmax(finite))
        found += broken_laws(function, kind, got[first], expected[first])
    return tuple(found) or (_UNKNOWN,)


_UNKNOWN = Cause(
    "unknown",
    "no known mistake fits, and no law of a right answer is broken",
    "The entries follow no formula of the catalogue, whatever the factor.",
    "compare with the right formula, term by term",
)


def _zero_lines(kind: Kind, got: Array, expected: Array, wrong: NDArray[np.bool_]) -> tuple[Cause, ...]:
    """Return the cause where whole rows and columns of a Jacobian are 0 and the rest is right."""
    if kind != "jacobian" or got.shape[1] < 2:
        return ()
    empty = (got == 0.0) & (expected != 0.0)
    rows, columns = empty.all(axis=2).all(axis=0), empty.all(axis=1).all(axis=0)
    lines = rows[:, None] | columns[None, :]
    if not lines.any() or lines.all() or np.any(wrong & ~lines):
        return ()
    names = [
        f"{name}{'s' if which.sum() > 1 else ''} {_range(np.flatnonzero(which))}"
        for name, which in (("row", rows), ("column", columns))
        if which.any()
    ]
    ends = (rows | columns)[-1] and (rows | columns).sum() == 1
    last = ": the last row or column is never filled, a loop stops early (off by one)" if ends else ""
    return (
        Cause(
            "zero-lines",
            f"{' and '.join(names)} {'are' if lines.sum() > len(lines) else 'is'} all 0{last}",
            "All other entries agree.",
            "let the loops run over all classes: range(k)",
        ),
    )


def _where(kind: Kind, wrong: NDArray[np.bool_]) -> list[Cause]:
    rows = np.flatnonzero(wrong.reshape(len(wrong), -1).any(axis=1))
    found = []
    if 0 < rows.size < len(wrong):
        said = ", ".join(str(row + 1) for row in rows[:5]) + (", ..." if rows.size > 5 else "")
        found.append(
            Cause(
                "some-rows",
                f"only some rows are wrong: {said} of {len(wrong)}",
                "The others agree: the mistake depends on the input.",
                "look at what these rows share",
            )
        )
    if kind != "jacobian" or rows.size == 0:
        return found
    mask: NDArray[np.bool_] = np.asarray(wrong[rows].any(axis=0))
    which = _pattern(mask)
    if which is not None:
        name, title = which
        found.append(Cause(name, title, "All other entries agree.", "look at the code that fills this part"))
    return found


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
