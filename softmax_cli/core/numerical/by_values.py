"""Numerical derivatives of a function from its values alone."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from softmax_cli.core.functions import FUNCTIONS
from softmax_cli.core.numerical.methods import Array, Method


class DenseNumerical(NamedTuple):
    """A numerical derivative as a whole matrix (..., k, k), or a gradient (..., k); like `Numerical`.

    ``errors`` holds bounds of the method's error, of the same shape.
    """

    matrix: Array
    errors: Array
    scalar: bool = False

    def take(self, rows: Any) -> "DenseNumerical":
        """Return the derivatives of some of the rows."""
        return DenseNumerical(self.matrix[rows], self.errors[rows], self.scalar)

    def dense(self, start: int = 0, stop: int | None = None) -> Array:
        """Return the matrix, rows `start` to `stop`; or the gradient."""
        return self.matrix if self.scalar else self.matrix[..., start:stop, :].copy()

    def error(self, start: int = 0, stop: int | None = None) -> Array:
        """Return the expected absolute error of each entry of `dense`."""
        return self.errors if self.scalar else self.errors[..., start:stop, :]

    def jvp(self, tangent: ArrayLike) -> Array:
        """Return J v, shape (..., k)."""
        return np.asarray(np.einsum("...ij,...j->...i", self.matrix, np.asarray(tangent, np.float64)))

    def vjp(self, cotangent: ArrayLike) -> Array:
        """Return g^T J, shape (..., k)."""
        return np.asarray(np.einsum("...ij,...i->...j", self.matrix, np.asarray(cotangent, np.float64)))

    def bound(self) -> "DenseNumerical":
        """Return the errors as a derivative, for the error of a product."""
        return DenseNumerical(self.errors, self.errors, self.scalar)


def derivative_of_values(
    function: str, z: Array, steps: Array, method: Method, temperature: float, target: ArrayLike | None
) -> DenseNumerical:
    """Differentiate a function of ``FUNCTIONS`` by its values alone, with real steps.

    `steps` is the step of each logit, (..., k); the method is any but the complex step.
    """
    entry = FUNCTIONS[function]
    value = entry.load().value
    told = (target,) if entry.scalar else ()

    def f(moved: NDArray[Any]) -> Array:
        return np.asarray(value(moved, *told, temperature=temperature), np.float64)

    size = np.abs(f(z)) if entry.scalar else np.abs(f(z)).max(axis=-1)
    columns = []
    for j in range(z.shape[-1]):
        h = steps[..., j]
        total: Any = 0.0
        for node, weight in zip(method.nodes, method.weights, strict=True):
            moved = z.copy()
            moved[..., j] += node * h
            total = total + weight * f(moved)
        columns.append(total / (h if entry.scalar else h[..., None]))
    matrix = np.stack(columns, axis=-1)
    spread = np.abs(matrix).reshape(*size.shape, -1).max(axis=-1)
    error = method.error(steps.max(axis=-1), size, spread, temperature)
    whole = error.reshape(*error.shape, *[1] * (matrix.ndim - error.ndim))
    return DenseNumerical(matrix, np.broadcast_to(whole, matrix.shape), entry.scalar)
