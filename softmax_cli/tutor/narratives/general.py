"""Any number of classes: a function's narrative with i and j as letters, and sums over k from 1 to K.

A line with a sum over k has no one-line proof by numbers; each is proved for every (i, j) at K = 2, 3, 4
and 5 classes, and none of its rules looks at K.
"""

from collections.abc import Mapping
from dataclasses import replace

from sympy import Expr, Integer, Symbol

from softmax_cli.tutor.derivation import Derivation, Step, sentence
from softmax_cli.tutor.functions import table
from softmax_cli.tutor.narratives.formulas import Case, symbol
from softmax_cli.tutor.narratives.narrator import narrated
from softmax_cli.tutor.narratives.tables import derivations
from softmax_cli.tutor.nodes import At, Delta, Plus, SumOver
from softmax_cli.tutor.proof import prove

PROVED_AT = (2, 3, 4, 5)
_TITLE = "For any number K of classes: the derivative of {of} with respect to {z}"


def general(function: str, *, temperature: bool = False) -> Derivation:
    """Derive a function's derivative for K classes, and prove every line at several K.

    Parameters
    ----------
    function
        One of `functions.GENERAL`.
    temperature
        True to write T.

    Examples
    --------
    >>> general("softmax").result
    Times(p_i, Plus(Delta(i, j), Neg(p_j)))
    """
    lettered = narrated(_path(function), Case(0, temperature=temperature), function)
    of, z = lettered.claim.args
    derivation = replace(lettered, id="general", title=sentence(_TITLE, of=of, z=z))
    for k in PROVED_AT:
        for i in range(k):
            for j in range(k):
                prove(concrete(derivation, k, i, j))
    return derivation


def _path(function: str) -> str:
    return f"{table(function)}/{derivations(table(function))[0]}"


def concrete(derivation: Derivation, k: int, i: int, j: int) -> Derivation:
    """Return a general derivation for k classes, i and j being two of them, 0-based (and i the target)."""
    told = narrated(_path(derivation.function), Case(k, i, j, derivation.temperature), derivation.function)
    letters = {symbol(letter): m + 1 for letter, m in zip("ijt", (i, j, i), strict=True)}

    def put(step: Step) -> Step:
        lhs, rhs = (instantiate(side, k, letters) for side in (step.lhs, step.rhs))
        return replace(step, lhs=lhs, rhs=rhs, substeps=tuple(map(put, step.substeps)))

    return replace(
        derivation,
        claim=told.claim,
        definitions=told.definitions,
        steps=tuple(map(put, derivation.steps)),
        k=k,
    )


def instantiate(x: Expr, k: int, letters: Mapping[Symbol, int]) -> Expr:
    """Return an expression with numbers for its letters, and its sums written out."""
    match x:
        case Symbol():
            name, _, index = x.name.partition("_")
            number = letters.get(symbol(index)) if index else None
            return x if number is None else symbol(f"{name}_{number}")
        case At():
            return symbol(f"{x.args[0].name}_{letters[x.args[1]]}")
        case Delta():
            return Integer(int(letters[x.args[0]] == letters[x.args[1]]))
        case SumOver():
            body, letter = x.args
            return Plus(*(instantiate(body, k, {**letters, letter: m}) for m in range(1, k + 1)))
    return x.func(*(instantiate(arg, k, letters) for arg in x.args)) if x.args else x
