"""The value of a catalogue formula on rows of logits: the text that is shown is what is computed."""

from functools import lru_cache
from re import findall
from typing import Any, Literal, TypeAlias

import numpy as np

from softmax_cli.checking.inputs import ALL, Array, Quantities
from softmax_cli.core.formula.arrays import FIRST, SECOND, Arrays
from softmax_cli.core.formula.evaluate import evaluate
from softmax_cli.core.formula.parser import statement
from softmax_cli.core.formula.separable import Separable
from softmax_cli.core.formula.tree import Binary, Call, Compare, Node, Number, Statement, Symbol, rewrite

How: TypeAlias = Literal["vector", "matrix", "separable"]
"""What a formula is computed as: one number a class, a matrix, or a matrix that is not formed."""
_ONE = Number(1)


class Vector:
    """A formula for one number a class: called with quantities it returns shape (n, m).

    With `in_batch` it means nothing, and is nan, where rows were not given together.
    """

    def __init__(self, text: str, *, in_batch: bool = False) -> None:
        self.text = text
        self.in_batch = in_batch

    def __call__(self, q: Quantities, x: Array | None = None) -> Array:
        """Return the formula's value at the rows and classes of q, and x, (n, 1), where it has an x."""
        if self.in_batch and not q.inputs.together:
            return np.full(q.z.shape, np.nan)
        line = read(self.text)
        answer = _row_vectors(evaluate(line.right, _arrays(q, line, "vector", x)), (len(q.t), q.inputs.k))
        return answer if q.classes is ALL else answer[:, q.classes]


class Matrix:
    """A formula for a Jacobian: called with quantities it returns shape (n, m, m).

    `elsewhere` is the formula of the entries that it says nothing about, as where it is for i != j.
    """

    def __init__(self, text: str, elsewhere: str) -> None:
        self.text = text
        self.elsewhere = elsewhere

    def __call__(self, q: Quantities, x: Array | None = None) -> Array:
        """Return the formula's value at the rows and classes of q, and x, (n, 1), where it has an x."""
        value, m = self._value(q, "matrix", x), q.z.shape[1]
        shape = (len(q.t), m, m, 1)
        whole: Array = value if np.shape(value) == shape else np.broadcast_to(value, shape)
        return whole[..., 0]

    def times(self, q: Quantities, *, from_left: bool) -> Array:
        """Return J v, or g^T J, at the rows of q, without forming J."""
        value = self._value(q, "separable")
        matrix = value if isinstance(value, Separable) else Separable() + value
        vector = q.every("g")[q.rows]
        product = matrix.times_from_left(vector) if from_left else matrix.times(vector)
        return product[:, q.classes]

    def _value(self, q: Quantities, how: How, x: Array | None = None) -> Any:
        line = read(self.text)
        on = _arrays(q, line, how, x)
        value, condition = evaluate(line.right, on), _where(line)
        if condition is None:
            return value
        holds, rest = evaluate(condition, on), evaluate(read(self.elsewhere).right, on)
        if on.separable:
            return holds * value + (1.0 - holds) * rest
        return np.where(holds != 0.0, value, rest)


def value_of(text: str, q: Quantities) -> Array:
    """Return a formula's value in the shape that it has by itself: (n, k), (n, k, k), (n, 1) or (1, 1)."""
    line = read(text)
    how: How = "matrix" if {"_j", "_ij"} & {*findall(r"_[a-z]+", text)} else "vector"
    found: Array = evaluate(line.right, _arrays(q, line, how, None))
    return found[..., 0] if how == "matrix" else found[..., 0, 0]


@lru_cache(maxsize=1024)
def read(text: str) -> Statement:
    """Return a formula's tree, with what loses digits, as 1 - p does near p = 1, put exactly."""
    line = statement(text)
    return Statement(
        line.left,
        rewrite(line.right, _exactly),
        line.condition,
        tuple((name, rewrite(node, _exactly)) for name, node in line.definitions),
    )


def _exactly(node: Node) -> Node:
    if not isinstance(node, Binary | Call):
        return node
    match node:
        case Binary(
            operator="-", left=Number(numerator=1, denominator=1), right=Symbol(name="p", indices=at)
        ):
            return Symbol("1 - p", at)
        case Binary(
            operator="-",
            left=Symbol(name="d", indices=(i, j)) as delta,
            right=Symbol(name="p", indices=(at,)) as p,
        ) if at in (i, j):
            on = Binary("*", delta, Symbol("1 - p", (at,)))
            return Binary("-", on, Binary("*", Binary("-", _ONE, delta), p))
        case Call(function="log", arguments=(Symbol(name="p", indices=at),)):
            return Symbol("log p", at)
    return node


def _where(line: Statement) -> Compare | None:
    """Return the entries that a line is about: those of its condition, or, with J_ii on its left, i = j."""
    if isinstance(line.left, Symbol) and line.left.indices == (Symbol("i"), Symbol("i")):
        return Compare("=", Symbol("i"), Symbol("j"))
    return line.condition


def _row_vectors(value: Any, shape: tuple[int, int]) -> Array:
    """Return a value of one free index as shape (n, k)."""
    found: Array = np.reshape(value, (np.shape(value)[0] if np.ndim(value) else 1, -1))
    return found if found.shape == shape else np.broadcast_to(found, shape)


def _arrays(q: Quantities, line: Statement, how: How, x: Array | None) -> Arrays:
    """Return the quantities as arrays for a formula, those that it defines among them."""
    if line.definitions or x is not None:
        return _made(q, line, how, {} if x is None else {"x": x})
    return q.kept(how, lambda: _made(q, line, how, {}))


def _made(q: Quantities, line: Statement, how: How, defined: dict[str, Array]) -> Arrays:
    def quantity(name: str) -> Array:
        return defined[name] if name in defined else q.every(name)

    n, k = q.inputs.n, q.inputs.k
    every = np.arange(k)
    whole = Arrays(quantity, n, k, ALL, {"i": (FIRST, every), "j": (FIRST, every)}, {}, bare=FIRST)
    for name, node in line.definitions:
        defined[name] = _row_vectors(evaluate(node, whole), (n, k))
    if how == "vector":
        return whole._replace(rows=q.rows, known={})
    classes = every if how == "separable" else every[q.classes]
    letters = {"i": (FIRST, classes), "j": (SECOND, classes)}
    return Arrays(quantity, n, k, q.rows, letters, {}, separable=how == "separable")
