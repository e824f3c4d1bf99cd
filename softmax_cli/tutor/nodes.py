"""Expressions that stay as they were written.

SymPy orders, collects and cancels as soon as it sees an expression: ``exp(a) * exp(a)`` is ``exp(2*a)``
before anyone could read it. The nodes of this module do nothing on their own; `doit` turns them into
ordinary SymPy.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from sympy import Basic, Expr, Integer, KroneckerDelta, Symbol, exp, log
from sympy.printing.precedence import PRECEDENCE

# Expr and Symbol too, for the rooms that draw expressions and import no sympy.
__all__ = [
    "DOTS",
    "At",
    "D",
    "Delta",
    "Exp",
    "Expr",
    "Frac",
    "Label",
    "Log",
    "Neg",
    "Node",
    "Plus",
    "Power",
    "Prime",
    "SumOver",
    "Symbol",
    "Times",
    "Total",
    "expand",
    "times",
    "total",
]


class Node(Expr):  # type: ignore[misc]  # SymPy ships no types
    """An expression that stands as it was written."""

    __slots__ = ()
    is_commutative = True
    precedence = PRECEDENCE["Atom"]

    def __new__(cls, *args: Any) -> "Node":
        """Take expressions and whole numbers; nothing is parsed."""
        return cast("Node", Basic.__new__(cls, *[Integer(a) if isinstance(a, int) else a for a in args]))


class Frac(Node):
    """A quotient, numerator over denominator."""

    __slots__ = ()
    precedence = PRECEDENCE["Mul"]

    def doit(self, **_: Any) -> Expr:
        """Divide."""
        numerator, denominator = self.args
        return numerator.doit() / denominator.doit()


class Times(Node):
    """A product, its factors in the order given."""

    __slots__ = ()
    precedence = PRECEDENCE["Mul"]

    def doit(self, **_: Any) -> Expr:
        """Multiply."""
        product = Integer(1)
        for factor in self.args:
            product *= factor.doit()
        return product


class Plus(Node):
    """A sum, its terms in the order given."""

    __slots__ = ()
    precedence = PRECEDENCE["Add"]

    def doit(self, **_: Any) -> Expr:
        """Add."""
        total = Integer(0)
        for term in self.args:
            total += term.doit()
        return total


class Total(Plus):
    """A sum with one term for each class; if it is long, it may be shown with an ellipsis."""

    __slots__ = ()


class Neg(Node):
    """The negative of its argument."""

    __slots__ = ()
    precedence = PRECEDENCE["Add"]

    def doit(self, **_: Any) -> Expr:
        """Change the sign."""
        return -self.args[0].doit()


class Power(Node):
    """A base raised to a whole number."""

    __slots__ = ()
    precedence = PRECEDENCE["Pow"]

    def doit(self, **_: Any) -> Expr:
        """Raise."""
        base, exponent = self.args
        return base.doit() ** exponent


class Exp(Node):
    """The exponential function."""

    __slots__ = ()
    precedence = PRECEDENCE["Func"]

    def doit(self, **_: Any) -> Expr:
        """Return SymPy's exp."""
        return exp(self.args[0].doit())


class Log(Node):
    """The natural logarithm."""

    __slots__ = ()
    precedence = PRECEDENCE["Func"]

    def doit(self, **_: Any) -> Expr:
        """Return SymPy's log."""
        return log(self.args[0].doit())


class D(Node):
    """A derivative that has not been worked out: of the first argument with respect to the second."""

    __slots__ = ()

    def doit(self, **_: Any) -> Expr:
        """Differentiate. The names of the board must have been replaced by what they stand for."""
        of, wrt = self.args
        return of.doit().diff(wrt)


class Prime(Node):
    """A derivative in a rule, with respect to any variable: f'."""

    __slots__ = ()


class Delta(Node):
    """The Kronecker delta: 1 where both indices are the same, else 0."""

    __slots__ = ()

    def doit(self, **_: Any) -> Expr:
        """Return SymPy's KroneckerDelta, which is 0 or 1 for numbers."""
        return KroneckerDelta(*self.args)


class Label(Node):
    """The name of a class, by its 1-based number; it is for sentences only and has no value."""

    __slots__ = ()


class At(Node):
    """The member of a family of names that an index letter picks: ``At(p, i)`` is p_i."""

    __slots__ = ()


class SumOver(Node):
    """The sum of the first argument over an index letter (the second) from 1 to K."""

    __slots__ = ()
    precedence = PRECEDENCE["Mul"]


DOTS = Symbol("...")
"""Stands for the terms of a long sum that are not shown."""


def times(*factors: Expr | int) -> Expr:
    """Return the product, flattened where a factor is itself a product."""
    flat: list[Expr | int] = []
    for factor in factors:
        flat.extend(factor.args if isinstance(factor, Times) else (factor,))
    return Times(*flat)


def total(terms: Sequence[Expr]) -> Expr:
    """Return the sum with a term for each class."""
    return Total(*terms) if len(terms) > 1 else terms[0]


def expand(expr: Expr, definitions: Mapping[Symbol, Expr]) -> Expr:
    """Replace the names of the board by what they stand for, down to z_1 ... z_K and T, and work it out.

    Examples
    --------
    >>> p, z = Symbol("p_1"), Symbol("z_1")
    >>> expand(D(p, z), {p: Exp(Frac(z, 2))})
    exp(z_1/2)/2
    """
    names = expr.free_symbols & definitions.keys()
    while names:
        expr = expr.xreplace({name: definitions[name] for name in names})
        names = expr.free_symbols & definitions.keys()
    return expr.doit()
