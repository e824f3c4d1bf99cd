"""The narrator: from a block of a table and a case to a derivation, which `proof` has still to prove."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from softmax_cli.core.formula.exact.arithmetic import Definitions, K
from softmax_cli.core.formula.tree import Node, Number
from softmax_cli.tutor import rules
from softmax_cli.tutor.derivation import Derivation, Step
from softmax_cli.tutor.functions import table
from softmax_cli.tutor.narratives.formulas import Case, Formulas
from softmax_cli.tutor.narratives.tables import Row, block, chosen, derivations, told

RULES = {rule.name: rule for rule in vars(rules).values() if isinstance(rule, rules.Rule)}
"""The rules by their names, as the tables have them."""
_QUOTIENT = " ; f = e_i ; g = S"
"""The parts of softmax, which a line may name where its derivation does not."""
_ITSELF = "="
"""What stands for the right-hand side itself in the column of what has changed."""


def narrated(path: str, case: Case, function: str, **about: Any) -> Derivation:
    """Return a derivation, its lines not yet proved.

    Parameters
    ----------
    path
        The names of its table and of its block there: ``softmax/quotient-rule``.
    case
        The classes, and whether T is written.
    function
        The function's name, or the topic's.
    about
        Further fields of the derivation.
    """
    head, meaning, _ = block(path)
    case = replace(case, temperature=case.temperature or head.rule.endswith("with T"))
    formulas = Formulas(case)
    claim = formulas.expression(head.line)
    fields: dict[str, Any] = {
        "id": head.step,
        "title": formulas.sentence(chosen(head.why, case.flags)),
        "meaning": formulas.sentence(chosen(meaning, case.flags)),
        **about,
    }
    return Derivation(
        function=function,
        claim=claim,
        definitions=formulas.definitions(names(head.changed)),
        steps=tuple(_steps(told(path, case.flags), formulas, claim)),
        k=case.k,
        temperature=case.temperature,
        **fields,
    )


def usual(function: str) -> str:
    """Return the path of the derivation that a function has first."""
    return f"{table(function)}/{derivations(table(function))[0]}"


def meant(function: str, case: Case) -> Definitions:
    """Return what K and the names of a function's usual derivation stand for, f and g always among them.

    Examples
    --------
    >>> from softmax_cli.core.formula.printing import text
    >>> from softmax_cli.core.formula.tree import Symbol
    >>> text(meant("cross-entropy", Case(3, i=1))[Symbol("y", (Number(2),))])
    '1'
    """
    text = names(block(usual(function)).head.changed)
    if "f = " not in text:
        text += _QUOTIENT
    return {K: Number(case.k), **Formulas(case).definitions(text)}


def names(text: str) -> str:
    """Return definitions with those of other blocks, ``softmax/names``, written out."""
    return " ; ".join(one if "=" in one else names(block(one).head.changed) for one in text.split(" ; "))


def _steps(rows: Iterable[Row], formulas: Formulas, claim: Node) -> Iterator[Step]:
    """Yield steps, each with the parts that follow it; a part has one dot more before its name."""
    own: list[tuple[Row, Formulas, list[Row]]] = []
    for row in rows:
        if row.step.startswith("."):
            own[-1][2].append(row._replace(step=row.step[1:]))
        elif row.step.endswith("-k"):  # one for each class
            name = row.step.removesuffix("k")
            own += (
                (row._replace(step=f"{name}{m}"), one, []) for m, one in enumerate(formulas.each_class(), 1)
            )
        else:
            own.append((row, formulas, []))
    for row, about, parts in own:
        yield _step(row, about, claim, tuple(_steps(parts, about, claim)))


def _step(row: Row, formulas: Formulas, claim: Node, parts: tuple[Step, ...]) -> Step:
    left, _, right = row.line.partition("= ")
    lhs = formulas.expression(left) if left else claim
    rhs = formulas.expression(right)
    changed: tuple[Node, ...] = ()
    for part in row.changed.split(" ; ") if row.changed else ():
        changed += (rhs,) if part == _ITSELF else formulas.each(part)
    return Step(row.step, RULES[row.rule], formulas.sentence(row.why), lhs, rhs, changed, parts)
