"""Sampled objectives side by side: how far each is from the full gradient, and what it learns."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from softmax_cli.core.arrays import Float64
from softmax_cli.core.sampling.expectations import Expectation, curvature, expectation
from softmax_cli.core.sampling.objectives import OBJECTIVES, SamplingLoss
from softmax_cli.core.softmax import softmax
from softmax_cli.errors import InputError

_TRAINED = 64
"""Up to this many classes free logits are trained, to hold the closed form against."""
_ROUNDS = 100
_LONGEST = 2.0
_SETTLED = 1e-12
_NEVER = -50.0
"""The logit of a class that is never the label."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One objective beside the full softmax.

    Parameters
    ----------
    method
        Its name.
    loss
        The mean loss, in nats.
    gradient
        The mean gradient, shape (k,).
    bias
        The distance of the mean gradient from the full one, over the length of the full one; nan where that
        is 0.
    cosine
        Of the angle between the two; below 0 a step goes uphill.
    sd
        The standard deviation of one draw's gradient (the root of its mean squared distance from the mean),
        over the length of the full gradient.
    learns
        What free logits converge to, as probabilities; None where that has no closed form and there are too
        many classes to train.
    learns_logits
        The logits themselves where the objective fixes them (the logistic family), else None.
    trained
        The probabilities that training free logits ended at; None above 64 classes, or where it did
        not settle.
    """

    method: str
    loss: float
    gradient: Float64
    bias: float
    cosine: float
    sd: float
    learns: Float64 | None
    learns_logits: Float64 | None
    trained: Float64 | None


def compare(
    z: ArrayLike,
    noise: ArrayLike,
    label: ArrayLike,
    negatives: int,
    *,
    methods: Iterable[str] = tuple(OBJECTIVES),
    drop: bool = False,
) -> list[Compared]:
    """Return each objective's mean loss and gradient, beside the full softmax's, and what it learns.

    Parameters
    ----------
    z
        Logits, shape (k,), finite.
    noise
        q, shape (k,): the distribution of the negatives, above 0; divided by its sum.
    label
        The distribution of the label, shape (k,), at least 0; divided by its sum.
    negatives
        m, at least 1: independent draws from q, with replacement.
    methods
        Names of `OBJECTIVES`.
    drop
        Whether a negative that equals the label is removed (not by the logistic family).

    Raises
    ------
    InputError
        For shapes that do not fit, numbers outside their range, an unknown method, or m below 1.

    Notes
    -----
    Means are within 1e-12 of the exact ones: see `expectations`.

    Examples
    --------
    >>> [nce] = compare([0.0, 0.0], [0.5, 0.5], [0.75, 0.25], 5, methods=["nce"])
    >>> nce.learns, nce.learns_logits.round(4)
    (array([0.75, 0.25]), array([-0.2877, -1.3863]))
    """
    logits = np.asarray(z, np.float64)
    q, d = _distribution(noise, logits, "noise"), _distribution(label, logits, "label")
    if not np.isfinite(logits).all():
        raise InputError("logits: every number must be finite")
    if (q == 0.0).any():
        raise InputError(f"noise: class {int(q.argmin()) + 1} is never drawn: its q is 0")
    if negatives < 1:
        raise InputError("negatives: at least 1")
    unknown = [name for name in methods if name not in OBJECTIVES]
    if unknown:
        raise InputError(f"no method {unknown[0]!r}", hint=f"one of {', '.join(OBJECTIVES)}")
    objectives = [OBJECTIVES[name] for name in methods]
    unlike = {one.terms: one for one in (OBJECTIVES["full"], *objectives)}  # infonce is one under two names
    means = {terms: expectation(one, logits, q, d, negatives, drop=drop) for terms, one in unlike.items()}
    full = means[OBJECTIVES["full"].terms].gradient
    return [_compared(one, means[one.terms], full, q, d, negatives, drop=drop) for one in objectives]


def _distribution(values: ArrayLike, z: Float64, name: str) -> Float64:
    found = np.asarray(values, np.float64)
    if found.shape != z.shape:
        raise InputError(f"{name}: {found.size} numbers for {z.size} classes")
    if not np.isfinite(found).all() or (found < 0.0).any() or found.sum() <= 0.0:
        raise InputError(f"{name}: every number must be finite and at least 0, their sum above 0")
    return np.asarray(found / found.sum())


def _compared(
    objective: SamplingLoss, mean: Expectation, full: Float64, q: Float64, d: Float64, m: int, *, drop: bool
) -> Compared:
    own = float(np.linalg.norm(mean.gradient))
    length = float(np.linalg.norm(full))
    with np.errstate(divide="ignore", invalid="ignore"):
        bias = float(np.linalg.norm(mean.gradient - full) / np.float64(length))
        cosine = float(mean.gradient @ full / np.float64(own * length))
        sd = float(np.sqrt(max(0.0, mean.square - own * own)) / np.float64(length))
    trained = _trained(objective, q, d, m, drop=drop) if len(q) <= _TRAINED else None
    closed = None if objective.family == "softmax" and drop else _closed_form(objective, q, d, m)
    return Compared(
        method=objective.name,
        loss=mean.loss,
        gradient=mean.gradient,
        bias=bias,
        cosine=min(1.0, max(-1.0, cosine)) if own and length else float("nan"),
        sd=sd,
        learns=trained if closed is None else np.asarray(softmax(closed), np.float64),
        learns_logits=closed if objective.family == "logistic" else None,
        trained=trained,
    )


def _closed_form(objective: SamplingLoss, q: Float64, d: Float64, m: int) -> Float64 | None:
    """Return the logits at which the mean loss is least; None where no formula is known.

    At the least mean loss a score is log(d / q) up to a constant (softmax family: which candidate is the
    label?) or log(d / (m q)) itself (logistic: is it data?). The logit is the score, or the score plus
    log(m q).
    """
    with np.errstate(divide="ignore"):
        wanted = np.log(d)
    if objective.label_corrected != objective.noise_corrected:
        return None
    corrected = objective.family == "full" or objective.label_corrected
    return wanted if corrected else wanted - np.log(m * q)


def _trained(objective: SamplingLoss, q: Float64, d: Float64, m: int, *, drop: bool) -> Float64 | None:
    """Train free logits on the exact mean loss by Newton's method; return their probabilities.

    A class that is never the label falls without end: it is left out, at probability 0. None where the
    steps do not settle.
    """
    seen = np.flatnonzero(d > 0.0)
    z = np.where(d > 0.0, 0.0, _NEVER)
    for _ in range(_ROUNDS):
        gradient = expectation(objective, z, q, d, m, drop=drop).gradient[seen]
        bend = curvature(objective, z, q, d, m, drop=drop)[np.ix_(seen, seen)]
        scale = 1.0 / np.sqrt(np.maximum(np.diag(bend), np.finfo(float).tiny))
        step = -scale * np.linalg.lstsq(scale[:, None] * bend * scale, scale * gradient, rcond=None)[0]
        size = np.abs(step).max()
        step *= min(1.0, _LONGEST / size) if size else 0.0
        z[seen] += step
        if size < _SETTLED:
            return np.where(d > 0.0, softmax(z), 0.0)
    return None
