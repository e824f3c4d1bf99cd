"""What people write in place of a sign, factor, term, index or name of a right line.

`slips.tsv` is a table of what stands in place of what: the name of the slip, a part of a right line, what is
written instead, and what to say. A letter without an index is any part, or one of a kind, as `_KINDS` says;
an index is any class.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache, partial, reduce
from itertools import groupby
from pathlib import Path
from typing import NamedTuple, TypeAlias

from softmax_cli.core.formula.parser import parse
from softmax_cli.core.formula.tree import (
    Binary,
    Call,
    Derivative,
    Negative,
    Node,
    Number,
    Symbol,
    parts,
    with_parts,
)
from softmax_cli.tutor.exercises.goal import Goal
from softmax_cli.tutor.narratives.tables import cells, chosen

Slips: TypeAlias = Iterator[tuple[str, Callable[[], str], Node]]
"""What stands in place of a node: the name of the slip, what to say, and the other node."""
_KINDS: dict[str, Callable[[Node], bool]] = {
    **dict.fromkeys("abc", lambda node: True),
    **dict.fromkeys("uv", lambda node: not isinstance(node, Number)),
    "w": lambda node: node != Number(0),
    "n": lambda node: isinstance(node, Number),
    "x": lambda node: isinstance(node, Symbol),
    "q": lambda node: not isinstance(node, Symbol),
}
"""What each letter of the table stands for; m is one more than n."""
_INSTEAD = "{} stands where {} belongs."
_FORMULA = re.compile(r"\{([^{}]+)\}")


class _Slip(NamedTuple):
    cause: str
    instead: Node
    message: str


@cache
def _table() -> dict[str, list[tuple[Node, list[_Slip]]]]:
    """Return the right parts of the table with the slips in each, by the kind of node that they are."""
    found: dict[str, list[tuple[Node, list[_Slip]]]] = {}
    for right, lines in groupby(cells(Path(__file__).with_name("slips.tsv")), key=lambda line: line[1]):
        part = parse(right)
        these = [_Slip(cause, parse(instead), message) for cause, _, instead, message in lines]
        found.setdefault(_kind(part), []).append((part, these))
    return found


def _kind(node: Node) -> str:
    """Return the operator, function or name of a node; the name of its type for any other."""
    return str(node[0]) if isinstance(node, Binary | Call | Symbol) else type(node).__name__


def slips(node: Node, goal: Goal) -> Slips:
    """Yield what may stand in place of a node."""
    yield from _other_classes(node, goal)
    for right, these in _table().get(_kind(node), ()):
        found: dict[Node, Node] = {}
        for slip in these if _fits(right, node, found) else ():
            instead = _put(slip.instead, found)
            yield slip.cause, partial(_said, slip, found, goal, (instead, node)), instead
    if node == Symbol("S"):
        yield from _parts_of_the_sum(goal)
    elif node in (Symbol("f"), Symbol("g")):
        said = _saying(goal, "{} stands here as it is, without a prime.", node)
        yield "prime-misplaced", said, Derivative(node, goal.logit)
    elif isinstance(node, Derivative):
        said = _saying(goal, "{} stands where {} belongs: it has still to be differentiated.", node.of, node)
        yield "prime-forgotten", said, node.of
        for value in (0, 1):
            taken = _saying(goal, f"{{}} is taken for {value}.", node)
            yield f"derivative-taken-for-{value}", taken, Number(value)


def _fits(line: Node, node: Node, found: dict[Node, Node]) -> bool:
    """Return whether a line of the table is about a node; what its letters stand for goes to `found`."""
    if isinstance(line, Symbol) and not line.indices and line.name in _KINDS:
        found[line] = node
        if line.name == "n" and isinstance(node, Number):
            found[Symbol("m")] = Number(node.numerator + 1)
        return _KINDS[line.name](node)
    if isinstance(line, Symbol):
        if not isinstance(node, Symbol) or node.name != line.name:
            return False
        found.update(zip(line.indices, node.indices, strict=False))
        return True
    if _kind(line) != _kind(node) or isinstance(line, Number):
        return line == node
    return all(_fits(one, other, found) for one, other in zip(parts(line), parts(node), strict=False))


def _put(line: Node, found: dict[Node, Node]) -> Node:
    """Return a formula of the table with what its letters stand for."""
    return found[line] if line in found else with_parts(line, lambda part: _put(part, found))


def _said(slip: _Slip, found: dict[Node, Node], goal: Goal, both: tuple[Node, Node]) -> str:
    if not slip.message:
        return _INSTEAD.format(*map(goal.written, both))
    message = chosen(slip.message, {goal.case})
    return _FORMULA.sub(lambda match: goal.written(_put(parse(match[1]), found)), message)


def negative(tree: Node) -> Node:
    """Return minus a tree."""
    return tree.operand if isinstance(tree, Negative) else Negative(tree)


def _saying(goal: Goal, template: str, *trees: Node) -> Callable[[], str]:
    """Return a sentence that is put together only when it is needed."""
    return lambda: template.format(*map(goal.written, trees))


def _other_classes(node: Node, goal: Goal) -> Slips:
    """Yield the same quantity, or the exponential, of each other class."""
    for index in goal.indices:
        other: Node | None = None
        match node:
            case Symbol(name="p" | "z" | "y" as name):
                other = Symbol(name, (index,))
            case Call(function="exp", arguments=(argument,)):
                other = Call("exp", (_of_class(index, argument),))
        if other is not None and other != node:
            yield "other-class", _saying(goal, _INSTEAD, other, node), other


def _of_class(index: Node, exponent: Node) -> Node:
    """Return a logit in the form of an exponent."""
    z = Symbol("z", (index,))
    match exponent:
        case Negative():
            return Negative(z)
        case Binary(operator="/", right=right):
            return Binary("/", z, right)
    return z


def _parts_of_the_sum(goal: Goal) -> Slips:
    """Yield the sum without one of its terms."""
    if isinstance(goal.total, frozenset):
        terms = sorted(goal.total, key=goal.written)
        for missing in terms:
            rest = reduce(partial(Binary, "+"), (term for term in terms if term != missing))
            said = _saying(goal, "The sum S is over all classes: {} is missing.", missing)
            yield "sum-not-whole", said, rest
