"""The rules of calculus and algebra: their formulas are true, and each is what its statement says."""

import pytest

from softmax_cli.core.formula.exact.residues import Residues
from softmax_cli.core.formula.printing import text
from softmax_cli.core.formula.tree import Binary, Call, Derivative, Node, Symbol, with_parts
from softmax_cli.tutor import rules
from softmax_cli.tutor.notation import parsed
from softmax_cli.tutor.printers.line import LinePrinter
from softmax_cli.tutor.printers.names import Names

X = Symbol("x")
STANDS_FOR = {
    "f": "exp(x) + x",
    "g": "1 + x x",
    "u": "x/y",
    "(h(u))": "exp(x/y)",
    "h'(u)": "exp(x/y)",
    "c": "log y",
    "dots": "0",
    "p_1": "y",
    "p_K": "1 - y",
    "y_1": "0",
    "y_K": "1",
}
"""What the letters of the rules may stand for; the others are variables. X alone moves."""
RULES = [rule for rule in vars(rules).values() if isinstance(rule, rules.Rule)]


def placed(x: Node, power: int) -> Node:
    """Return a side of a rule about functions of X, with a number for the power n."""
    match x:
        case Call(function="prime", arguments=(of,)):
            return Derivative(placed(of, power), X)
        case Symbol(name="n"):
            return parsed(str(power))
        case Symbol():
            return parsed(STANDS_FOR[text(x)]) if text(x) in STANDS_FOR else x
        case Binary(operator="^", left=base, right=Binary()):
            return Binary("^", placed(base, power), parsed(str(power - 1)))
    return with_parts(x, lambda part: placed(part, power))


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
        said = ", ".join(f"{printer.of(lhs)} = {printer.of(rhs)}" for lhs, rhs in rule.formulas)
        assert rule.statement.replace(" ", "").startswith(said.replace(" ", "")), rule
