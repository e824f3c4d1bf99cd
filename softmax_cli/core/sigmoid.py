"""The logistic sigmoid of each logit by itself, and its derivative.

s_i = 1 / (1 + exp(-z_i / T)),    ds_i / dz_j = delta_ij s_i (1 - s_i) / T
"""

import math

import numpy as np
from numpy.typing import ArrayLike

from softmax_cli.core.arrays import Array, Axis, Float64, Rows, companion, rows_of, temperature_of
from softmax_cli.core.kernels import scaled_exp
from softmax_cli.core.kernels.blocks import blocks, quiet
from softmax_cli.core.kernels.compensated import shifted
from softmax_cli.core.kernels.matrices import set_diagonal
from softmax_cli.core.kernels.overflow import finite_or


def sigmoid(z: ArrayLike, *, axis: Axis = -1, temperature: float = 1.0) -> Array:
    """Return the logistic sigmoid s_i = 1 / (1 + exp(-z_i / T)) of each logit by itself.

    Parameters
    ----------
    z, axis, temperature
        As for `softmax`, but any logit may be infinite.

    Returns
    -------
    numpy.ndarray
        Shape of `z`; in [0, 1]. The values of a vector need not sum to 1.

    Raises
    ------
    LogitsError
        For nan, or no classes.
    InputError
        As for `softmax`.

    Notes
    -----
    Every value is within 4 ulp of the exact one.

    Examples
    --------
    >>> sigmoid([1.43, -0.4, 0.23]).round(4)
    array([0.8069, 0.4013, 0.5572])
    """
    rows = rows_of(z, axis)
    t = temperature_of(temperature)
    s = rows.empty()
    with quiet():
        for block in blocks(rows, scalar=True):
            q, low = _minus(block.z, t)
            e = np.exp(q)
            share = np.where(block.z >= 0.0, 1.0, e) / (1.0 + e * (1.0 + low))
            block.put(s, np.where(block.z >= 0.0, share, share + share * low))
    return rows.per_class(s)


value = sigmoid


def jacobian(z: ArrayLike, *, axis: Axis = -1, temperature: float = 1.0) -> Array:
    """Return the Jacobian J[..., i, j] = ds_i / dz_j: s_i (1 - s_i) / T on the diagonal, 0 off it.

    Notes
    -----
    Every entry is within 10 ulp of the exact value: s (1 - s) = e / (1 + e)^2 with e = exp(-abs(z) / T).

    Examples
    --------
    >>> jacobian([0.0, 1.0]).round(4)
    array([[0.25  , 0.    ],
           [0.    , 0.1966]])
    """
    rows = rows_of(z, axis)
    matrices = np.zeros((rows.n, rows.k, rows.k), dtype=rows.values.dtype)
    return rows.matrices(set_diagonal(matrices, _slope(rows, temperature_of(temperature))))


def jvp(z: ArrayLike, tangent: ArrayLike, *, axis: Axis = -1, temperature: float = 1.0) -> Array:
    """Return the product J v = s (1 - s) v / T.

    Notes
    -----
    Every entry is within 11 ulp of the exact value.

    Examples
    --------
    >>> jvp([0.0, 1.0], [1.0, 0.0])
    array([0.25, 0.  ])
    """
    rows = rows_of(z, axis)
    return rows.per_class(_times(rows, companion(tangent, rows, "tangent"), temperature_of(temperature)))


def vjp(z: ArrayLike, cotangent: ArrayLike, *, axis: Axis = -1, temperature: float = 1.0) -> Array:
    """Return the product g J = g s (1 - s) / T: the matrix is diagonal.

    Notes
    -----
    Every entry is within 11 ulp of the exact value.

    Examples
    --------
    >>> vjp([0.0, 1.0], [1.0, 0.0])
    array([0.25, 0.  ])
    """
    rows = rows_of(z, axis)
    return rows.per_class(_times(rows, companion(cotangent, rows, "cotangent"), temperature_of(temperature)))


def _minus(z: Float64, temperature: float) -> tuple[Float64, Float64]:
    """Return -abs(z) / T as an unevaluated sum."""
    return shifted(-np.abs(z), np.zeros((1, 1)), temperature)


def _times(rows: Rows, v: Array, t: float) -> Array:
    """Return the derivative times v."""
    return finite_or(lambda: v * _slope(rows, t), lambda: v * _slope(rows, t, times_t=True) / t)


def _slope(rows: Rows, t: float, *, times_t: bool = False) -> Array:
    """Return s (1 - s) / T = e / (1 + e)^2 / T with e = exp(-abs(z) / T), shape (n, k)."""
    mantissa, exponent = (1.0, 0) if times_t else math.frexp(t)
    slope = rows.empty()
    with quiet():
        for block in blocks(rows, scalar=True):
            q, low = _minus(block.z, t)
            f, x = scaled_exp.parts(q, low)
            whole = 1.0 + np.ldexp(f, x)
            block.put(slope, np.ldexp(f / whole / whole / mantissa, x - exponent))
    return slope
