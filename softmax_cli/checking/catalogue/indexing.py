"""Slips of loops and indices in the Jacobian; answers of shape (n, m, m)."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from softmax_cli.checking.catalogue.mistake import Mistake
from softmax_cli.checking.inputs import Array, Quantities

_FIX = "np.diag(p) - np.outer(p, p), over T: no loop, and no index to slip"
_INDEX = "The Kronecker delta is 1 for i = j alone."
_PLACES = "J[i, j] is the derivative of class i with respect to class j: every entry has its own place."


def _m(name: str, title: str, formula: str, why: str, answer: Callable[[Quantities], Array]) -> Mistake:
    return Mistake(name, title, formula, why, _FIX, lambda q: answer(q) / q.t3)


def _index(q: Quantities) -> NDArray[np.intp]:
    """Return the number of each picked class among all of them."""
    index: NDArray[np.intp] = np.arange(q.inputs.k)[q.classes]
    return index


def _beside(q: Quantities, step: int) -> Array:
    """Return 1 where j = i + step, else 0."""
    index = _index(q)
    return np.asarray(index[None, :] == index[:, None] + step, np.float64)


def _right(q: Quantities) -> Array:
    return np.asarray(q.eye * (q.p * q.rest)[:, :, None] - (1.0 - q.eye) * q.outer)


def _largest(q: Quantities) -> Array:
    """Return 1 for the class with the largest p of all, else 0, shape (n, m)."""
    top = q.whole.p.argmax(axis=1)[:, None]
    return q.restrict(np.asarray(np.arange(q.inputs.k) == top, np.float64))


def _running(q: Quantities) -> Array:
    """Return sum_{m <= j} J_im = p_i ([i <= j] - sum_{m <= j} p_m)."""
    index = _index(q)
    passed = index[:, None] <= index[None, :]
    total = q.restrict(np.cumsum(q.whole.p, axis=1))
    return np.asarray(q.column * (passed - total[:, None, :]))


def _last_column(q: Quantities) -> Array:
    """Return J_ik of the last class k, as a diagonal."""
    whole = q.whole
    last = -whole.p * whole.p[:, -1:]
    last[:, -1] = (whole.p * whole.rest)[:, -1]
    return np.asarray(q.eye * q.restrict(last)[:, :, None])


SLIPS = (
    _m(
        "delta-above-the-diagonal",
        "the Kronecker delta is off by one: p_i is added beside the diagonal, at j = i + 1",
        "J_ij = p_i ([j = i + 1] - p_j) / T",
        _INDEX,
        lambda q: q.column * (_beside(q, 1) - q.row),
    ),
    _m(
        "delta-below-the-diagonal",
        "the Kronecker delta is off by one: p_i is added beside the diagonal, at j = i - 1",
        "J_ij = p_i ([j = i - 1] - p_j) / T",
        _INDEX,
        lambda q: q.column * (_beside(q, -1) - q.row),
    ),
    _m(
        "one-over-k-for-p",
        "the plain average 1/k stands where p_j belongs",
        "J_ij = p_i (d_ij - 1 / k) / T",
        "The mean that is subtracted is weighed by p: p_j, not 1/k.",
        lambda q: q.column * (q.eye - 1.0 / q.inputs.k),
    ),
    _m(
        "running-columns",
        "each column is the running total of those so far: a perturbation is not undone before the next",
        "column j = sum_{m <= j} J_im",
        "Only z_j may differ from z when column j is taken.",
        _running,
    ),
    _m(
        "running-rows",
        "each row is the running total of the rows so far",
        "row i = sum_{m <= i} J_mj",
        "A total is carried on from row to row.",
        lambda q: _running(q).transpose(0, 2, 1),
    ),
    _m(
        "largest-row-only",
        "only the row of the largest probability is filled; the other rows are 0",
        "J_ij for i = argmax p, else 0",
        "Every output has a derivative, not the predicted class alone.",
        lambda q: _largest(q)[:, :, None] * _right(q),
    ),
    _m(
        "largest-column-only",
        "only the column of the largest probability is filled; the other columns are 0",
        "J_ij for j = argmax p, else 0",
        "Every logit has its effect, not that of the predicted class alone.",
        lambda q: _largest(q)[:, None, :] * _right(q),
    ),
    _m(
        "written-to-the-diagonal",
        "off-diagonal entries are written to (i, i): the diagonal holds each row's last value, the rest is 0",
        "J_ii = the last entry of row i",
        _PLACES,
        _last_column,
    ),
    Mistake(
        "temperature-integer-division",
        "1 // T: an integer division makes the factor 0 for T > 1",
        "J_ij = p_i (d_ij - p_j) (1 // T)",
        "// rounds down: 1 // 2 is 0.",
        "divide with /, not //",
        lambda q: _right(q) * np.floor(1.0 / q.t3),
    ),
)
