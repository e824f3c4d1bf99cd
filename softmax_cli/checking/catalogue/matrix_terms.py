"""What wrong matrices are made of: diag(v), v_i, v_j, and the sentences that they share."""

from collections.abc import Callable

import numpy as np

from softmax_cli.checking.catalogue.mistake import Mistake
from softmax_cli.checking.inputs import Array, Quantities, softmax

J_FIX = "np.diag(p) - np.outer(p, p), over T"
ROW_SUMS = "Each row of J must sum to 0, because the probabilities sum to 1 whatever the logits are."
OFF = "Raising z_j takes probability from every other class: -p_i p_j off the diagonal."
DIAGONAL = "The class's own e_i is also in the sum: p_i - p_i^2 on the diagonal."
INDEX = "p_i belongs to the row, p_j to the column: it takes an outer product to have both."


def over_t(
    name: str, title: str, formula: str, why: str, fix: str, answer: Callable[[Quantities], Array]
) -> Mistake:
    """Return a mistake whose answer is still to be divided by T."""
    return Mistake(name, title, formula, why, fix, lambda q: answer(q) / q.t3)


def diag(q: Quantities, v: Array) -> Array:
    """Return diag(v)."""
    return np.asarray(q.eye * v[:, :, None])


def off(q: Quantities) -> Array:
    """Return 1 - delta_ij."""
    return 1.0 - q.eye


def col(v: Array) -> Array:
    """Return v_i."""
    return v[:, :, None]


def row(v: Array) -> Array:
    """Return v_j."""
    return v[:, None, :]


def own(q: Quantities) -> Array:
    """Return p (1 - p)."""
    return np.asarray(q.p * q.rest)


def minus_outer(q: Quantities, diagonal: Array) -> Array:
    """Return `diagonal` on the diagonal, the right -p_i p_j off it."""
    return diag(q, diagonal) - off(q) * q.outer


def all_squares(q: Quantities) -> Array:
    """Return sum p^2 over all classes, shape (n, 1, 1)."""
    whole = q.whole
    return q.restrict((whole.p * whole.p).sum(axis=1, keepdims=True))[:, :, None]


def square(q: Quantities) -> Array:
    """Return (diag(p) - p p^T)^2 without forming the whole matrix."""
    squares = all_squares(q)
    return diag(q, q.p**2) - q.outer * (q.column + q.row) + squares * q.outer


def softmax_of_softmax(q: Quantities) -> Array:
    """Return d softmax(p) / dz = J(softmax(p)) J(p)."""
    whole = q.whole
    outer = softmax(whole.p)
    a, p = q.restrict(outer), q.p
    dot = q.restrict((outer * whole.p).sum(axis=1, keepdims=True))
    # (diag a - a a^T)(diag p - p p^T) = diag(a p) - (a p) p^T - a (a p)^T + a (a . p) p^T
    return diag(q, a * p) - col(a * p) * row(p) - col(a) * row(a * p) + dot[:, :, None] * col(a) * row(p)
