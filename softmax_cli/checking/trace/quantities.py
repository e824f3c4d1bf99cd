"""What a line on the way to a right answer may hold: named quantities, with their shapes.

To teach the trace another one, add a line to a table. A quantity is a step only where it leads to what was
asked for: the Jacobian's p p^T is none on the way to a probability.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from softmax_cli.checking.catalogue.mistake import right, right_formula
from softmax_cli.checking.inputs import VALUES, Array, Kind, Quantities
from softmax_cli.core.formula.functions import sigmoid, softmax

Formula = Callable[[Quantities], Array]
Line = tuple[str, Formula]


class NamedQuantity(NamedTuple):
    """A quantity of the inputs: (n, k), (n, 1), (n, k, k), or a number, shape ()."""

    name: str
    value: Array


def _x(q: Quantities) -> Array:
    return np.asarray(q.z / q.t)


def _largest(v: Array) -> Array:
    return np.asarray(v.max(axis=1, keepdims=True))


def _shifted(q: Quantities) -> Array:
    return np.asarray(np.exp(_x(q) - _largest(_x(q))))


def _matrix(v: Array) -> Array:
    return np.asarray(v[:, :, None] * np.eye(v.shape[1]))


def _column(v: Array) -> Array:
    return np.asarray(v[:, :, None])


def _row(v: Array) -> Array:
    return np.asarray(v[:, None, :])


_LOGITS: tuple[Line, ...] = (
    ("z", lambda q: q.z),
    ("z / T", _x),
    ("max z", lambda q: _largest(q.z)),
    ("max z / T", lambda q: _largest(_x(q))),
    ("z - max z", lambda q: q.z - _largest(q.z)),
    ("(z - max z) / T", lambda q: _x(q) - _largest(_x(q))),
)
_EXPONENTIALS: tuple[Line, ...] = (
    ("exp(z - max z)", _shifted),
    ("exp(z)", lambda q: q.e),
    ("S = sum exp(z - max z)", lambda q: q.total(_shifted(q))),
    ("S = sum exp(z)", lambda q: q.s),
    ("log S, after the shift", lambda q: np.log(q.total(_shifted(q)))),
    ("log S", lambda q: np.log(q.s)),
)
_OF_BATCHES: tuple[Line, ...] = (
    ("the maximum of the whole batch", lambda q: np.asarray(_x(q).max())),
    ("z - the maximum of the whole batch", lambda q: _x(q) - _x(q).max()),
    ("exp(z - the maximum of the whole batch)", lambda q: np.exp(_x(q) - _x(q).max())),
    ("S, shifted by the maximum of the batch", lambda q: q.total(np.exp(_x(q) - _x(q).max()))),
)
"""A shift by one number for all rows cancels too."""
_PROBABILITIES: tuple[Line, ...] = (("p", lambda q: q.p), ("log p", lambda q: q.log_p))
_OF_JACOBIANS: tuple[Line, ...] = (
    ("J = (diag(p) - p p^T) / T", right("softmax", "jacobian")),
    ("diag(p) - p p^T", lambda q: right("softmax", "jacobian")(q) * q.t3),
    ("p p^T", lambda q: q.outer),
    ("-p p^T", lambda q: -q.outer),
    ("diag(p)", lambda q: _matrix(q.p)),
    ("I - p, d_ij - p_j", lambda q: q.eye - q.row),
    ("I - p, d_ij - p_i", lambda q: q.eye - q.column),
    ("1 - p", lambda q: 1.0 - q.p),
    ("p (1 - p)", lambda q: q.p * (1.0 - q.p)),
    ("-p (1 - p)", lambda q: -q.p * (1.0 - q.p)),
    ("p (1 - p) / T", lambda q: q.p * (1.0 - q.p) / q.t),
    ("diag(p (1 - p))", lambda q: _matrix(q.p * (1.0 - q.p))),
    ("p^2", lambda q: q.p**2),
    ("p / T", lambda q: q.p / q.t),
    ("e e^T", lambda q: _column(q.e) * _row(q.e)),
    ("e e^T, after the shift", lambda q: _column(_shifted(q)) * _row(_shifted(q))),
    ("-e e^T", lambda q: -_column(q.e) * _row(q.e)),
    ("-e e^T, after the shift", lambda q: -_column(_shifted(q)) * _row(_shifted(q))),
    ("S - e", lambda q: q.s - q.e),
    ("S - e, after the shift", lambda q: q.total(_shifted(q)) - _shifted(q)),
    ("e (S - e)", lambda q: q.e * (q.s - q.e)),
    ("e (S - e), after the shift", lambda q: _shifted(q) * (q.total(_shifted(q)) - _shifted(q))),
    ("S^2", lambda q: q.s**2),
    ("S^2, after the shift", lambda q: q.total(_shifted(q)) ** 2),
)
_OF_GRADIENTS: tuple[Line, ...] = (
    ("p - y", lambda q: q.p - q.y),
    ("(p - y) / T", lambda q: (q.p - q.y) / q.t),
    ("y", lambda q: q.y),
    ("y p", lambda q: q.y * q.p),
    ("1 - y", lambda q: 1.0 - q.y),
    ("y log p", lambda q: q.y * q.log_p),
    ("-y log p", lambda q: -q.y * q.log_p),
    ("p of the target", lambda q: q.total(q.y * q.p)),
    ("p of the target - 1", lambda q: q.total(q.y * q.p) - 1.0),
    ("log p of the target", lambda q: q.total(q.y * q.log_p)),
    ("the loss of each row, -log p of the target", lambda q: -q.total(q.y * q.log_p)),
    ("the mean loss", lambda q: np.asarray(-q.total(q.y * q.log_p).mean())),
    ("the sum of the losses", lambda q: np.asarray(-q.total(q.y * q.log_p).sum())),
    ("the sum of log p of the targets", lambda q: np.asarray(q.total(q.y * q.log_p).sum())),
    ("(p - y) / n", lambda q: (q.p - q.y) / len(q.z)),
    ("-y / p", lambda q: -q.y / q.p),
    ("y / p", lambda q: q.y / q.p),
    ("-1 / p of the target", lambda q: -1.0 / q.total(q.y * q.p)),
)
_OF_PRODUCTS: tuple[Line, ...] = (
    ("g", lambda q: q.g),
    ("g p", lambda q: q.g * q.p),
    ("g . p", lambda q: q.total(q.g * q.p)),
    ("g - g . p", lambda q: q.g - q.total(q.g * q.p)),
    ("p (g . p)", lambda q: q.p * q.total(q.g * q.p)),
    ("p (g - g . p)", lambda q: q.p * (q.g - q.total(q.g * q.p))),
    ("p (g - g . p) / T", lambda q: q.p * (q.g - q.total(q.g * q.p)) / q.t),
)
_OF_LOG_PRODUCTS: tuple[Line, ...] = (
    ("g", lambda q: q.g),
    ("sum(g)", lambda q: q.total(q.g)),
    ("p sum(g)", lambda q: q.p * q.total(q.g)),
    ("g - p sum(g)", lambda q: q.g - q.p * q.total(q.g)),
    ("(g - p sum(g)) / T", lambda q: (q.g - q.p * q.total(q.g)) / q.t),
    ("g / p", lambda q: q.g / q.p),
    ("g p", lambda q: q.g * q.p),
    ("g . p", lambda q: q.total(q.g * q.p)),
    ("g - g . p", lambda q: q.g - q.total(q.g * q.p)),
)
_OF_LOG_JACOBIANS: tuple[Line, ...] = (
    ("I - p, d_ij - p_j", lambda q: q.eye - q.row),
    ("(I - p) / T, d_ij - p_j", lambda q: (q.eye - q.row) / q.t3),
    ("-p", lambda q: -q.p),
    ("1 - p", lambda q: 1.0 - q.p),
)
_OF_SIGMOIDS: tuple[Line, ...] = (
    ("-z", lambda q: -q.z),
    ("exp(-z)", lambda q: np.exp(-_x(q))),
    ("1 + exp(-z)", lambda q: 1.0 + np.exp(-_x(q))),
    ("s", lambda q: sigmoid(_x(q))),
    ("1 - s", lambda q: 1.0 - sigmoid(_x(q))),
    ("s (1 - s)", lambda q: sigmoid(_x(q)) * (1.0 - sigmoid(_x(q)))),
)
_BESIDE: tuple[Line, ...] = (
    ("softmax(p): softmax is applied twice", lambda q: softmax(q.p)),
    ("p, normalised over axis 0", lambda q: softmax(_x(q), axis=0)),
    ("p, normalised over the whole batch", lambda q: softmax(_x(q), axis=None)),
    ("the maximum of each column", lambda q: _x(q).max(axis=0)),
    ("sum exp down the columns", lambda q: q.e.sum(axis=0)),
    ("sum exp of the whole batch", lambda q: np.asarray(q.e.sum())),
    ("y - p", lambda q: q.y - q.p),
    ("g . p of the whole batch", lambda q: np.asarray((q.g * q.p).sum())),
    ("g . p down the columns", lambda q: (q.g * q.p).sum(axis=0)),
    ("z (1 - z)", lambda q: q.z * (1.0 - q.z)),
    ("s of the sigmoid", lambda q: sigmoid(_x(q))),
    ("s (1 - s) of the sigmoid", lambda q: sigmoid(_x(q)) * (1.0 - sigmoid(_x(q)))),
    ("p (1 - p)", lambda q: q.p * (1.0 - q.p)),
    ("g p (1 - p)", lambda q: q.g * q.p * (1.0 - q.p)),
    ("(p - y) p (1 - p)", lambda q: (q.p - q.y) * q.p * (1.0 - q.p)),
    ("(p - y) p", lambda q: (q.p - q.y) * q.p),
    ("1 - p", lambda q: 1.0 - q.p),
    ("softmax without T", lambda q: softmax(q.z)),
    ("exp(z), without T", lambda q: np.exp(q.z)),
    ("exp(z - max z), without T", lambda q: np.exp(q.z - _largest(q.z))),
)
_STEPS: dict[str, tuple[Line, ...]] = {
    "jacobian": _OF_JACOBIANS,
    "gradient": (*_OF_GRADIENTS, *_OF_JACOBIANS),
    "loss": _OF_GRADIENTS,
    "vjp": (*_OF_PRODUCTS, *_OF_JACOBIANS),
    "jvp": (*_OF_PRODUCTS, *_OF_JACOBIANS),
    "probabilities": (),
    "log-probabilities": (),
}


def steps(function: str, kind: Kind, q: Quantities) -> list[NamedQuantity]:
    """Return what a line on the way to the answer may hold, the plainer first."""
    if function == "sigmoid":
        lines: tuple[Line, ...] = (*_LOGITS[:2], *_OF_SIGMOIDS)
        if kind in ("vjp", "jvp"):
            lines = (*lines, ("g", lambda q: q.g))
    else:
        lines = (*_LOGITS, *_EXPONENTIALS, *_PROBABILITIES, *_STEPS[kind])
        if len(q.z) > 1:
            lines = (*lines, *_OF_BATCHES)
        if function == "log-softmax" and kind in ("vjp", "jvp"):
            lines = (*lines, *_OF_LOG_PRODUCTS, *_OF_LOG_JACOBIANS)
        elif function == "log-softmax" and kind == "jacobian":
            lines = (*lines, *_OF_LOG_JACOBIANS)
    if kind not in VALUES:
        lines = (*lines, (right_formula(function, kind), right(function, kind)))
    return list(_evaluated(lines, q))


def beside(q: Quantities) -> list[NamedQuantity]:
    """Return quantities that people compute by mistake, and that have a name."""
    return list(_evaluated(_BESIDE, q))


def _evaluated(lines: tuple[Line, ...], q: Quantities) -> Iterator[NamedQuantity]:
    for name, formula in lines:
        with np.errstate(all="ignore"):
            try:
                value = np.asarray(formula(q), np.float64)
            except LookupError:
                continue  # a quantity of what was not given
        if np.isfinite(value).all():
            yield NamedQuantity(name, value)
