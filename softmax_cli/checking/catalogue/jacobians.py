"""Mistakes in the Jacobian's formula, with the probabilities right; answers of shape (n, m, m)."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from softmax_cli.checking.catalogue.mistake import Mistake
from softmax_cli.checking.inputs import Array, Quantities, softmax

_J = "np.diag(p) - np.outer(p, p), over T"
_ROW_SUMS = "Each row of J must sum to 0, because the probabilities sum to 1 whatever the logits are."
_OFF = "Raising z_j takes probability from every other class: -p_i p_j off the diagonal."
_DIAGONAL = "The class's own e_i is also in the sum: p_i - p_i^2 on the diagonal."
_INDEX = "p_i belongs to the row, p_j to the column: it takes an outer product to have both."


def _m(
    name: str, title: str, formula: str, why: str, fix: str, answer: Callable[[Quantities], Array]
) -> Mistake:
    return Mistake(name, title, formula, why, fix, lambda q: answer(q) / q.t3)


def _diag(q: Quantities, v: Array) -> Array:
    """Return diag(v)."""
    return np.asarray(q.eye * v[:, :, None])


def _off(q: Quantities) -> Array:
    """Return 1 - delta_ij."""
    return 1.0 - q.eye


def _col(v: Array) -> Array:
    """Return v_i."""
    return v[:, :, None]


def _row(v: Array) -> Array:
    """Return v_j."""
    return v[:, None, :]


def _own(q: Quantities) -> Array:
    """Return p (1 - p)."""
    return np.asarray(q.p * q.rest)


def _minus_outer(q: Quantities, diagonal: Array) -> Array:
    """Return `diagonal` on the diagonal, the right -p_i p_j off it."""
    return _diag(q, diagonal) - _off(q) * q.outer


def _all_squares(q: Quantities) -> Array:
    whole = q.whole
    return q.restrict((whole.p * whole.p).sum(axis=1, keepdims=True))[:, :, None]


def _square(q: Quantities) -> Array:
    """Return (diag(p) - p p^T)^2 without forming the whole matrix."""
    squares = _all_squares(q)
    return _diag(q, q.p**2) - q.outer * (q.column + q.row) + squares * q.outer


def _softmax_of_softmax(q: Quantities) -> Array:
    """Return d softmax(p) / dz = J(softmax(p)) J(p)."""
    whole = q.whole
    outer = softmax(whole.p)
    a, p = q.restrict(outer), q.p
    dot = q.restrict((outer * whole.p).sum(axis=1, keepdims=True))
    # (diag a - a a^T)(diag p - p p^T) = diag(a p) - (a p) p^T - a (a p)^T + a (a . p) p^T
    return (
        _diag(q, a * p) - _col(a * p) * _row(p) - _col(a) * _row(a * p) + dot[:, :, None] * _col(a) * _row(p)
    )


SOFTMAX = (
    _m(
        "sum-held-constant",
        "p on the diagonal and nothing else: the sum is treated as a constant",
        "J_ij = d_ij p_i / T",
        "exp is its own derivative, but every logit is in the sum too: the term -p_i p_j is missing.",
        _J,
        lambda q: _diag(q, q.p),
    ),
    _m(
        "diagonal-only",
        "the derivative of a sigmoid, p (1 - p), in place of the Jacobian: off-diagonal entries are 0",
        "J_ij = d_ij p_i (1 - p_i) / T",
        _OFF,
        _J,
        lambda q: _diag(q, _own(q)),
    ),
    _m(
        "delta-forgotten",
        "the Kronecker delta is forgotten: only -p p^T is left",
        "J_ij = -p_i p_j / T",
        "For i = j the numerator e_i has a derivative too: the term d_ij p_i is missing. " + _ROW_SUMS,
        _J,
        lambda q: -q.outer,
    ),
    _m(
        "plus-sign",
        "a plus sign in place of the minus: diag(p) + p p^T",
        "J_ij = p_i (d_ij + p_j) / T",
        "The quotient rule subtracts: (f'g - f g') / g^2.",
        _J,
        lambda q: _diag(q, q.p) + q.outer,
    ),
    _m(
        "off-diagonal-positive",
        "the off-diagonal entries have the wrong sign",
        "J_ij = p_i p_j / T for i != j",
        _OFF,
        "-p_i p_j off the diagonal: " + _J,
        lambda q: _diag(q, _own(q)) + _off(q) * q.outer,
    ),
    _m(
        "diagonal-sign",
        "the diagonal has the wrong sign",
        "J_ii = -p_i (1 - p_i) / T",
        "Raising a logit raises its own probability.",
        "p_i (1 - p_i) on the diagonal: " + _J,
        lambda q: _minus_outer(q, -_own(q)),
    ),
    _m(
        "diagonal-p",
        "the diagonal is p, without -p^2",
        "J_ii = p_i / T",
        _DIAGONAL,
        _J,
        lambda q: _minus_outer(q, q.p),
    ),
    _m(
        "diagonal-one-minus-p",
        "the diagonal is 1 - p; its factor p is missing",
        "J_ii = (1 - p_i) / T",
        "1 - p is the derivative of log p; that of p has p as a factor.",
        _J,
        lambda q: _minus_outer(q, q.rest),
    ),
    _m(
        "diagonal-forgotten",
        "the diagonal is 0: the case i = j is forgotten",
        "J_ii = 0",
        "For i = j the derivative is p_i (1 - p_i) / T.",
        _J,
        lambda q: _minus_outer(q, 0.0 * q.p),
    ),
    _m(
        "diagonal-p-squared",
        "the diagonal is p^2",
        "J_ii = p_i^2 / T",
        _DIAGONAL,
        _J,
        lambda q: _minus_outer(q, q.p**2),
    ),
    _m(
        "diagonal-one",
        "the diagonal is 1",
        "J_ii = 1 / T",
        _DIAGONAL,
        _J,
        lambda q: _minus_outer(q, np.ones_like(q.p)),
    ),
    _m(
        "diagonal-p-one-plus-p",
        "the diagonal is p (1 + p)",
        "J_ii = p_i (1 + p_i) / T",
        "The quotient rule subtracts: p_i - p_i^2.",
        _J,
        lambda q: _minus_outer(q, q.p * (1.0 + q.p)),
    ),
    _m(
        "square-subtracted-twice",
        "p^2 is subtracted twice on the diagonal: diag(p (1 - p)) - p p^T",
        "J_ii = (p_i - 2 p_i^2) / T",
        "np.outer(p, p) has p^2 on its diagonal already.",
        _J,
        lambda q: _diag(q, _own(q)) - q.outer,
    ),
    _m(
        "one-minus-p-minus-outer",
        "diag(1 - p) - p p^T in place of diag(p) - p p^T",
        "J_ij = (d_ij (1 - p_i) - p_i p_j) / T",
        _DIAGONAL,
        _J,
        lambda q: _diag(q, q.rest) - q.outer,
    ),
    _m(
        "identity-minus-outer",
        "the identity in place of diag(p): I - p p^T",
        "J_ij = (d_ij - p_i p_j) / T",
        "The delta carries the factor p_i: p_i d_ij - p_i p_j.",
        _J,
        lambda q: q.eye - q.outer,
    ),
    _m(
        "one-minus-p-alone",
        "1 - p on the diagonal and nothing else",
        "J_ij = d_ij (1 - p_i) / T",
        _OFF,
        _J,
        lambda q: _diag(q, q.rest),
    ),
    _m(
        "diagonal-only-sign",
        "p (p - 1) on the diagonal and nothing else",
        "J_ij = d_ij p_i (p_i - 1) / T",
        "The sign is turned, and the off-diagonal entries are missing.",
        _J,
        lambda q: -_diag(q, _own(q)),
    ),
    _m(
        "elementwise-square",
        "p * p in place of the outer product: p_j^2 is subtracted from each column",
        "J_ij = (d_ij p_i - p_j^2) / T",
        _INDEX,
        "np.outer(p, p), or p[:, None] * p[None, :]",
        lambda q: _diag(q, q.p) - _row(q.p**2),
    ),
    _m(
        "elementwise-square-rows",
        "p_i^2 in place of p_i p_j: the same index twice",
        "J_ij = (d_ij p_i - p_i^2) / T",
        _INDEX,
        "np.outer(p, p), or p[:, None] * p[None, :]",
        lambda q: _diag(q, q.p) - _col(q.p**2),
    ),
    _m(
        "off-diagonal-p-j-squared",
        "-p_j^2 off the diagonal: the same index twice",
        "J_ij = -p_j^2 / T for i != j",
        _INDEX,
        "-p[i] * p[j]",
        lambda q: _diag(q, _own(q)) - _off(q) * _row(q.p**2),
    ),
    _m(
        "off-diagonal-p-i-squared",
        "-p_i^2 off the diagonal: the same index twice",
        "J_ij = -p_i^2 / T for i != j",
        _INDEX,
        "-p[i] * p[j]",
        lambda q: _diag(q, _own(q)) - _off(q) * _col(q.p**2),
    ),
    _m(
        "dot-product",
        "the dot product p . p in place of the outer product",
        "J_ij = (d_ij p_i - sum_m p_m^2) / T",
        "p @ p.T of a vector is one number (the transpose of a vector is itself).",
        "np.outer(p, p)",
        lambda q: _diag(q, q.p) - _all_squares(q),
    ),
    _m(
        "p-j-off-the-diagonal",
        "-p_j off the diagonal: the factor p_i is missing",
        "J_ij = -p_j / T for i != j",
        "That is the off-diagonal of log-softmax; softmax has p_i in front.",
        "-p[i] * p[j]",
        lambda q: _diag(q, _own(q)) - _off(q) * q.row,
    ),
    _m(
        "p-i-off-the-diagonal",
        "-p_i off the diagonal: the factor p_j is missing",
        "J_ij = -p_i / T for i != j",
        _INDEX,
        "-p[i] * p[j]",
        lambda q: _diag(q, _own(q)) - _off(q) * q.column,
    ),
    _m(
        "p-j-subtracted",
        "p_j is subtracted without its factor p_i: diag(p) - p",
        "J_ij = (d_ij p_i - p_j) / T",
        _INDEX,
        _J,
        lambda q: _diag(q, q.p) - q.row,
    ),
    _m(
        "p-i-subtracted",
        "p_i is subtracted without its factor p_j: diag(p) - p",
        "J_ij = (d_ij p_i - p_i) / T",
        _INDEX,
        _J,
        lambda q: _diag(q, q.p) - q.column,
    ),
    _m(
        "one-minus-p-off-the-diagonal",
        "-p_i (1 - p_j) off the diagonal",
        "J_ij = -p_i (1 - p_j) / T for i != j",
        _OFF,
        "-p[i] * p[j]",
        lambda q: _diag(q, _own(q)) - _off(q) * q.column * (1.0 - q.row),
    ),
    _m(
        "delta-is-one",
        "1 in place of the Kronecker delta: p_i (1 - p_j) everywhere",
        "J_ij = p_i (1 - p_j) / T",
        "The delta is 1 on the diagonal alone.",
        "np.eye(k) in place of 1: " + _J,
        lambda q: q.column * (1.0 - q.row),
    ),
    _m(
        "delta-is-one-turned",
        "1 in place of the Kronecker delta: p_j (1 - p_i) everywhere",
        "J_ij = p_j (1 - p_i) / T",
        "The delta is 1 on the diagonal alone.",
        "np.eye(k) in place of 1: " + _J,
        lambda q: q.row * (1.0 - q.column),
    ),
    _m(
        "derivative-in-every-row",
        "p (1 - p) in every row: a vector broadcast to a matrix",
        "J_ij = p_j (1 - p_j) / T",
        "p * (1 - p) is a vector, the diagonal; the matrix has -p_i p_j elsewhere.",
        _J,
        lambda q: _row(_own(q)) + 0.0 * q.outer,
    ),
    _m(
        "derivative-in-every-column",
        "p (1 - p) in every column: a vector broadcast to a matrix",
        "J_ij = p_i (1 - p_i) / T",
        "p * (1 - p) is a vector, the diagonal; the matrix has -p_i p_j elsewhere.",
        _J,
        lambda q: _col(_own(q)) + 0.0 * q.outer,
    ),
    _m(
        "outer-only",
        "p p^T alone, without sign and delta",
        "J_ij = p_i p_j / T",
        _ROW_SUMS,
        _J,
        lambda q: q.outer,
    ),
    _m(
        "absolute-value",
        "the signs are lost: |J|",
        "J_ij = |p_i (d_ij - p_j)| / T",
        _OFF,
        _J,
        lambda q: np.abs(_minus_outer(q, _own(q))),
    ),
    _m(
        "inputs-for-outputs",
        "z_j stands where p_j belongs",
        "J_ij = p_i (d_ij - z_j) / T",
        "The derivative of softmax is written in its outputs p, not in its inputs z.",
        "use p in both places: " + _J,
        lambda q: q.column * (q.eye - _row(q.z)),
    ),
    _m(
        "inputs-for-outputs-turned",
        "z_i stands where p_i belongs",
        "J_ij = z_i (d_ij - p_j) / T",
        "The derivative of softmax is written in its outputs p, not in its inputs z.",
        "use p in both places: " + _J,
        lambda q: _col(q.z) * (q.eye - q.row),
    ),
    _m(
        "inputs-in-the-outer-product",
        "the outer product is of p with z",
        "J_ij = (d_ij p_i - p_i z_j) / T",
        "Inputs where outputs belong.",
        _J,
        lambda q: _diag(q, q.p) - q.column * _row(q.z),
    ),
    _m(
        "inputs-outer-inputs",
        "the outer product is of z with z",
        "J_ij = (d_ij p_i - z_i z_j) / T",
        "Inputs where outputs belong.",
        _J,
        lambda q: _diag(q, q.p) - _col(q.z) * _row(q.z),
    ),
    _m(
        "inputs-on-the-diagonal",
        "diag(z) in place of diag(p)",
        "J_ij = (d_ij z_i - p_i p_j) / T",
        "Inputs where outputs belong.",
        _J,
        lambda q: _diag(q, q.z) - q.outer,
    ),
    _m(
        "log-softmax-jacobian",
        "the Jacobian of log-softmax in place of softmax's",
        "J_ij = (d_ij - p_j) / T",
        "d log p_i = dp_i / p_i: the factor p_i is missing.",
        "multiply row i by p_i: " + _J,
        lambda q: q.eye - q.row,
    ),
    _m(
        "log-softmax-jacobian-turned",
        "the Jacobian of log-softmax, transposed, in place of softmax's",
        "J_ij = (d_ij - p_i) / T",
        "The factor p_j is missing.",
        _J,
        lambda q: q.eye - q.column,
    ),
    _m(
        "log-outputs",
        "log p stands where p belongs",
        "J_ij = p_i (d_ij - log p_j) / T",
        "The derivative is written in the probabilities.",
        _J,
        lambda q: q.column * (q.eye - _row(q.log_p)),
    ),
    _m(
        "log-outputs-throughout",
        "log p stands where p belongs, throughout",
        "J_ij = log p_i (d_ij - log p_j) / T",
        "The derivative is written in the probabilities.",
        _J,
        lambda q: _col(q.log_p) * (q.eye - _row(q.log_p)),
    ),
    _m(
        "exponentials-for-probabilities",
        "exp(z) stands where p belongs in the product",
        "J_ij = p_i (d_ij - e_j) / T",
        "e_j has to be divided by the sum.",
        _J,
        lambda q: q.column * (q.eye - _row(q.e)),
    ),
    _m(
        "denominator-not-squared-off",
        "the second term is divided by the sum only once",
        "J_ij = (d_ij e_i / S - e_i e_j / S) / T",
        "The quotient rule divides by S^2.",
        _J,
        lambda q: _diag(q, q.p) - q.column * _row(q.e),
    ),
    Mistake(
        "denominator-not-squared",
        "the quotient rule's denominator is not squared: divided by S, not S^2",
        "J_ij = (d_ij e_i S - e_i e_j) / S / T",
        "(f/g)' = (f'g - f g') / g^2.",
        "divide by S^2",
        lambda q: (_minus_outer(q, _own(q))) * q.s[:, :, None] / q.t3,
    ),
    Mistake(
        "denominator-cubed",
        "the result is divided by the sum once too often",
        "J_ij = p_i (d_ij - p_j) / S / T",
        "p has been divided by S already.",
        _J,
        lambda q: (_minus_outer(q, _own(q))) / q.s[:, :, None] / q.t3,
    ),
    Mistake(
        "quotient-not-divided",
        "the quotient rule's numerator without its denominator",
        "J_ij = (d_ij e_i S - e_i e_j) / T",
        "(f/g)' = (f'g - f g') / g^2.",
        "divide by S^2",
        lambda q: (_minus_outer(q, _own(q))) * q.s[:, :, None] ** 2 / q.t3,
    ),
    _m(
        "times-p-i-again",
        "row i is multiplied by p_i once too often",
        "J_ij = p_i^2 (d_ij - p_j) / T",
        "The factor p_i stands once.",
        _J,
        lambda q: q.column * _minus_outer(q, _own(q)),
    ),
    _m(
        "times-p-j-again",
        "column j is multiplied by p_j once too often",
        "J_ij = p_i p_j (d_ij - p_j) / T",
        "The factor p_i stands once.",
        _J,
        lambda q: q.row * _minus_outer(q, _own(q)),
    ),
    _m(
        "over-p-j",
        "column j is divided by p_j",
        "J_ij = p_i (d_ij - p_j) / p_j / T",
        "Nothing divides by p in softmax's derivative.",
        _J,
        lambda q: _minus_outer(q, _own(q)) / np.maximum(q.row, 1e-300),
    ),
    Mistake(
        "jacobian-squared",
        "the Jacobian is multiplied by itself: the derivative is taken twice",
        "J J",
        "The chain rule brings each layer's Jacobian once.",
        _J,
        lambda q: _square(q) / q.t3**2,
    ),
    Mistake(
        "jacobian-squared-plain",
        "the Jacobian is multiplied by itself: the derivative is taken twice",
        "J J, with 1 / T once",
        "The chain rule brings each layer's Jacobian once.",
        _J,
        lambda q: _square(q) / q.t3,
    ),
    Mistake(
        "softmax-twice-chained",
        "the derivative of softmax(softmax(z)): softmax is applied twice",
        "J(softmax(p)) J(p)",
        "What goes in is already a probability.",
        "apply softmax once",
        lambda q: _softmax_of_softmax(q) / q.t3,
    ),
    Mistake(
        "temperature-on-the-diagonal-term",
        "1 / T reaches only the term diag(p)",
        "J_ij = d_ij p_i / T - p_i p_j",
        "Both terms come from d(z / T): the whole matrix is divided by T.",
        "(np.diag(p) - np.outer(p, p)) / T",
        lambda q: _diag(q, q.p) / q.t3 - q.outer,
    ),
    Mistake(
        "temperature-on-the-outer-term",
        "1 / T reaches only the term p p^T",
        "J_ij = d_ij p_i - p_i p_j / T",
        "Both terms come from d(z / T): the whole matrix is divided by T.",
        "(np.diag(p) - np.outer(p, p)) / T",
        lambda q: _diag(q, q.p) - q.outer / q.t3,
    ),
    _m(
        "sigmoid-derivative",
        "the derivative of sigmoid in place of softmax's",
        "J_ij = d_ij s_i (1 - s_i) / T",
        "The sigmoid's classes do not share a sum; softmax's do.",
        _J,
        lambda q: _diag(q, q.sigmoid * (1.0 - q.sigmoid)),
    ),
    _m(
        "identity",
        "the identity matrix",
        "J_ij = d_ij / T",
        "softmax is not the identity.",
        _J,
        lambda q: q.eye + 0.0 * q.outer,
    ),
    _m(
        "centring-matrix",
        "the centring matrix I - 1/k: p is taken for 1 / k",
        "J_ij = (d_ij - 1 / k) / T",
        "That is the derivative of z - mean z.",
        _J,
        lambda q: q.eye - 1.0 / q.inputs.k + 0.0 * q.outer,
    ),
    _m(
        "lower-half-only",
        "only the lower half is filled",
        "J_ij = 0 for j > i",
        "J is symmetric: the loop must fill both halves.",
        "loop over every j, or copy the half: " + _J,
        lambda q: np.tril(_minus_outer(q, _own(q))),
    ),
    _m(
        "upper-half-only",
        "only the upper half is filled",
        "J_ij = 0 for j < i",
        "J is symmetric: the loop must fill both halves.",
        "loop over every j, or copy the half: " + _J,
        lambda q: np.triu(_minus_outer(q, _own(q))),
    ),
    _m(
        "p-in-every-row",
        "p in every row: probabilities, not derivatives",
        "J_ij = p_j",
        _ROW_SUMS,
        _J,
        lambda q: q.row * np.ones_like(q.outer) * q.t3,
    ),
    _m(
        "p-in-every-column",
        "p in every column: probabilities, not derivatives",
        "J_ij = p_i",
        _ROW_SUMS,
        _J,
        lambda q: q.column * np.ones_like(q.outer) * q.t3,
    ),
    _m(
        "one-minus-outer-diagonal",
        "the diagonal is 1 - p^2, the derivative of tanh",
        "J_ii = (1 - p_i^2) / T",
        "1 - y^2 is the derivative of tanh.",
        _J,
        lambda q: _minus_outer(q, 1.0 - q.p**2),
    ),
    _m(
        "tanh-derivative",
        "1 - p^2 on the diagonal and nothing else: the derivative of tanh",
        "J_ij = d_ij (1 - p_i^2) / T",
        "1 - y^2 is the derivative of tanh.",
        _J,
        lambda q: _diag(q, 1.0 - q.p**2),
    ),
    _m(
        "diagonal-and-minus-p",
        "p (1 - p) on the diagonal, +p elsewhere",
        "J_ij = p_j / T for i != j",
        _OFF,
        _J,
        lambda q: _diag(q, _own(q)) + _off(q) * q.row,
    ),
    _m(
        "outer-reversed",
        "the outer product is of p with p in reverse order",
        "J_ij = (d_ij p_i - p_i p_(k+1-j)) / T",
        _INDEX,
        _J,
        lambda q: _diag(q, q.p) - q.column * _row(q.restrict(q.all_p[:, ::-1])),
    ),
    _m(
        "columns-reversed",
        "the columns are in reverse order",
        "J_i(k+1-j)",
        "Column j is the derivative with respect to class j.",
        "keep the order of the classes",
        lambda q: np.swapaxes(_moved_rows(q, lambda k: np.arange(k)[::-1]), 1, 2),
    ),
    _m(
        "columns-moved",
        "the columns are moved by one",
        "J_i(j+1)",
        "Column j is the derivative with respect to class j.",
        "keep the order of the classes",
        lambda q: np.swapaxes(_moved_rows(q, lambda k: np.roll(np.arange(k), -1)), 1, 2),
    ),
    _m(
        "columns-moved-back",
        "the columns are moved by one",
        "J_i(j-1)",
        "Column j is the derivative with respect to class j.",
        "keep the order of the classes",
        lambda q: np.swapaxes(_moved_rows(q, lambda k: np.roll(np.arange(k), 1)), 1, 2),
    ),
    _m(
        "rows-reversed",
        "the rows are in reverse order",
        "J_(k+1-i)j",
        "Row i is the derivative of class i.",
        "keep the order of the classes",
        lambda q: _moved_rows(q, lambda k: np.arange(k)[::-1]),
    ),
    _m(
        "rows-moved",
        "the rows are moved by one",
        "J_(i+1)j",
        "Row i is the derivative of class i.",
        "keep the order of the classes",
        lambda q: _moved_rows(q, lambda k: np.roll(np.arange(k), -1)),
    ),
    _m(
        "rows-moved-back",
        "the rows are moved by one",
        "J_(i-1)j",
        "Row i is the derivative of class i.",
        "keep the order of the classes",
        lambda q: _moved_rows(q, lambda k: np.roll(np.arange(k), 1)),
    ),
)


def _moved_rows(q: Quantities, order: Callable[[int], NDArray[np.intp]]) -> Array:
    moved = order(q.inputs.k)
    picked = np.arange(q.inputs.k)[q.classes]
    first = q.restrict(q.whole.p[:, moved])
    delta = (moved[picked][:, None] == picked[None, :]).astype(float)
    return np.asarray(_col(first) * (delta - q.row))


LOG_SOFTMAX = (
    _m(
        "transposed",
        "the Jacobian is transposed: p_i is subtracted, not p_j",
        "J_ij = (d_ij - p_i) / T",
        "Unlike softmax's, this Jacobian is not symmetric: row i is d log p_i, and all rows subtract the "
        "same p.",
        "np.eye(k) - p[None, :]",
        lambda q: q.eye - q.column,
    ),
    _m(
        "softmax-jacobian",
        "the Jacobian of softmax in place of log-softmax's",
        "J_ij = p_i (d_ij - p_j) / T",
        "d log p_i = dp_i / p_i: the p_i in front cancels.",
        "np.eye(k) - p[None, :]",
        lambda q: _minus_outer(q, _own(q)),
    ),
    _m(
        "diagonal-only",
        "1 - p on the diagonal and nothing else",
        "J_ij = d_ij (1 - p_i) / T",
        "The log of the sum depends on every logit: -p_j off the diagonal.",
        "np.eye(k) - p[None, :]",
        lambda q: _diag(q, q.rest),
    ),
    _m(
        "sum-held-constant",
        "the identity: the log of the sum is treated as a constant",
        "J_ij = d_ij / T",
        "log S has the derivative p_j / T.",
        "np.eye(k) - p[None, :]",
        lambda q: q.eye + 0.0 * q.outer,
    ),
    _m(
        "delta-forgotten",
        "the Kronecker delta is forgotten",
        "J_ij = -p_j / T",
        "z_i itself has the derivative 1.",
        "np.eye(k) - p[None, :]",
        lambda q: -q.row * np.ones_like(q.outer),
    ),
    _m(
        "plus-sign",
        "a plus sign in place of the minus",
        "J_ij = (d_ij + p_j) / T",
        "log S is subtracted.",
        "np.eye(k) - p[None, :]",
        lambda q: q.eye + q.row,
    ),
    _m(
        "off-diagonal-positive",
        "the off-diagonal entries have the wrong sign",
        "J_ij = p_j / T for i != j",
        "log S is subtracted.",
        "np.eye(k) - p[None, :]",
        lambda q: _diag(q, q.rest) + _off(q) * q.row,
    ),
    _m(
        "diagonal-one",
        "the diagonal is 1, without -p",
        "J_ii = 1 / T",
        "log S depends on z_i too.",
        "np.eye(k) - p[None, :]",
        lambda q: q.eye - _off(q) * q.row,
    ),
    _m(
        "diagonal-forgotten",
        "the diagonal is 0",
        "J_ii = 0",
        "For i = j it is 1 - p_i.",
        "np.eye(k) - p[None, :]",
        lambda q: -_off(q) * q.row,
    ),
    _m(
        "diagonal-p",
        "the diagonal is p",
        "J_ii = p_i / T",
        "For i = j it is 1 - p_i.",
        "np.eye(k) - p[None, :]",
        lambda q: _diag(q, q.p) - _off(q) * q.row,
    ),
    _m(
        "diagonal-own",
        "the diagonal is p (1 - p)",
        "J_ii = p_i (1 - p_i) / T",
        "The p_i in front cancels.",
        "np.eye(k) - p[None, :]",
        lambda q: _diag(q, _own(q)) - _off(q) * q.row,
    ),
    _m(
        "off-diagonal-outer",
        "-p_i p_j off the diagonal, as for softmax",
        "J_ij = -p_i p_j / T for i != j",
        "The p_i in front cancels.",
        "np.eye(k) - p[None, :]",
        lambda q: _minus_outer(q, q.rest),
    ),
    _m(
        "identity-minus-outer",
        "I - p p^T",
        "J_ij = (d_ij - p_i p_j) / T",
        "The p_i in front cancels.",
        "np.eye(k) - p[None, :]",
        lambda q: q.eye - q.outer,
    ),
    _m(
        "diag-p-minus-p",
        "diag(p) - p_j",
        "J_ij = (d_ij p_i - p_j) / T",
        "The delta stands without a factor here.",
        "np.eye(k) - p[None, :]",
        lambda q: _diag(q, q.p) - q.row,
    ),
    _m(
        "delta-is-one",
        "1 in place of the Kronecker delta: 1 - p_j everywhere",
        "J_ij = (1 - p_j) / T",
        "The delta is 1 on the diagonal alone.",
        "np.eye(k) - p[None, :]",
        lambda q: (1.0 - q.row) * np.ones_like(q.outer),
    ),
    _m(
        "delta-is-one-turned",
        "1 in place of the Kronecker delta: 1 - p_i everywhere",
        "J_ij = (1 - p_i) / T",
        "The delta is 1 on the diagonal alone.",
        "np.eye(k) - p[None, :]",
        lambda q: (1.0 - q.column) * np.ones_like(q.outer),
    ),
    _m(
        "exponentials-for-probabilities",
        "exp(z) stands where p belongs",
        "J_ij = (d_ij - e_j) / T",
        "e_j has to be divided by the sum.",
        "np.eye(k) - p[None, :]",
        lambda q: q.eye - _row(q.e),
    ),
    _m(
        "log-outputs",
        "log p stands where p belongs",
        "J_ij = (d_ij - log p_j) / T",
        "The derivative of log S is p, not log p: take the exponential of the output.",
        "np.eye(k) - np.exp(log_p)[None, :]",
        lambda q: q.eye - _row(q.log_p),
    ),
    _m(
        "inputs-for-outputs",
        "z stands where p belongs",
        "J_ij = (d_ij - z_j) / T",
        "Inputs where outputs belong.",
        "np.eye(k) - p[None, :]",
        lambda q: q.eye - _row(q.z),
    ),
    _m(
        "over-p",
        "1 / p alone: the outer derivative of log without the inner one",
        "J_ij = d_ij / p_i / T",
        "The chain rule multiplies 1 / p_i by dp_i / dz_j.",
        "np.eye(k) - p[None, :]",
        lambda q: _diag(q, 1.0 / np.maximum(q.p, 1e-300)),
    ),
    _m(
        "over-p-j",
        "softmax's Jacobian is divided by p_j, not by p_i",
        "J_ij = p_i (d_ij - p_j) / p_j / T",
        "Row i is divided by its own p_i: J / p[:, None].",
        "np.eye(k) - p[None, :]",
        lambda q: _minus_outer(q, _own(q)) / np.maximum(q.row, 1e-300),
    ),
    _m(
        "over-p-i-p-j",
        "softmax's Jacobian is divided by p_i and by p_j",
        "J_ij = (d_ij / p_i - 1) / T",
        "d log p_i = dp_i / p_i: row i is divided by its own p_i, once.",
        "np.eye(k) - p[None, :]",
        lambda q: _diag(q, 1.0 / np.maximum(q.p, 1e-300)) - 1.0,
    ),
    _m(
        "over-p-twice",
        "the division by p is done twice",
        "J_ij = (d_ij - p_j) / p_i / T",
        "d log p = dp / p, once.",
        "np.eye(k) - p[None, :]",
        lambda q: (q.eye - q.row) / np.maximum(q.column, 1e-300),
    ),
    _m(
        "centring-matrix",
        "1 / k stands where p belongs",
        "J_ij = (d_ij - 1 / k) / T",
        "log S is weighed by p, not evenly.",
        "np.eye(k) - p[None, :]",
        lambda q: q.eye - 1.0 / q.inputs.k + 0.0 * q.outer,
    ),
    _m(
        "sigmoid-derivative",
        "1 - sigmoid on the diagonal: the derivative of log-sigmoid",
        "J_ij = d_ij (1 - s_i) / T",
        "The sigmoid's classes do not share a sum.",
        "np.eye(k) - p[None, :]",
        lambda q: _diag(q, 1.0 - q.sigmoid),
    ),
    Mistake(
        "temperature-on-the-delta",
        "1 / T reaches only the delta",
        "J_ij = d_ij / T - p_j",
        "Both terms come from d(z / T).",
        "(np.eye(k) - p[None, :]) / T",
        lambda q: q.eye / q.t3 - q.row,
    ),
    Mistake(
        "temperature-on-p",
        "1 / T reaches only p",
        "J_ij = d_ij - p_j / T",
        "Both terms come from d(z / T).",
        "(np.eye(k) - p[None, :]) / T",
        lambda q: q.eye - q.row / q.t3,
    ),
)


def _s(name: str, title: str, formula: str, why: str, answer: Callable[[Quantities], Array]) -> Mistake:
    return _m(name, title, formula, why, "np.diag(s * (1 - s)) / T", answer)


SIGMOID = (
    _s(
        "sigmoid-itself",
        "s in place of its derivative",
        "J_ij = d_ij s_i / T",
        "s' = s (1 - s).",
        lambda q: _diag(q, q.sigmoid),
    ),
    _s(
        "one-minus-s",
        "1 - s in place of s (1 - s)",
        "J_ij = d_ij (1 - s_i) / T",
        "That is the derivative of log s.",
        lambda q: _diag(q, 1.0 - q.sigmoid),
    ),
    _s(
        "plus-sign",
        "s (1 + s) in place of s (1 - s)",
        "J_ij = d_ij s_i (1 + s_i) / T",
        "s' = s (1 - s).",
        lambda q: _diag(q, q.sigmoid * (1.0 + q.sigmoid)),
    ),
    _s(
        "s-squared",
        "s^2 in place of s (1 - s)",
        "J_ij = d_ij s_i^2 / T",
        "s' = s (1 - s).",
        lambda q: _diag(q, q.sigmoid**2),
    ),
    _s(
        "inputs-for-outputs",
        "z (1 - z): inputs where outputs belong",
        "J_ij = d_ij z_i (1 - z_i) / T",
        "s (1 - s) takes the sigmoid's output.",
        lambda q: _diag(q, q.z * (1.0 - q.z)),
    ),
    _s(
        "tanh-derivative",
        "1 - s^2, the derivative of tanh",
        "J_ij = d_ij (1 - s_i^2) / T",
        "s' = s (1 - s).",
        lambda q: _diag(q, 1.0 - q.sigmoid**2),
    ),
    _s(
        "sigmoid-twice",
        "the sigmoid of the sigmoid",
        "J_ij = d_ij t_i (1 - t_i), t = sigmoid(s)",
        "The sigmoid is applied to its own output.",
        lambda q: _diag(q, _own_of(_sig(q.sigmoid))),
    ),
    _s(
        "softmax-jacobian",
        "the Jacobian of softmax in place of sigmoid's",
        "J_ij = p_i (d_ij - p_j) / T",
        "The sigmoid's classes are independent.",
        lambda q: _minus_outer(q, _own(q)),
    ),
    _s(
        "softmax-diagonal",
        "p (1 - p) with p from softmax",
        "J_ij = d_ij p_i (1 - p_i) / T",
        "The sigmoid of each class, not softmax, is meant.",
        lambda q: _diag(q, _own(q)),
    ),
    _s(
        "outer-product",
        "an outer product: sigmoids treated like softmax",
        "J_ij = s_i (d_ij - s_j) / T",
        "The sigmoid's classes are independent: off-diagonal entries are 0.",
        lambda q: _diag(q, q.sigmoid) - _col(q.sigmoid) * _row(q.sigmoid),
    ),
    _s(
        "derivative-in-every-row",
        "s (1 - s) in every row",
        "J_ij = s_j (1 - s_j) / T",
        "The vector is the diagonal.",
        lambda q: _row(_own_of(q.sigmoid)) + 0.0 * q.outer,
    ),
    _s(
        "derivative-in-every-column",
        "s (1 - s) in every column",
        "J_ij = s_i (1 - s_i) / T",
        "The vector is the diagonal.",
        lambda q: _col(_own_of(q.sigmoid)) + 0.0 * q.outer,
    ),
    Mistake(
        "temperature-ignored",
        "the temperature is ignored",
        "J_ij = d_ij s(z_i) (1 - s(z_i))",
        "The logits are divided by T first.",
        "s = sigmoid(z / T), and 1 / T in the derivative",
        lambda q: _diag(q, _own_of(_sig(q.z))),
    ),
    Mistake(
        "temperature-multiplied",
        "the logits are multiplied by the temperature",
        "s = sigmoid(z T)",
        "The logits are divided by T.",
        "s = sigmoid(z / T), and 1 / T in the derivative",
        lambda q: _diag(q, _own_of(_sig(q.z * q.t))),
    ),
)


def _own_of(s: Array) -> Array:
    return s * (1.0 - s)


def _sig(x: Array) -> Array:
    return np.asarray(1.0 / (1.0 + np.exp(np.minimum(-x, 700.0))))
