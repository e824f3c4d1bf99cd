"""What SymPy itself says about a line, by its own simplifier: slow, and sometimes undecided."""

import operator
from collections.abc import Callable, Mapping

import sympy
from sympy import Dummy, Expr, Symbol

from softmax_cli.tutor.derivation import Derivation
from softmax_cli.tutor.narratives.general import concrete
from softmax_cli.tutor.nodes import D, Delta, Exp, Frac, Log, Neg, Plus, Power, Times, Total
from softmax_cli.tutor.notation import T
from softmax_cli.tutor.proof import UnprovedError

EQUAL, UNDECIDED = "equal", "undecided"


def verdicts(derivation: Derivation) -> Mapping[str, str]:
    """Return SymPy's verdict on every line, by the step's id: equal, or undecided.

    A general derivation is checked for three classes, i = 1 and j = 2.

    Raises
    ------
    UnprovedError
        Where SymPy finds a line wrong.
    """
    if not derivation.k:
        derivation = concrete(derivation, 3, 0, 1)
    found = {}
    for step in derivation.walk():
        verdict = _verdict(derivation, step.lhs, step.rhs)
        if verdict is False:
            raise UnprovedError(f"{derivation.id}, step {step.id}: SymPy finds {step.lhs} = {step.rhs} wrong")
        found[step.id] = EQUAL if verdict else UNDECIDED
    return found


def _verdict(derivation: Derivation, lhs: Expr, rhs: Expr) -> bool | None:
    difference = expand(lhs, derivation.definitions) - expand(rhs, derivation.definitions)
    real = {
        name: Symbol(name.name, real=True, positive=name == T or None) for name in difference.free_symbols
    }
    difference = sympy.expand_log(difference.xreplace(real), force=True)
    if sympy.cancel(_rational(difference)) == 0 or sympy.simplify(difference) == 0:
        return True
    verdict: bool | None = difference.equals(0)
    return verdict


def expand(x: Expr, definitions: Mapping[Symbol, Expr]) -> Expr:
    """Return an expression of the board as SymPy has it, in z_1 ... z_K and T alone.

    Examples
    --------
    >>> p, z = Symbol("p_1"), Symbol("z_1")
    >>> expand(D(p, z), {p: Exp(Frac(z, 2))})
    exp(z_1/2)/2
    """
    if x in definitions:
        return expand(definitions[x], definitions)
    ordinary = _ORDINARY.get(type(x))
    return x if ordinary is None else ordinary(*(expand(arg, definitions) for arg in x.args))


_ORDINARY: Mapping[type[Expr], Callable[..., Expr]] = {
    Frac: operator.truediv,
    Times: sympy.Mul,
    Plus: sympy.Add,
    Total: sympy.Add,
    Neg: operator.neg,
    Power: operator.pow,
    Exp: sympy.exp,
    Log: sympy.log,
    D: sympy.diff,
    Delta: sympy.KroneckerDelta,
}


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
