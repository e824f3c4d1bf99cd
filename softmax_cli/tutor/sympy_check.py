"""What SymPy itself says of a line, by its own simplifier: slow, and not always able to tell."""

from collections.abc import Mapping

import sympy
from sympy import Expr, Symbol

from softmax_cli.tutor.derivation import Derivation
from softmax_cli.tutor.narratives.general import concrete
from softmax_cli.tutor.nodes import expand
from softmax_cli.tutor.notation import T
from softmax_cli.tutor.proof import UnprovedError

EQUAL, UNDECIDED = "equal", "undecided"


def verdicts(derivation: Derivation) -> Mapping[str, str]:
    """Return SymPy's verdict on every line, by the step's id: equal, or undecided.

    A general derivation is put to it for three classes, i = 1 and j = 2.

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
    if difference == 0 or sympy.simplify(difference) == 0:
        return True
    verdict: bool | None = difference.equals(0)
    return verdict
