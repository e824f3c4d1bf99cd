"""The exact mean of a sampled loss and of its gradient, over the label and all draws of the noise.

The softmax family divides by D = exp(a_y) + sum_s exp(x_s), a sum over random classes. There are k^m draws,
but 1 / D = int exp(-t D) dt, and under the integral the m independent draws factor: with E = exp(-t exp(x))
of one draw from q,

    E 1/D = int exp(-t exp(a_y)) (sum_c q_c E_c)^m dt,    E log D = int (exp(-t) - E exp(-t D)) / t dt.

With t = exp(s) both are integrals over the line whose integrand dies doubly exponentially to the right and
exponentially to the left, for which the trapezoidal rule is exact to rounding (Trefethen, Weideman, SIAM
Review 56 (2014) 385). The cost is O(k) a node, a few hundred nodes, for any m; the logistic family has its
means in closed form.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from softmax_cli.core.arrays import Float64
from softmax_cli.core.log_softmax import log_softmax
from softmax_cli.core.sampling.objectives import SamplingLoss
from softmax_cli.core.sigmoid import sigmoid
from softmax_cli.core.softmax import jacobian

_STEP = 0.26
"""Of the trapezoidal rule in s = log t: its error is about exp(-pi^2 / step) = 3e-17 of the integrand."""
_LEFT = 37.0
"""exp(-37) = 9e-17: what lies further to the left changes no bit."""
_BLOCK = 2**17
"""Entries of a block of nodes by classes: it stays in the cache."""
_HUGE = 300.0
"""A logarithm so large that exp(-exp(it)) is 0, and no square of exp(it) overflows."""
_NOTHING = -1e4
"""The logarithm of what is 0 in double precision, but may be multiplied by 0."""


class Expectation(NamedTuple):
    """The mean of a loss, of its gradient, and of the gradient's squared length.

    Parameters
    ----------
    loss
        In nats.
    gradient
        dL/dz, shape (k,).
    square
        The mean of the squared length of one draw's gradient; less the squared length of `gradient` it is the
        variance of one step.
    """

    loss: float
    gradient: Float64
    square: float


def expectation(
    objective: SamplingLoss, z: Float64, noise: Float64, label: Float64, negatives: int, *, drop: bool = False
) -> Expectation:
    """Return the mean loss and gradient of an objective over the label and the noise.

    Parameters
    ----------
    objective
        A row of ``OBJECTIVES``.
    z, noise, label, negatives, drop
        As for `compare`; the distributions sum to 1. With `drop`, m stays as it is in the correction.

    Notes
    -----
    Loss and gradient are within 1e-12 of the exact ones (relative to 1 for the gradient, whose entries are
    differences of probabilities; relative to the largest score for the loss).

    Examples
    --------
    >>> from softmax_cli.core.sampling.objectives import OBJECTIVES
    >>> even = np.array([0.5, 0.5])
    >>> nce = expectation(OBJECTIVES["nce"], np.zeros(2), even, np.array([1.0, 0.0]), 2)
    >>> round(nce.loss, 4), nce.gradient
    (2.0794, array([0. , 0.5]))
    """
    a, x = objective.scores(z, np.log(negatives * noise))
    if objective.family == "full":
        return _full(z, label)
    if objective.family == "logistic":
        return _logistic(a, x, noise, label, negatives)
    return _softmax(_Slots(a, x, noise, label, negatives, drop=drop), a)


def curvature(
    objective: SamplingLoss, z: Float64, noise: Float64, label: Float64, negatives: int, *, drop: bool = False
) -> Float64:
    """Return the second derivative of the mean loss, shape (k, k); arguments as of `expectation`.

    Examples
    --------
    >>> from softmax_cli.core.sampling.objectives import OBJECTIVES
    >>> even = np.array([0.5, 0.5])
    >>> curvature(OBJECTIVES["full"], np.zeros(2), even, even, 1)
    array([[ 0.25, -0.25],
           [-0.25,  0.25]])
    """
    a, x = objective.scores(z, np.log(negatives * noise))
    if objective.family == "full":
        return np.asarray(jacobian(z), np.float64)
    if objective.family == "logistic":
        return np.diag(label * _slope(a) + negatives * noise * _slope(x))
    return _softmax_curvature(_Slots(a, x, noise, label, negatives, drop=drop))


def _slope(score: Float64) -> Float64:
    return np.asarray(sigmoid(score) * sigmoid(-score), np.float64)


def _full(z: Float64, label: Float64) -> Expectation:
    log_p = np.asarray(log_softmax(z), np.float64)
    p = np.exp(log_p)
    loss = -float(_times(label, log_p).sum())
    square = float(p @ p - 2.0 * (label @ p) + 1.0)
    return Expectation(loss, p - label, square)


def _logistic(a: Float64, x: Float64, q: Float64, d: Float64, m: int) -> Expectation:
    missed = np.asarray(sigmoid(-a), np.float64)
    taken = np.asarray(sigmoid(x), np.float64)
    expected = m * q
    loss = float(d @ np.logaddexp(0.0, -a) + expected @ np.logaddexp(0.0, x))
    noise_square = float(taken**2 @ (m * (m - 1) * q**2 + expected))
    square = noise_square - 2.0 * float(d @ (missed * taken * expected)) + float(d @ missed**2)
    return Expectation(loss, expected * taken - d * missed, square)


class _Slots:
    """The softmax family's random sums: D = exp(a_y) + sum_s exp(x_s), under the integral over t = exp(s).

    Scores are taken relative to the largest; with `drop`, draws that hit the label count for nothing.
    """

    def __init__(self, log_a: Float64, log_x: Float64, q: Float64, d: Float64, m: int, *, drop: bool) -> None:
        self.top = float(max(log_a.max(), log_x.max()))
        self.log_a, self.log_x = log_a - self.top, log_x - self.top
        self.q, self.d, self.m, self.drop = q, d, m, drop
        self._alike = bool((log_a == log_x).all())

    def nodes(self) -> Iterator["_Node"]:
        """Yield the nodes in blocks that stay in the cache."""
        first = -_LEFT - np.log(self.m + 1.0)
        last = np.log(750.0) - self.log_a[self.d > 0.0].min()  # exp(-t a) is 0 there for every label
        every = first + _STEP * np.arange(int((last - first) / _STEP) + 2)
        size = max(1, _BLOCK // len(self.q))
        for start in range(0, len(every), size):
            yield self._node(every[start : start + size, None])

    def _node(self, s: Float64) -> "_Node":
        x = np.exp(np.minimum(s + self.log_x, _HUGE))
        a = x if self._alike else np.exp(np.minimum(s + self.log_a, _HUGE))
        below = np.expm1(-x)
        each = self.q * below  # E exp(-t x) - 1, so that a mean close to 1 keeps its distance from it
        less = each.sum(axis=1, keepdims=True)
        if self.drop:
            less = less - each
        with np.errstate(divide="ignore"):
            log_phi = np.maximum(np.log1p(np.maximum(less, -1.0)), _NOTHING)
        label = self.d * (1.0 + below if self._alike else np.exp(-a))
        return _Node(s, a, x, self.q * x * (1.0 + below), label, log_phi, self)


class _Node(NamedTuple):
    """The integrands at some t: t exp(a), t exp(x), q x exp(-x) of that, and the label's d exp(-a)."""

    s: Float64
    a: Float64
    x: Float64
    drawn: Float64
    label: Float64
    log_phi: Float64
    slots: _Slots

    def beside(self, others: int) -> Float64:
        """Return the label's factor times that of the draws but for `others` of them."""
        return np.asarray(self.label * np.exp((self.slots.m - others) * self.log_phi))

    def misses(self, factor: Float64) -> Float64:
        """Return, for each class, the sum of a factor over the labels beside which it may be drawn."""
        total = factor.sum(axis=1, keepdims=True)
        return np.asarray(total - factor if self.slots.drop else total)


def _softmax(slots: _Slots, log_a: Float64) -> Expectation:
    m = slots.m
    gradient = -slots.d
    loss = slots.top - float(_times(slots.d, log_a).sum())
    square = 1.0
    for node in slots.nodes():
        every, rest = node.beside(0), m * node.beside(1)
        label = node.a * every
        drawn = node.drawn * node.misses(rest)
        gradient += _STEP * (drawn + label).sum(axis=0)
        second = float((drawn * node.x).sum() + (label * node.a).sum())
        first = float(label.sum())
        if not slots.drop:
            hit = node.drawn * rest
            second += 2.0 * float((hit * node.a).sum())
            first += float(hit.sum())
        if m > 1:
            second += m * (m - 1) * float((node.drawn**2 * node.misses(node.beside(2))).sum())
        square += _STEP * (second - 2.0 * first)
        one = np.exp(-np.exp(np.minimum(node.s, _HUGE)))
        loss += _STEP * float((one - every.sum(axis=1, keepdims=True)).sum())
    return Expectation(loss, gradient, square)


def _softmax_curvature(slots: _Slots) -> Float64:
    """Return the mean of diag(w) - w w^T; rows sum to 0, so that the pairs of classes are enough."""
    k, m = len(slots.q), slots.m
    pairs = np.zeros((k, k))
    for node in slots.nodes():
        one_label = (node.a * node.beside(1)).T @ (m * node.drawn)
        pairs += one_label + one_label.T
        if m > 1:
            f2 = node.beside(2)
            u = m * (m - 1) * node.drawn
            pairs += (u * f2.sum(axis=1, keepdims=True)).T @ node.drawn
            if slots.drop:
                hit = (u * f2).T @ node.drawn
                pairs -= hit + hit.T
    np.fill_diagonal(pairs, 0.0)
    return np.asarray(_STEP * (np.diag(pairs.sum(axis=1)) - pairs))


def _times(weights: Float64, values: Float64) -> Float64:
    """Return the products, where a weight of 0 counts for 0."""
    return np.multiply(weights, values, out=np.zeros_like(values), where=weights > 0.0)
