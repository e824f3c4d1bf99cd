"""Steps downhill: gradient descent, with momentum and on batches, and Newton's method."""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from softmax_cli.core import softmax
from softmax_cli.core.arrays import Float64
from softmax_cli.errors import InputError
from softmax_cli.learning.network import Labels, Network, Problem, State
from softmax_cli.learning.table import FeatureTable

Status: TypeAlias = Literal["converged", "stopped", "separable"]

CONVERGED = 1e-8
"""The length of the gradient at which gradient descent has arrived."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train.

    Parameters
    ----------
    hidden, activation
        The hidden layer: its units, 0 for none, and their function.
    l2
        The penalty.
    rate
        The length of a step, in gradients.
    steps
        How many; each moves the weights once.
    momentum
        B of v = B v + gradient, weights = weights - rate v.
    batch
        The rows that a step's gradient is taken over; None for all of them.
    seed
        Of the start of a hidden layer, and of the order of the batches.
    """

    hidden: int = 0
    activation: str = "tanh"
    l2: float = 0.0
    rate: float = 0.1
    steps: int = 100
    momentum: float = 0.0
    batch: int | None = None
    seed: int = 0

    def problem(self, table: FeatureTable, x: Float64) -> Problem:
        """Return the problem of a table with the features x, standardised or not."""
        network = Network(x.shape[1], table.k, self.hidden, self.activation)
        return Problem(network, x, table.labels, self.l2)


@dataclass(frozen=True, slots=True)
class TrainingStep:
    """The state of a training after some steps.

    Parameters
    ----------
    number
        0 before any.
    problem
        What is trained.
    state
        The problem at the weights of this step.
    before
        The one at the weights before this step; None at step 0.
    """

    number: int
    problem: Problem
    state: State
    before: State | None = None

    @property
    def accuracy(self) -> float:
        """The share of rows whose true class alone has the largest logit."""
        return float(is_right(self.state.logits, self.problem.labels).mean())

    @property
    def confusion(self) -> NDArray[np.intp]:
        """The rows of each class (a line) that are taken for each (a column), shape (k, k)."""
        k = self.problem.network.k
        counts = np.zeros((k, k), np.intp)
        np.add.at(counts, (self.problem.labels, self.state.logits.argmax(axis=1)), 1)
        return counts

    def probabilities(self, row: int) -> Float64:
        """Return the probabilities of a row (0-based), shape (k,)."""
        return np.asarray(softmax.softmax(self.state.logits[row]), np.float64)

    def promised(self, row: int) -> Float64:
        """Return the probabilities of a row that the derivative promised: p + J dz, at the weights before.

        At step 0 nothing has been promised: they are the probabilities themselves.
        """
        if self.before is None:
            return self.probabilities(row)
        network, z = self.problem.network, self.before.logits[row]
        change = self.state.flat - self.before.flat
        dz = network.tangent(self.before.flat, change, self.problem.x[row : row + 1])[0]
        return np.asarray(softmax.softmax(z) + softmax.jvp(z, dz), np.float64)


def is_right(z: Float64, labels: Labels) -> NDArray[np.bool_]:
    """Return for each row whether its true class alone has the largest logit."""
    largest = z.max(axis=1, keepdims=True)
    own = z[np.arange(len(z)), labels] == largest[:, 0]
    return np.asarray(own & ((z == largest).sum(axis=1) == 1))


def descend(problem: Problem, plan: Plan) -> Iterator[TrainingStep]:
    """Yield step 0 and the plan's steps of gradient descent, none left out.

    Raises
    ------
    InputError
        Where the weights grow beyond what a double holds; the step is named.
    """
    velocity = np.zeros(problem.network.size)
    batches = _batches(len(problem.x), plan)
    step = TrainingStep(0, problem, _at(problem, problem.network.start(plan.seed), 0, plan))
    yield step
    for number in range(1, plan.steps + 1):
        state, rows = step.state, next(batches)
        slope = state.gradient if rows is None else problem.gradient(state.flat, state.logits[rows], rows)
        with np.errstate(over="ignore", invalid="ignore"):
            velocity = plan.momentum * velocity + slope
            flat = state.flat - plan.rate * velocity
        step = TrainingStep(number, problem, _at(problem, flat, number, plan), state)
        yield step


def _at(problem: Problem, flat: Float64, number: int, plan: Plan) -> State:
    try:
        return problem.at(flat)
    except FloatingPointError:
        raise InputError(
            f"step {number}: the weights have grown too large for a double",
            where="--rate" if number else None,
            hint=f"take shorter steps: --rate {min(plan.rate / 10, 0.1):.2g}" if number else None,
        ) from None


def _batches(n: int, plan: Plan) -> Iterator[Labels | None]:
    """Yield the rows of each step without end, every row once before any comes again."""
    if plan.batch is None or plan.batch >= n:
        while True:
            yield None
    draw = random.Random(plan.seed).random
    while True:
        order = np.argsort(np.array([draw() for _ in range(n)]), kind="stable")
        for start in range(0, n, plan.batch):
            yield order[start : start + plan.batch]


@dataclass(frozen=True, slots=True)
class Overshoot:
    """A step of gradient descent that went past the lowest point of its line.

    Parameters
    ----------
    number
        The step.
    before, after
        The objective.
    promised
        The change of it that the derivative promised, -rate |gradient|^2.
    slope, turned
        The slope of the objective along the step, per unit of rate, at its start and at its end: below 0,
        and above.
    lowest
        About the rate that leads to the lowest point, where the slope would be 0 were it to change evenly.
    """

    number: int
    before: float
    after: float
    promised: float
    slope: float
    turned: float
    lowest: float


def overshoot(step: TrainingStep, following: TrainingStep, plan: Plan) -> Overshoot | None:
    """Return how a step of plain gradient descent overshot, or None where its line still falls at its end."""
    if plan.momentum or plan.batch is not None:
        return None
    slope = -float(math.fsum(step.state.gradient**2))
    turned = -float(math.fsum(step.state.gradient * following.state.gradient))
    if turned <= 0.0:
        return None
    lowest = plan.rate * slope / (slope - turned)
    before, after = step.state.objective, following.state.objective
    return Overshoot(following.number, before, after, plan.rate * slope, slope, turned, lowest)


def safe_rate(problem: Problem) -> float:
    """Return a rate that never overshoots softmax regression: 1 / L, L a bound of the curvature.

    After a step of rate r the slope is at most -(1 - L r) |gradient|^2. L is half the largest eigenvalue of
    X^T X / n, a column of ones for the biases among them, + l2: diag(p) - p p^T has none above 1/2.

    Source: Böhning, Annals of the Institute of Statistical Mathematics 44 (1992) 197.
    """
    x = np.column_stack([problem.x, np.ones(len(problem.x))])
    return float(1.0 / (0.5 * np.linalg.eigvalsh(x.T @ x / len(x))[-1] + problem.l2))


def has_arrived(step: TrainingStep) -> bool:
    """Return whether gradient descent has converged."""
    return step.state.grad_norm <= CONVERGED and math.isfinite(step.state.objective)
