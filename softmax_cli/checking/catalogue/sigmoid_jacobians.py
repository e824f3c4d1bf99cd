"""Mistakes in the Jacobian of the sigmoid; answers of shape (n, m, m)."""

from collections.abc import Callable

import numpy as np

from softmax_cli.checking.catalogue.matrix_terms import (
    col,
    diag,
    minus_outer,
    over_t,
    own,
    row,
)
from softmax_cli.checking.catalogue.mistake import Mistake
from softmax_cli.checking.inputs import Array, Quantities


def _s(name: str, title: str, formula: str, why: str, answer: Callable[[Quantities], Array]) -> Mistake:
    return over_t(name, title, formula, why, "np.diag(s * (1 - s)) / T", answer)


SIGMOID = (
    _s(
        "sigmoid-itself",
        "s in place of its derivative",
        "J_ij = d_ij s_i / T",
        "s' = s (1 - s).",
        lambda q: diag(q, q.sigmoid),
    ),
    _s(
        "one-minus-s",
        "1 - s in place of s (1 - s)",
        "J_ij = d_ij (1 - s_i) / T",
        "That is the derivative of log s.",
        lambda q: diag(q, 1.0 - q.sigmoid),
    ),
    _s(
        "plus-sign",
        "s (1 + s) in place of s (1 - s)",
        "J_ij = d_ij s_i (1 + s_i) / T",
        "s' = s (1 - s).",
        lambda q: diag(q, q.sigmoid * (1.0 + q.sigmoid)),
    ),
    _s(
        "s-squared",
        "s^2 in place of s (1 - s)",
        "J_ij = d_ij s_i^2 / T",
        "s' = s (1 - s).",
        lambda q: diag(q, q.sigmoid**2),
    ),
    _s(
        "inputs-for-outputs",
        "z (1 - z): inputs where outputs belong",
        "J_ij = d_ij z_i (1 - z_i) / T",
        "s (1 - s) takes the sigmoid's output.",
        lambda q: diag(q, q.z * (1.0 - q.z)),
    ),
    _s(
        "tanh-derivative",
        "1 - s^2, the derivative of tanh",
        "J_ij = d_ij (1 - s_i^2) / T",
        "s' = s (1 - s).",
        lambda q: diag(q, 1.0 - q.sigmoid**2),
    ),
    _s(
        "sigmoid-twice",
        "the sigmoid of the sigmoid",
        "J_ij = d_ij t_i (1 - t_i), t = sigmoid(s)",
        "The sigmoid is applied to its own output.",
        lambda q: diag(q, _own_of(_sig(q.sigmoid))),
    ),
    _s(
        "softmax-jacobian",
        "the Jacobian of softmax in place of sigmoid's",
        "J_ij = p_i (d_ij - p_j) / T",
        "The sigmoid's classes are independent.",
        lambda q: minus_outer(q, own(q)),
    ),
    _s(
        "softmax-diagonal",
        "p (1 - p) with p from softmax",
        "J_ij = d_ij p_i (1 - p_i) / T",
        "The sigmoid of each class, not softmax, is meant.",
        lambda q: diag(q, own(q)),
    ),
    _s(
        "outer-product",
        "an outer product: sigmoids treated like softmax",
        "J_ij = s_i (d_ij - s_j) / T",
        "The sigmoid's classes are independent: off-diagonal entries are 0.",
        lambda q: diag(q, q.sigmoid) - col(q.sigmoid) * row(q.sigmoid),
    ),
    _s(
        "derivative-in-every-row",
        "s (1 - s) in every row",
        "J_ij = s_j (1 - s_j) / T",
        "The vector is the diagonal.",
        lambda q: row(_own_of(q.sigmoid)) + 0.0 * q.outer,
    ),
    _s(
        "derivative-in-every-column",
        "s (1 - s) in every column",
        "J_ij = s_i (1 - s_i) / T",
        "The vector is the diagonal.",
        lambda q: col(_own_of(q.sigmoid)) + 0.0 * q.outer,
    ),
    Mistake(
        "temperature-ignored",
        "the temperature is ignored",
        "J_ij = d_ij s(z_i) (1 - s(z_i))",
        "The logits are divided by T first.",
        "s = sigmoid(z / T), and 1 / T in the derivative",
        lambda q: diag(q, _own_of(_sig(q.z))),
    ),
    Mistake(
        "temperature-multiplied",
        "the logits are multiplied by the temperature",
        "s = sigmoid(z T)",
        "The logits are divided by T.",
        "s = sigmoid(z / T), and 1 / T in the derivative",
        lambda q: diag(q, _own_of(_sig(q.z * q.t))),
    ),
)


def _own_of(s: Array) -> Array:
    return s * (1.0 - s)


def _sig(x: Array) -> Array:
    return np.asarray(1.0 / (1.0 + np.exp(np.minimum(-x, 700.0))))
