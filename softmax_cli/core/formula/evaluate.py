"""A tree's value on arrays of rows."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from softmax_cli.core.formula.arrays import BOUND, FIRST, ROW, SECOND, Arrays, classes_of, delta
from softmax_cli.core.formula.functions import ALONG, ENTRYWISE, exp, log_softmax
from softmax_cli.core.formula.parser import MATRICES
from softmax_cli.core.formula.separable import Separable
from softmax_cli.core.formula.tree import Binary, Call, Compare, Negative, Node, Number, Over, Symbol, walk

Array: TypeAlias = NDArray[np.float64]


def evaluate(node: Node, on: Arrays) -> Any:
    """Return the value of a tree, an array of four axes (or `Separable`, or one number).

    `on` holds the quantities, and which rows and classes are asked for.

    Raises
    ------
    LookupError
        If a quantity is not there, such as the target of inputs without one.

    Examples
    --------
    >>> from softmax_cli.core.formula.parser import parse
    >>> p = np.array([[0.5, 0.25, 0.25]])
    >>> on = Arrays(lambda name: p, 1, 3, slice(None), {"i": (FIRST, np.arange(3))}, {})
    >>> evaluate(parse("p_i (1 - p_i)"), on).ravel()
    array([0.25  , 0.1875, 0.1875])
    """
    if isinstance(node, Number):
        return node.numerator / node.denominator
    found = on.known.get(node)
    if found is None:
        found = on.known[node] = _VALUES[type(node)](on, node)
    return found


def _negative(on: Arrays, node: Negative) -> Any:
    return -evaluate(node.operand, on)


def _symbol(on: Arrays, node: Symbol) -> Any:
    if node.name in MATRICES:
        return delta(on, node.indices)
    if not node.indices and node.name in on.letters:
        axis, classes = on.letters[node.name]
        return on.placed(np.asarray(classes[None, :] + 1.0), axis)
    whole = on.quantity(node.name)
    if whole.ndim == 0:
        return float(whole)
    if whole.shape[1] == 1:
        return _of_rows(on, whole, node.indices[:1]).reshape(-1, 1, 1, 1)
    return _vector(on, _of_rows(on, whole, node.indices[:-1]), node.indices[-1:])


def _of_rows(on: Arrays, whole: Array, index: tuple[Node, ...]) -> Array:
    """Return the rows that are asked for; all of them where the index of rows is summed over."""
    summed = any(isinstance(one, Symbol) and one.name in on.summed_rows for one in index)
    return whole if summed else whole[on.rows]


def _vector(on: Arrays, v: Array, index: tuple[Node, ...]) -> Any:
    if not index:
        return on.placed(v, on.bare)
    if index == (Symbol("target"),):
        return (v * on.quantity("y")[on.rows]).sum(axis=1).reshape(-1, 1, 1, 1)
    axis, classes = classes_of(on, index[0])
    return on.placed(v[:, classes % on.k], axis)


def _binary(on: Arrays, node: Binary) -> Any:
    if node.operator == "/":
        quotient = _quotient_of_exponentials(on, node)
        if quotient is not None:
            return quotient
    left = evaluate(node.left, on)
    if node.operator == "^" and isinstance(node.right, Number):
        power = node.right.numerator / node.right.denominator
        return left * left if power == 2.0 and not isinstance(left, float) else left**power
    right = evaluate(node.right, on)
    if node.operator == ".":
        return (left * right).sum(axis=on.bare, keepdims=True)
    return _BINARY[node.operator](left, right)


def _quotient_of_exponentials(on: Arrays, node: Binary) -> Any:
    """Return exp(a) / exp(b), or over a sum of exp(b), from a and b: neither overflows; None for others."""
    below = _log_of_sum(on, node.right)
    if below is None and isinstance(node.right, Call):
        below = _exponent(on, node.right)
    above = None if below is None else _exponent(on, node.left)
    return None if above is None else _mapped(exp, above - below)


def _exponent(on: Arrays, node: Node) -> Any:
    """Return the exponent of an exponential, to base e; None for others."""
    match node:
        case Call(function="exp", arguments=(argument,)):
            return evaluate(argument, on)
        case Binary(operator="^", left=Number() as base, right=power) if not isinstance(power, Number):
            return evaluate(power, on) * np.log(base.numerator / base.denominator)
    return None


def _log_of_sum(on: Arrays, node: Node) -> Any:
    """Return the logarithm of a sum, or mean, of exponentials, shifted by the largest; None for others."""
    if not isinstance(node, Over) or node.condition is not None or node.how not in ("sum", "mean"):
        return None
    inner, axes = _within(on, node)
    x = _exponent(inner, node.body)
    if x is None:
        return None
    top = x.max(axis=axes, keepdims=True)
    total = np.exp(x - top)
    return top + np.log(getattr(total, node.how)(axis=axes, keepdims=True))


def _over(on: Arrays, node: Over) -> Any:
    inner, axes = _within(on, node)
    body = evaluate(node.body, inner)
    shape = list(np.shape(body))
    for axis in axes:
        shape[axis] = on.k if axis == BOUND else on.n
    if np.shape(body) != tuple(shape):
        body = np.broadcast_to(body, shape)
    condition = node.condition
    if isinstance(condition, Compare) and condition.operator == "<=" and isinstance(condition.right, Symbol):
        found = on.letters.get(condition.right.name)
        if found is not None:  # a running sum
            axis, classes = found
            running = np.cumsum(body, axis=BOUND)[..., classes]
            return on.placed(running.reshape(len(running), -1), axis)
    if condition is not None:
        body = np.where(evaluate(condition, inner) != 0.0, body, 0.0)
    return getattr(np, node.how)(body, axis=axes, keepdims=True)


def _within(on: Arrays, node: Over) -> tuple[Arrays, tuple[int, ...]]:
    """Return what the body of a sum is computed on, and the axes that are summed over."""
    rows = {
        one.indices[0].name
        for one, _ in walk(node.body)
        if isinstance(one, Symbol) and one.indices and one.name not in MATRICES and _has_row(one)
        if isinstance(one.indices[0], Symbol)
    }
    letters = dict(on.letters)
    axes = []
    for letter in node.letters:
        if letter in rows:
            axes.append(ROW)
        else:
            axes.append(BOUND)
            letters[letter] = (BOUND, np.arange(on.k))
    summed = "".join(letter for letter in node.letters if letter in rows)
    return on._replace(letters=letters, summed_rows=on.summed_rows + summed, known={}), tuple(axes)


def _has_row(symbol: Symbol) -> bool:
    """Return whether the first index is that of a row: z_ni, T_n."""
    return len(symbol.indices) == 2 or (symbol.name == "T" and len(symbol.indices) == 1)


def _compare(on: Arrays, node: Compare) -> Any:
    """Return 1 where a comparison holds, else 0."""
    if on.separable:
        places = _places(on, node)
        if places is not None:
            return _compare_places(node.operator, *places)
        difference = evaluate(node.left, on) - evaluate(node.right, on)
        return _mapped(lambda v: np.asarray(_COMPARISONS[node.operator](v, 0.0), np.float64), difference)
    holds = _COMPARISONS[node.operator](evaluate(node.left, on), evaluate(node.right, on))
    return np.asarray(holds, np.float64)


def _places(on: Arrays, node: Compare) -> tuple[NDArray[np.intp], NDArray[np.intp], bool] | None:
    """Return the classes on both sides of i = j and the like, and whether j is on the left, or None."""
    try:
        (axis, a), (other, b) = classes_of(on, node.left), classes_of(on, node.right)
    except LookupError:
        return None
    return (a, b, axis == SECOND) if {axis, other} == {FIRST, SECOND} else None


def _compare_places(operator: str, a: NDArray[np.intp], b: NDArray[np.intp], turned: bool) -> Separable:
    first, second = (b, a) if turned else (a, b)
    equal = Separable.where_equal(first, second)
    if operator in ("=", "!="):
        return equal if operator == "=" else 1.0 - equal
    lower = Separable.lower()
    return {">=": lower, ">": lower - equal, "<": 1.0 - lower, "<=": 1.0 - lower + equal}[
        _TURNED[operator] if turned else operator
    ]


_TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
_COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "=": np.equal,
    "!=": np.not_equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}


def _call(on: Arrays, node: Call) -> Any:
    """Return a function's value; a sum of exponentials within a logarithm is never formed."""
    if node.function == "log":
        found = _logarithm(on, node.arguments[0])
        if found is not None:
            return found
    arguments = [evaluate(argument, on) for argument in node.arguments]
    if len(arguments) == 1 and node.function in ALONG:
        return ALONG[node.function](arguments[0], on.bare)
    return _mapped(ENTRYWISE[node.function], *arguments)


def _logarithm(on: Arrays, argument: Node) -> Any:
    match argument:
        case Symbol(name="S"):
            return on.quantity("log S")[on.rows].reshape(-1, 1, 1, 1)
        case Call(function="softmax", arguments=(x,)):
            return log_softmax(evaluate(x, on), on.bare)
        case Binary(operator="+", left=Number(numerator=1, denominator=1), right=x):
            return _mapped(np.log1p, evaluate(x, on))
    return _log_of_sum(on, argument)


def _mapped(function: Callable[..., Any], first: Any, *others: Any) -> Any:
    """Return a function of every entry."""
    if isinstance(first, Separable):
        return abs(first) if function is np.abs else first.map(lambda v: function(v, *others))
    return function(first, *others)


_BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": lambda a, b: np.floor(a / b),
    "^": lambda a, b: np.exp(np.log(a) * b) if isinstance(a, float) else a**b,
}
_VALUES: dict[type, Callable[[Arrays, Any], Any]] = {
    Symbol: _symbol,
    Negative: _negative,
    Binary: _binary,
    Call: _call,
    Over: _over,
    Compare: _compare,
}
