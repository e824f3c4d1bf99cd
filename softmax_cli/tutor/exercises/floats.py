"""A formula's value in doubles, for exercises about numbers."""

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from softmax_cli.core.formula.tree import Binary, Call, Negative, Node, Number, Over, Symbol, written_out
from softmax_cli.errors import FormulaError

Given: TypeAlias = Mapping[str, float | Sequence[float]]
_SIGNS: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "^": operator.pow,
}


def number(node: Node, given: Given) -> float:
    """Return the value of a tree.

    Parameters
    ----------
    node
        The tree; its indices are numbers of classes.
    given
        The numbers of the names: one, or one for each class.

    Raises
    ------
    FormulaError
        If it has none: a name is not given, or there is a division by 0.

    Examples
    --------
    >>> from softmax_cli.core.formula.lines.reading import read_line
    >>> number(read_line("p_1 (1 - p_1)"), {"p": (0.5, 0.3, 0.2)})
    0.25
    """
    try:
        return float(_VALUES[type(node)](node, given))
    except (ArithmeticError, ValueError, KeyError, IndexError, TypeError) as error:
        raise FormulaError("this has no value in these numbers", column=0) from error


def _symbol(node: Symbol, given: Given) -> float:
    numbers = [index.numerator for index in node.indices if isinstance(index, Number)]
    if len(numbers) < len(node.indices):
        raise KeyError(node.name)
    if node.name == "d":
        return float(numbers[0] == numbers[1])
    value: Any = given[node.name]
    return float(value[numbers[0] - 1] if numbers else value)


def _call(node: Call, given: Given) -> float:
    return {"exp": math.exp, "log": math.log}[node.function](number(node.arguments[0], given))


def _over(node: Over, given: Given) -> float:
    k = max(len(values) for values in given.values() if not isinstance(values, float | int))
    return math.fsum(number(term, given) for term in written_out(node, k))


_VALUES: dict[type, Callable[[Any, Given], float]] = {
    Number: lambda node, _: node.numerator / node.denominator,
    Symbol: _symbol,
    Negative: lambda node, given: -number(node.operand, given),
    Binary: lambda node, given: _SIGNS[node.operator](number(node.left, given), number(node.right, given)),
    Call: _call,
    Over: _over,
}
