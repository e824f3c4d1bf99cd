"""Mistakes in the gradient of the cross-entropy, p - y; answers of shape (n, k)."""

from collections.abc import Callable

import numpy as np

from softmax_cli.checking.catalogue.mistake import Mistake
from softmax_cli.checking.inputs import Array, Quantities, softmax

_MEND = "g = p.copy(); g[target] -= 1; g /= T"


def _m(name: str, title: str, formula: str, why: str, answer: Callable[[Quantities], Array]) -> Mistake:
    return Mistake(name, title, formula, why, _MEND, lambda q: answer(q) / q.t)


def _at_target(q: Quantities, v: Array) -> Array:
    """Return v of the target, shape (n, 1)."""
    whole = q.whole
    return q.restrict(np.asarray((whole.all_y * v).sum(axis=1, keepdims=True)))


def _largest(q: Quantities) -> Array:
    y: Array = np.zeros_like(q.all_z)
    np.put_along_axis(y, q.all_z.argmax(axis=1)[:, None], 1.0, axis=1)
    return q.restrict(y)


def _through_softmax(q: Quantities, v: Array) -> Array:
    """Return J v."""
    return np.asarray(q.p * (v - q.total(q.p * v)))


_DOUBLE = "The cross-entropy's 1/p and softmax's p (d - p) have been multiplied already: p - y is the whole."

GRADIENTS = (
    _m(
        "target-not-subtracted",
        "1 is not subtracted at the target: p itself",
        "p_j / T",
        "dL/dz_j = p_j - y_j: the true class pulls its logit up.",
        lambda q: q.p,
    ),
    _m(
        "target-only",
        "only the target's entry: the other classes are 0 (-y/p sent through p (1 - p) alone)",
        "-y_j (1 - p_j) / T",
        "Every logit is in the sum: the others get p_j.",
        lambda q: q.y * (q.p - 1.0),
    ),
    _m(
        "one-subtracted-everywhere",
        "1 is subtracted from every class",
        "(p_j - 1) / T",
        "1 belongs to the true class alone.",
        lambda q: q.p - 1.0,
    ),
    _m(
        "target-value-everywhere",
        "p_target - 1 in every class",
        "(p_target - 1) / T",
        "Each class has its own p_j - y_j.",
        lambda q: _at_target(q, q.all_p) - 1.0 + 0.0 * q.p,
    ),
    _m(
        "one-hot-alone",
        "-y: the probabilities are missing",
        "-y_j / T",
        "log S has the derivative p_j.",
        lambda q: -q.y,
    ),
    _m(
        "derivative-twice",
        "p (1 - p) is multiplied on: the derivative of softmax is taken twice",
        "(p_j - y_j) p_j (1 - p_j) / T",
        _DOUBLE,
        lambda q: (q.p - q.y) * q.p * (1.0 - q.p),
    ),
    _m(
        "jacobian-again",
        "the gradient of the squared error (p - y)^2 / 2: softmax's Jacobian is multiplied on p - y",
        "sum_i (p_i - y_i) p_i (d_ij - p_j) / T",
        _DOUBLE
        + " Multiplied again, it is the gradient of the squared error, or the derivative taken twice.",
        lambda q: _through_softmax(q, q.p - q.y),
    ),
    _m("times-p", "p is multiplied on", "(p_j - y_j) p_j / T", _DOUBLE, lambda q: (q.p - q.y) * q.p),
    _m(
        "over-p",
        "divided by p once more",
        "(p_j - y_j) / p_j / T",
        _DOUBLE,
        lambda q: (q.p - q.y) / np.maximum(q.p, 1e-300),
    ),
    _m(
        "over-own",
        "the derivative of the binary cross-entropy with respect to p: p - y divided by p (1 - p)",
        "(p_j - y_j) / (p_j (1 - p_j)) / T",
        "That is dL/dp of the binary cross-entropy; the derivative with respect to the logits is p - y.",
        lambda q: (q.p - q.y) / np.maximum(q.p * (1.0 - q.p), 1e-300),
    ),
    Mistake(
        "with-respect-to-p",
        "the derivative with respect to p, not to the logits",
        "-y_j / p_j",
        "dL/dp = -y/p has still to go through softmax: it becomes p - y.",
        _MEND,
        lambda q: -q.y / np.maximum(q.p, 1e-300),
    ),
    Mistake(
        "with-respect-to-p-over-t",
        "the derivative with respect to p, not to the logits",
        "-y_j / p_j / T",
        "dL/dp = -y/p has still to go through softmax: it becomes p - y.",
        _MEND,
        lambda q: -q.y / np.maximum(q.p, 1e-300) / q.t,
    ),
    _m(
        "log-forgotten",
        "the logarithm is forgotten: the gradient of -p_target",
        "p_target (p_j - y_j) / T",
        "That is a row of softmax's Jacobian, with its sign turned; the log divides it by p_target.",
        lambda q: _at_target(q, q.all_p) * (q.p - q.y),
    ),
    Mistake(
        "loss-itself",
        "the loss of each class, not its gradient",
        "-y_j log p_j",
        "The gradient is p - y.",
        _MEND,
        lambda q: -q.y * q.log_p,
    ),
    Mistake(
        "log-probabilities",
        "-log p in place of p - y",
        "-log p_j",
        "The gradient is p - y.",
        _MEND,
        lambda q: -q.log_p,
    ),
    _m(
        "log-p-minus-y",
        "log p stands where p belongs",
        "(log p_j - y_j) / T",
        "The gradient is written in the probabilities.",
        lambda q: q.log_p - q.y,
    ),
    _m(
        "logits-minus-y",
        "the logits stand where p belongs",
        "(z_j - y_j) / T",
        "Inputs where outputs belong.",
        lambda q: q.z - q.y,
    ),
    _m(
        "scaled-logits-minus-y",
        "the logits over T stand where p belongs",
        "(z_j / T - y_j) / T",
        "Inputs where outputs belong.",
        lambda q: q.z / q.t - q.y,
    ),
    _m(
        "plus-sign",
        "y is added, not subtracted",
        "(p_j + y_j) / T",
        "dL/dz_j = p_j - y_j.",
        lambda q: q.p + q.y,
    ),
    _m(
        "target-off-by-one",
        "the target is one class too high: a 1-based label used as an index",
        "p_j - y_(j-1)",
        "Labels from 1 to k must have 1 taken off before they index an array.",
        lambda q: q.p - q.restrict(q.one_hot(1)),
    ),
    _m(
        "target-off-by-one-down",
        "the target is one class too low: 1 is taken off a 0-based label",
        "p_j - y_(j+1)",
        "The target is 0-based already.",
        lambda q: q.p - q.restrict(q.one_hot(-1)),
    ),
    _m(
        "largest-for-target",
        "the class with the largest logit is taken for the target",
        "p_j - [j = argmax z]",
        "The loss knows the true class, not the predicted one.",
        lambda q: q.p - _largest(q),
    ),
    _m(
        "first-for-target",
        "the first class is taken for the target",
        "p_j - [j = 1]",
        "The target of this row is another.",
        lambda q: q.p - q.restrict(_unit(q, 0)),
    ),
    _m(
        "last-for-target",
        "the last class is taken for the target",
        "p_j - [j = k]",
        "The target of this row is another.",
        lambda q: q.p - q.restrict(_unit(q, -1)),
    ),
    _m(
        "one-over-k-for-target",
        "1/k is subtracted everywhere: an even target",
        "p_j - 1 / k",
        "The target is one class, not all of them.",
        lambda q: q.p - 1.0 / q.inputs.k,
    ),
    _m(
        "one-hot-over-k",
        "the target is divided by the number of classes, p is not",
        "p_j - y_j / k",
        "A mean is taken over rows, of the whole difference.",
        lambda q: q.p - q.y / q.inputs.k,
    ),
    _m(
        "one-over-n-on-the-target",
        "1 / n reaches only the target",
        "p_j - y_j / n",
        "The mean over rows divides the whole difference.",
        lambda q: q.p - q.y / q.inputs.n,
    ),
    _m(
        "one-over-n-on-p",
        "1 / n reaches only the probabilities",
        "p_j / n - y_j",
        "The mean over rows divides the whole difference.",
        lambda q: q.p / q.inputs.n - q.y,
    ),
    Mistake(
        "temperature-on-p",
        "1 / T reaches only the probabilities",
        "p_j / T - y_j",
        "1 / T multiplies the whole difference.",
        _MEND,
        lambda q: q.p / q.t - q.y,
    ),
    Mistake(
        "temperature-on-y",
        "1 / T reaches only the target",
        "p_j - y_j / T",
        "1 / T multiplies the whole difference.",
        _MEND,
        lambda q: q.p - q.y / q.t,
    ),
    _m(
        "squared",
        "the difference is squared",
        "(p_j - y_j)^2 / T",
        "The gradient is the difference itself.",
        lambda q: (q.p - q.y) ** 2,
    ),
    _m(
        "absolute",
        "the sign is lost: |p - y|",
        "|p_j - y_j| / T",
        "The true class gets p - 1 < 0.",
        lambda q: np.abs(q.p - q.y),
    ),
    _m(
        "own-derivative",
        "p (1 - p): the derivative of softmax's diagonal",
        "p_j (1 - p_j) / T",
        "The gradient of the loss is p - y.",
        lambda q: q.p * (1.0 - q.p),
    ),
    _m(
        "one-minus-p",
        "1 - p at every class",
        "(1 - p_j) / T",
        "The gradient of the loss is p - y.",
        lambda q: 1.0 - q.p,
    ),
    _m(
        "sigmoid-for-softmax",
        "sigmoid in place of softmax",
        "(s_j - y_j) / T",
        "That is the gradient of the binary cross-entropy of each class.",
        lambda q: q.sigmoid - q.y,
    ),
    _m(
        "y-at-target-one-minus-p",
        "1 - p at the target in place of p - 1",
        "p_j, but 1 - p_j at the target",
        "At the target it is p - 1, a negative number.",
        lambda q: q.p * (1.0 - q.y) + q.y * (1.0 - q.p),
    ),
    _m(
        "target-zeroed",
        "the target's entry is 0",
        "p_j, but 0 at the target",
        "At the target it is p - 1.",
        lambda q: q.p * (1.0 - q.y),
    ),
    _m(
        "target-minus-one",
        "the target's entry is -1, its probability missing",
        "p_j, but -1 at the target",
        "At the target it is p - 1.",
        lambda q: q.p * (1.0 - q.y) - q.y,
    ),
    _m(
        "row-of-jacobian",
        "the target's row of softmax's Jacobian",
        "p_target (y_j - p_j) / T",
        "That is dp_target/dz; the loss is -log of it.",
        lambda q: _at_target(q, q.all_p) * (q.y - q.p),
    ),
    _m(
        "cross-term",
        "-y (1 - p) + (1 - y) p (1 - p)",
        "(1 - y_j) p_j (1 - p_j) - y_j (1 - p_j)",
        "The other classes get p_j.",
        lambda q: (1.0 - q.y) * q.p * (1.0 - q.p) - q.y * (1.0 - q.p),
    ),
    _m(
        "softmax-twice-chained",
        "softmax is applied twice: the loss got probabilities where it wants logits",
        "J(p) (softmax(p) - y)",
        "A loss that takes logits applies softmax itself.",
        lambda q: q.restrict(_twice_chained(q)),
    ),
    _m(
        "scaled-by-target-logit",
        "the log-probability of the target is multiplied on",
        "-log p_target (p_j - y_j)",
        "The loss does not multiply its own gradient.",
        lambda q: -_at_target(q, q.whole.log_p) * (q.p - q.y),
    ),
)


def _unit(q: Quantities, i: int) -> Array:
    y: Array = np.zeros_like(q.all_z)
    y[:, i] = 1.0
    return y


def _twice_chained(q: Quantities) -> Array:
    p = q.all_p
    return _through_softmax(q.whole, softmax(p) - q.all_y)
