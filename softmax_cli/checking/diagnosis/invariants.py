"""The laws that every right answer obeys, and which of them an answer breaks."""

from collections.abc import Iterator

import numpy as np

from softmax_cli.checking.diagnosis.diagnosis import Cause
from softmax_cli.checking.inputs import PRODUCTS, Array, Sought

_NEAR = 1e-6
_RANK = 200
"""Up to so many classes the rank is looked at."""
_POSITIVE = "an off-diagonal entry is positive: raising one logit lowers the probability of every other class"
_NEGATIVE = "a diagonal entry is negative: raising a logit raises its own probability"


def broken_laws(sought: Sought, got: Array, expected: Array) -> Iterator[Cause]:
    """Yield the laws that the answer of one row breaks, (k, k) for a Jacobian, else (k,)."""
    kind = sought.kind
    if kind == "jacobian":
        yield from _of_matrix(sought, got, expected)
        return
    centred = _centred(sought)
    total = float(got.sum())
    if kind == "probabilities" and centred and abs(total - 1.0) > _NEAR:
        yield law("sum", f"the probabilities sum to {total:.6g}, not to 1")
    if abs(total) <= _NEAR * float(np.abs(got).sum()):
        return
    if kind == "gradient":
        yield law("sum", f"the gradient sums to {total:.6g}, not to 0")
    if kind in PRODUCTS and centred:
        yield law("sum", f"the product sums to {total:.6g}, not to 0, as J's columns and rows do")


def _of_matrix(sought: Sought, got: Array, expected: Array) -> Iterator[Cause]:
    size = float(np.abs(got).max()) or 1.0
    near = _NEAR * size
    if _centred(sought):
        yield from _symmetry(got, near)
        yield from _sums("column", got.T, near)
    if sought.entry.shift_invariant:
        yield from _sums("row", got, near)
        if (got[~np.eye(len(got), dtype=bool)] > near).any():
            yield law("off-diagonal-sign", _POSITIVE)
    if sought.entry.values is not None and (np.diagonal(got) < -near).any():
        yield law("diagonal-sign", _NEGATIVE)
    trace, right_trace = float(np.trace(got)), float(np.trace(expected))
    if abs(trace - right_trace) > _NEAR * max(abs(right_trace), near):
        yield law("trace", f"the trace is {trace:.6g}, and should be {right_trace:.6g}")
    if _centred(sought):
        yield from _rank(got, size)


def _centred(sought: Sought) -> bool:
    """Return whether the values sum to one number, so that the Jacobian's columns and rows sum to 0."""
    return sought.entry.shift_invariant and sought.entry.symmetric


def _symmetry(got: Array, near: float) -> Iterator[Cause]:
    apart = np.abs(got - got.T)
    if apart.max() > near:
        i, j = np.unravel_index(int(np.argmax(apart)), got.shape)
        there, back = f"({i + 1}, {j + 1}) is {got[i, j]:.4g}", f"({j + 1}, {i + 1}) is {got[j, i]:.4g}"
        yield law("symmetry", f"the matrix is not symmetric: {there}, {back}")


def _sums(name: str, lines: Array, near: float) -> Iterator[Cause]:
    sums = lines.sum(axis=1)
    worst = int(np.argmax(np.abs(sums)))
    if abs(sums[worst]) > near * len(lines):
        said = f"{name}s do not sum to 0: {name} {worst + 1} sums to {sums[worst]:.4g}"
        yield law(f"{name}-sums", said)


def _rank(got: Array, size: float) -> Iterator[Cause]:
    k = len(got)
    if k <= _RANK and np.linalg.matrix_rank(got, tol=_NEAR * size * k) == k:
        yield law("rank", f"the rank is {k}, and should be {k - 1}")


def law(name: str, title: str) -> Cause:
    """Return a broken law as a cause."""
    return Cause(f"law-{name}", title, "Every right answer obeys this law.", "see the right formula")
