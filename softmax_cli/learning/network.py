"""Logits from features, and the derivative of the loss by every weight.

Without a hidden layer  z = x W + b;  with one  h = f(x V + a),  z = h W + b.  The loss of a row is
-log softmax(z)_y, and its derivative by the logits p - y. What is below follows by the chain rule:

dL/dW = h^T (p - y)    dL/dh = (p - y) W^T    dL/d(x V + a) = dL/dh * f'    dL/dV = x^T dL/d(x V + a)
"""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from softmax_cli.core import cross_entropy
from softmax_cli.core.arrays import Float64

Labels: TypeAlias = NDArray[np.intp]
Numbers: TypeAlias = NDArray[Any]
"""Real numbers, or complex ones for a complex step."""

_IN_ORDER = 1 << 20
"""Products in a matrix product up to which they are added up in order, whatever BLAS the machine has."""


class Activation(NamedTuple):
    """A function of the hidden layer, and its derivative as a function of its value."""

    value: Callable[[Numbers], Numbers]
    slope: Callable[[Numbers], Numbers]
    reach: float
    """How far the start's weights reach: their variance is reach / (3 (inputs + outputs))."""


ACTIVATIONS = {
    "tanh": Activation(np.tanh, lambda h: 1.0 - h * h, 6.0),  # Glorot and Bengio 2010
    "relu": Activation(lambda a: np.where(a.real > 0.0, a, 0.0), lambda h: (h.real > 0.0) * 1.0, 12.0),
}


class Layer(NamedTuple):
    """The weights of a layer, shape (inputs, outputs), and its biases, shape (outputs,)."""

    weights: Numbers
    biases: Numbers


@dataclass(frozen=True, slots=True)
class Network:
    """The shape of a network; its numbers are one flat vector, so that a step downhill is one subtraction.

    Parameters
    ----------
    d, k
        The number of features and of classes.
    hidden
        The units of the hidden layer; 0 for none, which is softmax regression.
    activation
        A name of ACTIVATIONS.
    """

    d: int
    k: int
    hidden: int = 0
    activation: str = "tanh"

    @property
    def shapes(self) -> tuple[tuple[int, int], ...]:
        """The (inputs, outputs) of each layer, the first first."""
        return ((self.d, self.hidden), (self.hidden, self.k)) if self.hidden else ((self.d, self.k),)

    @property
    def size(self) -> int:
        """The number of weights and biases."""
        return sum((inputs + 1) * outputs for inputs, outputs in self.shapes)

    def layers(self, flat: Numbers) -> list[Layer]:
        """Return the layers as views of the flat vector: of each the weights, row by row, then the biases."""
        found, start = [], 0
        for inputs, outputs in self.shapes:
            middle, stop = start + inputs * outputs, start + (inputs + 1) * outputs
            found.append(Layer(flat[start:middle].reshape(inputs, outputs), flat[middle:stop]))
            start = stop
        return found

    def start(self, seed: int) -> Float64:
        """Return where training starts: zeros, or, with a hidden layer, weights drawn with the seed.

        They come from Python's own generator, which promises to keep its numbers.
        """
        flat = np.zeros(self.size)
        if not self.hidden:
            return flat
        draw = random.Random(seed).random
        for layer, (inputs, outputs) in zip(self.layers(flat), self.shapes, strict=True):
            reach = math.sqrt(ACTIVATIONS[self.activation].reach / (inputs + outputs))
            layer.weights[:] = [[reach * (2.0 * draw() - 1.0) for _ in range(outputs)] for _ in range(inputs)]
        return flat

    def is_weight(self) -> NDArray[np.bool_]:
        """Return a mask of the weights: the biases carry no penalty."""
        flags = np.zeros(self.size, np.bool_)
        for layer in self.layers(flags):
            layer.weights[:] = True
        return flags

    def hidden_values(self, flat: Numbers, x: Float64) -> Numbers:
        """Return what the last layer takes: the hidden units' values, shape (n, hidden), or x itself."""
        if not self.hidden:
            return x
        first = self.layers(flat)[0]
        return ACTIVATIONS[self.activation].value(product(x, first.weights) + first.biases)

    def logits(self, flat: Numbers, x: Float64, h: Numbers | None = None) -> Numbers:
        """Return the logits, shape (n, k); `h` are the hidden values, where they are known."""
        last = self.layers(flat)[-1]
        entering = self.hidden_values(flat, x) if h is None else h
        logits: Numbers = product(entering, last.weights) + last.biases
        return logits

    def tangent(self, flat: Float64, change: Float64, x: Float64) -> Float64:
        """Return the first-order change of the logits for a change of the weights, shape (n, k)."""
        last, moved = self.layers(flat)[-1], self.layers(change)
        h = self.hidden_values(flat, x)
        along = product(h, moved[-1].weights) + moved[-1].biases
        if self.hidden:
            below = product(x, moved[0].weights) + moved[0].biases
            along = along + product(ACTIVATIONS[self.activation].slope(h) * below, last.weights)
        return np.asarray(along)

    def gradient(self, flat: Float64, x: Float64, by_logits: Float64, h: Numbers | None = None) -> Float64:
        """Take derivatives by the logits, shape (n, k), back to the weights: the sum over the rows."""
        last, h = self.layers(flat)[-1], self.hidden_values(flat, x) if h is None else h
        found = np.empty(self.size)
        slots = self.layers(found)
        slots[-1].weights[:] = product(h.T, by_logits)
        slots[-1].biases[:] = np.add.reduce(by_logits, axis=0)
        if self.hidden:
            by_sums = product(by_logits, last.weights.T) * ACTIVATIONS[self.activation].slope(h)
            slots[0].weights[:] = product(x.T, by_sums)
            slots[0].biases[:] = np.add.reduce(by_sums, axis=0)
        return found


@dataclass(frozen=True, slots=True)
class State:
    """A network at certain weights, on all rows of a problem."""

    flat: Float64
    logits: Float64
    loss: float
    objective: float
    gradient: Float64

    @property
    def grad_norm(self) -> float:
        """The length of the gradient of the objective, over weights and biases."""
        return math.sqrt(math.fsum((self.gradient * self.gradient).tolist()))


@dataclass(frozen=True, slots=True)
class Problem:
    """What is minimised: the mean loss of the rows + l2 / 2 times the sum of the squared weights.

    Parameters
    ----------
    network
        The shape.
    x
        Features, shape (n, d).
    labels
        The true classes, counted from 0, shape (n,).
    l2
        The penalty; biases are free of it.
    """

    network: Network
    x: Float64
    labels: Labels
    l2: float = 0.0

    def at(self, flat: Float64) -> State:
        """Evaluate the problem.

        Raises
        ------
        FloatingPointError
            Where a weight, or a logit, is too large for a double.
        """
        with np.errstate(over="ignore", invalid="ignore"):
            h = self.network.hidden_values(flat, self.x)
            z = self.network.logits(flat, self.x, h)
            penalty = 0.5 * self.l2 * float(np.add.reduce((flat * self.network.is_weight()) ** 2))
        if not (np.isfinite(z).all() and math.isfinite(penalty)):
            raise FloatingPointError
        losses, by_logits = cross_entropy.value_and_gradient(z, self.labels)
        loss = math.fsum(losses.tolist()) / len(z)
        slope = self._penalised(self.network.gradient(flat, self.x, by_logits / len(z), h), flat)
        return State(flat, z, loss, loss + penalty, slope)

    def gradient(self, flat: Float64, z: Float64, rows: Labels) -> Float64:
        """Return the gradient of the objective over some rows, whose logits are z."""
        by_logits = cross_entropy.gradient(z, self.labels[rows]) / len(z)
        return self._penalised(self.network.gradient(flat, self.x[rows], by_logits), flat)

    def _penalised(self, slope: Float64, flat: Float64) -> Float64:
        return slope + self.l2 * (flat * self.network.is_weight()) if self.l2 else slope

    def complex_gradient(self, flat: Float64) -> Float64:
        """Return the gradient by complex steps, one a weight, to compare backpropagation with.

        Source: Squire and Trapp, SIAM Review 40 (1998) 110.
        """
        step, weights = 1e-30, self.network.is_weight()
        found = np.empty(self.network.size)
        for i in range(self.network.size):
            moved = flat.astype(complex)
            moved[i] += 1j * step
            z = self.network.logits(moved, self.x)
            z = z - z.real.max(axis=1, keepdims=True)
            losses = np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(z)), self.labels]
            penalty = 0.5 * self.l2 * (moved * moved * weights).sum()
            found[i] = (losses.mean() + penalty).imag / step
        return found


def product(a: Numbers, b: Numbers) -> Numbers:
    """Return the matrix product, its terms added in order where there are few.

    BLAS orders them by the processor, which changes the last place; in a table so large that it would take
    long, that is left to BLAS.

    >>> product(np.array([[1.0, 2.0]]), np.array([[3.0], [4.0]]))
    array([[11.]])
    """
    if a.size * b.shape[1] > _IN_ORDER:
        return np.asarray(a @ b)
    return np.asarray(np.add.reduce(a.T[:, :, None] * b[:, None, :], axis=0))
