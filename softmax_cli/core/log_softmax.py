"""log-softmax and its derivative.

log p_i = z_i / T - log sum_j exp(z_j / T),    d log p_i / dz_j = (delta_ij - p_j) / T
"""

import numpy as np
from numpy.typing import ArrayLike

from softmax_cli.core.arrays import Array, Float64, companion, rows_of, temperature_of
from softmax_cli.core.blocks import blocks, quiet
from softmax_cli.core.exponentials import Exponentials
from softmax_cli.core.matrices import fill
from softmax_cli.core.softmax import centred


def log_softmax(z: ArrayLike, *, axis: int = -1, temperature: float = 1.0) -> Array:
    """Return the log-probabilities."""
    rows = rows_of(z, axis)
    t = temperature_of(temperature)
    log_p = np.empty(rows.values.shape, dtype=rows.values.dtype)
    with quiet():
        for block in blocks(rows):
            block.put(log_p, Exponentials.of(block.z, block.axis, t).log_p)
    return rows.per_class(log_p)


value = log_softmax


def jacobian(z: ArrayLike, *, axis: int = -1, temperature: float = 1.0) -> Array:
    """Return J[..., i, j] = (delta_ij - p_j) / T."""
    rows = rows_of(z, axis)
    t = temperature_of(temperature)
    matrices = np.empty((rows.n, rows.k, rows.k), dtype=rows.values.dtype)
    with quiet():
        for block in blocks(rows):
            state = Exponentials.of(block.z, block.axis, t)
            part = matrices[block.start : block.stop]
            part[...] = -block.by_row(state.p_over_t)[:, None, :]
            fill(part, block.by_row(state.complement_over_t))
    return rows.matrices(matrices)


def jvp(z: ArrayLike, tangent: ArrayLike, *, axis: int = -1, temperature: float = 1.0) -> Array:
    """Return J v = (v - <p, v>) / T, without the matrix."""
    rows = rows_of(z, axis)
    t = temperature_of(temperature)
    v = companion(tangent, rows, "tangent")
    product = np.empty(v.shape, dtype=np.result_type(rows.values, v))
    with quiet():
        for block in blocks(rows):
            state = Exponentials.of(block.z, block.axis, t)
            block.put(product, _forward(state, block.lay(v)))
    return rows.per_class(product)


def vjp(z: ArrayLike, cotangent: ArrayLike, *, axis: int = -1, temperature: float = 1.0) -> Array:
    """Return g J = (g - p sum(g)) / T, without the matrix."""
    rows = rows_of(z, axis)
    t = temperature_of(temperature)
    g = companion(cotangent, rows, "cotangent")
    product = np.empty(g.shape, dtype=np.result_type(rows.values, g))
    with quiet():
        for block in blocks(rows):
            state = Exponentials.of(block.z, block.axis, t)
            block.put(product, _backward(state, block.lay(g)))
    return rows.per_class(product)


def _forward(state: Exponentials, v: Float64) -> Float64:
    """J v = (v - sum_j p_j v_j) / T."""
    v, scale = centred(state, v)
    over_t = (state.p_over_t * v).sum(axis=state.axis, keepdims=True)
    return (v / state.temperature - over_t) / scale


def _backward(state: Exponentials, g: Float64) -> Float64:
    """g J = (g_j (1 - p_j) - p_j sum_{i != j} g_i) / T; the form with 1 - p_j only where p_j is above 1/2."""
    axis = state.axis
    large = state.is_top & (state.p > 0.5)
    others = np.where(large, 0.0, g).sum(axis=axis, keepdims=True)
    everything = others + np.where(large, g, 0.0).sum(axis=axis, keepdims=True)
    return np.where(
        large,
        g * state.complement_over_t - others * state.p_over_t,
        g / state.temperature - everything * state.p_over_t,
    )
