"""Matrices of many rows: the Jacobian of softmax from its probabilities, and diagonals."""

from typing import TypeVar

import numpy as np

from softmax_cli.core.arrays import Array, Float64
from softmax_cli.core.kernels.blocks import quiet

_Matrices = TypeVar("_Matrices", bound=Array)

_ENTRIES = 1 << 18
"""Entries at a time; single-threaded, as writing them is memory-bound."""

FEW = 4
"""Up to so many classes, matrices are filled entry by entry: (i, j) of all of them in one numpy loop."""

_VANISHING = 1e-160
"""Below this a product of two may be -0."""


def set_diagonal(matrices: _Matrices, diagonal: Array) -> _Matrices:
    """Set the diagonals of (n, k, k) to (n, k), and return the matrices."""
    np.einsum("nii->ni", matrices)[...] = diagonal
    return matrices


def sum_below_half(p: Float64) -> Float64:
    """Return for each row of (n, k) the sum of the probabilities that are at most 1/2, shape (n, 1).

    Where one is above, that is 1 minus that one, and nothing cancels.
    """
    total: Float64 = np.sum(p * (p <= 0.5), axis=1, keepdims=True)
    return total


def fill_jacobians(p: Float64, temperature: float, matrices: Array) -> None:
    """Write p_i (delta_ij - p_j) / T.

    The product is formed before it is divided, so the matrices are symmetric to the last bit. `p` has shape
    (n, k), up to `FEW` classes best a class after the other in memory; `matrices` (n, k, k).
    """
    n, k = p.shape
    fill, entries = (_fill_few, _ENTRIES // 2) if k <= FEW else (_fill, _ENTRIES)
    step = max(1, entries // (k * k))
    with quiet():
        for first in range(0, n, step):
            some = slice(first, first + step)
            fill(p[some], temperature, matrices[some], vanishing=bool(p[some].min(initial=1.0) < _VANISHING))


def _fill_few(p: Float64, temperature: float, matrices: Array, *, vanishing: bool) -> None:
    """Write them entry by entry; 1 - p_i is the sum of the others."""
    k = p.shape[1]
    columns = np.ascontiguousarray(p.T)
    entry = np.empty(len(p))
    for i, own in enumerate(columns):
        others = [columns[j] for j in range(k) if j != i]
        np.multiply(own, sum(others[1:], others[0]) if others else 0.0, out=entry)
        _finish(entry, temperature, vanishing=False)
        matrices[:, i, i] = entry
        for j in range(i):
            np.multiply(own, columns[j], out=entry)
            np.negative(entry, out=entry)
            _finish(entry, temperature, vanishing=vanishing)
            matrices[:, i, j] = entry
            matrices[:, j, i] = entry


def _fill(p: Float64, temperature: float, matrices: Array, *, vanishing: bool) -> None:
    """Write them matrix by matrix."""
    diagonal = p * np.where(p > 0.5, sum_below_half(p), 1.0 - p)
    if temperature != 1.0:
        diagonal /= temperature
    products = matrices if matrices.dtype == np.float64 else np.empty(matrices.shape)
    np.einsum("ni,nj->nij", p, -p, out=products)
    _finish(products, temperature, vanishing=vanishing)
    set_diagonal(products, diagonal)
    if products is not matrices:
        matrices[...] = products


def _finish(products: Array, temperature: float, *, vanishing: bool) -> None:
    """Divide by T, and turn -0 into 0."""
    if temperature != 1.0:
        products /= temperature
    if vanishing:
        products += 0.0
