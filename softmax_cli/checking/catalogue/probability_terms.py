"""What wrong probabilities are made of, and the sentences that they share; vectors of shape (n, k)."""

from collections.abc import Callable

import numpy as np

from softmax_cli.checking.catalogue.mistake import Mistake
from softmax_cli.checking.inputs import Array, Quantities, softmax

NOT_SOFTMAX = (
    "The result is not softmax: it need not be positive, sum to 1, or keep the ratios exp(z_i - z_j)."
)
TEMPERATURE_FIX = (
    "use softmax(z / T) throughout: z = z / temperature once, before the shift and the exponential"
)
PLAIN = "e = np.exp(z / T - (z / T).max()); p = e / e.sum()"
SHIFTED_INDEX = "keep the classes in their order: p[i] belongs to z[i]"


def unshifted(q: Quantities) -> Array:
    """Return exp(z / T), without the shift."""
    return np.exp(np.minimum(q.all_z / q.all_t, 700.0))


def normalised(v: Array) -> Array:
    """Return v over its sum; nan where that is 0."""
    total = v.sum(axis=1, keepdims=True)
    return v / np.where(total == 0.0, np.nan, total)


def largest(v: Array) -> Array:
    """Return the largest of each row, shape (n, 1)."""
    return np.asarray(v.max(axis=1, keepdims=True))


def shifted(q: Quantities) -> Array:
    """Return exp(z / T - max z / T)."""
    return np.asarray(np.exp(scaled(q) - largest(scaled(q))))


def scaled(q: Quantities) -> Array:
    """Return z / T."""
    return q.all_z / q.all_t


def without(v: Array, i: int) -> Array:
    """Return the sum of v less its i-th class."""
    return np.asarray(v.sum(axis=1, keepdims=True) - v[:, [i]])


def spread(v: Array) -> Array:
    """Return v standardised: mean 0, deviation 1."""
    deviation = v.std(axis=1, keepdims=True)
    return np.asarray((v - v.mean(axis=1, keepdims=True)) / np.where(deviation == 0.0, np.nan, deviation))


def span(v: Array) -> Array:
    """Return v rescaled to [0, 1]."""
    low = v.min(axis=1, keepdims=True)
    width = largest(v) - low
    return np.asarray((v - low) / np.where(width == 0.0, np.nan, width))


def one_hot_max(q: Quantities) -> Array:
    """Return 1 for the largest logit, else 0."""
    p: Array = np.zeros_like(q.all_z)
    np.put_along_axis(p, q.all_z.argmax(axis=1)[:, None], 1.0, axis=1)
    return p


def of_unit_length(v: Array) -> Array:
    """Return v over its Euclidean length."""
    return np.asarray(v / np.maximum(np.sqrt((v * v).sum(axis=1, keepdims=True)), 1e-300))


def base_power(base: float) -> Callable[[Quantities], Array]:
    """Return the softmax with another base than e."""
    return lambda q: softmax(scaled(q) * np.log(base))


def wrong_exponent(
    name: str, title: str, exponent: str, why: str, answer: Callable[[Quantities], Array]
) -> Mistake:
    """Return a mistake in what is exponentiated."""
    return Mistake(
        name, title, f"p = softmax({exponent})", why, f"exponentiate z / T itself: {PLAIN}", answer
    )


def sum_exp(v: Array) -> Array:
    """Return the sum of exp(v), without a shift, shape (n, 1)."""
    return np.asarray(np.exp(np.minimum(v, 700.0)).sum(axis=1, keepdims=True))


def rounded(decimals: int) -> Mistake:
    """Return the mistake of rounding the probabilities."""
    return Mistake(
        f"rounded-{decimals}",
        f"the probabilities are rounded to {decimals} decimals",
        f"round(p, {decimals})",
        "What is computed from rounded numbers is wrong by as much; round what is shown, not what is used.",
        "do not round",
        lambda q: np.round(q.all_p, decimals),
    )


def clipped_logits(most: float) -> Mistake:
    """Return the mistake of clipping the logits."""
    return wrong_exponent(
        f"logits-clipped-{most:g}",
        f"the logits are clipped to [-{most:g}, {most:g}] first",
        f"clip(z, -{most:g}, {most:g}) / T",
        "Clipping changes every logit beyond; the shift by the maximum is all the guard that exp needs.",
        lambda q: softmax(np.clip(q.all_z, -most, most) / q.all_t),
    )
