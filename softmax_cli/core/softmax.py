"""softmax and its derivative.

p_i = exp(z_i / T) / sum_j exp(z_j / T),    dp_i / dz_j = p_i (delta_ij - p_j) / T
"""

import math

import numpy as np
from numpy.typing import ArrayLike

from softmax_cli.core import tails
from softmax_cli.core.arrays import Array, Float64, companion, rows_of, temperature_of
from softmax_cli.core.blocks import blocks, quiet
from softmax_cli.core.exponentials import Exponentials
from softmax_cli.core.matrices import fill, outer


def softmax(z: ArrayLike, *, axis: int = -1, temperature: float = 1.0) -> Array:
    """Return the probabilities exp(z / T) / sum exp(z / T)."""
    rows = rows_of(z, axis)
    t = temperature_of(temperature)
    p = np.empty(rows.values.shape, dtype=rows.values.dtype)
    with quiet():
        for block in blocks(rows):
            block.put(p, Exponentials.of(block.z, block.axis, t).p)
    return rows.per_class(p)


value = softmax


def jacobian(z: ArrayLike, *, axis: int = -1, temperature: float = 1.0) -> Array:
    """Return J[..., i, j] = dp_i / dz_j = p_i (delta_ij - p_j) / T."""
    rows = rows_of(z, axis)
    t = temperature_of(temperature)
    matrices = np.empty((rows.n, rows.k, rows.k), dtype=rows.values.dtype)
    with quiet():
        for block in blocks(rows):
            state = Exponentials.of(block.z, block.axis, t)
            part = matrices[block.start : block.stop]
            outer(block.by_row(state.p), block.by_row(state.complement), t, part)
            if t < 1.0 and state.deep.any():
                part[state.deep] = _deep(state.take(state.deep))
    return rows.matrices(matrices)


def _deep(state: Exponentials) -> Float64:
    """The Jacobian of vectors whose products p_i p_j may be too small for a double before 1 / T brings them back."""
    f, x = (state.rows(a) for a in state.p_parts)
    c, y = (state.rows(a) for a in state.complement_parts)
    t, s = math.frexp(state.temperature)
    entries = np.ldexp(f[:, :, None] * -f[:, None, :] / t, x[:, :, None] + x[:, None, :] - s)
    return fill(entries, np.ldexp(f * c / t, x + y - s))


def jvp(z: ArrayLike, tangent: ArrayLike, *, axis: int = -1, temperature: float = 1.0) -> Array:
    """Return J v = p (v - <p, v>) / T, without the matrix."""
    rows = rows_of(z, axis)
    t = temperature_of(temperature)
    v = companion(tangent, rows, "tangent")
    product = np.empty(v.shape, dtype=np.result_type(rows.values, v))
    with quiet():
        for block in blocks(rows):
            state = Exponentials.of(block.z, block.axis, t)
            block.put(product, _times(state, block.lay(v)))
    return rows.per_class(product)


def vjp(z: ArrayLike, cotangent: ArrayLike, *, axis: int = -1, temperature: float = 1.0) -> Array:
    """Return g J = p (g - <p, g>) / T, without the matrix: J is symmetric, so it is the same product as `jvp`."""
    return jvp(z, cotangent, axis=axis, temperature=temperature)


def centred(state: Exponentials, v: Float64) -> tuple[Float64, float]:
    """Measure v from its entry where one p is above 1/2: v - <p, v> does not cancel then.

    Returns
    -------
    tuple
        The new v, and the power of two it was scaled by lest the difference overflow.
    """
    scale = 0.25 if np.abs(v).max(initial=0.0) > 2.0**1020 else 1.0
    v = v * scale
    v -= np.where(state.is_top & (state.p > 0.5), v, 0.0).sum(axis=state.axis, keepdims=True)
    return v, scale


def _times(state: Exponentials, v: Float64) -> Float64:
    """J v = p (v - <p, v>) / T."""
    v, scale = centred(state, v)
    mean = (state.p * v).sum(axis=state.axis, keepdims=True)
    if state.temperature < 1.0 and state.deep.any():
        return _times_deep(state, v, mean) / scale
    return state.p * (v - mean) / state.temperature / scale


def _times_deep(state: Exponentials, v: Float64, mean: Float64) -> Float64:
    """p (v - mean) / T where p, or the mean that is all there is where v = 0, may be too small for a double."""
    f, x = state.p_parts
    m, y = tails.sum_of_parts(f * v, x, state.axis)
    t, s = math.frexp(state.temperature)
    return np.where(
        v == 0.0, np.ldexp(f * -m / t, np.maximum(x + y, -9000) - s), np.ldexp(f * (v - mean) / t, x - s)
    )
