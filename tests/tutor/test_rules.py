"""The rules of calculus and algebra: their formulas are true, and each is what its statement says."""

import pytest
from sympy import Expr, Integer, Symbol

from softmax_cli.tutor import rules
from softmax_cli.tutor.nodes import DOTS, D, Exp, Frac, Log, Neg, Plus, Prime, Times
from softmax_cli.tutor.printers.line import LinePrinter
from softmax_cli.tutor.printers.names import Names
from softmax_cli.tutor.proof import Residues

X, Y = Symbol("x"), Symbol("y")
F, G, U = Plus(Exp(X), X), Plus(1, Times(X, X)), Frac(X, Y)
STANDS_FOR = {
    "f": F,
    "g": G,
    "u": U,
    "(h(u))": Exp(U),
    "h'(u)": Exp(U),
    "c": Log(Y),
    "...": Integer(0),
    "p_1": Y,
    "p_K": Plus(1, Neg(Y)),
    "y_1": Integer(0),
    "y_K": Integer(1),
}
"""What the letters of the rules may stand for; the others are variables. X alone moves."""
RULES = [rule for rule in vars(rules).values() if isinstance(rule, rules.Rule)]


def placed(x: Expr, power: int) -> Expr:
    """Return a side of a rule about functions of X, with a number for the power n."""
    if isinstance(x, Prime):
        return D(placed(x.args[0], power), X)
    if x.is_Symbol:
        return STANDS_FOR.get("..." if x == DOTS else x.name, Integer(power) if x.name == "n" else x)
    args = [placed(arg, power) for arg in x.args]
    whole = bool(args) and isinstance(x, Plus) and all(arg.is_Integer or isinstance(arg, Neg) for arg in args)
    return Integer(power - 1) if whole and args[0] == power else x.func(*args) if args else x


@pytest.mark.parametrize("power", [-1, 5])
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_is_true(rule: rules.Rule, power: int) -> None:
    """Both sides of each formula agree at a random point, the derivatives taken by dual numbers."""
    point = Residues({}, seed=1)
    for lhs, rhs in rule.formulas:
        assert point.value(placed(lhs, power)) == point.value(placed(rhs, power))


def test_every_rule_has_a_name_and_says_its_formulas() -> None:
    """The formulas of a rule, where it has some, are what its statement says."""
    assert len({rule.name for rule in RULES}) == len(RULES)
    printer = LinePrinter(Names((), named=False, definitions={}), unicode=False)
    for rule in RULES:
        said = ", ".join(f"{printer.doprint(lhs)} = {printer.doprint(rhs)}" for lhs, rhs in rule.formulas)
        assert rule.statement.replace(" ", "").startswith(said.replace(" ", "")), rule
