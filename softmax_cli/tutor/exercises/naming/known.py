"""Mistakes that have a name elsewhere, as wrong lines of a derivative."""

from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeAlias

from softmax_cli.core.formula.parser import statement
from softmax_cli.core.formula.tree import Node, Number, Symbol, with_parts
from softmax_cli.errors import FormulaError
from softmax_cli.tutor.exercises.goal import Goal


class NamedMistake(NamedTuple):
    """A wrong formula that has a name elsewhere: its id, its tree for the goal's classes, and what to say."""

    id: str
    tree: Node
    message: str


More: TypeAlias = Callable[[], Iterable[NamedMistake]]
"""Mistakes with a name elsewhere, asked for when a line is wrong."""


def known_mistake(goal: Goal, cause: str, formula: str, message: str) -> NamedMistake | None:
    """Return a mistake of a table of formulas in i and j as one of this derivative.

    None if the formula does not apply, or uses names that no line has.
    """
    try:
        line = statement(formula)
    except FormulaError:
        return None
    diagonal = isinstance(line.left, Symbol) and line.left.indices == (Symbol("i"), Symbol("i"))
    if line.definitions or (diagonal and not goal.same):
        return None
    if line.condition is not None and (line.condition.operator != "!=" or goal.same or goal.general):
        return None
    letters: dict[str, Node] = {"k": Symbol("K")}
    if not goal.general:
        letters |= {"i": Number(goal.of), "j": Number(goal.wrt)}
    if not goal.temperature:
        letters["T"] = Number(1)

    def place(node: Node) -> Node:
        if isinstance(node, Symbol) and not node.indices:
            return letters.get(node.name, node)
        return with_parts(node, place)

    tree = place(line.right)
    return None if goal.first(tree) is None else NamedMistake(cause, tree, message)
