"""The exponent of an exponential, as a sum of logits."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, TypeAlias

from softmax_cli.core.formula.tree import Binary, Negative, Node, Number, Over, Symbol, written_out
from softmax_cli.errors import FormulaError

Exponent: TypeAlias = dict[tuple[int, int], Fraction]
"""The coefficient of z_k, for each (k, 0); of z_k / T for (k, 1); k = 0 is the number 1."""


def linear(node: Node, k: int) -> Exponent:
    """Return an exponent as a sum of logits of k classes.

    Raises
    ------
    FormulaError
        Where it is not one.

    Examples
    --------
    >>> from softmax_cli.core.formula.lines.reading import read_line
    >>> linear(read_line("2 z_1 - z_2/2"), 3)
    {(1, 0): Fraction(2, 1), (2, 0): Fraction(-1, 2)}
    """
    rule = _LINEAR.get(type(node))
    found = rule(node, k) if rule else None
    if found is None:
        raise FormulaError("the exponent of e is no sum of logits", column=0)
    return found


def _number(node: Number, k: int) -> Exponent:
    return {(0, 0): Fraction(*node)} if node.numerator else {}


def _symbol(node: Symbol, k: int) -> Exponent | None:
    match node:
        case Symbol(name="z", indices=(Number(numerator=m),)):
            return {(m, 0): Fraction(1)}
    return None


def _over(node: Over, k: int) -> Exponent:
    total: Exponent = {}
    for term in written_out(node, k):
        total = _added(total, linear(term, k))
    return total


def _binary(node: Binary, k: int) -> Exponent | None:
    left, right = node.left, node.right
    if node.operator in ("+", "-"):
        return _added(linear(left, k), _scaled(linear(right, k), Fraction(1 if node.operator == "+" else -1)))
    if node.operator == "*" and isinstance(left, Number):
        return _scaled(linear(right, k), Fraction(*left))
    if node.operator in ("*", "/") and isinstance(right, Number) and right.numerator:
        factor = Fraction(*right)
        return _scaled(linear(left, k), factor if node.operator == "*" else 1 / factor)
    if node.operator == "/" and right == Symbol("T"):
        found = linear(left, k)
        if not any(over or not m for m, over in found):
            return {(m, 1): value for (m, _), value in found.items()}
    return None


def _scaled(exponent: Exponent, factor: Fraction) -> Exponent:
    return {key: coefficient * factor for key, coefficient in exponent.items()}


def _added(first: Exponent, second: Exponent) -> Exponent:
    total = dict(first)
    for key, coefficient in second.items():
        total[key] = total.get(key, 0) + coefficient
    return {key: coefficient for key, coefficient in total.items() if coefficient}


_LINEAR: dict[type, Callable[[Any, int], Exponent | None]] = {
    Number: _number,
    Symbol: _symbol,
    Negative: lambda node, k: _scaled(linear(node.operand, k), Fraction(-1)),
    Over: _over,
    Binary: _binary,
}
