"""Mistakes in the probabilities themselves; every derivative that is built on them inherits them.

Here `answer` gives the wrong probabilities of all rows and classes, (n, k).
"""

from collections.abc import Callable

import numpy as np

from softmax_cli.checking.catalogue.mistake import Mistake
from softmax_cli.checking.inputs import Array, Quantities, log_softmax, sigmoid, softmax

_NOT_SOFTMAX = (
    "The result is not softmax: it need not be positive, sum to 1, or keep the ratios exp(z_i - z_j)."
)
_TEMPERATURE = "use softmax(z / T) throughout: z = z / temperature once, before the shift and the exponential"
_PLAIN = "e = np.exp(z / T - (z / T).max()); p = e / e.sum()"
_SHIFTED_INDEX = "keep the classes in their order: p[i] belongs to z[i]"


def _e(q: Quantities) -> Array:
    return np.exp(np.minimum(q.all_z / q.all_t, 700.0))


def _normalised(v: Array) -> Array:
    total = v.sum(axis=1, keepdims=True)
    return v / np.where(total == 0.0, np.nan, total)


def _max(v: Array) -> Array:
    return np.asarray(v.max(axis=1, keepdims=True))


def _shifted(q: Quantities) -> Array:
    return np.asarray(np.exp(_x(q) - _max(_x(q))))


def _x(q: Quantities) -> Array:
    return q.all_z / q.all_t


def _without(v: Array, i: int) -> Array:
    """Return the sum of v less its i-th class."""
    return np.asarray(v.sum(axis=1, keepdims=True) - v[:, [i]])


def _spread(v: Array) -> Array:
    deviation = v.std(axis=1, keepdims=True)
    return np.asarray((v - v.mean(axis=1, keepdims=True)) / np.where(deviation == 0.0, np.nan, deviation))


def _span(v: Array) -> Array:
    low = v.min(axis=1, keepdims=True)
    span = _max(v) - low
    return np.asarray((v - low) / np.where(span == 0.0, np.nan, span))


def _one_hot_max(q: Quantities) -> Array:
    p: Array = np.zeros_like(q.all_z)
    np.put_along_axis(p, q.all_z.argmax(axis=1)[:, None], 1.0, axis=1)
    return p


def _distance_norm(v: Array) -> Array:
    return np.asarray(v / np.maximum(np.sqrt((v * v).sum(axis=1, keepdims=True)), 1e-300))


def _base(base: float) -> Callable[[Quantities], Array]:
    return lambda q: softmax(_x(q) * np.log(base))


def _wrong_exponent(
    name: str, title: str, exponent: str, why: str, answer: Callable[[Quantities], Array]
) -> Mistake:
    return Mistake(
        name, title, f"p = softmax({exponent})", why, f"exponentiate z / T itself: {_PLAIN}", answer
    )


TEMPERATURE = (
    Mistake(
        "temperature-ignored",
        "the temperature is ignored in the probabilities",
        "p = softmax(z)",
        "The logits must be divided by T before they are exponentiated.",
        _TEMPERATURE,
        lambda q: softmax(q.all_z),
    ),
    Mistake(
        "temperature-multiplied",
        "the logits are multiplied by the temperature, not divided",
        "p = softmax(z T)",
        "softmax(z / T) grows flatter with T; z T makes it sharper.",
        _TEMPERATURE,
        lambda q: softmax(q.all_z * q.all_t),
    ),
    Mistake(
        "temperature-twice",
        "the logits are divided by the temperature twice",
        "p = softmax(z / T^2)",
        "T divides the logits once.",
        _TEMPERATURE,
        lambda q: softmax(_x(q) / q.all_t),
    ),
    Mistake(
        "temperature-root",
        "the logits are divided by the root of the temperature",
        "p = softmax(z / sqrt(T))",
        "T divides the logits, not its root.",
        _TEMPERATURE,
        lambda q: softmax(q.all_z / np.sqrt(q.all_t)),
    ),
    Mistake(
        "temperature-after-softmax",
        "the temperature divides the probabilities, not the logits",
        "p = softmax(z) / T",
        "p / T no longer sums to 1; the temperature belongs inside the exponential.",
        _TEMPERATURE,
        lambda q: softmax(q.all_z) / q.all_t,
    ),
    Mistake(
        "temperature-power",
        "the probabilities are raised to 1 / T and not normalised again",
        "p = softmax(z)^(1 / T)",
        "p^(1/T) has the right ratios, but it sums to 1 only after it is divided by its own sum.",
        _TEMPERATURE,
        lambda q: softmax(q.all_z) ** (1.0 / q.all_t),
    ),
    Mistake(
        "temperature-numerator-only",
        "the temperature reaches the numerator alone",
        "p_i = exp(z_i / T) / sum_j exp(z_j)",
        "The sum must be of the same exponentials as the numerator.",
        _TEMPERATURE,
        lambda q: np.exp(np.minimum(_x(q) - np.log(_sum_exp(q.all_z)), 700.0)),
    ),
    Mistake(
        "temperature-denominator-only",
        "the temperature reaches the denominator alone",
        "p_i = exp(z_i) / sum_j exp(z_j / T)",
        "The sum must be of the same exponentials as the numerator.",
        _TEMPERATURE,
        lambda q: np.exp(np.minimum(q.all_z - np.log(_sum_exp(_x(q))), 700.0)),
    ),
)


def _sum_exp(v: Array) -> Array:
    return np.asarray(np.exp(np.minimum(v, 700.0)).sum(axis=1, keepdims=True))


NORMALISING = (
    Mistake(
        "temperature-numerator-only",
        "the temperature reaches the numerator alone (both shifted)",
        "p_i = exp((z_i - max z) / T) / sum_j exp(z_j - max z)",
        "The sum must be of the same exponentials as the numerator.",
        _TEMPERATURE,
        lambda q: np.asarray(
            np.exp(_x(q) - _max(_x(q))) / np.exp(q.all_z - _max(q.all_z)).sum(axis=1, keepdims=True)
        ),
    ),
    Mistake(
        "temperature-denominator-only",
        "the temperature reaches the denominator alone (both shifted)",
        "p_i = exp(z_i - max z) / sum_j exp((z_j - max z) / T)",
        "The sum must be of the same exponentials as the numerator.",
        _TEMPERATURE,
        lambda q: np.asarray(
            np.exp(q.all_z - _max(q.all_z)) / np.exp(_x(q) - _max(_x(q))).sum(axis=1, keepdims=True)
        ),
    ),
    Mistake(
        "shifted-by-mean-not-normalised",
        "the mean is subtracted, and the exponentials are not divided by their sum",
        "p_i = exp(z_i / T - mean z / T)",
        "A shift does not normalise: the result does not sum to 1.",
        "divide by the sum: e / e.sum()",
        lambda q: np.exp(np.minimum(_x(q) - _x(q).mean(axis=1, keepdims=True), 700.0)),
    ),
    Mistake(
        "not-normalised",
        "the exponentials are not divided by their sum",
        "p_i = exp(z_i / T)",
        "Without the sum the result is no probability: it does not sum to 1.",
        "divide by the sum: e / e.sum()",
        _e,
    ),
    Mistake(
        "divided-by-largest",
        "the exponentials are divided by the largest of them, not by their sum",
        "p_i = exp(z_i / T - max z / T)",
        "Subtracting the maximum guards against overflow; the division by the sum is still to come.",
        "divide by the sum: e / e.sum()",
        lambda q: np.exp(_x(q) - _max(_x(q))),
    ),
    Mistake(
        "divided-by-length",
        "the exponentials are divided by their Euclidean length, not by their sum",
        "p_i = exp(z_i / T) / sqrt(sum_j exp(z_j / T)^2)",
        "np.linalg.norm is the root of the sum of squares; probabilities sum to 1.",
        "divide by the sum: e / e.sum()",
        lambda q: _distance_norm(np.exp(_x(q) - _max(_x(q)))),
    ),
    Mistake(
        "sum-without-itself",
        "each exponential is divided by the sum of the others",
        "p_i = e_i / (S - e_i)",
        "That is the odds p / (1 - p); the sum includes the class itself.",
        "divide by the sum of all: e / e.sum()",
        lambda q: np.asarray(_e(q) / (_sum_exp(_x(q)) - _e(q))),
    ),
    Mistake(
        "one-plus-shifted-sum",
        "a constant 1 is added to the denominator, after the shift by the maximum",
        "p_i = exp(z_i - max z) / (1 + sum_j exp(z_j - max z))",
        "The probabilities no longer sum to 1: S is at least 1 after the shift, and needs no guard.",
        "divide by the sum of all: e / e.sum()",
        lambda q: _shifted(q) / (1.0 + _shifted(q).sum(axis=1, keepdims=True)),
    ),
    Mistake(
        "one-plus-sum",
        "the denominator has a 1 too many",
        "p_i = e_i / (1 + S)",
        "The 1 belongs to the sigmoid (a class whose logit is 0), not to softmax.",
        "divide by the sum of all: e / e.sum()",
        lambda q: np.asarray(_e(q) / (1.0 + _sum_exp(_x(q)))),
    ),
    Mistake(
        "last-class-left-out",
        "the last class is left out of the sum",
        "p_i = e_i / sum_{j < k} e_j",
        "The sum runs over all k classes; range(k - 1) stops one too early.",
        "sum over all classes: e.sum()",
        lambda q: np.asarray(_e(q) / _without(_e(q), -1)),
    ),
    Mistake(
        "first-class-left-out",
        "the first class is left out of the sum",
        "p_i = e_i / sum_{j > 1} e_j",
        "The sum runs over all k classes; range(1, k) starts one too late.",
        "sum over all classes: e.sum()",
        lambda q: np.asarray(_e(q) / _without(_e(q), 0)),
    ),
    Mistake(
        "running-sum",
        "each exponential is divided by a running sum",
        "p_i = e_i / sum_{j <= i} e_j",
        "cumsum stops at the class itself; the sum runs over all classes.",
        "divide by the sum of all: e / e.sum()",
        lambda q: np.asarray(_e(q) / np.cumsum(_e(q), axis=1)),
    ),
    Mistake(
        "divided-by-log-sum",
        "the exponentials are divided by the log of their sum",
        "p_i = e_i / log S",
        "log S is subtracted from the logits, S divides the exponentials.",
        "p = exp(z / T - log S), or p = e / S",
        lambda q: np.asarray(_e(q) / np.log(_sum_exp(_x(q)))),
    ),
    Mistake(
        "divided-by-sum-of-logits",
        "the exponentials are divided by the sum of the logits",
        "p_i = e_i / sum_j z_j",
        "The denominator is the sum of the exponentials.",
        "divide by e.sum(), not by z.sum()",
        lambda q: np.asarray(_e(q) / _x(q).sum(axis=1, keepdims=True)),
    ),
    Mistake(
        "divided-by-exp-of-sum",
        "the exponentials are divided by the exponential of the sum",
        "p_i = exp(z_i) / exp(sum_j z_j)",
        "A sum of exponentials is not the exponential of a sum.",
        "np.exp(z).sum(), not np.exp(z.sum())",
        lambda q: np.exp(np.minimum(_x(q) - _x(q).sum(axis=1, keepdims=True), 700.0)),
    ),
    Mistake(
        "divided-twice",
        "the exponentials are divided by the sum twice",
        "p_i = e_i / S^2",
        "e / S sums to 1 already.",
        "divide once: e / e.sum()",
        lambda q: np.asarray(_e(q) / _sum_exp(_x(q)) ** 2),
    ),
    Mistake(
        "sum-multiplied",
        "the exponentials are multiplied by the sum, not divided",
        "p_i = e_i S",
        "The sum divides.",
        "e / e.sum()",
        lambda q: np.asarray(_e(q) * _sum_exp(_x(q))),
    ),
    Mistake(
        "shift-denominator-only",
        "the maximum is subtracted in the denominator alone",
        "p_i = exp(z_i / T) / sum_j exp((z_j - max z) / T)",
        "The shift cancels only if numerator and denominator have it.",
        "shift once, use twice: " + _PLAIN,
        lambda q: np.exp(np.minimum(_x(q), 700.0)) / np.exp(_x(q) - _max(_x(q))).sum(axis=1, keepdims=True),
    ),
    Mistake(
        "shift-numerator-only",
        "the maximum is subtracted in the numerator alone",
        "p_i = exp((z_i - max z) / T) / sum_j exp(z_j / T)",
        "The shift cancels only if numerator and denominator have it.",
        "shift once, use twice: " + _PLAIN,
        lambda q: np.asarray(np.exp(_x(q) - _max(_x(q))) / _sum_exp(_x(q))),
    ),
    Mistake(
        "softmax-down-the-rows",
        "the sum runs down the rows, not over the classes",
        "p[n, i] = exp(z[n, i]) / sum_m exp(z[m, i])",
        "axis=0 normalises each class over the batch; each row must sum to 1.",
        "axis=-1, keepdims=True",
        lambda q: softmax(_x(q), axis=0),
    ),
    Mistake(
        "softmax-over-everything",
        "the sum runs over the whole batch",
        "p[n, i] = exp(z[n, i]) / sum_mj exp(z[m, j])",
        "Without an axis the sum takes every row; each row must sum to 1.",
        "axis=-1, keepdims=True",
        lambda q: softmax(_x(q), axis=None),
    ),
    Mistake(
        "exp-of-quotient",
        "the logits are divided by the sum of exponentials inside the exponential",
        "p_i = exp(z_i / sum_j exp(z_j))",
        "A bracket is in the wrong place: the exponential is divided, not its argument.",
        "np.exp(z) / np.exp(z).sum()",
        lambda q: np.exp(np.minimum(_x(q) / _sum_exp(_x(q)), 700.0)),
    ),
    Mistake(
        "exponentials-averaged",
        "1 / k of each exponential: divided by the number of classes, not by the sum",
        "p_i = e_i / k",
        "The number of classes is not the sum of the exponentials.",
        "divide by the sum: e / e.sum()",
        lambda q: _e(q) / q.inputs.k,
    ),
    Mistake(
        "expm1",
        "expm1 in place of exp",
        "p_i = (exp(z_i) - 1) / sum_j (exp(z_j) - 1)",
        "expm1(z) is exp(z) - 1.",
        _PLAIN,
        lambda q: _normalised(np.expm1(np.minimum(_x(q), 700.0))),
    ),
)

EXPONENTS = (
    _wrong_exponent(
        "softmax-twice",
        "softmax is applied twice",
        "softmax(z / T)",
        "What goes in is already a probability (a layer before, or a loss that takes logits, has done it).",
        lambda q: softmax(q.all_p),
    ),
    _wrong_exponent(
        "softmax-twice-with-temperature",
        "softmax is applied twice, with the temperature both times",
        "softmax(z / T) / T",
        "What goes in is already a probability (a layer before, or a loss that takes logits, has done it).",
        lambda q: softmax(q.all_p / q.all_t),
    ),
    _wrong_exponent(
        "softmin",
        "the sign of the logits is turned",
        "-z / T",
        "exp(-z) favours the smallest logit.",
        lambda q: softmax(-_x(q)),
    ),
    Mistake(
        "base-2",
        "base 2 in place of e",
        "p_i = 2^(z_i / T) / sum_j 2^(z_j / T)",
        "Powers of 2 are softmax at the temperature T / ln 2 = 1.4427 T.",
        "np.exp in place of np.exp2 or 2 ** z",
        _base(2.0),
    ),
    Mistake(
        "base-10",
        "base 10 in place of e",
        "p_i = 10^(z_i / T) / sum_j 10^(z_j / T)",
        "Powers of 10 are softmax at the temperature T / ln 10 = 0.4343 T.",
        "np.exp in place of 10 ** z",
        _base(10.0),
    ),
    *(
        Mistake(
            f"base-{base}",
            f"{base} in place of e",
            f"p_i = {base}^(z_i / T) / sum_j {base}^(z_j / T)",
            "e is 2.718281828459045; a rounded e is another base.",
            f"np.exp in place of {base} ** z",
            _base(base),
        )
        for base in (2.7, 2.71, 2.718, 2.72, 2.7183, 2.71828, 2.718281828, 3.0)
    ),
    _wrong_exponent(
        "logits-truncated",
        "the logits are truncated to whole numbers",
        "int(z / T)",
        "An integer array cuts what comes after the point.",
        lambda q: softmax(np.trunc(_x(q))),
    ),
    _wrong_exponent(
        "logits-rounded",
        "the logits are rounded to whole numbers",
        "round(z / T)",
        "Rounding changes the logits.",
        lambda q: softmax(np.round(_x(q))),
    ),
    _wrong_exponent(
        "logits-floored",
        "the logits are floored to whole numbers",
        "floor(z / T)",
        "// divides and floors; / divides.",
        lambda q: softmax(np.floor(_x(q))),
    ),
    _wrong_exponent(
        "logits-relu",
        "negative logits are set to 0 first",
        "max(z, 0) / T",
        "A ReLU before softmax throws away every negative logit.",
        lambda q: softmax(np.maximum(_x(q), 0.0)),
    ),
    _wrong_exponent(
        "logits-clipped",
        "the logits are clipped to [-1, 1] first",
        "clip(z, -1, 1) / T",
        "Clipping changes every logit beyond 1.",
        lambda q: softmax(np.clip(_x(q), -1.0, 1.0)),
    ),
    _wrong_exponent(
        "logits-clipped-to-unit",
        "the logits are clipped to [0, 1] first",
        "clip(z, 0, 1) / T",
        "Clipping changes every logit outside.",
        lambda q: softmax(np.clip(_x(q), 0.0, 1.0)),
    ),
    _wrong_exponent(
        "logits-absolute",
        "the absolute value of the logits is taken first",
        "|z| / T",
        "A negative logit is a small probability, not a large one.",
        lambda q: softmax(np.abs(_x(q))),
    ),
    _wrong_exponent(
        "logits-squared",
        "the logits are squared first",
        "z^2 / T",
        "The logits enter as they are.",
        lambda q: softmax(np.minimum(q.all_z**2 / q.all_t, 1e8)),
    ),
    _wrong_exponent(
        "logits-standardised",
        "the logits are standardised first",
        "(z - mean z) / std z",
        "Subtracting a constant is harmless; dividing by the deviation is a temperature.",
        lambda q: softmax(_spread(q.all_z) / q.all_t),
    ),
    _wrong_exponent(
        "logits-unit-length",
        "the logits are divided by their Euclidean length first",
        "z / |z|",
        "The length acts as a temperature.",
        lambda q: softmax(_distance_norm(q.all_z) / q.all_t),
    ),
    _wrong_exponent(
        "logits-over-largest",
        "the logits are divided by their maximum, which should be subtracted",
        "z / max z",
        "The shift subtracts the maximum; to divide by it changes every ratio.",
        lambda q: softmax(q.all_z / np.where(_max(q.all_z) == 0, np.nan, _max(q.all_z)) / q.all_t),
    ),
    _wrong_exponent(
        "logits-over-sum",
        "the logits are divided by their sum first",
        "z / sum z",
        "The sum that divides is that of the exponentials.",
        lambda q: softmax(q.all_z / q.all_z.sum(axis=1, keepdims=True) / q.all_t),
    ),
    _wrong_exponent(
        "logits-rescaled",
        "the logits are rescaled to [0, 1] first",
        "(z - min z) / (max z - min z)",
        "The span acts as a temperature.",
        lambda q: softmax(_span(q.all_z) / q.all_t),
    ),
    _wrong_exponent(
        "logits-over-root-k",
        "the logits are divided by the root of the number of classes",
        "z / sqrt(k)",
        "That scale belongs to attention scores, not to logits.",
        lambda q: softmax(_x(q) / np.sqrt(q.inputs.k)),
    ),
    _wrong_exponent(
        "logits-over-k",
        "the logits are divided by the number of classes",
        "z / k",
        "The mean over classes has no place here.",
        lambda q: softmax(_x(q) / q.inputs.k),
    ),
    _wrong_exponent(
        "logits-doubled",
        "the logits are doubled",
        "2 z / T",
        "exp(z)^2 / sum exp(z)^2 is softmax at half the temperature.",
        lambda q: softmax(2.0 * _x(q)),
    ),
    _wrong_exponent(
        "exponential-twice",
        "the exponential is taken twice",
        "exp(z / T)",
        "What goes in is exponentiated already.",
        lambda q: softmax(np.exp(np.minimum(_x(q), 700.0))),
    ),
    _wrong_exponent(
        "softmax-of-sigmoid",
        "a sigmoid is applied before softmax",
        "sigmoid(z / T)",
        "The logits enter softmax as they are.",
        lambda q: softmax(sigmoid(_x(q))),
    ),
    _wrong_exponent(
        "softmax-of-tanh",
        "a tanh is applied before softmax",
        "tanh(z / T)",
        "The logits enter softmax as they are.",
        lambda q: softmax(np.tanh(_x(q))),
    ),
    _wrong_exponent(
        "logits-sorted",
        "the logits are sorted first",
        "sort(z) / T",
        "Sorting moves the classes.",
        lambda q: softmax(np.sort(_x(q), axis=1)),
    ),
    _wrong_exponent(
        "logits-sorted-down",
        "the logits are sorted, the largest first",
        "sort(z)[::-1] / T",
        "Sorting moves the classes.",
        lambda q: softmax(np.sort(_x(q), axis=1)[:, ::-1]),
    ),
)

OTHER_FUNCTIONS = (
    Mistake(
        "sigmoid-for-softmax",
        "sigmoid in place of softmax",
        "s_i = 1 / (1 + exp(-z_i / T))",
        "The sigmoid treats each class by itself; softmax shares 1 among them.",
        _PLAIN,
        lambda q: sigmoid(_x(q)),
    ),
    Mistake(
        "sigmoids-normalised",
        "sigmoids divided by their sum",
        "p_i = s_i / sum_j s_j",
        _NOT_SOFTMAX,
        _PLAIN,
        lambda q: _normalised(sigmoid(_x(q))),
    ),
    Mistake(
        "tanh-for-softmax",
        "tanh in place of softmax",
        "tanh(z_i / T)",
        _NOT_SOFTMAX,
        _PLAIN,
        lambda q: np.tanh(_x(q)),
    ),
    Mistake(
        "logits-for-probabilities",
        "the logits stand where the probabilities belong",
        "p = z",
        "Inputs where outputs belong.",
        "compute p = softmax(z) first, and use p",
        lambda q: q.all_z,
    ),
    Mistake(
        "scaled-logits-for-probabilities",
        "the logits over T stand where the probabilities belong",
        "p = z / T",
        "Inputs where outputs belong.",
        "compute p = softmax(z) first, and use p",
        _x,
    ),
    Mistake(
        "logits-normalised",
        "the logits are divided by their sum, without the exponential",
        "p_i = z_i / sum_j z_j",
        _NOT_SOFTMAX,
        _PLAIN,
        lambda q: _normalised(q.all_z),
    ),
    Mistake(
        "absolute-logits-normalised",
        "absolute logits are divided by their sum, without the exponential",
        "p_i = |z_i| / sum_j |z_j|",
        _NOT_SOFTMAX,
        _PLAIN,
        lambda q: _normalised(np.abs(q.all_z)),
    ),
    Mistake(
        "logits-above-least-normalised",
        "z - min z is divided by its sum, without the exponential",
        "p_i = (z_i - min z) / sum_j (z_j - min z)",
        _NOT_SOFTMAX,
        _PLAIN,
        lambda q: _normalised(q.all_z - q.all_z.min(axis=1, keepdims=True)),
    ),
    Mistake(
        "logits-over-absolute-sum",
        "the logits are divided by the sum of their absolute values",
        "p_i = z_i / sum_j |z_j|",
        _NOT_SOFTMAX,
        _PLAIN,
        lambda q: q.all_z / np.abs(q.all_z).sum(axis=1, keepdims=True),
    ),
    Mistake(
        "relu-normalised",
        "positive parts are divided by their sum, without the exponential",
        "p_i = max(z_i, 0) / sum_j max(z_j, 0)",
        _NOT_SOFTMAX,
        _PLAIN,
        lambda q: _normalised(np.maximum(q.all_z, 0.0)),
    ),
    Mistake(
        "squares-normalised",
        "squares are divided by their sum",
        "p_i = z_i^2 / sum_j z_j^2",
        _NOT_SOFTMAX,
        _PLAIN,
        lambda q: _normalised(q.all_z**2),
    ),
    Mistake(
        "logits-scaled-to-span",
        "the logits are rescaled to [0, 1], without the exponential",
        "(z_i - min z) / (max z - min z)",
        _NOT_SOFTMAX,
        _PLAIN,
        lambda q: _span(q.all_z),
    ),
    Mistake(
        "logits-of-unit-length",
        "the logits are divided by their Euclidean length, without the exponential",
        "z_i / |z|",
        _NOT_SOFTMAX,
        _PLAIN,
        lambda q: _distance_norm(q.all_z),
    ),
    Mistake(
        "softplus-normalised",
        "softplus in place of the exponential",
        "p_i = log(1 + exp(z_i)) / sum_j log(1 + exp(z_j))",
        _NOT_SOFTMAX,
        _PLAIN,
        lambda q: _normalised(np.logaddexp(0.0, _x(q))),
    ),
    Mistake(
        "one-hot-of-largest",
        "argmax in place of softmax",
        "p_i = 1 for the largest logit, else 0",
        "argmax has derivative 0 everywhere; softmax is its smooth version.",
        _PLAIN,
        _one_hot_max,
    ),
    Mistake(
        "complement",
        "1 - p in place of p",
        "1 - p_i",
        "The complement sums to k - 1.",
        "return p",
        lambda q: 1.0 - q.all_p,
    ),
    Mistake(
        "uniform",
        "1 / k for every class: the logits have no effect",
        "p_i = 1 / k",
        "Every class gets the same; exponentials of zeros or of one shared number do that.",
        _PLAIN,
        lambda q: np.full_like(q.all_z, 1.0 / q.inputs.k),
    ),
    Mistake(
        "log-probabilities-for-probabilities",
        "log-probabilities stand where probabilities belong",
        "log p_i = z_i / T - log S",
        "log-softmax is not softmax: its exponential is.",
        "take np.exp of it",
        lambda q: log_softmax(_x(q)),
    ),
    Mistake(
        "probabilities-squared",
        "the probabilities are squared",
        "p_i^2",
        "They are taken once.",
        "return p",
        lambda q: q.all_p**2,
    ),
    Mistake(
        "probabilities-reversed",
        "the classes are in reverse order",
        "p_(k + 1 - i)",
        "A [::-1] or a flip moves every class.",
        _SHIFTED_INDEX,
        lambda q: q.all_p[:, ::-1],
    ),
    Mistake(
        "probabilities-moved-up",
        "the classes are moved by one: an index off by one",
        "p_(i - 1)",
        "The index is off by one.",
        _SHIFTED_INDEX,
        lambda q: np.roll(q.all_p, 1, axis=1),
    ),
    Mistake(
        "probabilities-moved-down",
        "the classes are moved by one: an index off by one",
        "p_(i + 1)",
        "The index is off by one.",
        _SHIFTED_INDEX,
        lambda q: np.roll(q.all_p, -1, axis=1),
    ),
    Mistake(
        "probabilities-sorted",
        "the probabilities are sorted, the largest first",
        "sort(p)[::-1]",
        "Sorting moves the classes.",
        _SHIFTED_INDEX,
        lambda q: np.sort(q.all_p, axis=1)[:, ::-1],
    ),
    Mistake(
        "running-total",
        "running totals in place of the probabilities",
        "sum_{j <= i} p_j",
        "cumsum gives the cumulative distribution.",
        "return p",
        lambda q: np.cumsum(q.all_p, axis=1),
    ),
)

_EPSILONS = (1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15, 1e-16)


def _rounded(decimals: int) -> Mistake:
    return Mistake(
        f"rounded-{decimals}",
        f"the probabilities are rounded to {decimals} decimals",
        f"round(p, {decimals})",
        "What is computed from rounded numbers is wrong by as much; round what is shown, not what is used.",
        "do not round",
        lambda q: np.round(q.all_p, decimals),
    )


def _clipped_logits(most: float) -> Mistake:
    return _wrong_exponent(
        f"logits-clipped-{most:g}",
        f"the logits are clipped to [-{most:g}, {most:g}] first",
        f"clip(z, -{most:g}, {most:g}) / T",
        "Clipping changes every logit beyond; the shift by the maximum is all the guard that exp needs.",
        lambda q: softmax(np.clip(q.all_z, -most, most) / q.all_t),
    )


def _epsilon(eps: float) -> tuple[Mistake, ...]:
    """Return the mistakes that a small number, added or clipped at, makes."""
    why = (
        "S is never 0 once the maximum is subtracted: a small number guards nothing and changes every result."
    )

    def unshifted(q: Quantities) -> Array:
        return np.asarray(_e(q) / (_sum_exp(_x(q)) + eps))

    def shifted(q: Quantities) -> Array:
        e = np.exp(_x(q) - _max(_x(q)))
        return np.asarray(e / (e.sum(axis=1, keepdims=True) + eps))

    def clipped(q: Quantities) -> Array:
        return np.clip(q.all_p, eps, 1.0 - eps)

    title = f"{eps:g} is added to the denominator"
    return (
        Mistake(f"epsilon-{eps:g}", title, f"e_i / (S + {eps:g})", why, "e / e.sum()", shifted),
        Mistake(
            f"epsilon-unshifted-{eps:g}",
            title,
            f"e_i / (S + {eps:g}), without a shift",
            why,
            _PLAIN,
            unshifted,
        ),
        Mistake(
            f"clipped-{eps:g}",
            f"the probabilities are clipped to [{eps:g}, 1 - {eps:g}]",
            f"clip(p, {eps:g}, 1 - {eps:g})",
            "Clipping hides what saturated logits do; the logarithm needs no guard if log-softmax is used.",
            "do not clip; for logarithms take log-softmax",
            clipped,
        ),
        Mistake(
            f"clipped-below-{eps:g}",
            f"the probabilities are clipped at {eps:g} from below",
            f"max(p, {eps:g})",
            "Clipping hides what saturated logits do; the logarithm needs no guard if log-softmax is used.",
            "do not clip; for logarithms take log-softmax",
            lambda q: np.maximum(q.all_p, eps),
        ),
        Mistake(
            f"added-{eps:g}",
            f"{eps:g} is added to the probabilities",
            f"p_i + {eps:g}",
            "p + eps no longer sums to 1, and log(p + eps) is wrong where p is small.",
            "do not add; for logarithms take log-softmax",
            lambda q: q.all_p + eps,
        ),
    )


GUARDS = (
    *(mistake for eps in _EPSILONS for mistake in _epsilon(eps)),
    *(_rounded(decimals) for decimals in range(5, 11)),
    *(_clipped_logits(most) for most in (5.0, 10.0, 20.0, 30.0, 50.0, 88.0, 100.0, 500.0, 700.0)),
)
"""Small numbers that were meant as a guard: looked at only where the answer is nearly right."""

PROBABILITIES = (
    *TEMPERATURE,
    *NORMALISING,
    *EXPONENTS,
    *OTHER_FUNCTIONS,
    *(_rounded(decimals) for decimals in (1, 2, 3, 4)),
    *(_clipped_logits(most) for most in (2.0, 3.0)),
)
