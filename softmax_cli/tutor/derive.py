"""From what is asked to a proved derivation: of a function, what follows from it, and the topics."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from softmax_cli.core.functions import FUNCTIONS
from softmax_cli.tutor.derivation import Derivation, sentence
from softmax_cli.tutor.functions import FOLLOW_UPS, table
from softmax_cli.tutor.narratives.formulas import Case
from softmax_cli.tutor.narratives.narrator import narrated, usual
from softmax_cli.tutor.narratives.tables import derivations
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
        One of `routes`; the first by default.

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
    asked = {"target": of} if FUNCTIONS[function].scalar else {"of": of}
    path = f"{table(function)}/{route}" if route else usual(function)
    return prove(narrated(path, Case(k, of, wrt, temperature), function, wrt=wrt, **asked))


def routes(function: str) -> list[str]:
    """Return the names of the ways in which a function is derived, the usual one first."""
    return derivations(table(function))


def follow_ups(
    k: int, of: int, wrt: int, *, temperature: bool = False, names: Iterable[str] = FOLLOW_UPS
) -> Iterator[Derivation]:
    """Yield what follows for k classes, around the outputs and logits i = `of` and j = `wrt`, 0-based."""
    case = Case(k, of, wrt if wrt != of else (of + 1) % k, temperature)
    for name in names:
        if name == "one-over-t":
            softened = derive("softmax", k, case.i, case.j, temperature=True)
            title = sentence("With a temperature {T}, the chain rule brings the factor 1/{T}")
            yield replace(softened, id=name, title=title)
        elif name == "two-classes":
            alone = Case(2, 0, 1, temperature)
            yield prove(narrated(f"follow_ups/{name}", alone, "softmax", members=(case.i, case.j)))
        else:
            yield prove(narrated(f"follow_ups/{name}", case, "softmax"))


def topic(name: str, k: int) -> Iterator[Derivation]:
    """Yield the derivations of a topic, for k classes, each standing on those before."""
    for derivation in derivations(name):
        yield prove(narrated(f"{name}/{derivation}", Case(k), name))
