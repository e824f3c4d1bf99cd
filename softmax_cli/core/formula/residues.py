"""Exact values: a tree and its derivative at random points, modulo a prime.

Two expressions in logits, their exponentials and logarithms are equal everywhere exactly when they are equal
as rational functions of z_k, e^(z_k) and the logarithms that occur, which are independent of one another (Ax
1971, "On Schanuel's conjectures"). A rational identity of degree d that is false holds at a random point
modulo P = 2^61 - 1 with probability at most d / P (Schwartz 1980; Zippel 1979): two points decide.
Derivatives are taken by dual numbers, pairs of a value and its slope, which know none of the rules.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from softmax_cli.core.formula.exponents import linear
from softmax_cli.core.formula.parser import parse
from softmax_cli.core.formula.printing import substitute, written_out
from softmax_cli.core.formula.tree import (
    Binary,
    Call,
    Compare,
    Derivative,
    Negative,
    Node,
    Number,
    Over,
    Symbol,
)
from softmax_cli.errors import FormulaError

P = (1 << 61) - 1
_PARTS = 12
"""e^(z_k) is the 12th power of a random number, so that e^(z_k / 2) and the like have values too."""
Dual: TypeAlias = tuple[int, int]


@dataclass(frozen=True)
class Names:
    """What the names of a derivation stand for.

    Parameters
    ----------
    k
        The number of classes.
    formulas
        A formula for each name: in the letter m where it has an index, as in p_m.
    target
        The true class, counted from 1, where there is one: y is 1 there.
    """

    k: int
    formulas: Mapping[str, Node]
    target: int | None = None


_SOFTMAX = {"e": "exp(z_m / T)", "S": "sum_m e_m", "p": "e_m / S", "f": "e_i", "g": "S"}
DEFINITIONS = {
    "softmax": _SOFTMAX,
    "log-softmax": _SOFTMAX,
    "sigmoid": {"e": "exp(-z_m / T)", "p": "1 / (1 + e_m)", "f": "1", "g": "1 + e_i"},
    "cross-entropy": {**_SOFTMAX, "L": "-sum_m y_m log p_m"},
}
"""What each function's derivation calls what: p_m of a class m, f and g of the output i."""


def names_of(function: str, k: int, of: int, *, temperature: bool = False) -> Names:
    """Return the names of a function's derivation, as the board has them; `of` is a loss's target."""
    over = " / T" if temperature else ""
    found = {
        name: substitute(parse(text.replace(" / T", over)), "i", Number(of))
        for name, text in DEFINITIONS[function].items()
    }
    return Names(k, found, of if "L" in found else None)


class Point:
    """A random point: a value modulo P for every logit, for T, and for what depends on them.

    Parameters
    ----------
    names
        What names stand for.
    seed
        Fixes the point.
    """

    def __init__(self, names: Names, seed: int) -> None:
        self.names = names
        self.seed = seed
        self._independent: dict[object, int] = {}
        self._known: dict[tuple[Node, int], Dual] = {}

    def value(self, node: Node) -> int:
        """Return the value of a tree.

        Raises
        ------
        FormulaError
            Where it has none: a division by 0, an index letter, a name that the function does not have.
        """
        return self.dual(node, 0)[0]

    def dual(self, node: Node, wrt: int) -> Dual:
        """Return the value of a tree and its slope along the logit `wrt`, counted from 1; 0 for none."""
        return _DUALS[type(node)](self, node, wrt)

    def drawn(self, key: object) -> int:
        """Return the random value of something independent of all else."""
        if key not in self._independent:
            self._independent[key] = random.Random(f"{self.seed} {key}").randrange(1, P)
        return self._independent[key]

    def symbol(self, node: Symbol, wrt: int) -> Dual:
        """Return the value of a name."""
        key = (node, wrt)
        if key not in self._known:
            self._known[key] = self._symbol(node, wrt)
        return self._known[key]

    def _symbol(self, node: Symbol, wrt: int) -> Dual:
        numbers = [index.numerator for index in node.indices if isinstance(index, Number)]
        if len(numbers) != len(node.indices):
            raise FormulaError("an index letter stands for no class here", column=0)
        match node.name:
            case "d":
                return int(numbers[0] == numbers[1]), 0
            case "z":
                return self.drawn(("z", *numbers)), int(numbers == [wrt])
            case "T":
                return self.drawn("T"), 0
            case "y" if self.names.target is not None:
                return int(numbers == [self.names.target]), 0
        return self.dual(self._formula(node), wrt)

    def _formula(self, node: Symbol) -> Node:
        """Return what a name stands for, with its class."""
        formula = self.names.formulas.get(node.name)
        if formula is None:
            raise FormulaError(f"{node.name} has no meaning for this function", column=0)
        return substitute(formula, "m", node.indices[0]) if node.indices else formula

    def exponential(self, exponent: Node, wrt: int) -> Dual:
        """Return e to the exponent: a product of the independent e^(z_k), and its slope."""
        value, slope = 1, 0
        for (k, over), (top, bottom) in linear(exponent, self.names.k).items():
            if _PARTS * top % bottom:
                raise FormulaError("the exponent of e has a fraction that is too fine", column=0)
            part = pow(self.drawn(("e", k, over)), abs(_PARTS * top // bottom), P)
            value = value * (part if top >= 0 else _inverse(part)) % P
            if k == wrt and k:
                scale = top * _inverse(bottom) % P
                slope += scale * (_inverse(self.drawn("T")) if over else 1)
        return value, slope * value % P

    def logarithm(self, node: Node, wrt: int) -> Dual:
        """Return a logarithm, taken apart as far as log(a b) = log a + log b and log e^x = x go."""
        match node:
            case Symbol(name=name) if name in ("p", "e", "f", "g") and name in self.names.formulas:
                formula = self.names.formulas[name]
                return self.logarithm(
                    substitute(formula, "m", node.indices[0]) if node.indices else formula, wrt
                )
            case Call(function="exp", arguments=(exponent,)):
                return self.dual(exponent, wrt)
            case Binary(operator="*", left=left, right=right):
                return _add(self.logarithm(left, wrt), self.logarithm(right, wrt))
            case Binary(operator="/", left=left, right=right):
                a, b = self.logarithm(right, wrt)
                return _add(self.logarithm(left, wrt), (-a, -b))
            case Binary(operator="^", left=left, right=power):
                return _multiply(self.dual(power, wrt), self.logarithm(left, wrt))
        value, slope = self.dual(node, wrt)
        return (0 if value == 1 else self.drawn(("log", value))), slope * _inverse(value) % P


@lru_cache(maxsize=4096)
def _inverse(a: int) -> int:
    if not a % P:
        raise FormulaError("this divides by 0", column=0)
    return pow(a, -1, P)


def _add(a: Dual, b: Dual) -> Dual:
    return (a[0] + b[0]) % P, (a[1] + b[1]) % P


def _multiply(a: Dual, b: Dual) -> Dual:
    return a[0] * b[0] % P, (a[1] * b[0] + a[0] * b[1]) % P


def _reciprocal(a: Dual) -> Dual:
    inverse = _inverse(a[0])
    return inverse, -a[1] * inverse * inverse % P


def _number(point: Point, node: Number, wrt: int) -> Dual:
    return node.numerator * _inverse(node.denominator) % P, 0


def _negative(point: Point, node: Negative, wrt: int) -> Dual:
    value, slope = point.dual(node.operand, wrt)
    return -value % P, -slope % P


def _binary(point: Point, node: Binary, wrt: int) -> Dual:
    left, right = point.dual(node.left, wrt), node.right
    match node.operator:
        case "+":
            return _add(left, point.dual(right, wrt))
        case "-":
            value, slope = point.dual(right, wrt)
            return _add(left, (-value, -slope))
        case "*":
            return _multiply(left, point.dual(right, wrt))
        case "/":
            return _multiply(left, _reciprocal(point.dual(right, wrt)))
    return _raised(left, right)


def _raised(base: Dual, power: Node) -> Dual:
    turned = isinstance(power, Negative)
    number = power.operand if isinstance(power, Negative) else power
    if not isinstance(number, Number) or number.denominator != 1:
        raise FormulaError("a power is a whole number", column=0)
    n = number.numerator
    value = pow(base[0], n, P)
    found = value, n * pow(base[0], n - 1, P) * base[1] % P if n else 0
    return _reciprocal(found) if turned else found


def _call(point: Point, node: Call, wrt: int) -> Dual:
    if node.function == "exp":
        return point.exponential(node.arguments[0], wrt)
    if node.function == "log":
        return point.logarithm(node.arguments[0], wrt)
    raise FormulaError(f"{node.function} has no exact value", column=0)


def _over(point: Point, node: Over, wrt: int) -> Dual:
    if node.how != "sum" or not _whole(node):
        raise FormulaError(f"this {node.how} has no exact value", column=0)
    total = (0, 0)
    for term in written_out(node, point.names.k):
        total = _add(total, point.dual(term, wrt))
    return total


def _whole(node: Over) -> bool:
    """Return whether a sum is over all classes, or all but one."""
    return node.condition is None or (isinstance(node.condition, Compare) and node.condition.operator == "!=")


def _derivative(point: Point, node: Derivative, wrt: int) -> Dual:
    index = node.wrt.indices[0] if isinstance(node.wrt, Symbol) and node.wrt.indices else None
    if not isinstance(index, Number):
        raise FormulaError("an index letter stands for no class here", column=0)
    return point.dual(node.of, index.numerator)[1], 0


def _compare(point: Point, node: Compare, wrt: int) -> Dual:
    raise FormulaError("a comparison has no exact value", column=0)


_DUALS: dict[type, Callable[[Point, Any, int], Dual]] = {
    Number: _number,
    Symbol: lambda point, node, wrt: point.symbol(node, wrt),
    Negative: _negative,
    Binary: _binary,
    Call: _call,
    Over: _over,
    Derivative: _derivative,
    Compare: _compare,
}
