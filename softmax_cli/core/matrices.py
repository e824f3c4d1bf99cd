"""Matrices of a block: an outer product and its diagonal."""

import numpy as np

from softmax_cli.core.arrays import Array, Float64


def fill(matrices: Array, diagonal: Float64) -> Array:
    """Set the diagonals of (n, k, k) to (n, k), turn -0 into 0, and return the matrices."""
    matrices += 0.0
    n, k = diagonal.shape
    matrices.reshape(n, k * k)[:, :: k + 1] = diagonal
    return matrices


def outer(p: Float64, complement: Float64, temperature: float, matrices: Array) -> None:
    """Write p_i (delta_ij - p_j) / T into `matrices` (n, k, k), given p and 1 - p, (n, k).

    The product is formed before it is divided, so the matrix is symmetric to the last bit.
    """
    product = p[:, :, None] * -p[:, None, :]
    if temperature != 1.0:
        product /= temperature
    matrices[...] = fill(product, p * complement / temperature)
