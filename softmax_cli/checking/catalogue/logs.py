"""Mistakes in log-probabilities that are no logarithm of wrong probabilities; answers of shape (n, k)."""

from collections.abc import Callable

import numpy as np

from softmax_cli.checking.catalogue.mistake import Mistake
from softmax_cli.checking.inputs import Array, Quantities, log, sigmoid

_MEND = "d = z / T - (z / T).max(); log_p = d - np.log(np.exp(d).sum())"


def _m(name: str, title: str, formula: str, why: str, answer: Callable[[Quantities], Array]) -> Mistake:
    return Mistake(name, title, formula, why, _MEND, answer)


def _x(q: Quantities) -> Array:
    return np.asarray(q.z / q.t)


def _top(q: Quantities) -> Array:
    return q.restrict((q.all_z / q.all_t).max(axis=1, keepdims=True))


def _lse(v: Array) -> Array:
    top = v.max(axis=1, keepdims=True)
    return np.asarray(top + np.log(np.exp(v - top).sum(axis=1, keepdims=True)))


LOGS = (
    _m(
        "quotient-of-logarithms",
        "z divided by the log of the sum: a quotient of logarithms",
        "z_i / T / log S",
        "The logarithm of a quotient is a difference: log(e / S) = z - log S.",
        lambda q: q.z / q.t / np.log(q.s),
    ),
    _m(
        "probabilities-for-log-probabilities",
        "probabilities, not their logarithms",
        "p_i",
        "The logarithm is missing.",
        lambda q: q.p,
    ),
    _m(
        "log-base-2",
        "the logarithm to base 2",
        "log2 p_i",
        "Log-probabilities are natural logarithms (nats).",
        lambda q: q.log_p / np.log(2.0),
    ),
    _m(
        "log-base-10",
        "the logarithm to base 10",
        "log10 p_i",
        "Log-probabilities are natural logarithms (nats).",
        lambda q: q.log_p / np.log(10.0),
    ),
    _m("log1p", "log(1 + p) in place of log p", "log(1 + p_i)", "log1p adds 1.", lambda q: np.log1p(q.p)),
    _m(
        "log-of-complement",
        "log(1 - p)",
        "log(1 - p_i)",
        "The probability itself is meant.",
        lambda q: log(1.0 - q.p),
    ),
    _m(
        "logit",
        "log(p / (1 - p))",
        "log(p_i / (1 - p_i))",
        "Those are log-odds.",
        lambda q: log(q.p) - log(1.0 - q.p),
    ),
    _m("entropy-term", "p log p", "p_i log p_i", "p is multiplied on.", lambda q: q.p * q.log_p),
    _m(
        "log-twice",
        "the logarithm of the logarithm",
        "log(-log p_i)",
        "The logarithm is taken once.",
        lambda q: log(-q.log_p),
    ),
    _m(
        "log-softmax-twice",
        "log-softmax is applied to probabilities: softmax has been applied before",
        "log softmax(p)",
        "log-softmax takes logits.",
        lambda q: q.p - q.restrict(_lse(q.all_p)),
    ),
    _m(
        "shift-not-added-back",
        "the maximum is not added back to the log of the sum",
        "z_i / T - log sum_j exp((z_j - max z) / T)",
        "log S = max + log sum exp(z - max): without the max every entry is off by it.",
        lambda q: q.log_p + _top(q),
    ),
    _m(
        "shift-subtracted-twice",
        "the maximum is subtracted twice",
        "z_i / T - max - log S",
        "Either shift z, or add the maximum to the log of the sum.",
        lambda q: q.log_p - _top(q),
    ),
    _m(
        "sum-not-logged",
        "the sum is subtracted without its logarithm",
        "z_i / T - S",
        "log S is subtracted.",
        lambda q: _x(q) - q.s,
    ),
    _m(
        "shifted-sum-not-logged",
        "the shifted sum is subtracted without its logarithm",
        "z_i / T - max - sum_j exp(z_j / T - max)",
        "log S is subtracted.",
        lambda q: _x(q) - _top(q) - q.s / np.exp(np.minimum(_top(q), 700.0)),
    ),
    _m(
        "only-shifted",
        "only the maximum is subtracted",
        "(z_i - max z) / T",
        "log sum exp is still to come.",
        lambda q: _x(q) - _top(q),
    ),
    _m(
        "log-of-sum-of-logits",
        "the log of the sum of the logits is subtracted",
        "z_i / T - log sum_j z_j / T",
        "The exponentials are summed.",
        lambda q: _x(q) - q.restrict(log((q.all_z / q.all_t).sum(axis=1, keepdims=True))),
    ),
    _m(
        "mean-of-exponentials",
        "the log of the mean of the exponentials is subtracted",
        "z_i / T - log mean_j exp(z_j / T)",
        "The sum, not the mean: it is off by log k.",
        lambda q: q.log_p + np.log(q.inputs.k),
    ),
    _m(
        "mean-subtracted",
        "the mean of the logits is subtracted",
        "(z_i - mean z) / T",
        "log S is subtracted.",
        lambda q: _x(q) - q.restrict((q.all_z / q.all_t).mean(axis=1, keepdims=True)),
    ),
    _m(
        "sum-subtracted",
        "the sum of the logits is subtracted",
        "z_i - sum_j z_j",
        "log S is subtracted.",
        lambda q: _x(q) - q.restrict((q.all_z / q.all_t).sum(axis=1, keepdims=True)),
    ),
    _m(
        "log-sum-added",
        "the log of the sum is added",
        "z_i / T + log S",
        "It divides, so its log is subtracted.",
        lambda q: _x(q) + q.restrict(_lse(q.all_z / q.all_t)),
    ),
    _m(
        "log-sum-alone",
        "the log of the sum alone",
        "log S",
        "z_i is missing.",
        lambda q: q.restrict(_lse(q.all_z / q.all_t)) + 0.0 * q.z,
    ),
    _m(
        "log-exp-without-sum",
        "the logits over T come back: log(exp(z))",
        "z_i / T",
        "log S is not subtracted.",
        _x,
    ),
    _m(
        "temperature-on-z-only",
        "the temperature divides z alone, not the logits in the sum",
        "z_i / T - log sum_j exp(z_j)",
        "Both have z / T.",
        lambda q: _x(q) - q.restrict(_lse(q.all_z)),
    ),
    _m(
        "temperature-in-the-sum-only",
        "the temperature divides the logits in the sum alone",
        "z_i - log sum_j exp(z_j / T)",
        "Both have z / T.",
        lambda q: q.z - q.restrict(_lse(q.all_z / q.all_t)),
    ),
    _m(
        "temperature-outside",
        "log-softmax(z) is divided by T",
        "log p_i(z) / T",
        "T divides the logits before log-softmax.",
        lambda q: (q.z - q.restrict(_lse(q.all_z))) / q.t,
    ),
    _m(
        "log-sigmoid",
        "log-sigmoid in place of log-softmax",
        "log s_i",
        "Each class by itself: no sum.",
        lambda q: log(sigmoid(_x(q))),
    ),
    _m(
        "log-sum-down-the-rows",
        "the log of the sum runs down the rows",
        "z_ni - log sum_m exp(z_mi)",
        "axis=-1.",
        lambda q: _x(q) - q.whole.restrict(_lse((q.all_z / q.all_t).T).T),
    ),
)
