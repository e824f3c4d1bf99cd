"""What broke, where no formula of the catalogue fits: which part, which entries, which law."""

import numpy as np
from numpy.typing import NDArray

from softmax_cli.checking.catalogue.mistake import RIGHT, Mistake, right_formula
from softmax_cli.checking.diagnosis import Cause
from softmax_cli.checking.inputs import Array, Inputs, Kind
from softmax_cli.checking.matching import Candidates, Evidence, Fit

_RANK = 200
_FEW = 4
_KNOWN = ("softmax", "log-softmax", "sigmoid")
_NOTHING = 1e-14
_OVERFLOW = 709.0
_UNDERFLOW = -745.0
LOCAL = frozenset({"one-entry", "one-row", "one-column", "few-entries", "one-half", "a-block", "zero-lines"})
"""Where a place is a better answer than a formula."""


def plain_causes(kind: Kind, got: Array, expected: Array) -> tuple[Cause, ...]:
    """Return the cause where the answer needs no formula to see it: nothing but zeros."""
    if not np.abs(got).max() <= _NOTHING * np.abs(expected).max() or not np.any(expected):
        return ()
    return (
        Cause(
            "all-zero",
            "every entry is 0",
            "Three usual causes: an integer array that the result was written into cuts every entry to "
            "0; the rows "
            "of J were summed, and sum to 0; or the result was detached and never filled.",
            "make the buffer float (np.zeros(..., dtype=float)), and return J itself, not J.sum()",
        ),
    )


def not_finite(inputs: Inputs, got: Array, expected: Array) -> tuple[Cause, ...]:
    """Return why some answers are nan or infinite where the truth is a number."""
    n = len(got)
    bad = ~np.isfinite(got) & np.isfinite(expected)
    rows = np.flatnonzero(bad.reshape(n, -1).any(axis=1))
    if rows.size == 0:
        return ()
    with np.errstate(invalid="ignore"):
        top = (inputs.z.max(axis=1) / inputs.temperature)[rows]
    if bool(np.all(got[bad] == -np.inf)):
        return (
            Cause(
                "log-of-zero",
                "the logarithm of a probability that is too small for a double: -inf",
                "exp(z - max) underflows to 0 below -745, and log 0 is -inf; the log-probability itself "
                "is a number.",
                "never take the log of softmax: log p = z - max - log(sum(exp(z - max)))",
                "log(softmax(z))",
                RIGHT["log-softmax", "log-probabilities"],
            ),
        )
    if (top > _OVERFLOW).any() or (top < _UNDERFLOW).any():
        what = "overflows to inf" if (top > _OVERFLOW).any() else "underflows to 0"
        return (
            Cause(
                "no-shift",
                f"the maximum is not subtracted before the exponential: exp {what}, and the result is nan "
                "or inf",
                "exp(z) is inf above 709, and all are 0 below -745: inf / inf and 0 / 0 are nan.",
                "e = np.exp(z / T - (z / T).max()); p = e / e.sum()",
                "exp(z_i) / sum_j exp(z_j), as it stands",
                "exp(z_i - max z) / sum_j exp(z_j - max z)",
            ),
        )
    if not np.isfinite(inputs.z[rows]).all():
        return (
            Cause(
                "masked-class",
                "a masked class (-inf) gives nan",
                "0 times -inf, and inf - inf, are nan; the derivative of a masked class is 0.",
                "multiply by p only where p > 0, and subtract a finite maximum",
            ),
        )
    return (
        Cause(
            "not-finite",
            "the answer holds nan or inf where the truth is a number",
            "A division by 0, a logarithm of 0 or less, or 0 times inf.",
            "look for a division or a logarithm without a guard",
        ),
    )


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
    times = (
        "" if fit.rank == 0 else (fit.factor.name if fit.factor is not None else f"{float(fit.scale[0]):.6g}")
    )
    if fit.mistake.id == "right" and not times:
        return None
    slug = f"{fit.mistake.id} {name}".replace(" ", "-")
    if fit.mistake.id == "right":
        return Cause(
            slug,
            f"{name}, the entries are {times} times the right ones"
            + ("" if fit.factor is None else f": {fit.factor.title}"),
            "The rest is another matter." if fit.factor is None else fit.factor.why,
            f"take the factor {times} off",
            f"{times} times the right entries {name}",
            formula,
            times,
        )
    if fit.mistake.id == "zero":
        return Cause(
            slug,
            f"{name}, every entry is 0",
            "That part of the formula is missing.",
            f"fill it in: {formula}",
            f"0 {name}",
            formula,
        )
    said = f"{fit.mistake.formula}" if not times else f"{times} times {fit.mistake.formula}"
    return Cause(
        slug,
        f"{name}: {fit.mistake.title}" + (f", times {times}" if times else ""),
        fit.mistake.why,
        fit.mistake.fix,
        f"{said} ({name})",
        formula,
        times or None,
    )


def structure(
    function: str, kind: Kind, got: Array, expected: Array, wrong: NDArray[np.bool_]
) -> tuple[Cause, ...]:
    """Return which entries are wrong, and which laws of a right answer are broken."""
    found = [*_zero_lines(kind, got, expected, wrong), *_where(kind, wrong)]
    finite = np.isfinite(got.reshape(len(got), -1)).all(axis=1) & wrong.reshape(len(got), -1).any(axis=1)
    if kind == "jacobian" and finite.any():
        first = int(np.argmax(finite))
        found += _laws(function, got[first], expected[first])
    elif kind == "probabilities" and finite.any() and function == "softmax":
        total = float(got[finite][0].sum())
        if abs(total - 1.0) > 1e-6:
            found.append(_law("sum", f"the probabilities sum to {total:.6g}, not to 1"))
    elif kind == "gradient" and finite.any():
        total = float(got[finite][0].sum())
        if abs(total) > 1e-6 * float(np.abs(got[finite][0]).sum()):
            found.append(_law("sum", f"the gradient sums to {total:.6g}, not to 0"))
    if kind in ("vjp", "jvp") and function == "softmax" and finite.any():
        total = float(got[finite][0].sum())
        if abs(total) > 1e-6 * float(np.abs(got[finite][0]).sum()):
            found.append(
                _law("sum", f"the product sums to {total:.6g}, not to 0, as J's columns and rows do")
            )
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


def _law(name: str, title: str) -> Cause:
    return Cause(f"law-{name}", title, "Every right answer obeys this law.", "see the right formula")


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


def _laws(function: str, got: Array, expected: Array) -> list[Cause]:
    size = float(np.abs(got).max()) or 1.0
    k = len(got)
    off = ~np.eye(k, dtype=bool)
    near = 1e-6 * size
    found = []
    if function == "softmax":
        if np.abs(got - got.T).max() > near:
            i, j = np.unravel_index(int(np.argmax(np.abs(got - got.T))), got.shape)
            found.append(
                _law(
                    "symmetry",
                    f"the matrix is not symmetric: ({i + 1}, {j + 1}) is {got[i, j]:.4g}, "
                    f"({j + 1}, {i + 1}) is {got[j, i]:.4g}",
                )
            )
        columns = np.abs(got.sum(axis=0))
        if columns.max() > near * k:
            column = int(np.argmax(columns))
            found.append(
                _law(
                    "column-sums",
                    f"columns do not sum to 0: column {column + 1} sums to {got[:, column].sum():.4g}",
                )
            )
    if function in ("softmax", "log-softmax"):
        sums = np.abs(got.sum(axis=1))
        if sums.max() > near * k:
            row = int(np.argmax(sums))
            found.append(
                _law("row-sums", f"rows do not sum to 0: row {row + 1} sums to {got[row].sum():.4g}")
            )
        if (got[off] > near).any():
            found.append(
                _law(
                    "off-diagonal-sign",
                    "an off-diagonal entry is positive: raising one logit lowers the "
                    "probability of every other class",
                )
            )
    if function in _KNOWN and (np.diagonal(got) < -near).any():
        found.append(
            _law("diagonal-sign", "a diagonal entry is negative: raising a logit raises its own probability")
        )
    trace, right_trace = float(np.trace(got)), float(np.trace(expected))
    if abs(trace - right_trace) > 1e-6 * max(abs(right_trace), near):
        found.append(_law("trace", f"the trace is {trace:.6g}, and should be {right_trace:.6g}"))
    if function == "softmax" and k <= _RANK and np.linalg.matrix_rank(got, tol=1e-9 * size * k) == k:
        found.append(_law("rank", f"the rank is {k}, and should be {k - 1}"))
    return found
