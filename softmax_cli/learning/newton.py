"""Newton's method for softmax regression: the best weights to the last digits, or the proof of none.

The loss does not change when one number is added to all biases, or one vector to the weights of every class.
Newton steps are taken where it does change: every row of the weights, and the biases, sum to 0.
"""

import math
from collections.abc import Iterator

import numpy as np

from softmax_cli.core import softmax
from softmax_cli.core.arrays import Float64
from softmax_cli.learning.network import Problem, State
from softmax_cli.learning.separation import Separation, Separator
from softmax_cli.learning.table import FeatureTable, Scale
from softmax_cli.learning.training import Status, TrainingStep

_ENOUGH = 8
"""Steps after which a search that has not ended may be on its way to infinity."""

_CLOSE = 1e-3
"""The length of a step below which the rounding of the gradient begins to matter."""

_SINGULAR = 1e-13
"""Curvatures below this part of the largest are those of features that depend on each other."""


class Newton:
    """A run of Newton's method; `status` and `separation` are known when its steps have been taken.

    The problem has no hidden layer; a proof is about the features of the table, as measured.
    """

    def __init__(self, problem: Problem, table: FeatureTable, scale: Scale) -> None:
        self.problem = problem
        self.table = table
        self.scale = scale
        self.status: Status = "stopped"
        self.separation: Separation | None = None
        self._separator: Separator | None = None

    def steps(self, most: int) -> Iterator[TrainingStep]:
        """Yield step 0 and up to `most` steps, until nothing is left to gain or no best weights exist."""
        step = TrainingStep(0, self.problem, self.problem.at(np.zeros(self.problem.network.size)))
        length = math.inf
        yield step
        while step.number < most and self.status == "stopped":
            gradient = (
                step.state.gradient if length > _CLOSE else _long_gradient(self.problem, step.state.flat)
            )
            change = self._downhill(step.state, _direction(self.problem, step.state, gradient))
            shorter, length = length / 2, float(np.abs(change).max())
            if length < 1e-9 and length >= shorter:  # rounding is all that moves
                self.status = "converged"
                return
            before, following = step.state, self.problem.at(step.state.flat + change)
            step = TrainingStep(step.number + 1, self.problem, following, before)
            yield step
            if length <= 1e-16 * (1.0 + float(np.abs(following.flat).max())):
                self.status = "converged"
            elif not self.problem.l2 and step.number >= _ENOUGH and length > 0.01:
                self._look_for_separation(step, before.flat)

    def _look_for_separation(self, step: TrainingStep, before: Float64) -> None:
        """Ask whether the weights are on their way to infinity; where to is the direction."""
        if self._separator is None:
            self._separator = Separator(self.table, self.scale)
        for flat in (step.state.flat - before, step.state.flat):
            self.separation = self.separation or self._separator.along(self.problem.network.layers(flat)[0])
        if self.separation is not None:
            self.status = "separable"

    def _downhill(self, state: State, direction: Float64) -> Float64:
        """Return the step along the direction: whole, or halved until the objective is lower."""
        gain = float(state.gradient @ direction)
        part = 1.0
        while part > 1e-12 and -gain > 1e-12 * state.objective:
            with np.errstate(over="ignore", invalid="ignore"):
                try:
                    reached = self.problem.at(state.flat + part * direction).objective
                except FloatingPointError:
                    reached = math.inf
            if reached <= state.objective + 1e-4 * part * gain:
                break
            part /= 2
        return part * direction


def _long_gradient(problem: Problem, flat: Float64) -> Float64:
    """Return the gradient of the objective, computed in long doubles where the machine has them.

    At the optimum it is the small difference of large sums: its rounding, times the inverse of the smallest
    curvature, is what the weights are off by.
    """
    layer = problem.network.layers(flat.astype(np.longdouble))[0]
    x, n = problem.x.astype(np.longdouble), len(problem.x)
    z = x @ layer.weights + layer.biases
    e = np.exp(z - z.max(axis=1, keepdims=True))
    e /= e.sum(axis=1, keepdims=True)
    e[np.arange(n), problem.labels] -= 1.0
    by_weights = x.T @ e / n + problem.l2 * layer.weights
    return np.append(by_weights.ravel(), e.sum(axis=0) / n).astype(np.float64)


def _direction(problem: Problem, state: State, slope: Float64) -> Float64:
    """Return -H^-1 g within the weights that sum to 0; the shortest where features depend on each other."""
    d, k = problem.network.d, problem.network.k
    contrasts = _contrasts(k)
    x = np.column_stack([problem.x, np.ones(len(problem.x))])
    curvature = contrasts.T @ (softmax.jacobian(state.logits) @ contrasts) / len(x)
    size = (d + 1) * (k - 1)
    hessian = np.empty((k - 1, d + 1, k - 1, d + 1))
    for a in range(k - 1):
        for b in range(a + 1):
            block = x.T @ (curvature[:, a, b, None] * x)
            hessian[a, :, b, :] = hessian[b, :, a, :] = block
    matrix = hessian.reshape(size, size)
    matrix[np.diag_indices(size)] += np.tile(np.append(np.full(d, problem.l2), 0.0), k - 1)
    gradient = contrasts.T @ slope.reshape(d + 1, k).T
    values, vectors = np.linalg.eigh(matrix)
    inverse = np.where(values > _SINGULAR * values[-1], 1.0 / np.where(values > 0, values, 1.0), 0.0)
    step = -(vectors @ (inverse * (vectors.T @ gradient.ravel()))).reshape(k - 1, d + 1)
    return np.ascontiguousarray((contrasts @ step).T).ravel()


def _contrasts(k: int) -> Float64:
    """Return an orthonormal basis, shape (k, k - 1), of what sums to 0 over the classes (Helmert's)."""
    basis = np.zeros((k, k - 1))
    for j in range(1, k):
        basis[:j, j - 1] = 1.0
        basis[j, j - 1] = -j
        basis[:, j - 1] /= math.sqrt(j * (j + 1))
    return basis
