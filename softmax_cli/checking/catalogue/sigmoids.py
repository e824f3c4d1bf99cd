"""Mistakes in the values of the sigmoid; answers of shape (n, k)."""

from collections.abc import Callable

import numpy as np

from softmax_cli.checking.catalogue.mistake import Mistake
from softmax_cli.checking.inputs import Array, Quantities, sigmoid


def _m(name: str, title: str, formula: str, why: str, answer: Callable[[Quantities], Array]) -> Mistake:
    return Mistake(name, title, formula, why, "1 / (1 + np.exp(-z / T))", answer)


SIGMOIDS = (
    _m(
        "softmax-for-sigmoid",
        "softmax in place of sigmoid",
        "p_i = e_i / S",
        "Each class stands by itself.",
        lambda q: q.p,
    ),
    _m(
        "sign-turned",
        "the sign of the exponent is turned",
        "1 / (1 + exp(z_i / T))",
        "exp(-z) belongs there.",
        lambda q: 1.0 - q.sigmoid,
    ),
    _m(
        "tanh-for-sigmoid",
        "tanh in place of sigmoid",
        "tanh(z_i / T)",
        "sigmoid(z) = (1 + tanh(z / 2)) / 2.",
        lambda q: np.tanh(q.z / q.t),
    ),
    _m(
        "temperature-ignored",
        "the temperature is ignored",
        "sigmoid(z_i)",
        "The logits are divided by T.",
        lambda q: sigmoid(q.z),
    ),
    _m(
        "temperature-multiplied",
        "the logits are multiplied by the temperature",
        "sigmoid(z_i T)",
        "The logits are divided by T.",
        lambda q: sigmoid(q.z * q.t),
    ),
    _m(
        "sigmoid-twice",
        "the sigmoid is applied twice",
        "sigmoid(sigmoid(z_i / T))",
        "It is applied once.",
        lambda q: sigmoid(q.sigmoid),
    ),
    _m(
        "exponential",
        "the exponential alone",
        "exp(z_i / T)",
        "It has to be divided by 1 + exp(z).",
        lambda q: q.e,
    ),
    _m(
        "derivative",
        "s (1 - s), the derivative",
        "s_i (1 - s_i)",
        "The value is meant.",
        lambda q: q.sigmoid * (1.0 - q.sigmoid),
    ),
    _m("logits-themselves", "the logits come back", "z_i", "The sigmoid is missing.", lambda q: q.z),
    _m(
        "sigmoids-normalised",
        "the sigmoids are divided by their sum",
        "s_i / sum_j s_j",
        "Sigmoids need not sum to 1.",
        lambda q: q.sigmoid / q.restrict(sigmoid(q.all_z / q.all_t).sum(axis=1, keepdims=True)),
    ),
)
