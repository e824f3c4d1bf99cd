"""The value of a tree in any arithmetic, with its derivatives.

A derivative is taken by dual numbers: that of x with respect to v is the second half of x, evaluated with
v + epsilon in place of v. It knows none of the rules that wrote a line, which is why it can judge it.
"""

import operator
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from typing import Any, Generic, TypeVar, cast

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
    Total,
    is_delta,
    whole_number,
    written_out,
)
from softmax_cli.errors import FormulaError

N = TypeVar("N")
Definitions = Mapping[Symbol, Node]
"""What each name stands for, in terms of other names, of the logits and of T."""
K = Symbol("K")
"""The number of classes, where there are sums over an index."""
LETTER = "an index letter stands for no class here"


class Arithmetic(ABC, Generic[N]):
    """Numbers, and what the names stand for.

    Parameters
    ----------
    definitions
        What each name stands for.
    letters
        The classes that index letters stand for, counted from 1.
    """

    def __init__(self, definitions: Definitions, letters: Mapping[str, int] | None = None) -> None:
        self.definitions = definitions
        self.letters = letters or {}
        self._known: dict[Symbol, N] = {}
        self._logarithms: dict[Symbol, N] = {}
        self._along: dict[Symbol, Dual[N]] = {}

    @abstractmethod
    def integer(self, n: int) -> N:
        """Return a whole number."""

    def add(self, a: N, b: N) -> N:
        """Return a + b."""
        return cast("N", operator.add(a, b))

    def multiply(self, a: N, b: N) -> N:
        """Return a b."""
        return cast("N", operator.mul(a, b))

    def negative(self, a: N) -> N:
        """Return -a."""
        return cast("N", operator.neg(cast("Any", a)))

    def reciprocal(self, a: N) -> N:
        """Return 1 / a."""
        return cast("N", operator.truediv(1, a))

    def divide(self, a: N, b: N) -> N:
        """Return a / b."""
        return self.multiply(a, self.reciprocal(b))

    def power(self, a: N, n: int) -> N:
        """Return a^n, for n >= 0."""
        product = self.integer(1)
        for _ in range(n):
            product = self.multiply(product, a)
        return product

    def sum(self, values: Iterable[N]) -> N:
        """Return a sum."""
        return reduce(self.add, values, self.integer(0))

    @abstractmethod
    def variable(self, name: Symbol) -> N:
        """Return the value of a logit, of T, of any name without a definition."""

    @abstractmethod
    def exponential(self, argument: Node) -> N:
        """Return e to the argument."""

    @abstractmethod
    def irreducible_logarithm(self, value: N) -> N:
        """Return the natural logarithm of what cannot be taken apart: a sum or a variable."""

    def logarithm(self, argument: Node) -> N:
        """Return the natural logarithm, by log(a b) = log a + log b and log e^x = x as far as they go."""
        match argument:
            case Symbol():
                name = self.placed(argument)
                if name in self.definitions:
                    if name not in self._logarithms:
                        self._logarithms[name] = self.logarithm(self.definitions[name])
                    return self._logarithms[name]
            case Call(function="exp"):
                return self.value(argument.arguments[0])
            case Binary(operator="/"):
                return self.add(self.logarithm(argument.left), self.negative(self.logarithm(argument.right)))
            case Binary(operator="*"):
                return self.add(self.logarithm(argument.left), self.logarithm(argument.right))
            case Binary(operator="^"):
                return self.multiply(self.value(argument.right), self.logarithm(argument.left))
        return self.irreducible_logarithm(self.value(argument))

    def derivative(self, of: Node, wrt: Symbol) -> N:
        """Return the derivative of a tree with respect to a variable."""
        return self.along(wrt).value(of)[1]

    def value(self, x: Node) -> N:
        """Return the value of a tree.

        Raises
        ------
        FormulaError
            Where it has none.
        """
        result: N = _VALUES[type(x)](self, x)
        return result

    def name(self, name: Symbol) -> N:
        """Return the value of a name, computed once."""
        value = self._known.get(name)
        if value is None:
            definition = self.definitions.get(name)
            value = self.variable(name) if definition is None else self.value(definition)
            self._known[name] = value
        return value

    def placed(self, name: Symbol) -> Symbol:
        """Return a name with numbers for the letters of its indices."""
        if not self.letters or not name.indices:
            return name
        return Symbol(name.name, tuple([self._class(index) for index in name.indices]))

    def _class(self, index: Node) -> Node:
        m = self.letters.get(index.name) if isinstance(index, Symbol) else None
        return index if m is None else Number(m)

    def terms(self, x: Over) -> list[Node]:
        """Return the terms of a sum over an index."""
        k = whole_number(self.definitions.get(K, K))
        if k is None or x.how != "sum" or (isinstance(x.condition, Compare) and x.condition.operator != "!="):
            raise FormulaError(f"this {x.how} has no exact value", column=0)
        return written_out(x, k, self.letters)

    def along(self, wrt: Symbol) -> "Dual[N]":
        """Return the dual numbers over this arithmetic in which `wrt` has the derivative 1."""
        dual = self._along.get(wrt)
        if dual is None:
            dual = self._along[wrt] = Dual(self, wrt)
        return dual


class Dual(Arithmetic[tuple[N, N]], Generic[N]):
    """Pairs (value, derivative) along one variable."""

    def __init__(self, base: Arithmetic[N], wrt: Symbol) -> None:
        super().__init__(base.definitions, base.letters)
        self.base = base
        self.wrt = wrt
        self._zero = base.integer(0)

    def integer(self, n: int) -> tuple[N, N]:
        """Return a constant: its derivative is 0."""
        return self.base.integer(n), self._zero

    def add(self, a: tuple[N, N], b: tuple[N, N]) -> tuple[N, N]:
        """Return a + b."""
        return self.base.add(a[0], b[0]), self.base.add(a[1], b[1])

    def multiply(self, a: tuple[N, N], b: tuple[N, N]) -> tuple[N, N]:
        """Return a b."""
        base = self.base
        product = base.multiply(a[0], b[0])
        return product, base.add(base.multiply(a[1], b[0]), base.multiply(a[0], b[1]))

    def negative(self, a: tuple[N, N]) -> tuple[N, N]:
        """Return -a."""
        return self.base.negative(a[0]), self.base.negative(a[1])

    def reciprocal(self, a: tuple[N, N]) -> tuple[N, N]:
        """Return 1 / a, with -a' / a^2."""
        base = self.base
        inverse = base.reciprocal(a[0])
        return inverse, base.negative(base.multiply(a[1], base.multiply(inverse, inverse)))

    def variable(self, name: Symbol) -> tuple[N, N]:
        """Return the variable, with derivative 1 if it is the one we differentiate by."""
        return self.base.variable(name), self.base.integer(int(name == self.wrt))

    def exponential(self, argument: Node) -> tuple[N, N]:
        """Return e^u, with u' e^u."""
        value = self.base.exponential(argument)
        return value, self.base.multiply(value, self.value(argument)[1])

    def irreducible_logarithm(self, value: tuple[N, N]) -> tuple[N, N]:
        """Return log u, with u' / u."""
        inverse = self.base.reciprocal(value[0])
        return self.base.irreducible_logarithm(value[0]), self.base.multiply(value[1], inverse)


_Numbers = Arithmetic[Any]


def _number(numbers: _Numbers, x: Number) -> Any:
    top = numbers.integer(x.numerator)
    return top if x.denominator == 1 else numbers.divide(top, numbers.integer(x.denominator))


def _symbol(numbers: _Numbers, x: Symbol) -> Any:
    name = numbers.placed(x)
    if not is_delta(name):
        return numbers.name(name)
    if not all(isinstance(index, Number) for index in name.indices):
        raise FormulaError(LETTER, column=0)
    return numbers.integer(int(name.indices[0] == name.indices[1]))


def _binary(numbers: _Numbers, x: Binary) -> Any:
    rule = _BINARY.get(x.operator)
    if rule is None:
        raise FormulaError(f"{x.operator} has no exact value", column=0)
    return rule(numbers, x.left, x.right)


def _power(numbers: _Numbers, left: Node, right: Node) -> Any:
    n = whole_number(right)
    if n is None:
        raise FormulaError("a power is a whole number", column=0)
    raised = numbers.power(numbers.value(left), abs(n))
    return numbers.reciprocal(raised) if n < 0 else raised


def _call(numbers: _Numbers, x: Call) -> Any:
    if x.function == "exp":
        return numbers.exponential(x.arguments[0])
    if x.function == "log":
        return numbers.logarithm(x.arguments[0])
    raise FormulaError(f"{x.function} has no exact value", column=0)


def _over(numbers: _Numbers, x: Over) -> Any:
    return numbers.sum(map(numbers.value, numbers.terms(x)))


def _compare(numbers: _Numbers, x: Compare) -> Any:
    raise FormulaError("a comparison has no exact value", column=0)


_BINARY: dict[str, Callable[[_Numbers, Node, Node], Any]] = {
    "+": lambda numbers, a, b: numbers.add(numbers.value(a), numbers.value(b)),
    "-": lambda numbers, a, b: numbers.add(numbers.value(a), numbers.negative(numbers.value(b))),
    "*": lambda numbers, a, b: numbers.multiply(numbers.value(a), numbers.value(b)),
    "/": lambda numbers, a, b: numbers.divide(numbers.value(a), numbers.value(b)),
    "^": _power,
}
_VALUES: dict[type, Callable[[_Numbers, Any], Any]] = {
    Number: _number,
    Symbol: _symbol,
    Negative: lambda numbers, x: numbers.negative(numbers.value(x.operand)),
    Binary: _binary,
    Call: _call,
    Over: _over,
    Total: lambda numbers, x: numbers.sum(map(numbers.value, x.terms)),
    Derivative: lambda numbers, x: numbers.derivative(x.of, numbers.placed(x.wrt)),
    Compare: _compare,
}
