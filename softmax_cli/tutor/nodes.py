"""Expressions that stay as they were written.

SymPy orders, collects and cancels as soon as it sees an expression: ``exp(a) * exp(a)`` is ``exp(2*a)``
before anyone could read it. The nodes of this module do nothing on their own; `sympy_check` turns them into
ordinary SymPy.
"""

from collections.abc import Sequence
from typing import Any, cast

from sympy import Basic, Expr, Integer, Symbol
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
    "term_by_term",
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


class Times(Node):
    """A product, its factors in the order given."""

    __slots__ = ()
    precedence = PRECEDENCE["Mul"]


class Plus(Node):
    """A sum, its terms in the order given."""

    __slots__ = ()
    precedence = PRECEDENCE["Add"]


class Total(Plus):
    """A sum with one term for each class; if it is long, it may be shown with an ellipsis."""

    __slots__ = ()


class Neg(Node):
    """The negative of its argument."""

    __slots__ = ()
    precedence = PRECEDENCE["Add"]


class Power(Node):
    """A base raised to a whole number."""

    __slots__ = ()
    precedence = PRECEDENCE["Pow"]


class Exp(Node):
    """The exponential function."""

    __slots__ = ()
    precedence = PRECEDENCE["Func"]


class Log(Node):
    """The natural logarithm."""

    __slots__ = ()
    precedence = PRECEDENCE["Func"]


class D(Node):
    """A derivative that has not been worked out: of the first argument with respect to the second."""

    __slots__ = ()


class Prime(Node):
    """A derivative in a rule, with respect to any variable: f'."""

    __slots__ = ()


class Delta(Node):
    """The Kronecker delta: 1 where both indices are the same, else 0."""

    __slots__ = ()


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


def term_by_term(x: Plus, wrt: Symbol) -> Plus:
    """Return the sum of the derivatives of a sum's terms, in the same order."""
    return cast("Plus", x.func(*(Neg(D(*t.args, wrt)) if isinstance(t, Neg) else D(t, wrt) for t in x.args)))
