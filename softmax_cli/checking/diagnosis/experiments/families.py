"""Mistakes with one number in them, which is found from the answers: a bound, a small number, a smoothing.

Each family is a line of `FAMILIES`: its texts, with ``{x}`` for the number, and its formula. A number is told
only if the formula with it gives every answer, also at inputs on which the number was not found.
"""

import numpy as np

from softmax_cli.checking.diagnosis.experiments.family import Family, Number
from softmax_cli.checking.inputs import Array, Kind, Quantities, softmax
from softmax_cli.core.functions import FUNCTIONS

_NO_GUARD = "S is at least 1 once the maximum is subtracted: a small number guards nothing and changes all."
_NO_EPS = "p + eps no longer sums to 1, and what is computed from it is wrong where p is small."
_HIDES = "Clipping hides what saturated logits do."
_SHIFT = "subtract the maximum, which guards against overflow and changes nothing: e = np.exp(z - z.max())"
_LOGARITHM = "take the logarithm of no small number: log p = z - max - log(sum(exp(z - max)))"


def _exp(q: Quantities) -> Array:
    x = q.all_z / q.all_t
    return np.asarray(np.exp(x - x.max(axis=1, keepdims=True)))


def _sum(e: Array) -> Array:
    return np.asarray(e.sum(axis=1, keepdims=True))


def _unshifted(q: Quantities) -> Array:
    return np.asarray(np.exp(np.minimum(q.all_z / q.all_t, 700.0)))


def _clipped_below_maximum(q: Quantities, x: Number) -> Array:
    z = q.all_z / q.all_t
    return softmax(np.maximum(z - z.max(axis=1, keepdims=True), -x))


def _through_log(q: Quantities, x: Number) -> Array:
    """Return g / (p + x) sent through softmax's Jacobian."""
    h = q.g / (q.p + x)
    return np.asarray(q.p * (h - q.total(q.p * h)) / q.t)


def _smoothed(q: Quantities, x: Number, rest: Array) -> Array:
    return np.asarray((q.p - (1.0 - x) * q.y - x * rest) / q.t)


def _target_p(q: Quantities) -> Array:
    return q.restrict(np.asarray((q.all_y * q.all_p).sum(axis=1, keepdims=True)))


def _moved(q: Quantities, h: Array) -> Array:
    """Return p(z + h e_j), shape (n, k, k): class i, moved logit j."""
    z = q.z[:, None, :] + h[:, :, None] * np.eye(q.inputs.k)
    return softmax(z / q.t3).transpose(0, 2, 1)


FAMILIES = (
    Family(
        "epsilon-in-denominator",
        "{x} is added to the denominator",
        "e_i / (S + {x})",
        _NO_GUARD,
        "e / e.sum()",
        lambda q, x: _exp(q) / (_sum(_exp(q)) + x),
        high=1e3,
    ),
    Family(
        "epsilon-in-denominator",
        "{x} is added to the denominator",
        "exp(z_i) / (sum_j exp(z_j) + {x})",
        "The probabilities no longer sum to 1, and are wrong where all logits are low.",
        _SHIFT,
        lambda q, x: _unshifted(q) / (_sum(_unshifted(q)) + x),
        high=1e3,
    ),
    Family(
        "epsilon-added",
        "{x} is added to the probabilities",
        "p_i + {x}",
        _NO_EPS,
        "do not add; for logarithms take log-softmax",
        lambda q, x: q.all_p + x,
    ),
    Family(
        "probabilities-clipped",
        "the probabilities are clipped to [{x}, 1 - {x}]",
        "clip(p, {x}, 1 - {x})",
        _HIDES,
        "do not clip; for logarithms take log-softmax",
        lambda q, x: np.clip(q.all_p, x, 1.0 - x),
        high=0.5,
    ),
    Family(
        "probabilities-clipped-below",
        "the probabilities are clipped at {x} from below",
        "max(p, {x})",
        _HIDES,
        "do not clip; for logarithms take log-softmax",
        lambda q, x: np.maximum(q.all_p, x),
        high=0.5,
    ),
    Family(
        "logits-clipped",
        "the logits are clipped to [-{x}, {x}] first",
        "softmax(clip(z, -{x}, {x}))",
        _HIDES,
        _SHIFT,
        lambda q, x: softmax(np.clip(q.all_z, -x, x) / q.all_t),
        low=1e-2,
        high=1e3,
    ),
    Family(
        "logits-clipped-below-maximum",
        "z - max z is clipped at -{x} from below",
        "softmax(max(z - max z, -{x}))",
        "exp needs no guard against low logits: it underflows to 0, which is right.",
        "leave the clipping out: e = np.exp(z - z.max())",
        _clipped_below_maximum,
        low=1e-2,
        high=1e3,
    ),
    Family(
        "logits-clipped-above",
        "the logits are clipped at {x} from above",
        "softmax(min(z, {x}))",
        _HIDES,
        _SHIFT,
        lambda q, x: softmax(np.minimum(q.all_z, x) / q.all_t),
        low=1e-2,
        high=1e3,
    ),
    Family(
        "another-temperature",
        "the logits are multiplied by {inverse}: the temperature is {x} times the one that was asked for",
        "softmax(z / ({x} T))",
        "The ratios of the probabilities are those of another temperature (or of another base than e).",
        "use softmax(z / T) with the T that was asked for, and e as the base",
        lambda q, x: softmax(q.all_z / (q.all_t * x)),
        low=1e-2,
        high=1e2,
    ),
    Family(
        "logits-scaled",
        "the logits are divided by {x} on top of T",
        "softmax(z / ({x} T)), with the factor 1 / {x} of the chain rule",
        "That is the derivative of another function: of softmax at another temperature.",
        "use softmax(z / T) with the T that was asked for",
        lambda q, x: softmax(q.all_z / (q.all_t * x)),
        low=1e-2,
        high=1e2,
        chain=True,
    ),
    Family(
        "uniform-mixed-in",
        "the probabilities are mixed with the uniform distribution, whose weight is {x}",
        "(1 - {x}) p_i + {x} / k",
        "Every derivative is smaller by that weight, and none comes near 0.",
        "leave the mixing out",
        lambda q, x: (1.0 - x) * q.all_p + x / q.inputs.k,
        high=0.999,
    ),
    Family(
        "label-smoothing",
        "the labels are smoothed by {x}",
        "p_j - ((1 - {x}) y_j + {x} / k)",
        "That is the gradient for smoothed labels, not for one true class.",
        "set the label smoothing to 0",
        answer=lambda q, x: _smoothed(q, x, np.full_like(q.y, 1.0 / q.inputs.k)),
        low=1e-6,
        only=(("cross-entropy", "gradient"),),
    ),
    Family(
        "label-smoothing-others",
        "the labels are smoothed by {x}, shared out among the other k - 1 classes",
        "p_j - ((1 - {x}) y_j + {x} (1 - y_j) / (k - 1))",
        "That is the gradient for smoothed labels, not for one true class.",
        "set the label smoothing to 0",
        answer=lambda q, x: _smoothed(q, x, (1.0 - q.y) / max(q.inputs.k - 1, 1)),
        low=1e-6,
        only=(("cross-entropy", "gradient"),),
    ),
    Family(
        "epsilon-in-logarithm",
        "{x} is added to p inside the logarithm",
        "(p_j - y_j) p_target / (p_target + {x})",
        "-log(p + eps) has the derivative -1 / (p + eps): it vanishes where p is small.",
        "g = p.copy(); g[target] -= 1, which needs no logarithm",
        answer=lambda q, x: (q.p - q.y) / q.t * (_target_p(q) / (_target_p(q) + x)),
        only=(("cross-entropy", "gradient"),),
    ),
    Family(
        "epsilon-in-logarithm",
        "{x} is added to p before it divides: the derivative of log(p + {x})",
        "J^T (g / (p + {x}))",
        "log-softmax's own formula divides by no p: the p cancels.",
        "g - p * g.sum(axis=-1, keepdims=True)",
        answer=_through_log,
        only=(("log-softmax", "vjp"),),
    ),
    Family(
        "epsilon-in-logarithm",
        "{x} is added to p before it divides: the derivative of log(p + {x})",
        "p_i (d_ij - p_j) / (p_i + {x})",
        "log-softmax's own formula divides by no p: the p cancels.",
        "np.eye(k) - p",
        answer=lambda q, x: (
            q.column * (q.eye - q.row) / (q.column + x[:, :, None]) / q.t3  # p_i cancels but for x
        ),
        only=(("log-softmax", "jacobian"),),
    ),
    Family(
        "epsilon-in-logarithm",
        "{x} is added to p inside the logarithm",
        "log(p_i + {x})",
        "The logarithm of a small p is a number like any other; log(p + eps) stops at log eps.",
        _LOGARITHM,
        answer=lambda q, x: np.log(q.p + x),
        only=(("log-softmax", "log-probabilities"),),
    ),
    Family(
        "constant-added",
        "{x} is added to every entry",
        "the right formula + {x}",
        "The derivative has no such term: a guard, a ridge or a bias has got into it.",
        "take the constant off",
        answer=lambda q, x: x,
        high=1e2,
        added=True,
    ),
    Family(
        "constant-on-diagonal",
        "{x} is added to the diagonal",
        "the right formula + {x} I",
        "The derivative has no such term: a ridge has got into it.",
        "take the constant off the diagonal",
        answer=lambda q, x: x[:, :, None] * q.eye,
        high=1e2,
        added=True,
        only=(("softmax", "jacobian"), ("log-softmax", "jacobian"), ("sigmoid", "jacobian")),
    ),
    Family(
        "finite-differences",
        "these are one-sided finite differences with a step of {x}, not the derivative",
        "(p_i(z + {x} e_j) - p_i(z)) / {x}",
        "The error of a difference grows with its step, and rounding grows as the step shrinks.",
        "use the formula, or the complex step Im f(z + ih) / h, which has neither error",
        answer=lambda q, x: (_moved(q, x) - q.p[:, :, None]) / x[:, :, None],
        low=1e-9,
        only=(("softmax", "jacobian"),),
        differences=True,
    ),
    Family(
        "finite-differences",
        "these are central finite differences with a step of {x}, not the derivative",
        "(p_i(z + {x} e_j) - p_i(z - {x} e_j)) / (2 {x})",
        "The error of a difference grows with its step, and rounding grows as the step shrinks.",
        "use the formula, or the complex step Im f(z + ih) / h, which has neither error",
        answer=lambda q, x: (_moved(q, x) - _moved(q, -x)) / (2.0 * x[:, :, None]),
        low=1e-9,
        only=(("softmax", "jacobian"),),
        differences=True,
    ),
)


def families(function: str, kind: Kind) -> tuple[Family, ...]:
    """Return the families that this kind of answer may belong to."""
    if FUNCTIONS[function].elementwise:
        return ()
    value = kind in ("probabilities", "log-probabilities")
    found = [f for f in FAMILIES if (not f.only or (function, kind) in f.only) and not (value and f.chain)]
    return tuple(sorted(found, key=lambda family: not family.only))  # those of this kind alone come first
