"""The terms that right and wrong formulas are sums of, each with its name."""

from collections.abc import Callable

import numpy as np

from softmax_cli.checking.inputs import Array, Kind, Quantities

Term = tuple[str, Callable[[Quantities], Array]]


def _column(v: Array) -> Array:
    return np.asarray(v[:, :, None])


def _row(v: Array) -> Array:
    return np.asarray(v[:, None, :])


def _first_two(q: Quantities) -> Array:
    """Return what a one-hot vector marks when it is used as an index: classes 0 and 1."""
    return np.asarray((np.arange(q.inputs.k) < 2) * np.ones_like(q.z))


_OF_VECTORS: tuple[Term, ...] = (
    ("p_j g_j", lambda q: q.p * q.g),
    ("p_j (g . p)", lambda q: q.p * q.total(q.g * q.p)),
    ("g_j", lambda q: q.g),
    ("p_j sum(g)", lambda q: q.p * q.total(q.g)),
    ("p_j", lambda q: q.p),
    ("1", lambda q: np.ones_like(q.p)),
    ("(g . p)", lambda q: q.total(q.g * q.p) + 0.0 * q.p),
    ("sum(g)", lambda q: q.total(q.g) + 0.0 * q.p),
    ("p_j^2", lambda q: q.p**2),
    ("p_j^2 g_j", lambda q: q.p**2 * q.g),
    ("p_j g_j^2", lambda q: q.p * q.g**2),
    ("g_j^2", lambda q: q.g**2),
    ("[g_j != 0]", lambda q: np.where(q.g != 0.0, 1.0, 0.0)),
    ("sign(g_j)", lambda q: np.sign(q.g)),
    ("p_j sum(p^2)", lambda q: q.p * q.total(q.p**2)),
    ("p_j sum(p^2 g)", lambda q: q.p * q.total(q.p**2 * q.g)),
    ("p_j^2 sum(g)", lambda q: q.p**2 * q.total(q.g)),
    ("p_j^2 (g . p)", lambda q: q.p**2 * q.total(q.g * q.p)),
    ("z_j", lambda q: q.z),
    ("z_j g_j", lambda q: q.z * q.g),
    ("p_j (g . z)", lambda q: q.p * q.total(q.g * q.z)),
    ("p_j z_j", lambda q: q.p * q.z),
    ("log p_j", lambda q: q.log_p),
    ("g_j log p_j", lambda q: q.g * q.log_p),
    ("exp(z_j) g_j", lambda q: q.e * q.g),
)
_OF_GRADIENTS: tuple[Term, ...] = (
    ("p_j", lambda q: q.p),
    ("y_j", lambda q: q.y),
    ("1", lambda q: np.ones_like(q.p)),
    ("p_j y_j", lambda q: q.p * q.y),
    ("p_j^2", lambda q: q.p**2),
    ("p_j^2 y_j", lambda q: q.p**2 * q.y),
    ("p_target", lambda q: q.total(q.p * q.y) + 0.0 * q.p),
    ("p_j p_target", lambda q: q.p * q.total(q.p * q.y)),
    ("y_j / p_j", lambda q: q.y / q.p),
    ("(1 - y_j) / (1 - p_j)", lambda q: (1.0 - q.y) / (1.0 - q.p)),
    ("1 / p_j", lambda q: 1.0 / q.p),
    ("1 / (1 - p_j)", lambda q: 1.0 / (1.0 - q.p)),
    ("[the one-hot target used as an index: the first two classes]", _first_two),
    ("p_j sum(p^2)", lambda q: q.p * q.total(q.p**2)),
    ("p_j^3", lambda q: q.p**3),
    ("z_j", lambda q: q.z),
    ("z_j y_j", lambda q: q.z * q.y),
    ("log p_j", lambda q: q.log_p),
    ("y_j log p_j", lambda q: q.y * q.log_p),
    ("p_j log p_j", lambda q: q.p * q.log_p),
    ("p_j sum(y log p)", lambda q: q.p * q.total(q.y * q.log_p)),
    ("s(z_j)", lambda q: q.sigmoid),
    ("exp(z_j)", lambda q: q.e),
)
_OF_MATRICES: tuple[Term, ...] = (
    ("d_ij p_i", lambda q: q.eye * q.column),
    ("p_i p_j", lambda q: q.outer),
    ("d_ij", lambda q: q.eye + 0.0 * q.outer),
    ("p_j", lambda q: q.row + 0.0 * q.outer),
    ("p_i", lambda q: q.column + 0.0 * q.outer),
    ("1", lambda q: np.ones_like(q.outer)),
    ("d_ij p_i^2", lambda q: q.eye * q.column**2),
    ("d_ij z_i", lambda q: q.eye * _column(q.z)),
    ("p_i z_j", lambda q: q.column * _row(q.z)),
    ("z_i p_j", lambda q: _column(q.z) * q.row),
    ("z_i z_j", lambda q: _column(q.z) * _row(q.z)),
    ("d_ij p_i z_i", lambda q: q.eye * q.column * _column(q.z)),
    ("p_j^2", lambda q: q.row**2 + 0.0 * q.outer),
    ("p_i^2", lambda q: q.column**2 + 0.0 * q.outer),
    ("p_i p_j^2", lambda q: q.column * q.row**2),
    ("p_i^2 p_j", lambda q: q.column**2 * q.row),
    ("p_i^2 p_j^2", lambda q: q.outer**2),
    ("d_ij p_i^3", lambda q: q.eye * q.column**3),
    ("d_ij exp(z_i)", lambda q: q.eye * _column(q.e)),
    ("p_i exp(z_j)", lambda q: q.column * _row(q.e)),
    ("exp(z_i) p_j", lambda q: _column(q.e) * q.row),
    ("exp(z_i) exp(z_j)", lambda q: _column(q.e) * _row(q.e)),
    ("d_ij s(z_i)", lambda q: q.eye * _column(q.sigmoid)),
    ("d_ij log p_i", lambda q: q.eye * _column(q.log_p)),
    ("p_i log p_j", lambda q: q.column * _row(q.log_p)),
)
_OF_VALUES: tuple[Term, ...] = (
    ("p_i", lambda q: q.p),
    ("log p_i", lambda q: q.log_p),
    ("1", lambda q: np.ones_like(q.p)),
    ("z_i", lambda q: q.z),
    ("max z", lambda q: q.z.max(axis=1, keepdims=True) + 0.0 * q.p),
    ("mean z", lambda q: q.z.mean(axis=1, keepdims=True) + 0.0 * q.p),
    ("log S", lambda q: np.log(q.s) + 0.0 * q.p),
    ("S", lambda q: q.s + 0.0 * q.p),
    ("exp(z_i)", lambda q: q.e),
    ("p_i^2", lambda q: q.p**2),
    ("s(z_i)", lambda q: q.sigmoid),
    ("p_i z_i", lambda q: q.p * q.z),
    ("p_i log p_i", lambda q: q.p * q.log_p),
    ("sum(p^2)", lambda q: q.total(q.p**2) + 0.0 * q.p),
)
_OF_LOSSES: tuple[Term, ...] = (
    ("log p_target", lambda q: q.total(q.y * q.log_p) + 0.0 * q.p),
    ("p_target", lambda q: q.total(q.y * q.p) + 0.0 * q.p),
    ("z_target", lambda q: q.total(q.y * q.z) + 0.0 * q.p),
    ("1", lambda q: np.ones_like(q.p)),
    ("max z", lambda q: q.z.max(axis=1, keepdims=True) + 0.0 * q.p),
    ("log S", lambda q: np.log(q.s) + 0.0 * q.p),
    ("sum(log p)", lambda q: q.total(q.log_p) + 0.0 * q.p),
)
RIGHT_TERMS: dict[tuple[str, Kind], dict[str, float]] = {
    ("softmax", "jacobian"): {"d_ij p_i": 1.0, "p_i p_j": -1.0},
    ("log-softmax", "jacobian"): {"d_ij": 1.0, "p_j": -1.0},
    ("softmax", "vjp"): {"p_j g_j": 1.0, "p_j (g . p)": -1.0},
    ("softmax", "jvp"): {"p_j g_j": 1.0, "p_j (g . p)": -1.0},
    ("log-softmax", "vjp"): {"g_j": 1.0, "p_j sum(g)": -1.0},
    ("log-softmax", "jvp"): {"g_j": 1.0, "(g . p)": -1.0},
    ("cross-entropy", "gradient"): {"p_j": 1.0, "y_j": -1.0},
    ("cross-entropy", "loss"): {"log p_target": -1.0},
    ("softmax", "probabilities"): {"p_i": 1.0},
    ("log-softmax", "log-probabilities"): {"log p_i": 1.0},
}
"""The right formulas, as coefficients of the terms; a derivative is divided by T besides."""


def of_terms(kind: Kind) -> tuple[Term, ...]:
    """Return the terms that answers of a kind are made of."""
    match kind:
        case "jacobian":
            return _OF_MATRICES
        case "gradient":
            return _OF_GRADIENTS
        case "vjp" | "jvp":
            return _OF_VECTORS
        case "loss":
            return _OF_LOSSES
        case _:
            return _OF_VALUES
