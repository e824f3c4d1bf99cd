"""log-softmax and its derivative.

log p_i = z_i / T - log sum_j exp(z_j / T),    d log p_i / dz_j = (delta_ij - p_j) / T
"""

import numpy as np
from numpy.typing import ArrayLike

from softmax_cli.core.arrays import Array, Axis, Float64, rows_of, temperature_of
from softmax_cli.core.kernels.blocks import blocks, quiet
from softmax_cli.core.kernels.exponentials import Exponentials
from softmax_cli.core.kernels.matrices import set_diagonal
from softmax_cli.core.kernels.overflow import finite_or
from softmax_cli.core.softmax import centred, product


def log_softmax(z: ArrayLike, *, axis: Axis = -1, temperature: float = 1.0) -> Array:
    """Return the log-probabilities log p_i = z_i / T - log sum_j exp(z_j / T).

    Parameters
    ----------
    z, axis, temperature
        As for `softmax`.

    Returns
    -------
    numpy.ndarray
        Shape of `z`; at most 0, in nats. A masked class has -inf.

    Raises
    ------
    LogitsError, InputError
        As for `softmax`.

    Notes
    -----
    Every value is within 4 ulp of the exact one: it is (z_i - max z) / T - log1p(rest), rest the sum of the
    other exponentials than the largest, so that log p stays exact where p rounds to 1 (scipy issue 19521,
    pytorch issue 113708).

    Examples
    --------
    >>> log_softmax([40.0, 0.0])
    array([-4.24835426e-18, -4.00000000e+01])
    """
    rows = rows_of(z, axis)
    t = temperature_of(temperature)
    log_p = rows.empty()
    with quiet():
        for block in blocks(rows):
            block.put(log_p, Exponentials(block, t).log_p)
    return rows.per_class(log_p)


value = log_softmax


def jacobian(z: ArrayLike, *, axis: Axis = -1, temperature: float = 1.0) -> Array:
    """Return the Jacobian J[..., i, j] = d log p_i / dz_j = (delta_ij - p_j) / T.

    Notes
    -----
    Every entry is within 10 ulp of the exact value.

    Examples
    --------
    >>> jacobian([1.43, -0.4, 0.23]).round(4)
    array([[ 0.3158, -0.1098, -0.2061],
           [-0.6842,  0.8902, -0.2061],
           [-0.6842, -0.1098,  0.7939]])
    """
    rows = rows_of(z, axis)
    t = temperature_of(temperature)
    matrices = np.empty((rows.n, rows.k, rows.k), dtype=rows.values.dtype)
    with quiet():
        for block in blocks(rows):
            state = Exponentials(block, t)
            part = matrices[block.start : block.stop]
            part[...] = 0.0 - block.by_row(state.p_over_t)[:, None, :]
            set_diagonal(part, block.by_row(state.complement_over_t))
    return rows.matrices(matrices)


def jvp(z: ArrayLike, tangent: ArrayLike, *, axis: Axis = -1, temperature: float = 1.0) -> Array:
    """Return the product J v = (v - <p, v>) / T, in memory proportional to k.

    Notes
    -----
    The error of entry i is at most 10 eps sum_j abs(J_ij v_j), plus the smallest normal number.

    Examples
    --------
    >>> jvp([1.43, -0.4, 0.23], [1.0, 0.0, 0.0]).round(4)
    array([ 0.3158, -0.6842, -0.6842])
    """
    return product(z, tangent, "tangent", axis, temperature, _forward)


def vjp(z: ArrayLike, cotangent: ArrayLike, *, axis: Axis = -1, temperature: float = 1.0) -> Array:
    """Return the product g J = (g - p sum(g)) / T, in memory proportional to k.

    Notes
    -----
    The error of entry j is at most 10 eps sum_i abs(g_i J_ij), plus the smallest normal number.

    Examples
    --------
    >>> vjp([1.43, -0.4, 0.23], [1.0, 0.0, 0.0]).round(4)
    array([ 0.3158, -0.1098, -0.2061])
    """
    return product(z, cotangent, "cotangent", axis, temperature, _backward)


def _forward(state: Exponentials, v: Float64) -> Array:
    """Return J v = (v - sum_j p_j v_j) / T."""
    v, scale = centred(state, v)

    def less_mean(p: Float64, v_over_t: Float64) -> Float64:
        mean: Float64 = (p * v).sum(axis=state.axis, keepdims=True)
        return v_over_t - mean

    t = state.temperature
    return finite_or(
        lambda: less_mean(state.p_over_t, v / t) / scale, lambda: less_mean(state.p, v) / t / scale
    )


def _backward(state: Exponentials, g: Float64) -> Array:
    """Return g J = (g_j (1 - p_j) - p_j sum_{i != j} g_i) / T; where p_j <= 1/2 as (g_j - p_j sum g) / T."""
    axis = state.axis
    scale = 2.0**-64 if np.abs(g).max(initial=0.0) > 2.0**950 else 1.0  # so that no sum of g overflows
    g = g * scale
    large = state.is_top & (state.p > 0.5)
    others = np.where(large, 0.0, g).sum(axis=axis, keepdims=True)
    everything = others + np.where(large, g, 0.0).sum(axis=axis, keepdims=True)

    def combined(p: Float64, complement: Float64, g_over_t: Float64) -> Float64:
        result: Float64 = np.where(large, g * complement - others * p, g_over_t - everything * p)
        return result

    t = state.temperature
    return finite_or(
        lambda: combined(state.p_over_t, state.complement_over_t, g / t) / scale,
        lambda: combined(state.p, state.complement, g) / t / scale,
    )
