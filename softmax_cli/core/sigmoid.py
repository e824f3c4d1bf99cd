"""The logistic sigmoid of each logit by itself, and its derivative.

s_i = 1 / (1 + exp(-z_i / T)),    ds_i / dz_j = delta_ij s_i (1 - s_i) / T
"""

import math

import numpy as np
from numpy.typing import ArrayLike

from softmax_cli.core import tails
from softmax_cli.core.arrays import Array, Float64, Rows, companion, rows_of, temperature_of
from softmax_cli.core.blocks import blocks, quiet
from softmax_cli.core.matrices import fill
from softmax_cli.core.shift import shifted


def sigmoid(z: ArrayLike, *, axis: int = -1, temperature: float = 1.0) -> Array:
    """Return 1 / (1 + exp(-z / T))."""
    rows = rows_of(z, axis)
    t = temperature_of(temperature)
    s = np.empty(rows.values.shape, dtype=rows.values.dtype)
    with quiet():
        for block in blocks(rows, scalar=True):
            q, low = _minus(block.z, t)
            e = np.exp(q)
            share = np.where(block.z >= 0.0, 1.0, e) / (1.0 + e * (1.0 + low))
            block.put(s, np.where(block.z >= 0.0, share, share + share * low))
    return rows.per_class(s)


value = sigmoid


def jacobian(z: ArrayLike, *, axis: int = -1, temperature: float = 1.0) -> Array:
    """Return J[..., i, j], s_i (1 - s_i) / T on the diagonal and 0 beside it."""
    rows = rows_of(z, axis)
    matrices = np.zeros((rows.n, rows.k, rows.k), dtype=rows.values.dtype)
    return rows.matrices(fill(matrices, _slope(rows, temperature)))


def jvp(z: ArrayLike, tangent: ArrayLike, *, axis: int = -1, temperature: float = 1.0) -> Array:
    """Return J v = s (1 - s) v / T."""
    rows = rows_of(z, axis)
    return rows.per_class(companion(tangent, rows, "tangent") * _slope(rows, temperature))


def vjp(z: ArrayLike, cotangent: ArrayLike, *, axis: int = -1, temperature: float = 1.0) -> Array:
    """Return g J = g s (1 - s) / T: the matrix is diagonal."""
    rows = rows_of(z, axis)
    return rows.per_class(companion(cotangent, rows, "cotangent") * _slope(rows, temperature))


def _minus(z: Float64, temperature: float) -> tuple[Float64, Float64]:
    """Return -abs(z) / T as an unevaluated sum."""
    return shifted(-np.abs(z), np.zeros((1, 1)), temperature)


def _slope(rows: Rows, temperature: float) -> Array:
    """s (1 - s) / T = e / (1 + e)^2 / T with e = exp(-abs(z) / T), shape (n, k)."""
    t = temperature_of(temperature)
    mantissa, exponent = math.frexp(t)
    slope = np.empty(rows.values.shape, dtype=rows.values.dtype)
    with quiet():
        for block in blocks(rows, scalar=True):
            q, low = _minus(block.z, t)
            f, x = tails.parts(q, low)
            whole = 1.0 + np.ldexp(f, x)
            block.put(slope, np.ldexp(f / whole / whole / mantissa, x - exponent))
    return slope
