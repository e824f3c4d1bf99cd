"""One edit of a right line: a sign, a factor, a term, an index, a bracket, a name that is another."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple, TypeAlias, cast

from softmax_cli.core.formula.tree import Binary, Call, Derivative, Negative, Node, Over, Symbol
from softmax_cli.tutor.exercises.goal import Goal
from softmax_cli.tutor.exercises.naming.slips import negative, slips

_Put: TypeAlias = Callable[[Node], Node]
"""Returns a node with another part in a place of it."""


class Edit(NamedTuple):
    """A wrong line that is right except for one thing.

    Parameters
    ----------
    cause
        The name of that thing.
    say
        Returns what to say about it.
    tree
        The whole wrong line; what is not edited is shared with the right line.
    """

    cause: str
    say: Callable[[], str]
    tree: Node


def edits(tree: Node, goal: Goal) -> Iterator[Edit]:
    """Yield the line with each edit that people make.

    Examples
    --------
    >>> from softmax_cli.core.formula.lines.reading import read_line
    >>> goal = Goal("softmax", 1, 2)
    >>> [goal.written(edit.tree) for edit in edits(read_line("-p1"), goal)][:3]
    ['p_1', '-p_2', '-p_3']
    """
    if not isinstance(tree, Negative):  # otherwise its minus is missing
        yield Edit("sign-turned", partial(str, "The sign of the whole line is turned."), negative(tree))
    yield from _edits(tree, goal)


def _edits(node: Node, goal: Goal) -> Iterator[Edit]:
    """Yield a node with the edits of it and of all that is below it."""
    for cause, say, other in slips(node, goal):
        yield Edit(cause, say, other)
    for part, put in _parts(node):
        for edit in _edits(part, goal):
            yield Edit(edit.cause, edit.say, put(edit.tree))


def _parts(node: Node) -> Iterator[tuple[Node, _Put]]:
    """Yield the parts directly below a node that may be edited, and how to replace each."""
    match node:
        case Negative(operand=operand):
            yield operand, Negative
        case Call(function=function, arguments=(argument,)):
            yield argument, lambda part: Call(function, (part,))
        case Derivative(of=of, wrt=wrt):
            yield of, lambda part: Derivative(part, wrt)
            yield wrt, lambda part: Derivative(of, cast("Symbol", part))
        case Over():
            yield node.body, lambda part: node._replace(body=part)
        case Binary(operator=sign, left=left, right=right):
            yield left, lambda part: Binary(sign, part, right)
            if sign != "^":
                yield right, lambda part: Binary(sign, left, part)
