"""The rules, one small class each: the docstring is the rule.

A rule of calculus is made from its parts, and `eval` writes down its result; a step of algebra has no parts.
"""

from dataclasses import dataclass
from typing import ClassVar, cast

from sympy import Expr, Integer, Symbol

from softmax_cli.tutor.nodes import DOTS, D, Exp, Frac, Log, Neg, Plus, Power, Prime, Times

_A, _B, _C, _D, _F, _G, _N, _U, _X = (Symbol(letter) for letter in "abcdfgnux")
_H_OF_U, _H_PRIME = Symbol("(h(u))"), Symbol("h'(u)")


class Rule:
    """Why a line follows from the one before."""

    name: ClassVar[str]
    formulas: ClassVar[tuple[tuple[Expr, Expr], ...]] = ()
    """The rule itself, as equations; none if it needs none."""

    @classmethod
    def statement(cls) -> str:
        """Return the rule in one line of plain text."""
        text = (cls.__doc__ or "").strip()
        return text if text.endswith("...") else text.removesuffix(".")


@dataclass(frozen=True)
class Constant(Rule):
    """c' = 0."""

    name = "constant"
    formulas = ((Prime(_C), Integer(0)),)
    c: Expr
    wrt: Symbol

    def eval(self) -> Expr:
        """Return 0."""
        return Integer(0)


@dataclass(frozen=True)
class Exponential(Rule):
    """(e^x)' = e^x."""

    name = "exponential"
    formulas = ((Prime(Exp(_X)), Exp(_X)),)
    x: Expr
    wrt: Symbol

    def eval(self) -> Expr:
        """Return e^x, as it was."""
        return Exp(self.x)


@dataclass(frozen=True)
class Sum(Rule):
    """(f + g + ...)' = f' + g' + ..."""

    name = "sum"
    formulas = ((Prime(Plus(_F, _G, DOTS)), Plus(Prime(_F), Prime(_G), DOTS)),)
    sum: Plus
    wrt: Symbol

    def eval(self) -> Expr:
        """Return the sum of the derivatives, in the same order."""
        return cast("Expr", self.sum.func(*(_derivative(term, self.wrt) for term in self.sum.args)))


@dataclass(frozen=True)
class ConstantMultiple(Rule):
    """(c f)' = c f'."""

    name = "constant multiple"
    formulas = ((Prime(Times(_C, _F)), Times(_C, Prime(_F))),)
    c: Expr
    f: Expr
    wrt: Symbol

    def eval(self) -> Expr:
        """Return the constant times the derivative."""
        return Times(self.c, D(self.f, self.wrt))


@dataclass(frozen=True)
class Product(Rule):
    """(f g)' = f' g + f g'."""

    name = "product"
    formulas = ((Prime(Times(_F, _G)), Plus(Times(Prime(_F), _G), Times(_F, Prime(_G)))),)
    f: Expr
    g: Expr
    wrt: Symbol

    def eval(self) -> Expr:
        """Return each factor's derivative times the other factor, added."""
        return Plus(Times(D(self.f, self.wrt), self.g), Times(self.f, D(self.g, self.wrt)))


@dataclass(frozen=True)
class Quotient(Rule):
    """(f / g)' = (f' g - f g') / g^2."""

    name = "quotient"
    formulas = (
        (Prime(Frac(_F, _G)), Frac(Plus(Times(Prime(_F), _G), Neg(Times(_F, Prime(_G)))), Power(_G, 2))),
    )
    f: Expr
    g: Expr
    wrt: Symbol

    def eval(self) -> Expr:
        """Return the quotient rule's fraction with both derivatives still to be worked out."""
        f, g = self.f, self.g
        top = Plus(Times(D(f, self.wrt), g), Neg(Times(f, D(g, self.wrt))))
        return Frac(top, Power(g, 2))


@dataclass(frozen=True)
class PowerRule(Rule):
    """(x^n)' = n x^(n - 1)."""

    name = "power"
    formulas = ((Prime(Power(_X, _N)), Times(_N, Power(_X, Plus(_N, Neg(1))))),)
    x: Expr
    n: int

    def eval(self) -> Expr:
        """Return n x^(n - 1), for a whole number n."""
        power = Power(self.x, self.n - 1)
        return Neg(power) if self.n == -1 else Times(self.n, power)


@dataclass(frozen=True)
class Logarithm(Rule):
    """(log g)' = g' / g."""

    name = "logarithm"
    formulas = ((Prime(Log(_G)), Frac(Prime(_G), _G)),)
    g: Expr
    wrt: Symbol

    def eval(self) -> Expr:
        """Return the derivative of the inside over the inside."""
        return Frac(D(self.g, self.wrt), self.g)


@dataclass(frozen=True)
class Chain(Rule):
    """(h(u))' = h'(u) u'."""

    name = "chain"
    formulas = ((Prime(_H_OF_U), Times(_H_PRIME, Prime(_U))),)
    outer: Expr
    u: Expr
    wrt: Symbol

    def eval(self) -> Expr:
        """Return the outer derivative, already taken at u, times the inner one."""
        return Times(self.outer, D(self.u, self.wrt))


class Definition(Rule):
    """A name stands for an expression."""

    name = "definition"


class Substitution(Rule):
    """Equals may be put for equals."""

    name = "substitution"


class Factoring(Rule):
    """a b + a c = a (b + c)."""

    name = "factoring"
    formulas = ((Plus(Times(_A, _B), Times(_A, _C)), Times(_A, Plus(_B, _C))),)


class Splitting(Rule):
    """a b / (c d) = a/c * b/d, (a + b) / c = a/c + b/c."""

    name = "splitting"
    formulas = (
        (Frac(Times(_A, _B), Times(_C, _D)), Times(Frac(_A, _C), Frac(_B, _D))),
        (Frac(Plus(_A, _B), _C), Plus(Frac(_A, _C), Frac(_B, _C))),
    )


class Cancelling(Rule):
    """a / a = 1, 0 / a = 0, and e^(a + b) = e^a e^b."""

    name = "cancelling"


class LogOfQuotient(Rule):
    """log(a / b) = log a - log b, log(e^a) = a."""

    name = "logarithm of a quotient"
    formulas = ((Log(Frac(_A, _B)), Plus(Log(_A), Neg(Log(_B)))), (Log(Exp(_A)), _A))


class Simplifying(Rule):
    """0 + a = a, 1 a = a, 0 a = 0, a - a = 0."""

    name = "simplifying"


class Probabilities(Rule):
    """p_1 + ... + p_K = 1."""

    name = "probabilities sum to one"
    formulas = ((Plus(Symbol("p_1"), DOTS, Symbol("p_K")), Integer(1)),)


class OneHot(Rule):
    """y_1 + ... + y_K = 1, since y is 1 for the target and 0 for every other class."""

    name = "one-hot target"
    formulas = ((Plus(Symbol("y_1"), DOTS, Symbol("y_K")), Integer(1)),)


class Joining(Rule):
    """delta_ij is 1 when i = j and 0 when i != j."""

    name = "Kronecker delta"


def _derivative(term: Expr, wrt: Symbol) -> Expr:
    return Neg(D(term.args[0], wrt)) if isinstance(term, Neg) else D(term, wrt)
