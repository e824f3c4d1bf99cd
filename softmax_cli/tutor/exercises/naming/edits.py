"""One edit of a right line: a sign, a factor, a term, an index, a bracket, a name that is another."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

from softmax_cli.core.formula.exact.duals import P, inverse
from softmax_cli.core.formula.exact.residues import Point
from softmax_cli.core.formula.tree import Binary, Call, Derivative, Negative, Node, Number, Over
from softmax_cli.tutor.exercises.goal import Goal
from softmax_cli.tutor.exercises.naming.slips import negative, slips


class Edit(NamedTuple):
    """A wrong line that is a right one but for one thing.

    Parameters
    ----------
    cause
        The name of that thing.
    say
        Returns what to say about it.
    part
        What stands in the line instead of a part of it.
    place
        Where.
    """

    cause: str
    say: Callable[[], str]
    part: Node
    place: "Place"

    @property
    def tree(self) -> Node:
        """The whole wrong line."""
        return self.place.line(self.part)

    def value(self, point: Point) -> int:
        """Return the exact value of the whole line, of which only the way to the edit is worked out."""
        return self.place.value(self.part, point)


class Place(NamedTuple):
    """A place in a line: what is above it, and beside it.

    Parameters
    ----------
    above
        The place of the node above; None for the whole line.
    put
        Returns the node above, with another part in this place.
    beside
        Returns the value of the node above for a value in this place; None where it must be worked out whole.
    arithmetic
        Whether a value in this place is enough to know that of the whole line.
    """

    above: "Place | None"
    put: Callable[[Node], Node]
    beside: Callable[[int, Point], int] | None
    arithmetic: bool

    def line(self, part: Node) -> Node:
        """Return the whole line with a part in this place."""
        return part if self.above is None else self.above.line(self.put(part))

    def value(self, part: Node, point: Point) -> int:
        """Return the exact value of the whole line with a part in this place."""
        if self.above is not None and not self.arithmetic:
            return self.above.value(self.put(part), point)
        value, place = point.value(part), self
        while place.above is not None and place.beside is not None:
            value, place = place.beside(value, point), place.above
        return value


_WHOLE = Place(None, lambda node: node, None, arithmetic=True)


def edits(tree: Node, goal: Goal) -> Iterator[Edit]:
    """Yield the line with each edit that people make.

    Examples
    --------
    >>> from softmax_cli.core.formula.lines.reading import read_line
    >>> goal = Goal("softmax", 1, 2)
    >>> [goal.written(edit.tree) for edit in edits(read_line("-p1"), goal)][:3]
    ['p_1', '-p_2', '-p_3']
    """
    if not isinstance(tree, Negative):  # else its minus is missing
        whole = partial(str, "The sign of the whole line is turned.")
        yield Edit("sign-turned", whole, negative(tree), _WHOLE)
    yield from _edits(tree, goal, _WHOLE)


def _edits(node: Node, goal: Goal, place: Place) -> Iterator[Edit]:
    """Yield the edits of a node and of all that is below it."""
    for cause, say, part in slips(node, goal):
        yield Edit(cause, say, part, place)
    for part, put, beside in _parts(node):
        arithmetic = place.arithmetic and beside is not None
        yield from _edits(part, goal, Place(place, put, beside, arithmetic))


def _parts(node: Node) -> Iterator[tuple[Node, Callable[[Node], Node], Callable[[int, Point], int] | None]]:
    """Yield what is directly below a node, how another takes its place, and what becomes of its value."""
    match node:
        case Negative(operand=operand):
            yield operand, Negative, lambda v, point: -v % P
        case Call(function=function, arguments=(argument,)):
            yield argument, lambda part: Call(function, (part,)), None
        case Derivative(of=of, wrt=wrt):
            yield of, lambda part: Derivative(part, wrt), None
            yield wrt, lambda part: Derivative(of, part), None
        case Over(how, letters, body, condition):
            yield body, lambda part: Over(how, letters, part, condition), None
        case Binary(operator=sign, left=left, right=right):
            first, second = _BESIDE[sign]
            yield (
                left,
                lambda part: Binary(sign, part, right),
                lambda v, point: first(v, right if sign == "^" else point.value(right)),
            )
            if sign != "^":
                yield (
                    right,
                    lambda part: Binary(sign, left, part),
                    lambda v, point: second(v, point.value(left)),
                )


_BESIDE: dict[str, tuple[Callable[[int, Any], int], Callable[[int, Any], int]]] = {
    "+": (lambda v, right: (v + right) % P, lambda v, left: (left + v) % P),
    "-": (lambda v, right: (v - right) % P, lambda v, left: (left - v) % P),
    "*": (lambda v, right: v * right % P, lambda v, left: left * v % P),
    "/": (lambda v, right: v * inverse(right) % P, lambda v, left: left * inverse(v) % P),
    "^": (lambda v, right: pow(v, _exponent(right), P), lambda v, left: v),
}
"""The value of a sum, product, quotient or power for a value on its left, and for one on its right."""


def _exponent(power: Node) -> int:
    """Return a whole number that stands as a power."""
    number, sign = (power.operand, -1) if isinstance(power, Negative) else (power, 1)
    assert isinstance(number, Number)
    return sign * number.numerator
