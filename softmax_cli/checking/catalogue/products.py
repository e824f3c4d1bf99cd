"""Mistakes in J v and g^T J that are no wrong matrix; answers of shape (n, k). q.g is v, or g."""

from collections.abc import Callable

import numpy as np

from softmax_cli.checking.catalogue.mistake import Mistake
from softmax_cli.checking.inputs import Array, Quantities

_MEND = "p * (g - (g * p).sum(axis=-1, keepdims=True)) / T"


def _m(name: str, title: str, formula: str, why: str, answer: Callable[[Quantities], Array]) -> Mistake:
    return Mistake(name, title, formula, why, _MEND, lambda q: answer(q) / q.t)


def _dot(q: Quantities) -> Array:
    return q.total(q.p * q.g)


SOFTMAX = (
    _m(
        "vector-for-target",
        "p - g: g is taken for a target, as if the loss were a cross-entropy",
        "(p_j - g_j) / T",
        "p - y is the cross-entropy's gradient for a one-hot y; a cotangent is multiplied, not subtracted.",
        lambda q: q.p - q.g,
    ),
    _m(
        "dot-forgotten",
        "the term -(g . p) is forgotten: p g alone",
        "p_j g_j / T",
        "Each logit is in the sum of every class: the weighed mean of g is subtracted.",
        lambda q: q.p * q.g,
    ),
    _m(
        "p-forgotten",
        "the factor p in front is forgotten",
        "(g_j - g . p) / T",
        "J = diag(p) - p p^T: both terms have p_j.",
        lambda q: q.g - _dot(q),
    ),
    _m(
        "sum-for-dot",
        "the plain sum of g in place of g . p",
        "p_j (g_j - sum_i g_i) / T",
        "The mean of g is weighed by p.",
        lambda q: q.p * (q.g - q.total(q.g)),
    ),
    _m(
        "mean-for-dot",
        "the plain mean of g in place of g . p",
        "p_j (g_j - mean g) / T",
        "The mean of g is weighed by p.",
        lambda q: q.p * (q.g - q.total(q.g) / q.inputs.k),
    ),
    _m(
        "mean-product-for-dot",
        "the mean of g p in place of its sum",
        "p_j (g_j - mean(g p)) / T",
        "g . p is a sum: np.mean divides it by k.",
        lambda q: q.p * (q.g - _dot(q) / q.inputs.k),
    ),
    _m(
        "squares-in-dot",
        "the dot product is with the squares of p",
        "p_j (g_j - sum_i g_i p_i^2) / T",
        "The mean of g is weighed by p, and p stands before the bracket besides.",
        lambda q: q.p * (q.g - q.total(q.p * q.p * q.g)),
    ),
    _m(
        "plus-sign",
        "g . p is added, not subtracted",
        "p_j (g_j + g . p) / T",
        "J = diag(p) - p p^T.",
        lambda q: q.p * (q.g + _dot(q)),
    ),
    _m(
        "only-dot",
        "only p (g . p): the diagonal term is missing",
        "p_j (g . p) / T",
        "J = diag(p) - p p^T.",
        lambda q: q.p * _dot(q),
    ),
    _m(
        "diagonal-only",
        "p (1 - p) g: g p is not summed, or the off-diagonal terms are missing",
        "p_j (1 - p_j) g_j / T",
        "J is a full matrix: each entry of g reaches every logit.",
        lambda q: q.p * (1.0 - q.p) * q.g,
    ),
    _m(
        "dot-without-p",
        "p g - g . p: the second term lacks its factor p",
        "(p_j g_j - g . p) / T",
        "J = diag(p) - p p^T: both terms have p_j.",
        lambda q: q.p * q.g - _dot(q),
    ),
    _m(
        "dot-over-batch",
        "g . p is summed over the whole batch",
        "p_j (g_j - sum_ni g_ni p_ni) / T",
        "Each row has its own g . p: sum along the last axis.",
        lambda q: q.p * (q.g - _batch_dot(q)),
    ),
    _m(
        "dot-down-the-rows",
        "g . p is summed down the rows",
        "p_j (g_j - sum_n g_nj p_nj) / T",
        "Each row has its own g . p: sum along the last axis.",
        lambda q: q.p * (q.g - q.whole.restrict((q.all_g * q.all_p).sum(axis=0, keepdims=True))),
    ),
    _m(
        "log-softmax-vjp",
        "the vjp of log-softmax in place of softmax's",
        "(g_j - p_j sum_i g_i) / T",
        "That is for log p; softmax has p_j (g_j - g . p).",
        lambda q: q.g - q.p * q.total(q.g),
    ),
    _m(
        "dot-with-log-p",
        "the dot product is with log p, and the factor p is missing",
        "(g_j - g . log p) / T",
        "The output saved for the backward pass must be p.",
        lambda q: q.g - q.total(q.g * q.log_p),
    ),
    _m(
        "log-outputs",
        "log p stands where p belongs",
        "log p_j (g_j - g . log p) / T",
        "The output saved for the backward pass must be p.",
        lambda q: q.log_p * (q.g - q.total(q.g * q.log_p)),
    ),
    _m(
        "dot-with-logits",
        "the dot product is with the logits",
        "p_j (g_j - g . z) / T",
        "Inputs where outputs belong.",
        lambda q: q.p * (q.g - q.total(q.g * q.z)),
    ),
    _m(
        "logits-for-outputs",
        "the logits stand where p belongs",
        "z_j (g_j - g . z) / T",
        "Inputs where outputs belong.",
        lambda q: q.z * (q.g - q.total(q.g * q.z)),
    ),
    _m(
        "p-minus-dot",
        "g (p - g . p): g and p are swapped",
        "g_j (p_j - g . p) / T",
        "p stands in front, g within.",
        lambda q: q.g * (q.p - _dot(q)),
    ),
    _m(
        "p-within",
        "p (p - g . p): p twice, g once",
        "p_j (p_j - g . p) / T",
        "p (g - g . p).",
        lambda q: q.p * (q.p - _dot(q)),
    ),
    _m(
        "g-minus-p",
        "p (g - p): p is subtracted, not g . p",
        "p_j (g_j - p_j) / T",
        "p (g - g . p).",
        lambda q: q.p * (q.g - q.p),
    ),
    _m(
        "sum-of-squares",
        "sum p^2 in place of g . p",
        "p_j (g_j - sum_i p_i^2) / T",
        "p (g - g . p).",
        lambda q: q.p * (q.g - q.total(q.p * q.p)),
    ),
    _m(
        "sum-of-square-g",
        "g . g in place of g . p",
        "p_j (g_j - g . g) / T",
        "p (g - g . p).",
        lambda q: q.p * (q.g - q.total(q.g * q.g)),
    ),
    Mistake(
        "vector-itself",
        "g comes back unchanged",
        "g_j",
        "The Jacobian is not the identity.",
        _MEND,
        lambda q: q.g,
    ),
    Mistake(
        "vector-forgotten",
        "p comes back: g has no effect",
        "p_j",
        "The product with g is missing.",
        _MEND,
        lambda q: q.p,
    ),
    _m(
        "vector-forgotten-own",
        "p (1 - p): the upstream gradient is forgotten",
        "p_j (1 - p_j) / T",
        "The chain rule multiplies by g.",
        lambda q: q.p * (1.0 - q.p),
    ),
    _m(
        "squared-p",
        "p is multiplied on once more",
        "p_j^2 (g_j - g . p) / T",
        "The factor p stands once.",
        lambda q: q.p**2 * (q.g - _dot(q)),
    ),
    _m(
        "own-times",
        "p (1 - p) is multiplied on",
        "p_j (1 - p_j) (g_j - g . p) / T",
        "The factor p stands once.",
        lambda q: q.p * (1.0 - q.p) * (q.g - _dot(q)),
    ),
    _m(
        "vector-twice",
        "g is multiplied on once more",
        "g_j p_j (g_j - g . p) / T",
        "g enters once.",
        lambda q: q.g * q.p * (q.g - _dot(q)),
    ),
    _m(
        "max-for-dot",
        "the maximum of g in place of g . p",
        "p_j (g_j - max g) / T",
        "g . p is a weighed mean.",
        lambda q: q.p * (q.g - q.g.max(axis=1, keepdims=True)),
    ),
    _m(
        "max-product-for-dot",
        "the maximum of g p in place of its sum",
        "p_j (g_j - max(g p)) / T",
        "g . p is a sum.",
        lambda q: q.p * (q.g - (q.g * q.p).max(axis=1, keepdims=True)),
    ),
    _m(
        "elementwise-dot-squared",
        "p g - p^2: g is missing from the second term",
        "(p_j g_j - p_j^2) / T",
        "The second term is p (g . p).",
        lambda q: q.p * q.g - q.p**2,
    ),
)


def _batch_dot(q: Quantities) -> Array:
    return np.asarray((q.all_g * q.all_p).sum())


def _l(name: str, title: str, formula: str, why: str, answer: Callable[[Quantities], Array]) -> Mistake:
    return Mistake(name, title, formula, why, "see the right formula", lambda q: answer(q) / q.t)


LOG_SOFTMAX = (
    _l(
        "dot-for-sum",
        "the jvp where the vjp is meant: g . p in place of p sum(g)",
        "(g_j - g . p) / T",
        "log-softmax's Jacobian is not symmetric: g^T J subtracts p_j sum(g), J v subtracts p . v.",
        lambda q: q.g - _dot(q),
    ),
    _l(
        "sum-for-dot",
        "the vjp where the jvp is meant: p sum(v) in place of p . v",
        "(v_i - p_i sum v) / T",
        "log-softmax's Jacobian is not symmetric: g^T J subtracts p_j sum(g), J v subtracts p . v.",
        lambda q: q.g - q.p * q.total(q.g),
    ),
    _l(
        "softmax-product",
        "the product with softmax's Jacobian",
        "p_j (g_j - g . p) / T",
        "For log p the factor p in front cancels.",
        lambda q: q.p * (q.g - _dot(q)),
    ),
    _l(
        "sum-without-p",
        "the sum of g is subtracted without its factor p",
        "(g_j - sum g) / T",
        "log S has the derivative p_j.",
        lambda q: q.g - q.total(q.g),
    ),
    _l(
        "mean-subtracted",
        "the mean of g is subtracted",
        "(g_j - mean g) / T",
        "log S has the derivative p_j.",
        lambda q: q.g - q.total(q.g) / q.inputs.k,
    ),
    _l(
        "log-outputs",
        "log p stands where p belongs",
        "(g_j - log p_j sum g) / T",
        "Take the exponential of the saved output.",
        lambda q: q.g - q.log_p * q.total(q.g),
    ),
    _l(
        "dot-with-log-p",
        "the dot product is with log p",
        "(g_j - g . log p) / T",
        "Take the exponential of the saved output.",
        lambda q: q.g - q.total(q.g * q.log_p),
    ),
    _l(
        "exponentials-for-p",
        "exp(z) stands where p belongs",
        "(g_j - e_j sum g) / T",
        "e has to be divided by S.",
        lambda q: q.g - q.e * q.total(q.g),
    ),
    _l(
        "one-minus-p",
        "(1 - p) g: the sum is taken over the class alone",
        "g_j (1 - p_j) / T",
        "The sum of g is over all classes.",
        lambda q: q.g * (1.0 - q.p),
    ),
    _l(
        "plus-sign",
        "p sum(g) is added",
        "(g_j + p_j sum g) / T",
        "log S is subtracted.",
        lambda q: q.g + q.p * q.total(q.g),
    ),
    _l(
        "only-sum",
        "g itself is missing",
        "-p_j sum g / T",
        "z_j itself has the derivative 1.",
        lambda q: -q.p * q.total(q.g),
    ),
    _l(
        "vector-itself",
        "g comes back: the log of the sum is treated as a constant",
        "g_j / T",
        "log S has the derivative p_j.",
        lambda q: q.g,
    ),
    _l(
        "sum-is-one",
        "sum(g) is taken for 1: g - p",
        "(g_j - p_j) / T",
        "That holds only for a one-hot g; in general p is multiplied by sum(g).",
        lambda q: q.g - q.p,
    ),
    _l(
        "sum-down-the-rows",
        "g is summed down the rows",
        "g_nj - p_nj sum_m g_mj",
        "Each row has its own sum.",
        lambda q: q.g - q.p * q.whole.restrict(q.all_g.sum(axis=0, keepdims=True)),
    ),
    _l(
        "sum-over-batch",
        "g is summed over the whole batch",
        "g_nj - p_nj sum_mi g_mi",
        "Each row has its own sum.",
        lambda q: q.g - q.p * q.all_g.sum(),
    ),
)
