"""The value of an expression of the board, in any arithmetic, with its derivatives.

A derivative is taken by dual numbers: D(e, v) is the second half of e, evaluated with v + epsilon in place
of v. It knows none of the rules that wrote the line, which is why it can judge them.
"""

import operator
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any, Generic, TypeVar, cast

from sympy import Expr, Integer, Symbol

from softmax_cli.tutor.nodes import D, Delta, Exp, Frac, Log, Neg, Plus, Power, Times, Total

N = TypeVar("N")
Definitions = Mapping[Symbol, Expr]


class Arithmetic(ABC, Generic[N]):
    """Numbers, and what the names stand for.

    Parameters
    ----------
    definitions
        What each name stands for, in terms of other names, of the logits and of T.
    """

    def __init__(self, definitions: Definitions) -> None:
        self.definitions = definitions
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

    def reciprocal(self, a: N) -> N:
        """Return 1 / a."""
        return cast("N", operator.truediv(1, a))

    @abstractmethod
    def variable(self, name: Symbol) -> N:
        """Return the value of a logit, of T, of any name without a definition."""

    @abstractmethod
    def exponential(self, argument: Expr) -> N:
        """Return e to the argument."""

    @abstractmethod
    def irreducible_logarithm(self, value: N) -> N:
        """Return the natural logarithm of what cannot be taken apart: a sum or a variable."""

    def logarithm(self, argument: Expr) -> N:
        """Return the natural logarithm, by log(a b) = log a + log b and log e^x = x as far as they go."""
        match argument:
            case Symbol() if argument in self.definitions:
                if argument not in self._logarithms:
                    self._logarithms[argument] = self.logarithm(self.definitions[argument])
                return self._logarithms[argument]
            case Exp():
                return self.value(argument.args[0])
            case Frac():
                top, bottom = map(self.logarithm, argument.args)
                return self.add(top, self.multiply(self.integer(-1), bottom))
            case Times():
                return reduce(self.add, map(self.logarithm, argument.args))
            case Power():
                return self.multiply(self.integer(int(argument.args[1])), self.logarithm(argument.args[0]))
        return self.irreducible_logarithm(self.value(argument))

    def value(self, x: Expr) -> N:
        """Return the value of an expression."""
        if isinstance(x, Symbol):
            return self.name(x)
        rule = _VALUES.get(type(x))
        if rule is None:
            if isinstance(x, Integer):
                return self.integer(int(x))
            raise TypeError(f"no value for a {type(x).__name__}")
        result: N = rule(self, x.args)
        return result

    def name(self, name: Symbol) -> N:
        """Return the value of a name, computed once."""
        value = self._known.get(name)
        if value is None:
            definition = self.definitions.get(name)
            value = self.variable(name) if definition is None else self.value(definition)
            self._known[name] = value
        return value

    def along(self, wrt: Symbol) -> "Dual[N]":
        """Return the dual numbers over this arithmetic in which `wrt` has the derivative 1."""
        dual = self._along.get(wrt)
        if dual is None:
            dual = self._along[wrt] = Dual(self, wrt)
        return dual


class Dual(Arithmetic[tuple[N, N]], Generic[N]):
    """Pairs (value, derivative) along one variable."""

    def __init__(self, base: Arithmetic[N], wrt: Symbol) -> None:
        super().__init__(base.definitions)
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

    def reciprocal(self, a: tuple[N, N]) -> tuple[N, N]:
        """Return 1 / a, with -a' / a^2."""
        base = self.base
        inverse = base.reciprocal(a[0])
        slope = base.multiply(a[1], base.multiply(inverse, inverse))
        return inverse, base.multiply(base.integer(-1), slope)

    def variable(self, name: Symbol) -> tuple[N, N]:
        """Return the variable, with derivative 1 if it is the one we differentiate by."""
        return self.base.variable(name), self.base.integer(int(name == self.wrt))

    def exponential(self, argument: Expr) -> tuple[N, N]:
        """Return e^u, with u' e^u."""
        value = self.base.exponential(argument)
        return value, self.base.multiply(value, self.value(argument)[1])

    def irreducible_logarithm(self, value: tuple[N, N]) -> tuple[N, N]:
        """Return log u, with u' / u."""
        inverse = self.base.reciprocal(value[0])
        return self.base.irreducible_logarithm(value[0]), self.base.multiply(value[1], inverse)


def _plus(numbers: Arithmetic[Any], args: tuple[Expr, ...]) -> Any:
    return reduce(numbers.add, map(numbers.value, args))


def _power(numbers: Arithmetic[Any], args: tuple[Expr, ...]) -> Any:
    base, n = numbers.value(args[0]), int(args[1])
    if n < 0:
        base, n = numbers.reciprocal(base), -n
    product = numbers.integer(1)
    for _ in range(n):
        product = numbers.multiply(product, base)
    return product


_VALUES: dict[type[Expr], Callable[[Arithmetic[Any], tuple[Expr, ...]], Any]] = {
    Frac: lambda numbers, args: numbers.multiply(
        numbers.value(args[0]), numbers.reciprocal(numbers.value(args[1]))
    ),
    Times: lambda numbers, args: reduce(numbers.multiply, map(numbers.value, args)),
    Plus: _plus,
    Total: _plus,
    Neg: lambda numbers, args: numbers.multiply(numbers.integer(-1), numbers.value(args[0])),
    Power: _power,
    Exp: lambda numbers, args: numbers.exponential(args[0]),
    Log: lambda numbers, args: numbers.logarithm(args[0]),
    D: lambda numbers, args: numbers.along(args[1]).value(args[0])[1],
    Delta: lambda numbers, args: numbers.integer(int(args[0] == args[1])),
}
