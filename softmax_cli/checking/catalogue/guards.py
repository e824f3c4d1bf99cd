"""Small numbers that were meant as a guard, added or clipped at; answers of shape (n, k)."""

import numpy as np

from softmax_cli.checking.catalogue.mistake import Mistake
from softmax_cli.checking.catalogue.probability_terms import (
    PLAIN,
    clipped_logits,
    rounded,
    scaled,
    shifted,
    sum_exp,
    unshifted,
)
from softmax_cli.checking.inputs import Array, Quantities

_EPSILONS = (1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15, 1e-16)


_NO_GUARD = "S is at least 1 once the maximum is subtracted: a small number guards nothing and changes all."
_HIDES = "Clipping hides what saturated logits do; the logarithm needs no guard if log-softmax is used."
_NO_CLIP = "do not clip; for logarithms take log-softmax"


def _in_the_denominator(eps: float) -> tuple[Mistake, ...]:
    """Return the mistakes of a small number that is added to the sum."""

    def without_shift(q: Quantities) -> Array:
        return np.asarray(unshifted(q) / (sum_exp(scaled(q)) + eps))

    def with_shift(q: Quantities) -> Array:
        e = shifted(q)
        return np.asarray(e / (e.sum(axis=1, keepdims=True) + eps))

    title, formula = f"{eps:g} is added to the denominator", f"e_i / (S + {eps:g})"
    plain = f"{formula}, without a shift"
    return (
        Mistake(f"epsilon-{eps:g}", title, formula, _NO_GUARD, "e / e.sum()", with_shift),
        Mistake(f"epsilon-unshifted-{eps:g}", title, plain, _NO_GUARD, PLAIN, without_shift),
    )


def _on_probabilities(eps: float) -> tuple[Mistake, ...]:
    """Return the mistakes of a small number that probabilities are clipped at, or that is added to them."""
    return (
        Mistake(
            f"clipped-{eps:g}",
            f"the probabilities are clipped to [{eps:g}, 1 - {eps:g}]",
            f"clip(p, {eps:g}, 1 - {eps:g})",
            _HIDES,
            _NO_CLIP,
            lambda q: np.clip(q.all_p, eps, 1.0 - eps),
        ),
        Mistake(
            f"clipped-below-{eps:g}",
            f"the probabilities are clipped at {eps:g} from below",
            f"max(p, {eps:g})",
            _HIDES,
            _NO_CLIP,
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
    *(m for eps in _EPSILONS for m in (*_in_the_denominator(eps), *_on_probabilities(eps))),
    *(rounded(decimals) for decimals in range(5, 11)),
    *(clipped_logits(most) for most in (5.0, 10.0, 20.0, 30.0, 50.0, 88.0, 100.0, 500.0, 700.0)),
)
"""Small numbers that were meant as a guard: looked at only where the answer is nearly right."""
