"""Jacobians with 1/T, values or whole rows in the wrong place; shape (n, m, m)."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from softmax_cli.checking.catalogue.matrix_terms import (
    INDEX,
    J_FIX,
    OFF,
    ROW_SUMS,
    col,
    diag,
    minus_outer,
    off,
    over_t,
    own,
    row,
)
from softmax_cli.checking.catalogue.mistake import Mistake
from softmax_cli.checking.inputs import Array, Quantities

PLACES = (
    Mistake(
        "temperature-on-the-diagonal-term",
        "1 / T reaches only the term diag(p)",
        "J_ij = d_ij p_i / T - p_i p_j",
        "Both terms come from d(z / T): the whole matrix is divided by T.",
        "(np.diag(p) - np.outer(p, p)) / T",
        lambda q: diag(q, q.p) / q.t3 - q.outer,
    ),
    Mistake(
        "temperature-on-the-outer-term",
        "1 / T reaches only the term p p^T",
        "J_ij = d_ij p_i - p_i p_j / T",
        "Both terms come from d(z / T): the whole matrix is divided by T.",
        "(np.diag(p) - np.outer(p, p)) / T",
        lambda q: diag(q, q.p) - q.outer / q.t3,
    ),
    over_t(
        "sigmoid-derivative",
        "the derivative of sigmoid in place of softmax's",
        "J_ij = d_ij s_i (1 - s_i) / T",
        "The sigmoid's classes do not share a sum; softmax's do.",
        J_FIX,
        lambda q: diag(q, q.sigmoid * (1.0 - q.sigmoid)),
    ),
    over_t(
        "identity",
        "the identity matrix",
        "J_ij = d_ij / T",
        "softmax is not the identity.",
        J_FIX,
        lambda q: q.eye + 0.0 * q.outer,
    ),
    over_t(
        "centring-matrix",
        "the centring matrix I - 1/k: p is taken for 1 / k",
        "J_ij = (d_ij - 1 / k) / T",
        "That is the derivative of z - mean z.",
        J_FIX,
        lambda q: q.eye - 1.0 / q.inputs.k + 0.0 * q.outer,
    ),
    over_t(
        "lower-half-only",
        "only the lower half is filled",
        "J_ij = 0 for j > i",
        "J is symmetric: the loop must fill both halves.",
        "loop over every j, or copy the half: " + J_FIX,
        lambda q: np.tril(minus_outer(q, own(q))),
    ),
    over_t(
        "upper-half-only",
        "only the upper half is filled",
        "J_ij = 0 for j < i",
        "J is symmetric: the loop must fill both halves.",
        "loop over every j, or copy the half: " + J_FIX,
        lambda q: np.triu(minus_outer(q, own(q))),
    ),
    over_t(
        "p-in-every-row",
        "p in every row: probabilities, not derivatives",
        "J_ij = p_j",
        ROW_SUMS,
        J_FIX,
        lambda q: q.row * np.ones_like(q.outer) * q.t3,
    ),
    over_t(
        "p-in-every-column",
        "p in every column: probabilities, not derivatives",
        "J_ij = p_i",
        ROW_SUMS,
        J_FIX,
        lambda q: q.column * np.ones_like(q.outer) * q.t3,
    ),
    over_t(
        "one-minus-outer-diagonal",
        "the diagonal is 1 - p^2, the derivative of tanh",
        "J_ii = (1 - p_i^2) / T",
        "1 - y^2 is the derivative of tanh.",
        J_FIX,
        lambda q: minus_outer(q, 1.0 - q.p**2),
    ),
    over_t(
        "tanh-derivative",
        "1 - p^2 on the diagonal and nothing else: the derivative of tanh",
        "J_ij = d_ij (1 - p_i^2) / T",
        "1 - y^2 is the derivative of tanh.",
        J_FIX,
        lambda q: diag(q, 1.0 - q.p**2),
    ),
    over_t(
        "diagonal-and-minus-p",
        "p (1 - p) on the diagonal, +p elsewhere",
        "J_ij = p_j / T for i != j",
        OFF,
        J_FIX,
        lambda q: diag(q, own(q)) + off(q) * q.row,
    ),
    over_t(
        "outer-reversed",
        "the outer product is of p with p in reverse order",
        "J_ij = (d_ij p_i - p_i p_(k+1-j)) / T",
        INDEX,
        J_FIX,
        lambda q: diag(q, q.p) - q.column * row(q.restrict(q.all_p[:, ::-1])),
    ),
    over_t(
        "columns-reversed",
        "the columns are in reverse order",
        "J_i(k+1-j)",
        "Column j is the derivative with respect to class j.",
        "keep the order of the classes",
        lambda q: np.swapaxes(_moved_rows(q, lambda k: np.arange(k)[::-1]), 1, 2),
    ),
    over_t(
        "columns-moved",
        "the columns are moved by one",
        "J_i(j+1)",
        "Column j is the derivative with respect to class j.",
        "keep the order of the classes",
        lambda q: np.swapaxes(_moved_rows(q, lambda k: np.roll(np.arange(k), -1)), 1, 2),
    ),
    over_t(
        "columns-moved-back",
        "the columns are moved by one",
        "J_i(j-1)",
        "Column j is the derivative with respect to class j.",
        "keep the order of the classes",
        lambda q: np.swapaxes(_moved_rows(q, lambda k: np.roll(np.arange(k), 1)), 1, 2),
    ),
    over_t(
        "rows-reversed",
        "the rows are in reverse order",
        "J_(k+1-i)j",
        "Row i is the derivative of class i.",
        "keep the order of the classes",
        lambda q: _moved_rows(q, lambda k: np.arange(k)[::-1]),
    ),
    over_t(
        "rows-moved",
        "the rows are moved by one",
        "J_(i+1)j",
        "Row i is the derivative of class i.",
        "keep the order of the classes",
        lambda q: _moved_rows(q, lambda k: np.roll(np.arange(k), -1)),
    ),
    over_t(
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
    return np.asarray(col(first) * (delta - q.row))
