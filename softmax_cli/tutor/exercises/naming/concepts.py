"""The table of concepts: wrong lines that are written for a reason, and what to say about them."""

from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from pathlib import Path
from typing import NamedTuple

from softmax_cli.core.formula.tree import Binary, Call, Derivative, Node, Number, Symbol, rewrite, walk
from softmax_cli.tutor.exercises.goal import Goal
from softmax_cli.tutor.narratives.tables import cells

RIGHT = "right"
"""The id of rows that are other right ways of writing a derivative."""
_SLOPE = Binary("/", Number(1), Symbol("T"))


class Concept(NamedTuple):
    """A wrong line for a goal's classes: its name, what to say, and its tree."""

    cause: str
    say: Callable[[], str]
    tree: Node


class _ConceptRow(NamedTuple):
    function: str
    case: str
    id: str
    formulas: str
    message: str


def concepts(goal: Goal) -> Iterator[Concept]:
    """Yield the wrong lines that a derivative is often given."""
    for row, tree in _lines(goal):
        if row.id != RIGHT:
            yield Concept(row.id, partial(goal.sentence, row.message), tree)


def forms(goal: Goal) -> Iterator[Node]:
    """Yield other right ways of writing a derivative."""
    for row, tree in _lines(goal):
        if row.id == RIGHT:
            yield tree


def _lines(goal: Goal) -> Iterator[tuple[_ConceptRow, Node]]:
    for row in table():
        if row.case != goal.case:
            continue
        without = goal.temperature and row.function == goal.function
        if row.function == goal.topic or without:
            for formula in row.formulas.split(" ; "):
                for tree in goal.placings(formula):
                    yield row, (_with_temperature(tree) if without else tree)


def _with_temperature(tree: Node) -> Node:
    """Return what a line without a temperature becomes with one: z / T in exponents, and 1 / T times all."""

    def divide(node: Node) -> Node:
        if isinstance(node, Call) and node.function == "exp":
            return Call("exp", (Binary("/", node.arguments[0], Symbol("T")),))
        return node

    if any(isinstance(node, Derivative) for node, _ in walk(tree)):
        return rewrite(tree, divide)  # what is still to be differentiated brings its own 1 / T
    return Binary("*", _SLOPE, rewrite(tree, divide))


def unscaled(tree: Node) -> Node:
    """Return a line without the factor 1/T in front of it."""
    return tree.right if isinstance(tree, Binary) and tree.left == _SLOPE else tree


@lru_cache(maxsize=1)
def table() -> tuple[_ConceptRow, ...]:
    """Return every line of the table."""
    return tuple(_ConceptRow(*line) for line in cells(Path(__file__).with_name("concepts.tsv")))
