"""Cross-entropy of softmax against a true class, and its gradient.

L = -log p_target,    dL / dz_j = (p_j - y_j) / T,    y_j = 1 for the target and 0 for the others
"""

import numpy as np
from numpy.typing import ArrayLike

from softmax_cli.core.arrays import Array, Rows, companion, rows_of, targets_of, temperature_of
from softmax_cli.core.blocks import blocks, quiet
from softmax_cli.core.exponentials import Exponentials


def cross_entropy(z: ArrayLike, target: ArrayLike, *, axis: int = -1, temperature: float = 1.0) -> Array:
    """Return -log p_target, in nats."""
    rows = rows_of(z, axis)
    t = temperature_of(temperature)
    y = targets_of(target, rows)
    loss = np.empty(rows.n, dtype=rows.values.dtype)
    with quiet():
        for block in blocks(rows):
            log_p = block.by_row(Exponentials.of(block.z, block.axis, t).log_p)
            loss[block.start : block.stop] = 0.0 - _pick(log_p, y[block.start : block.stop])
    return rows.scalars(loss)


value = cross_entropy


def gradient(z: ArrayLike, target: ArrayLike, *, axis: int = -1, temperature: float = 1.0) -> Array:
    """Return the gradient (p - y) / T."""
    rows = rows_of(z, axis)
    return rows.per_class(_gradient(rows, target, temperature))


def jvp(
    z: ArrayLike, tangent: ArrayLike, target: ArrayLike, *, axis: int = -1, temperature: float = 1.0
) -> Array:
    """Return the directional derivative <gradient, v>, one number a vector."""
    rows = rows_of(z, axis)
    v = companion(tangent, rows, "tangent")
    return rows.scalars((_gradient(rows, target, temperature) * v).sum(axis=1))


def vjp(
    z: ArrayLike, cotangent: ArrayLike, target: ArrayLike, *, axis: int = -1, temperature: float = 1.0
) -> Array:
    """Return the cotangent, one number a vector, times the gradient."""
    rows = rows_of(z, axis)
    g = companion(cotangent, rows, "cotangent", scalar=True)
    return rows.per_class(_gradient(rows, target, temperature) * g[:, None])


def _pick(values: Array, y: np.ndarray) -> Array:
    return np.take_along_axis(values, y[:, None], axis=1)[:, 0]


def _gradient(rows: Rows, target: ArrayLike, temperature: float) -> Array:
    t = temperature_of(temperature)
    y = targets_of(target, rows)
    result = np.empty(rows.values.shape, dtype=rows.values.dtype)
    with quiet():
        for block in blocks(rows):
            state = Exponentials.of(block.z, block.axis, t)
            block.put(result, state.p_over_t)
            column = y[block.start : block.stop]
            place = np.arange(block.start, block.stop), column
            result[place] = 0.0 - _pick(block.by_row(state.complement_over_t), column)
    return result
