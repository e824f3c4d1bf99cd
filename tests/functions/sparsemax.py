"""Sparsemax: the nearest distribution to z / T (Martins and Astudillo 2016)."""

from typing import Any

import numpy as np


def value(z: Any, *, axis: int = -1, temperature: float = 1.0) -> Any:
    """Return max(z / T - tau, 0), tau such that the values sum to 1."""
    x = np.asarray(z, np.float64) / temperature
    falling = -np.sort(-x, axis=-1)
    above = np.cumsum(falling, axis=-1) - 1.0
    rank = np.arange(1, x.shape[-1] + 1)
    size = (rank * falling > above).sum(axis=-1, keepdims=True)
    tau = np.take_along_axis(above, size - 1, axis=-1) / size
    return np.maximum(x - tau, 0.0)


def jacobian(z: Any, *, axis: int = -1, temperature: float = 1.0) -> Any:
    """Return (delta_ij - 1 / |support|) / T within the support, 0 elsewhere."""
    kept = (value(z, temperature=temperature) > 0.0).astype(float)
    share = kept / kept.sum(axis=-1, keepdims=True)
    return (np.eye(kept.shape[-1]) * kept[..., None] - kept[..., None] * share[..., None, :]) / temperature


def jvp(z: Any, tangent: Any, *, axis: int = -1, temperature: float = 1.0) -> Any:
    """Return J v."""
    v = np.broadcast_to(np.asarray(tangent, np.float64), np.shape(z))
    return np.einsum("...ij,...j->...i", jacobian(z, temperature=temperature), v)


vjp = jvp  # the Jacobian is symmetric
