"""What SymPy itself says about a line, by its own simplifier: slow, and sometimes undecided."""

from collections.abc import Mapping
from typing import Any

import sympy
from sympy import Dummy, Expr

from softmax_cli.core.formula.exact.arithmetic import Arithmetic
from softmax_cli.core.formula.printing import text
from softmax_cli.core.formula.tree import Node, Symbol
from softmax_cli.tutor.derivation import Derivation
from softmax_cli.tutor.narratives.formulas import Case
from softmax_cli.tutor.narratives.narrator import meant
from softmax_cli.tutor.notation import T
from softmax_cli.tutor.proof import UnprovedError

EQUAL, UNDECIDED = "equal", "undecided"


class Expressions(Arithmetic[Any]):
    """SymPy's own expressions, in z_1 ... z_K and T alone.

    Examples
    --------
    >>> from softmax_cli.tutor.notation import named, parsed
    >>> Expressions({named("p_1"): parsed("exp(z_1/2)")}).value(parsed("D(p_1, z_1)"))
    exp(z_1/2)/2
    """

    def integer(self, n: int) -> Expr:
        """Return a whole number."""
        return sympy.Integer(n)

    def variable(self, name: Symbol) -> Expr:
        """Return a real variable; T is positive."""
        return sympy.Symbol(text(name), real=True, positive=name == T or None)

    def exponential(self, argument: Node) -> Expr:
        """Return e to the argument."""
        return sympy.exp(self.value(argument))

    def logarithm(self, argument: Node) -> Expr:
        """Return the natural logarithm; SymPy takes it apart."""
        return self.irreducible_logarithm(self.value(argument))

    def irreducible_logarithm(self, value: Expr) -> Expr:
        """Return the natural logarithm."""
        return sympy.log(value)

    def derivative(self, of: Node, wrt: Symbol) -> Expr:
        """Return SymPy's own derivative."""
        return sympy.diff(self.value(of), self.variable(wrt))


def verdicts(derivation: Derivation) -> Mapping[str, str]:
    """Return SymPy's verdict on every line, by the step's id: equal, or undecided.

    A general derivation is checked for three classes, i = 1 and j = 2.

    Raises
    ------
    UnprovedError
        Where SymPy finds a line wrong.
    """
    known = Expressions(derivation.definitions)
    if not derivation.k:
        case = Case(3, 0, 1, derivation.temperature)
        known = Expressions(meant(derivation.function, case), case.letters)
    found = {}
    for step in derivation.walk():
        verdict = _verdict(known.value(step.lhs) - known.value(step.rhs))
        if verdict is False:
            line = f"{text(step.lhs)} = {text(step.rhs)}"
            raise UnprovedError(f"{derivation.id}, step {step.id}: SymPy finds {line} wrong")
        found[step.id] = EQUAL if verdict else UNDECIDED
    return found


def _verdict(difference: Expr) -> bool | None:
    difference = sympy.expand_log(difference, force=True)
    if sympy.cancel(_rational(difference)) == 0 or sympy.simplify(difference) == 0:
        return True
    verdict: bool | None = difference.equals(0)
    return verdict


def _rational(expression: Expr) -> Expr:
    """Return the expression with variables for its exponentials, e^(2 x) the square of that for e^x.

    If SymPy cancels it to 0, the expression is 0 too; `simplify` alone would take ten times as long.
    """
    variables: dict[Expr, Expr] = {}
    found: dict[Expr, Expr] = {}
    for power in sorted(expression.atoms(sympy.exp), key=sympy.default_sort_key):
        exponent = power.args[0]
        for known, variable in variables.items():
            times = next((n for n in (-2, -1, 2) if sympy.expand(exponent - n * known) == 0), None)
            if times is not None:
                found[power] = variable**times
                break
        else:
            found[power] = variables[exponent] = Dummy()
    return expression.xreplace(found)
