"""From what is asked to a proved derivation."""

from sympy import Expr

from softmax_cli.core import functions as core
from softmax_cli.tutor.derivation import Derivation, Sentence, sentence
from softmax_cli.tutor.functions import FUNCTIONS
from softmax_cli.tutor.notation import Case, notation
from softmax_cli.tutor.proof import prove


def derive(
    function: str,
    k: int,
    of: int,
    wrt: int,
    *,
    temperature: bool = False,
    route: str | None = None,
) -> Derivation:
    """Derive one derivative, and prove every line of it.

    Parameters
    ----------
    function
        A name of `FUNCTIONS`.
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
    module = FUNCTIONS[function]
    case = Case(notation(k, temperature), of, wrt)
    name = route or next(iter(module.ROUTES))
    scalar = core.FUNCTIONS[function].scalar
    return prove(
        Derivation(
            id=name,
            title=_title(case, module.claim(case), scalar=scalar),
            function=function,
            claim=module.claim(case),
            definitions=module.definitions(case),
            steps=tuple(module.ROUTES[name](case)),
            k=k,
            of=None if scalar else of,
            wrt=wrt,
            target=of if scalar else None,
            temperature=temperature,
        )
    )


def _title(case: Case, claim: Expr, *, scalar: bool) -> Sentence:
    n = case.names
    if scalar:
        template = "The derivative of the cross-entropy {of} with respect to {z}; the target is {target}"
    else:
        which = "i = j" if case.same else "i != j"
        template = f"The derivative of {{of}} with respect to {{z}}, {which}"
    return sentence(template, of=claim.args[0], z=n.z[case.j], target=n.label[case.i])
