"""The lines of the tutor's derivations, as exercises have them: about the classes 1, 2 and 3, or i and j."""

from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from typing import NamedTuple

from softmax_cli.core.formula.lines.indices import IndexNames
from softmax_cli.core.formula.lines.reading import read_line
from softmax_cli.core.formula.printing import text
from softmax_cli.core.formula.tree import Node
from softmax_cli.errors import FormulaError
from softmax_cli.tutor import rules
from softmax_cli.tutor.derive import derive
from softmax_cli.tutor.functions import GENERAL, NARRATIVES
from softmax_cli.tutor.narratives.general import general
from softmax_cli.tutor.narratives.narrator import RULES
from softmax_cli.tutor.notation import Label
from softmax_cli.tutor.printers.line import LinePrinter
from softmax_cli.tutor.printers.names import Names

_CLASSES = ("1", "2", "3")
_NOT_HERE = (rules.POWER, rules.PROBABILITIES)
STATEMENTS = {name: rule.statement for name, rule in RULES.items() if rule not in _NOT_HERE}
"""What the rules say by which the lines follow."""


class ProvedLine(NamedTuple):
    """A line of a derivation.

    Parameters
    ----------
    step
        Which line it is.
    rule, statement
        The rule that gave it, and what it says.
    left, right
        The line: left = right.
    why
        The reason; what stands in braces is a formula.
    chain
        Whether the left side is what is asked for.
    """

    step: str
    rule: str
    statement: str
    left: Node
    right: Node
    why: str
    chain: bool


@cache
def rows(function: str, case: str, temperature: bool) -> tuple[ProvedLine, ...]:
    """Return the lines of a function's derivation, each proved; `case` is same, other or general."""
    setting = IndexNames(())
    if case == "general":
        derivation = general(function, temperature=temperature)
    else:
        wrt = 0 if case == "same" else 1
        setting = IndexNames(_CLASSES, 1, wrt + 1)
        derivation = derive(function, len(_CLASSES), 0, wrt, temperature=temperature)
    printer = LinePrinter(Names(setting.classes, False, derivation.definitions), unicode=False)

    def tree(x: Node) -> Node:
        """Return an expression in the names that a learner has: e^z_1 for e_1."""
        return read_line(printer.of(x), setting)

    def said(part: str | Node | Label) -> str:
        if isinstance(part, str):
            return part
        line = printer.said(part)
        with suppress(FormulaError):  # the name of a class, or delta_kj, which no line of a learner has
            line = text(read_line(line, setting))
        return f"{{{line}}}"

    return tuple(
        ProvedLine(
            step.id,
            step.rule.name,
            step.rule.statement,
            tree(step.lhs),
            tree(step.rhs),
            "".join(map(said, step.why)),
            step.lhs == derivation.claim,
        )
        for step in derivation.walk()
    )


def every_row() -> Iterator[ProvedLine]:
    """Yield every line of every function; those for any number of classes without a temperature."""
    for function in NARRATIVES:
        for case in ("same", "other"):
            for temperature in (False, True):
                yield from rows(function, case, temperature)
        if function in GENERAL:
            yield from rows(function, "general", False)
