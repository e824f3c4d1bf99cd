"""The rules of calculus: what each writes down is the derivative, by exact arithmetic."""

import pytest
from sympy import Expr, Symbol

from softmax_cli.tutor import rules
from softmax_cli.tutor.nodes import D, Exp, Frac, Log, Neg, Plus, Power, Times
from softmax_cli.tutor.printers.line import LinePrinter
from softmax_cli.tutor.printers.names import Names
from softmax_cli.tutor.proof import Residues

X, Y = Symbol("x"), Symbol("y")
F, G = Plus(Exp(X), X), Plus(1, Times(X, X))

RULES: list[tuple[Expr, Expr]] = [
    (D(Times(Y, Exp(Y)), X), rules.Constant(Times(Y, Exp(Y)), X).eval()),
    (D(Exp(X), X), rules.Exponential(X, X).eval()),
    (D(Plus(F, Neg(G)), X), rules.Sum(Plus(F, Neg(G)), X).eval()),
    (D(Times(Y, F), X), rules.ConstantMultiple(Y, F, X).eval()),
    (D(Times(F, G), X), rules.Product(F, G, X).eval()),
    (D(Frac(F, G), X), rules.Quotient(F, G, X).eval()),
    (D(Power(X, -1), X), rules.PowerRule(X, -1).eval()),
    (D(Power(X, 5), X), rules.PowerRule(X, 5).eval()),
    (D(Log(G), X), rules.Logarithm(G, X).eval()),
    (D(Exp(Frac(X, Y)), X), rules.Chain(Exp(Frac(X, Y)), Frac(X, Y), X).eval()),
]


@pytest.mark.parametrize(("derivative", "written"), RULES, ids=lambda side: type(side).__name__)
def test_a_rule_writes_the_derivative(derivative: Expr, written: Expr) -> None:
    """Each rule agrees with dual numbers at a random point."""
    point = Residues({}, seed=1)
    assert point.value(derivative) == point.value(written)


def test_every_rule_has_a_name_and_is_its_docstring() -> None:
    """The formulas of a rule, where it has some, are what its docstring says."""
    everyone = [rule for rule in rules.Rule.__subclasses__() if rule.__module__ == rules.__name__]
    assert len({rule.name for rule in everyone}) == len(everyone)
    printer = LinePrinter(Names((), named=False, definitions={}), unicode=False)
    for rule in everyone:
        said = ", ".join(f"{printer.doprint(lhs)} = {printer.doprint(rhs)}" for lhs, rhs in rule.formulas)
        assert (rule.__doc__ or "").replace(" ", "").startswith(said.replace(" ", "")), rule
