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
from contextlib import suppress
from typing import Any

from softmax_cli.core.formula.exact.duals import Dual, P, add, inverse, multiply, reciprocal
from softmax_cli.core.formula.exact.exponents import linear
from softmax_cli.core.formula.exact.names import Definitions
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
    substitute,
    walk,
    whole_number,
    written_out,
)
from softmax_cli.errors import FormulaError

_PARTS = 12
"""e^(z_k) is the 12th power of a random number, so that e^(z_k / 2) and the like have values too."""


class RandomPoint:
    """A random point: a value modulo P for every logit, for T, and for what depends on them.

    `letters` are the classes that index letters stand for here, counted from 1; `seed` fixes the point.
    """

    def __init__(self, names: Definitions, seed: int, letters: Mapping[str, int] | None = None) -> None:
        self.names = names
        self.seed = seed
        self.letters = letters or {}
        self._independent: dict[object, int] = {}
        self._known: dict[tuple[Node, int], Dual] = {}
        self._powers: dict[tuple[Node, int], Dual] = {}
        self._kept: dict[tuple[int, int], tuple[Node, Dual]] = {}

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
        kept = self._kept.get((id(node), wrt))
        return _DUALS[type(node)](self, node, wrt) if kept is None else kept[1]

    def keep(self, tree: Node) -> None:
        """Remember the values of a tree's parts: trees that share them are evaluated faster."""
        for node, _ in walk(tree):
            with suppress(FormulaError):
                self._kept[id(node), 0] = node, self.dual(node, 0)

    def remembered(self, tree: Node) -> int:
        """Return the value of a tree that is asked for again and again."""
        if (id(tree), 0) not in self._kept:
            self._kept[id(tree), 0] = tree, self.dual(tree, 0)
        return self._kept[id(tree), 0][1][0]

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
        numbers = [self.number(index) for index in node.indices]
        match node.name:
            case "K":
                return self.names.k, 0
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

    def number(self, index: Node) -> int:
        """Return the class that an index names, counted from 1."""
        if isinstance(index, Number):
            return index.numerator
        found = self.letters.get(index.name) if isinstance(index, Symbol) else None
        if found is None:
            raise FormulaError("an index letter stands for no class here", column=0)
        return found

    def exponential(self, exponent: Node, wrt: int) -> Dual:
        """Return e to the exponent: a product of the independent e^(z_k), and its slope."""
        key = (exponent, wrt)
        if key not in self._powers:
            for letter, m in self.letters.items():
                exponent = substitute(exponent, letter, Number(m))
            self._powers[key] = self._exponential(exponent, wrt)
        return self._powers[key]

    def _exponential(self, exponent: Node, wrt: int) -> Dual:
        try:
            terms = linear(exponent, self.names.k)
        except FormulaError:
            return self._other_exponential(exponent, wrt)
        value, slope = 1, 0
        for (k, over), coefficient in terms.items():
            top, bottom = coefficient.as_integer_ratio()
            if _PARTS * top % bottom:
                raise FormulaError("the exponent of e has a fraction that is too fine", column=0)
            part = pow(self.drawn(("e", k, over)), abs(_PARTS * top // bottom), P)
            value = value * (part if top >= 0 else inverse(part)) % P
            if k == wrt and k:
                scale = top * inverse(bottom) % P
                slope += scale * (inverse(self.drawn("T")) if over else 1)
        return value, slope * value % P

    def _other_exponential(self, exponent: Node, wrt: int) -> Dual:
        """Return e to an exponent that is not a sum of logits: independent of all else, term by term."""
        match exponent:
            case Call(function="log", arguments=(argument,)):
                return self.dual(argument, wrt)
            case Negative(operand=operand):
                return reciprocal(self._exponential(operand, wrt))
            case Binary(operator="+", left=left, right=right):
                return multiply(self._exponential(left, wrt), self._exponential(right, wrt))
            case Binary(operator="-", left=left, right=right):
                return multiply(self._exponential(left, wrt), reciprocal(self._exponential(right, wrt)))
        inner, slope = self.dual(exponent, wrt)
        value = self.drawn(("e", inner))
        return value, slope * value % P

    def logarithm(self, node: Node, wrt: int) -> Dual:
        """Return a logarithm, taken apart as far as log(a b) = log a + log b and log e^x = x go."""
        match node:
            case Symbol(name=name) if name in ("p", "e", "f", "g") and name in self.names.formulas:
                return self.logarithm(self._formula(node), wrt)
            case Call(function="exp", arguments=(exponent,)):
                return self.dual(exponent, wrt)
            case Binary(operator="*", left=left, right=right):
                return add(self.logarithm(left, wrt), self.logarithm(right, wrt))
            case Binary(operator="/", left=left, right=right):
                a, b = self.logarithm(right, wrt)
                return add(self.logarithm(left, wrt), (-a, -b))
            case Binary(operator="^", left=left, right=power):
                return multiply(self.dual(power, wrt), self.logarithm(left, wrt))
        value, slope = self.dual(node, wrt)
        return (0 if value == 1 else self.drawn(("log", value))), slope * inverse(value) % P


def _number(point: RandomPoint, node: Number, wrt: int) -> Dual:
    return node.numerator * inverse(node.denominator) % P, 0


def _negative(point: RandomPoint, node: Negative, wrt: int) -> Dual:
    value, slope = point.dual(node.operand, wrt)
    return -value % P, -slope % P


def _binary(point: RandomPoint, node: Binary, wrt: int) -> Dual:
    left, right = point.dual(node.left, wrt), node.right
    match node.operator:
        case "+":
            return add(left, point.dual(right, wrt))
        case "-":
            value, slope = point.dual(right, wrt)
            return add(left, (-value, -slope))
        case "*":
            return multiply(left, point.dual(right, wrt))
        case "/":
            return multiply(left, reciprocal(point.dual(right, wrt)))
    return _raised(left, right)


def _raised(base: Dual, power: Node) -> Dual:
    whole = whole_number(power)
    if whole is None:
        raise FormulaError("a power is a whole number", column=0)
    n = abs(whole)
    found = pow(base[0], n, P), n * pow(base[0], n - 1, P) * base[1] % P if n else 0
    return reciprocal(found) if whole < 0 else found


def _call(point: RandomPoint, node: Call, wrt: int) -> Dual:
    if node.function == "exp":
        return point.exponential(node.arguments[0], wrt)
    if node.function == "log":
        return point.logarithm(node.arguments[0], wrt)
    raise FormulaError(f"{node.function} has no exact value", column=0)


def _over(point: RandomPoint, node: Over, wrt: int) -> Dual:
    condition = node.condition
    if node.how != "sum" or (isinstance(condition, Compare) and condition.operator != "!="):
        raise FormulaError(f"this {node.how} has no exact value", column=0)
    total = (0, 0)
    for term in written_out(node, point.names.k, point.letters):
        total = add(total, point.dual(term, wrt))
    return total


def _derivative(point: RandomPoint, node: Derivative, wrt: int) -> Dual:
    assert isinstance(node.wrt, Symbol)
    return point.dual(node.of, point.number(node.wrt.indices[0]))[1], 0


def _compare(point: RandomPoint, node: Compare, wrt: int) -> Dual:
    raise FormulaError("a comparison has no exact value", column=0)


_DUALS: dict[type, Callable[[RandomPoint, Any, int], Dual]] = {
    Number: _number,
    Symbol: lambda point, node, wrt: point.symbol(node, wrt),
    Negative: _negative,
    Binary: _binary,
    Call: _call,
    Over: _over,
    Derivative: _derivative,
    Compare: _compare,
}
