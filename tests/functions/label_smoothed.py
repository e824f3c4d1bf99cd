"""The cross-entropy of softmax against 1 - E + E/k for the target and E/k for the others, E = 1/10."""

from typing import Any

import numpy as np

from softmax_cli.core.log_softmax import log_softmax
from softmax_cli.core.softmax import softmax

SMOOTHING = 0.1


def _labels(z: Any, target: Any) -> Any:
    k = np.shape(z)[-1]
    return (np.arange(k) == np.asarray(target)[..., None]) * (1.0 - SMOOTHING) + SMOOTHING / k


def value(z: Any, target: Any, *, axis: int = -1, temperature: float = 1.0) -> Any:
    """Return -sum_k y_k log p_k."""
    return -(_labels(z, target) * log_softmax(z, temperature=temperature)).sum(axis=-1)


def gradient(z: Any, target: Any, *, axis: int = -1, temperature: float = 1.0) -> Any:
    """Return (p - y) / T."""
    return (softmax(z, temperature=temperature) - _labels(z, target)) / temperature


def jvp(z: Any, tangent: Any, target: Any, *, axis: int = -1, temperature: float = 1.0) -> Any:
    """Return the gradient times a tangent."""
    return (gradient(z, target, temperature=temperature) * tangent).sum(axis=-1)


def vjp(z: Any, cotangent: Any, target: Any, *, axis: int = -1, temperature: float = 1.0) -> Any:
    """Return the gradient times a number."""
    return gradient(z, target, temperature=temperature) * np.asarray(cotangent)[..., None]
