"""From what is asked to a proved derivation."""

from sympy import Expr

from softmax_cli.core.functions import FUNCTIONS, Function
from softmax_cli.tutor.derivation import Derivation, Sentence, sentence
from softmax_cli.tutor.functions import narrative
from softmax_cli.tutor.notation import Case, notation
from softmax_cli.tutor.proof import prove


def derive(
    function: str, k: int, of: int, wrt: int, *, temperature: bool = False, route: str | None = None
) -> Derivation:
    """Derive one derivative, and prove every line of it.

    Parameters
    ----------
    function
        A name of `NARRATIVES`.
    k
        The number of classes, at least 2.
    of
        The output i, 0-based; of a scalar function, its target.
    wrt
        The logit j, 0-based.
    temperature
        True to write T.
    route
        One of the function's routes; its usual one by default.

    Returns
    -------
    Derivation
        The proved steps; `result` is the answer.

    Raises
    ------
    UnprovedError
        Where a line could not be proved.

    Examples
    --------
    >>> derive("softmax", 3, 0, 1).steps[-2].id
    'simplify'
    """
    module = narrative(function)
    case = Case.of(notation(k, temperature), of, wrt)
    name = route or next(iter(module.ROUTES))
    entry = FUNCTIONS[function]
    return prove(
        Derivation(
            id=name,
            title=_title(case, module.claim(case), entry),
            function=function,
            claim=module.claim(case),
            definitions=module.definitions(case),
            steps=tuple(module.ROUTES[name](case)),
            k=k,
            of=None if entry.scalar else of,
            wrt=wrt,
            target=of if entry.scalar else None,
            temperature=temperature,
            meaning=meaning(case, module.MEANING),
        )
    )


def meaning(case: Case, texts: tuple[str, str, str]) -> Sentence:
    """Return what the answer says, by a narrative's texts for i = j, for i != j, and for any i and j."""
    return sentence(case.said(*texts), i=case.label_i, j=case.label_j, p=case.output.p)


def _title(case: Case, claim: Expr, function: Function) -> Sentence:
    n = case.names
    if function.scalar:
        template = (
            f"The derivative of the {function.name} {{of}} with respect to {{z}}; the target is {{target}}"
        )
    else:
        which = "i = j" if case.same else "i != j"
        template = f"The derivative of {{of}} with respect to {{z}}, {which}"
    return sentence(template, of=claim.args[0], z=n.z[case.j], target=n.label[case.i])
