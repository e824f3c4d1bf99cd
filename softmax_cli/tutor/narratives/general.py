"""Any number of classes: a function's narrative with i and j as letters, and sums over k from 1 to K.

A line with a sum over k has no one-line proof by numbers; each is proved for every (i, j) at K = 2, 3, 4
and 5 classes, and none of its rules looks at K.
"""

from collections.abc import Mapping
from dataclasses import replace

from sympy import Expr, Integer, Symbol

from softmax_cli.tutor.derivation import Derivation, Step, sentence
from softmax_cli.tutor.derive import meaning
from softmax_cli.tutor.functions import narrative
from softmax_cli.tutor.nodes import At, Delta, Exp, Frac, Log, Neg, Plus, SumOver, Times
from softmax_cli.tutor.notation import Case, F, G, L, Notation, S, notation
from softmax_cli.tutor.proof import prove

PROVED_AT = (2, 3, 4, 5)
I_LETTER, J_LETTER, TARGET = (Symbol(letter) for letter in "ijt")


def general(function: str, *, temperature: bool = False) -> Derivation:
    """Derive a function's derivative for K classes, and prove every line at several K.

    Parameters
    ----------
    function
        One whose narrative is `GENERAL`.
    temperature
        True to write T.

    Examples
    --------
    >>> general("softmax").result
    Times(p_i, Plus(Delta(i, j), Neg(p_j)))
    """
    module = narrative(function)
    case = Case.lettered(temperature=temperature)
    claim = module.claim(case)
    title = "For any number K of classes: the derivative of {of} with respect to {z}"
    derivation = Derivation(
        id="general",
        title=sentence(title, of=claim.args[0], z=claim.args[1]),
        function=function,
        claim=claim,
        definitions=_definitions(case),
        steps=tuple(next(iter(module.ROUTES.values()))(case)),
        k=0,
        temperature=temperature,
        meaning=meaning(case, module.MEANING),
    )
    for k in PROVED_AT:
        for i in range(k):
            for j in range(k):
                prove(concrete(derivation, k, i, j))
    return derivation


def _definitions(case: Case) -> Mapping[Symbol, Expr]:
    """Return what the names stand for; t is the target."""
    members = (case.output, case.wrt, case.running)
    return {
        **{m.e: Exp(case.names.over_t(m.z)) for m in members},
        S: case.sum_over(lambda m: m.e),
        **{m.p: Frac(m.e, S) for m in members},
        **{m.y: Delta(Symbol(letter), TARGET) for m, letter in zip(members, "ijk", strict=True)},
        L: Neg(case.sum_over(lambda m: Times(m.y, Log(m.p)))),
        F: case.output.e,
        G: S,
    }


def concrete(derivation: Derivation, k: int, i: int, j: int) -> Derivation:
    """Return a general derivation for k classes, i and j being two of them, 0-based (and i the target)."""
    names = notation(k, derivation.temperature)
    definitions = {**names.cross_entropy(i), F: names.e[i], G: S}
    letters = {I_LETTER: i, J_LETTER: j, TARGET: i}

    def put(step: Step) -> Step:
        return replace(
            step,
            lhs=instantiate(step.lhs, names, letters),
            rhs=instantiate(step.rhs, names, letters),
            substeps=tuple(map(put, step.substeps)),
        )

    claim = instantiate(derivation.claim, names, letters)
    return replace(
        derivation, claim=claim, definitions=definitions, steps=tuple(map(put, derivation.steps)), k=k
    )


def instantiate(x: Expr, names: Notation, letters: Mapping[Symbol, int]) -> Expr:
    """Return an expression with numbers for its letters, and its sums written out."""
    match x:
        case Symbol():
            letter, _, index = x.name.partition("_")
            family: tuple[Expr, ...] | None = getattr(names, letter, None) if index else None
            return x if family is None else family[letters[Symbol(index)]]
        case At():
            return names.z[letters[x.args[1]]]
        case Delta():
            return Integer(int(letters[x.args[0]] == letters[x.args[1]]))
        case SumOver():
            body, letter = x.args
            return Plus(*(instantiate(body, names, {**letters, letter: m}) for m in range(names.k)))
    return x.func(*(instantiate(arg, names, letters) for arg in x.args)) if x.args else x
