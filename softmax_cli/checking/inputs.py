"""What a derivative was asked at, and the quantities that its formulas, right or wrong, are made of."""

from collections.abc import Callable, Hashable
from functools import cached_property
from typing import Any, Literal, NamedTuple, TypeAlias, TypeVar, get_args

import numpy as np
from numpy.typing import NDArray

from softmax_cli.core.formula.functions import exp, log_softmax, sigmoid, softmax
from softmax_cli.core.functions import FUNCTIONS, Function

Array: TypeAlias = NDArray[np.float64]
R = TypeVar("R")
Kind: TypeAlias = Literal["jacobian", "gradient", "vjp", "jvp", "probabilities", "log-probabilities", "loss"]
KINDS: tuple[Kind, ...] = get_args(Kind)
TARGETED = ("gradient", "loss")
"""The kinds of answer that there is a true class for."""
PRODUCTS = ("vjp", "jvp")
PROBABILITIES = ("probabilities", "log-probabilities")
VALUES = (*PROBABILITIES, "loss")
"""The kinds of answer that are a function's own values, not a derivative."""
ALL = slice(None)
"""Every row, or every class."""
_FEW = 1024
_MOST = 64
"""So many inputs are remembered, whose Jacobians have so few entries."""


class Sought(NamedTuple):
    """What is sought: which function's which kind of answer."""

    function: str
    kind: Kind

    @property
    def entry(self) -> Function:
        """What is known of the function."""
        return FUNCTIONS[self.function]


class Inputs(NamedTuple):
    """The rows at which a function was asked, with all it was told.

    Parameters
    ----------
    z
        Logits, shape (n, k).
    temperature
        T of each row, shape (n,).
    target
        The 0-based true class of each row, shape (n,), where there is one.
    vector
        The tangent or cotangent of each row, shape (n, k), where there is one.
    batch
        Whether the rows were given together, so that one may have got into another.
    """

    z: Array
    temperature: Array
    target: NDArray[np.intp] | None = None
    vector: Array | None = None
    batch: bool = True

    @classmethod
    def of(cls, z: Any, temperature: Any = 1.0, target: Any = None, vector: Any = None) -> "Inputs":
        """Return the inputs of one row or of many, each part broadcast to the rows of z."""
        logits = np.atleast_2d(np.asarray(z, np.float64))
        n = len(logits)
        return cls(
            z=logits,
            temperature=np.broadcast_to(np.asarray(temperature, np.float64), (n,)),
            target=None if target is None else np.broadcast_to(np.asarray(target, np.intp), (n,)),
            vector=None if vector is None else np.broadcast_to(np.asarray(vector, np.float64), logits.shape),
        )

    @property
    def together(self) -> bool:
        """Whether there is more than one row that may have got into another."""
        return self.batch and self.n > 1

    @property
    def n(self) -> int:
        """The number of rows."""
        return len(self.z)

    @property
    def k(self) -> int:
        """The number of classes."""
        return int(self.z.shape[1])

    def rows(self, picked: Any) -> "Inputs":
        """Return some of the rows, by a slice or by their indices."""
        parts = zip(self._fields, self[:4], strict=False)
        return self._replace(**{name: part[picked] for name, part in parts if part is not None})

    def repeated(self, times: int) -> "Inputs":
        """Return all rows, `times` over."""
        return self.rows(np.tile(np.arange(self.n), times))

    @property
    def key(self) -> tuple[bytes | None, ...]:
        """What is equal for equal inputs, to look them up by."""
        parts = (np.array(self.z.shape), self.z, self.temperature, self.target, self.vector)
        return (*(None if part is None else part.tobytes() for part in parts), bytes([self.batch]))


class Quantities:
    """p, y, g, ... of the inputs: what a formula of the catalogue is written in.

    Each is computed once, over all rows and classes, and then restricted to `rows` and `classes`, so that a
    formula for a Jacobian can be compared with a small block of a large matrix. Vectors have shape (n, k),
    numbers (n, 1).
    """

    def __init__(
        self, inputs: Inputs, rows: Any = ALL, classes: Any = ALL, instead: Array | None = None
    ) -> None:
        self.inputs = inputs
        self.rows = rows
        self.classes = classes
        self.instead = instead

    @classmethod
    def of(cls, inputs: Inputs, rows: Any = ALL, classes: Any = ALL) -> "Quantities":
        """Return the quantities of these inputs, with all that was computed of them before.

        A function is asked at the same few rows as others, again and again, and those are remembered.
        """
        if inputs.z.size * inputs.k > _FEW:
            return cls(inputs, rows, classes)
        key = (*inputs.key, *(None if picked is ALL else picked.tobytes() for picked in (rows, classes)))
        found = _REMEMBERED.pop(key, None) or cls(inputs, rows, classes)
        _REMEMBERED[key] = found
        if len(_REMEMBERED) > _MOST:
            del _REMEMBERED[next(iter(_REMEMBERED))]
        return found

    def kept(self, name: Hashable, make: Callable[[], R]) -> R:
        """Return what was computed under a name, or compute it."""
        if name not in self.named:
            self.named[name] = make()
        found: R = self.named[name]
        return found

    def with_p(self, p: Array) -> "Quantities":
        """Return the same quantities, but for `p`, of all rows and classes, in place of the right."""
        return Quantities(self.inputs, self.rows, self.classes, p)

    def untempered(self) -> "Quantities":
        """Return the same quantities with T = 1."""
        plain = self.inputs._replace(temperature=np.ones(self.inputs.n))
        return self.kept("T = 1", lambda: Quantities(plain, self.rows, self.classes, self.instead))

    @cached_property
    def named(self) -> dict[Hashable, Any]:
        """What has been computed for formulas, by name."""
        return {}

    @cached_property
    def whole(self) -> "Quantities":
        """The quantities of all rows and classes."""
        return Quantities(self.inputs, instead=self.instead)

    def restrict(self, v: Array) -> Array:
        """Return the picked rows and classes of v."""
        picked: Array = v[self.rows]
        return picked if picked.shape[-1] == 1 else picked[:, self.classes]

    def every(self, name: str) -> Array:
        """Return a quantity by its name in formulas, of all rows and classes, computed once."""
        return self.kept(name, lambda: _MADE[name](self))

    z = cached_property(lambda self: self.restrict(self.every("z")))
    t = cached_property(lambda self: self.restrict(self.every("T")))
    p = cached_property(lambda self: self.restrict(self.every("p")))
    log_p = cached_property(lambda self: self.restrict(self.every("log p")))
    y = cached_property(lambda self: self.restrict(self.every("y")))
    g = cached_property(lambda self: self.restrict(self.every("g")))
    sigmoid = cached_property(lambda self: self.restrict(self.every("s")))

    @cached_property
    def eye(self) -> Array:
        """delta_ij, shape (m, m)."""
        return np.eye(self.z.shape[1])

    @cached_property
    def column(self) -> Array:
        """p_i of a matrix."""
        return np.asarray(self.p[:, :, None])

    @cached_property
    def t3(self) -> Array:
        """T, shape (n, 1, 1)."""
        return np.asarray(self.t[:, :, None])


_REMEMBERED: dict[tuple[bytes | None, ...], Quantities] = {}
"""The quantities of a few inputs, the latest last."""


def _logits(q: Quantities) -> Array:
    """Return every logit, -inf as the lowest finite number that no formula stumbles on."""
    z = q.inputs.z
    return z if np.isfinite(z).all() else np.clip(np.nan_to_num(z, neginf=-1e4, posinf=1e4), -1e4, 1e4)


def _one_hot(q: Quantities) -> Array:
    if q.inputs.target is None:
        raise LookupError("no target")
    return np.asarray(np.arange(q.inputs.k) == q.inputs.target[:, None], np.float64)


def _vector(q: Quantities) -> Array:
    if q.inputs.vector is None:
        raise LookupError("no vector")
    return q.inputs.vector


def _rest(q: Quantities) -> Array:
    """Return 1 - p; for the largest p, where they sum to 1, the sum of the others: all its digits."""
    p = q.every("p")
    rest: Array = 1.0 - p
    if q.instead is None or np.all(np.abs(p.sum(axis=1) - 1.0) < 1e-12):
        top = p.argmax(axis=1)[:, None]
        others = p.copy()
        np.put_along_axis(others, top, 0.0, axis=1)
        np.put_along_axis(rest, top, others.sum(axis=1, keepdims=True), axis=1)
    return rest


def _log(x: Array) -> Array:
    """Return log x, nan where x is not above 0."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(x > 0.0, np.log(np.where(x > 0.0, x, 1.0)), np.nan)


def _log_s(q: Quantities) -> Array:
    x = q.every("z / T")
    top = x.max(axis=1, keepdims=True)
    return np.asarray(top + np.log(np.exp(x - top).sum(axis=1, keepdims=True)))


_MADE: dict[str, Callable[[Quantities], Array]] = {
    "1 - p": _rest,
    "S": lambda q: np.asarray(q.every("e").sum(axis=1, keepdims=True)),
    "T": lambda q: q.inputs.temperature[:, None],
    "e": lambda q: exp(q.every("z / T")),
    "g": _vector,
    "k": lambda q: np.asarray(float(q.inputs.k)),
    "log S": _log_s,
    "log p": lambda q: log_softmax(q.every("z / T")) if q.instead is None else _log(q.instead),
    "n": lambda q: np.asarray(float(q.inputs.n)),
    "p": lambda q: softmax(q.every("z / T")) if q.instead is None else q.instead,
    "s": lambda q: sigmoid(q.every("z / T")),
    "v": _vector,
    "y": _one_hot,
    "z": _logits,
    "z / T": lambda q: np.asarray(q.every("z") / q.every("T")),
}
"""What formulas are written in: vectors of every class (n, k), numbers of each row (n, 1), and n and k."""


def spread(count: int, most: int) -> NDArray[np.intp]:
    """Return the places of at most `most` of `count` things, evenly spread, the first and last among them."""
    # np.unique would import numpy.ma, which takes as long as a whole diagnosis.
    return np.array(
        sorted({i * (count - 1) // max(most - 1, 1) for i in range(most if count else 0)}), np.intp
    )
