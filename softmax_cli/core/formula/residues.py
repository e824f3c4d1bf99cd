"""Exact values: a tree and its derivative at random points, modulo a prime.

Two expressions in logits, their exponentials and logarithms are equal everywhere exactly when they are equal as
rational functions of z_k, e^(z_k) and the logarithms that occur, which are independent of one another (Ax 1971, "On
Schanuel's conjectures"). A rational identity of degree d that is false holds at a random point modulo P = 2^61 - 1
with probability at most d / P (Schwartz 1980; Zippel 1979): two points decide. Derivatives are taken by dual numbers,
pairs of a value and its slope, which know none of the rules of calculus that are being practised.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import gcd
from typing import TypeAlias

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
Exponent: TypeAlias = dict[tuple[int, int], tuple[int, int]]
"""A sum of logits: for each (k, 0), or (k, 1) where z_k is divided by T, its coefficient as a fraction; k = 0 for 1."""


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


def names_of(function: str, k: int, of: int, *, temperature: bool = False) -> Names:
    """Return the names of a function's derivation, as the board has them; `of` is a loss's target."""
    over = " / T" if temperature else ""
    texts = {
        "softmax": ("e^(z_m{T})", "sum_m e_m", "e_m / S", "e_o", "S"),
        "sigmoid": ("e^(-z_m{T})", None, "1 / (1 + e_m)", "1", "1 + e_o"),
    }[function if function == "sigmoid" else "softmax"]
    found: dict[str, Node] = {}
    for name, text in zip("eSpfg", texts, strict=True):
        if text is not None:
            formula = text.replace("e^(", "exp(").replace("{T}", over)
            found[name] = substitute(parse(formula), "o", Number(of))
    target = of if function == "cross-entropy" else None
    if target is not None:
        found["L"] = parse("-sum_m y_m log p_m")
    return Names(k, found, target)


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
        self._random = random.Random(seed)
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
            self._independent[key] = self._random.randrange(1, P)
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
        formula = self.names.formulas.get(node.name)
        if formula is None:
            raise FormulaError(f"{node.name} has no meaning for this function", column=0)
        if numbers:
            formula = substitute(formula, "m", Number(numbers[0]))
        return self.dual(formula, wrt)

    def exponential(self, exponent: Node, wrt: int) -> Dual:
        """Return e to the exponent: a product of the independent e^(z_k), and its slope."""
        value, slope = 1, 0
        for (k, over), (top, bottom) in self._linear(exponent).items():
            if _PARTS * top % bottom:
                raise FormulaError("the exponent of e has a fraction that is too fine", column=0)
            part = pow(self.drawn(("e", k, over)), abs(_PARTS * top // bottom), P)
            value = value * (part if top >= 0 else _inverse(part)) % P
            if k == wrt and k:
                scale = top * _inverse(bottom) % P
                slope += scale * (_inverse(self.drawn("T")) if over else 1)
        return value, slope * value % P

    def _linear(self, node: Node) -> Exponent:
        """Return an exponent as a sum of logits."""
        match node:
            case Number(numerator=top, denominator=bottom):
                return {(0, 0): (top, bottom)} if top else {}
            case Symbol(name="z", indices=(Number(numerator=k),)):
                return {(k, 0): (1, 1)}
            case Negative(operand=operand):
                return _scaled(self._linear(operand), -1, 1)
            case Binary(operator="+" | "-" as sign, left=left, right=right):
                other = self._linear(right)
                return _added(self._linear(left), other if sign == "+" else _scaled(other, -1, 1))
            case Binary(operator="*", left=Number(numerator=a, denominator=b), right=right):
                return _scaled(self._linear(right), a, b)
            case Binary(operator="*", left=left, right=Number(numerator=a, denominator=b)):
                return _scaled(self._linear(left), a, b)
            case Binary(operator="/", left=left, right=Number(numerator=a, denominator=b)) if a:
                return _scaled(self._linear(left), b, a)
            case Binary(operator="/", left=left, right=Symbol(name="T")):
                found = self._linear(left)
                if not any(over or not k for k, over in found):
                    return {(k, 1): value for (k, _), value in found.items()}
            case Over(how="sum"):
                terms: Exponent = {}
                for term in written_out(node, self.names.k):
                    terms = _added(terms, self._linear(term))
                return terms
        raise FormulaError("the exponent of e is no sum of logits", column=0)

    def logarithm(self, node: Node, wrt: int) -> Dual:
        """Return a logarithm, taken apart as far as log(a b) = log a + log b and log e^x = x go."""
        match node:
            case Symbol(name=name) if name in ("p", "e", "f", "g") and name in self.names.formulas:
                formula = self.names.formulas[name]
                return self.logarithm(substitute(formula, "m", node.indices[0]) if node.indices else formula, wrt)
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


def _scaled(exponent: Exponent, top: int, bottom: int) -> Exponent:
    return {key: _reduced(a * top, b * bottom) for key, (a, b) in exponent.items()}


def _added(first: Exponent, second: Exponent) -> Exponent:
    total = dict(first)
    for key, (a, b) in second.items():
        c, d = total.get(key, (0, 1))
        total[key] = _reduced(a * d + c * b, b * d)
    return {key: value for key, value in total.items() if value[0]}


def _reduced(top: int, bottom: int) -> tuple[int, int]:
    common = gcd(top, bottom) * (1 if bottom > 0 else -1)
    return top // common, bottom // common


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


_DUALS: dict[type, Callable[[Point, Node, int], Dual]] = {
    Number: _number,
    Symbol: lambda point, node, wrt: point.symbol(node, wrt),
    Negative: _negative,
    Binary: _binary,
    Call: _call,
    Over: _over,
    Derivative: _derivative,
    Compare: _compare,
}
