"""Matrices of a block: an outer product and its diagonal."""

from typing import TypeVar

import numpy as np

from softmax_cli.core.arrays import Array, Float64

_Matrices = TypeVar("_Matrices", bound=Array)

_ENTRIES = 1 << 17
"""Entries at a time: those just written are in the cache when they are scaled and the diagonal is set."""

_FEW = 4
"""Up to so many classes the entry (i, j) of all matrices is one long loop of numpy's."""

_VANISHING = 1e-160
"""Below this a product of two may be -0."""


def set_diagonal(matrices: _Matrices, diagonal: Array) -> _Matrices:
    """Set the diagonals of (n, k, k) to (n, k), and return the matrices."""
    np.einsum("nii->ni", matrices)[...] = diagonal
    return matrices


def outer(p: Float64, complement: Float64, axis: int, temperature: float, matrices: Array) -> None:
    """Write p_i (delta_ij - p_j) / T into `matrices` (n, k, k).

    The product is formed before it is divided, so the matrices are symmetric to the last bit.

    Parameters
    ----------
    p, complement
        p and 1 - p, classes along `axis`.
    axis
        0 or 1.
    temperature
        T.
    matrices
        Where to write.
    """
    diagonal = p * complement
    if temperature != 1.0:
        diagonal /= temperature
    vanishing = p.min(initial=1.0) < _VANISHING
    k = p.shape[axis]
    if axis == 0 and k <= _FEW:
        for i in range(k):
            matrices[:, i, i] = diagonal[i]
            for j in range(i):
                entry = p[i] * -p[j]
                _finish(entry, temperature, vanishing=vanishing)
                matrices[:, i, j] = entry
                matrices[:, j, i] = entry
        return
    if axis == 0:
        p, diagonal = np.ascontiguousarray(p.T), np.ascontiguousarray(diagonal.T)
    minus_p = -p
    step = max(1, _ENTRIES // (k * k))
    for start in range(0, len(p), step):
        some = slice(start, start + step)
        products = matrices[some] if matrices.dtype == np.float64 else np.empty(matrices[some].shape)
        np.einsum("ni,nj->nij", p[some], minus_p[some], out=products)
        _finish(products, temperature, vanishing=vanishing)
        set_diagonal(products, diagonal[some])
        if matrices.dtype != np.float64:
            matrices[some] = products


def _finish(products: Array, temperature: float, *, vanishing: bool) -> None:
    """Divide by T, and turn -0 into 0."""
    if temperature != 1.0:
        products /= temperature
    if vanishing:
        products += 0.0
