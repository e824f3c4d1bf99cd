"""softmax and its derivative.

p_i = exp(z_i / T) / sum_j exp(z_j / T),    dp_i / dz_j = p_i (delta_ij - p_j) / T
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from softmax_cli.core.arrays import Array, Axis, Float64, Rows, companion, rows_of, temperature_of
from softmax_cli.core.kernels import scaled_exp
from softmax_cli.core.kernels.blocks import blocks, quiet
from softmax_cli.core.kernels.exponentials import Exponentials
from softmax_cli.core.kernels.fast_softmax import fill_probabilities
from softmax_cli.core.kernels.matrices import FEW, fill_jacobians, set_diagonal, sum_below_half

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

_SMALL = 1e-143
"""Products of two probabilities above this are normal numbers."""


def softmax(z: ArrayLike, *, axis: Axis = -1, temperature: float = 1.0) -> Array:
    """Return the probabilities p_i = exp(z_i / T) / sum_j exp(z_j / T).

    Parameters
    ----------
    z
        Logits, shape (..., k) with the classes along `axis`: float32 and float64 as they come, float16 as
        float32, lists and integers as float64. -inf masks a class; one +inf makes the vector one-hot.
    axis
        The axis of the classes; several axes, or None for all, hold one set of classes together.
    temperature
        T, finite and above 0.

    Returns
    -------
    numpy.ndarray
        Shape of `z`; in [0, 1], summing to 1 along `axis`. A masked class gets exactly 0.

    Raises
    ------
    LogitsError
        For a vector with nan, with two +inf, with nothing above -inf, or without classes.
    InputError
        For anything but an array of real numbers, or a temperature that is not finite and above 0.

    Notes
    -----
    Every probability is within 4 ulp of the exact value (2 steps of the smallest subnormal number below the
    normal range), for logits of any size and every temperature: the remainders of the roundings of z - max z
    and of the division by T are kept (Knuth's TwoSum, Dekker's product) and applied as exp(q) (1 + low).
    float32 logits are computed in float64 and rounded once.

    Examples
    --------
    >>> softmax([1.43, -0.4, 0.23]).round(4)
    array([0.6842, 0.1098, 0.2061])
    >>> softmax([1.0, float("-inf"), 1.0])
    array([0.5, 0. , 0.5])
    """
    rows = rows_of(z, axis)
    t = temperature_of(temperature)
    p = rows.empty()
    fill_probabilities(rows, t, p)
    return rows.per_class(p)


value = softmax


def jacobian(z: ArrayLike, *, axis: Axis = -1, temperature: float = 1.0) -> Array:
    """Return the Jacobian J[..., i, j] = dp_i / dz_j = p_i (delta_ij - p_j) / T.

    Notes
    -----
    Every entry is within 10 ulp of the exact value (2 steps of the smallest subnormal number below the normal
    range). On the diagonal 1 - p is taken as the sum of the other exponentials over S where p is close to 1.

    Examples
    --------
    >>> jacobian([1.43, -0.4, 0.23]).round(4)
    array([[ 0.2161, -0.0751, -0.141 ],
           [-0.0751,  0.0977, -0.0226],
           [-0.141 , -0.0226,  0.1636]])
    """
    rows = rows_of(z, axis)
    t = temperature_of(temperature)
    p = np.empty((rows.k, rows.n)).T if rows.k <= FEW else np.empty((rows.n, rows.k))
    fill_probabilities(rows, t, p)
    matrices = np.empty((rows.n, rows.k, rows.k), dtype=rows.values.dtype)
    fill_jacobians(p, t, matrices)
    with quiet():
        _mend(matrices, rows, p, t)
    return rows.matrices(matrices)


def _mend(matrices: Array, rows: Rows, p: Float64, temperature: float) -> None:
    """Recompute the matrices in which p, 1 - p or, before a division by T < 1, their product underflows."""
    if p.min(initial=1.0) > _SMALL:
        return
    hard = (sum_below_half(p) < scaled_exp.LOSSY_SUM).ravel() & (p > 0.5).any(axis=1)
    if temperature < 1.0:
        hard |= ((p < _SMALL) & (rows.values > -np.inf)).any(axis=1)
    index = np.flatnonzero(hard)
    for block in blocks(rows._replace(values=rows.values[index])):
        state = Exponentials(block, temperature)
        f, x = (block.by_row(a) for a in state.p_parts)
        c, y = (block.by_row(a) for a in state.complement_parts)
        t, s = math.frexp(temperature)
        entries = np.ldexp(f[:, :, None] * -f[:, None, :] / t, x[:, :, None] + x[:, None, :] - s)
        set_diagonal(entries, np.ldexp(f * c / t, x + y - s))
        matrices[index[block.start : block.stop]] = entries + 0.0


def jvp(z: ArrayLike, tangent: ArrayLike, *, axis: Axis = -1, temperature: float = 1.0) -> Array:
    """Return the product J v = p (v - <p, v>) / T, in memory proportional to k.

    Notes
    -----
    The error of entry i is at most 10 eps sum_j abs(J_ij v_j), plus the smallest normal number: where one p
    is above 1/2, v is measured from its entry there, so that v - <p, v> does not cancel.

    Examples
    --------
    >>> jvp([1.43, -0.4, 0.23], [1.0, 0.0, 0.0]).round(4)
    array([ 0.2161, -0.0751, -0.141 ])
    """
    return product(z, tangent, "tangent", axis, temperature, _times)


def vjp(z: ArrayLike, cotangent: ArrayLike, *, axis: Axis = -1, temperature: float = 1.0) -> Array:
    """Return the product g J = p (g - <p, g>) / T, in memory proportional to k.

    Notes
    -----
    J is symmetric, so this is `jvp` with another name, and the same bound.

    Examples
    --------
    >>> vjp([1.43, -0.4, 0.23], [1.0, 0.0, 0.0]).round(4)
    array([ 0.2161, -0.0751, -0.141 ])
    """
    return product(z, cotangent, "cotangent", axis, temperature, _times)


def product(
    z: ArrayLike,
    vector: ArrayLike,
    name: str,
    axis: Axis,
    temperature: float,
    times: Callable[[Exponentials, Float64], Array],
) -> Array:
    """Return a Jacobian times a vector that errors call `name`, by `times`, which does it for a block."""
    rows = rows_of(z, axis)
    t = temperature_of(temperature)
    v = companion(vector, rows, name)
    result = np.empty(v.shape, dtype=np.result_type(rows.values, v))
    with quiet():
        for block in blocks(rows):
            block.put(result, times(Exponentials(block, t), block.lay(v)))
    return rows.per_class(result)


def centred(state: Exponentials, v: Float64) -> tuple[Float64, float]:
    """Measure v from its entry where one p is above 1/2, so that v - <p, v> does not cancel.

    Returns
    -------
    tuple
        The new v, and the power of two by which it was scaled, so that the difference cannot overflow.
    """
    scale = 0.25 if np.abs(v).max(initial=0.0) > 2.0**1020 else 1.0
    v = v * scale
    v -= np.where(state.is_top & (state.p > 0.5), v, 0.0).sum(axis=state.axis, keepdims=True)
    return v, scale


def _times(state: Exponentials, v: Float64) -> Float64:
    """Return J v = p (v - <p, v>) / T."""
    v, scale = centred(state, v)
    mean = (state.p * v).sum(axis=state.axis, keepdims=True)
    if state.temperature < 1.0 and state.deep.any():
        return _times_deep(state, v, mean) / scale
    result: Float64 = state.p * (v - mean) / state.temperature / scale
    return result


def _times_deep(state: Exponentials, v: Float64, mean: Float64) -> Float64:
    """Return p (v - mean) / T where p, or a mean that is all there is, may be too small for a double."""
    f, x = state.p_parts
    m, y = scaled_exp.sum_of_parts(f * v, x, state.axis)
    t, s = math.frexp(state.temperature)
    return np.where(
        v == 0.0, np.ldexp(f * -m / t, np.maximum(x + y, -9000) - s), np.ldexp(f * (v - mean) / t, x - s)
    )
