"""The functions that a formula may call, a line each, in their plain textbook form."""

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
_LARGEST = 700.0
"""exp stops here, short of overflow."""


def exp(x: Array) -> Array:
    """Return exp(x), finite however large x is."""
    return np.asarray(np.exp(np.minimum(x, _LARGEST)))


def log_softmax(x: Array, axis: int = -1) -> Array:
    """Return log softmax(x) along an axis, nan and all: a wrong formula may give anything."""
    away = x - x.max(axis=axis, keepdims=True)
    return np.asarray(away - np.log(np.exp(away).sum(axis=axis, keepdims=True)))


def softmax(x: Array, axis: int | None = -1) -> Array:
    """Return softmax(x) along an axis, or of the whole array."""
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return np.asarray(e / e.sum(axis=axis, keepdims=True))


def sigmoid(x: Array) -> Array:
    """Return 1 / (1 + exp(-x))."""
    return np.asarray(1.0 / (1.0 + exp(-x)))


ENTRYWISE: dict[str, Callable[..., Any]] = {
    "abs": np.abs,
    "clip": np.clip,
    "exp": exp,
    "floor": np.floor,
    "int": np.trunc,
    "log": np.log,
    "log2": np.log2,
    "log10": np.log10,
    "max": np.maximum,
    "min": np.minimum,
    "round": lambda v, decimals=0: np.round(v, int(decimals)),
    "sign": np.sign,
    "sigmoid": sigmoid,
    "sqrt": np.sqrt,
    "tanh": np.tanh,
}
"""What a formula may call, entry by entry."""

ALONG: dict[str, Callable[[Any, int], Any]] = {
    "argmax": lambda v, axis: np.argmax(v, axis=axis, keepdims=True) + 1.0,
    "max": lambda v, axis: v.max(axis=axis, keepdims=True),
    "mean": lambda v, axis: v.mean(axis=axis, keepdims=True),
    "min": lambda v, axis: v.min(axis=axis, keepdims=True),
    "norm": lambda v, axis: np.sqrt((v * v).sum(axis=axis, keepdims=True)),
    "softmax": softmax,
    "sort": lambda v, axis: np.sort(v, axis=axis),
    "std": lambda v, axis: v.std(axis=axis, keepdims=True),
    "sum": lambda v, axis: v.sum(axis=axis, keepdims=True),
}
"""What a formula may call of a whole vector."""
