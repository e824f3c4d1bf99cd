"""By what factor or term a wrong line differs from the derivative, whatever the thought behind it."""

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations_with_replacement
from typing import NamedTuple

from softmax_cli.core.formula.exact.residues import P, inverse
from softmax_cli.core.formula.tree import Binary, Call, Negative, Node, Number, Symbol
from softmax_cli.tutor.exercises.goal import Goal
from softmax_cli.tutor.exercises.naming.likeness import distance, signs

_LARGEST = 10
"""The largest number that a line may be multiplied by, or divided by."""


class _Factors(NamedTuple):
    """A product: a number, over a number, times factors, over factors."""

    times: int
    over: int
    top: tuple[Node, ...]
    bottom: tuple[Node, ...]

    @property
    def tree(self) -> Node:
        """The product as a formula."""
        top = _product((*([Number(self.times)] if self.times > 1 else []), *self.top))
        if self.over == 1 and not self.bottom:
            return top
        return Binary("/", top, _product((*([Number(self.over)] if self.over > 1 else []), *self.bottom)))


_SCALES = (Symbol("S"), Symbol("T"), Symbol("K"))
"""What a derivative in the probabilities does not have as a factor."""
_T = (Symbol("T"),)
_NAMED = {
    _Factors(1, 1, (), ()): ("sign-turned", "The sign of the whole line is turned."),
    _Factors(1, 1, _T, ()): (
        "temperature-factor-missing",
        "z / T is in the exponent: the chain rule brings out the factor 1/T.",
    ),
    _Factors(1, 1, (), _T): (
        "temperature-twice",
        "The chain rule brings out the factor 1/T once, not twice.",
    ),
    _Factors(1, 1, _T * 2, ()): (
        "temperature-multiplied",
        "The chain rule brings out the factor 1/T, not T: the inner function is z / T.",
    ),
}
"""Factors that have a name of their own."""


class Relation(NamedTuple):
    """How a line differs from the derivative: a name, what to say, and how unlike it is to what is said."""

    unlike: int
    cause: str
    said: str


def related(written: Counter[str], values: tuple[int, ...], goal: Goal) -> Relation | None:
    """Return how a line differs from the derivative: by a factor or a term, whichever is more like it.

    Examples
    --------
    >>> from softmax_cli.core.formula.lines.reading import read_line
    >>> goal, line = Goal("softmax", 1, 2), read_line("-p_1 p_2 p_3")
    >>> related(signs(line), goal.values(line), goal)
    Relation(unlike=0, cause='factor-too-many', said='The factor p_3 is too many.')
    """
    if not all(goal.answer):
        return None
    answers = [line.right for line in goal.lines if line.row.chain][-2:]

    def unlike(sign: str, part: Node) -> int:
        return min(distance(written, signs(Binary(sign, answer, part))) for answer in answers)

    found = []
    ratios = [value * inverse(right) % P for value, right in zip(values, goal.answer, strict=True)]
    for part, turned in _found(ratios, goal):
        cause, said = _told(part, goal)
        said = f"{said} And the sign is turned." if turned and cause != "sign-turned" else said
        found.append(Relation(unlike("*", part.tree), cause, said))
    differences = [(value - right) % P for value, right in zip(values, goal.answer, strict=True)]
    for part, less in _found(differences, goal):
        said = f"The line is the derivative and {goal.written(part.tree)} {'less' if less else 'more'}."
        found.append(Relation(unlike("-" if less else "+", part.tree), "term-too-many", said))
    return min(found, key=lambda one: one.unlike, default=None)


def _told(part: _Factors, goal: Goal) -> tuple[str, str]:
    """Return the name of a factor that the line has and the derivative lacks, and what to say."""
    times, over, top, bottom = part
    if part in _NAMED:
        return _NAMED[part]
    if not top and not bottom:
        number = f"{times}" if over == 1 else f"1/{over}"
        return f"times-{number}", f"The line is {number} times the derivative."
    if times == over == 1:
        return _without_numbers(part, goal)
    return "factor-wrong", f"The line is {goal.written(part.tree)} times the derivative."


def _without_numbers(part: _Factors, goal: Goal) -> tuple[str, str]:
    top, bottom = part.top, part.bottom
    if not bottom:
        return "factor-too-many", f"The factor {goal.written(part.tree)} is too many."
    if top:
        one, other = map(goal.written, (_product(top), _product(bottom)))
        return "factor-exchanged", f"{one} stands where {other} belongs."
    if len(bottom) == 2 and bottom[0] == bottom[1] and bottom[0] not in _SCALES:
        return "quotient-for-product", f"{goal.written(bottom[0])} is divided by here: it is a factor."
    missing = goal.written(_product(bottom))
    return "factor-missing", f"The factor {missing} is missing, or is divided by once too often."


def _found(wanted: list[int], goal: Goal) -> Iterator[tuple[_Factors, bool]]:
    """Yield the product with these values, and whether it has a minus."""
    parts = _parts(goal)
    for turned in (False, True):
        signed = [-value % P for value in wanted] if turned else wanted
        part = parts.get(signed[0])
        if part is not None and goal.equal(part.tree, tuple(signed)):
            yield part, turned


@lru_cache(maxsize=4)
def _parts(goal: Goal) -> dict[int, _Factors]:
    """Return products of a number and up to two factors, by their values at the first point."""
    atoms = [(tree, goal.points[0].value(tree)) for tree in _atoms(goal)]
    found: dict[int, _Factors] = {}
    numbers = [(1, 1), *((n, 1) for n in range(2, _LARGEST + 1)), *((1, n) for n in range(2, _LARGEST + 1))]
    singles: list[tuple[tuple[Node, ...], tuple[Node, ...], int]] = [((), (), 1)]
    for tree, value in atoms:
        singles += [((tree,), (), value), ((), (tree,), inverse(value))]
    for times, over in numbers:
        for top, bottom, value in singles:
            found.setdefault(value * times * inverse(over) % P, _Factors(times, over, top, bottom))
    for (top, bottom, value), (more, below, other) in combinations_with_replacement(singles[1:], 2):
        found.setdefault(value * other % P, _Factors(1, 1, top + more, bottom + below))
    return found


def _atoms(goal: Goal) -> Iterator[Node]:
    """Yield what a line may be multiplied or divided by."""
    names = goal.points[0].definitions
    for index in goal.indices:
        p = Symbol("p", (index,))
        yield p
        yield Binary("-", Number(1), p)
    if Symbol("S") in names:
        yield Symbol("S")
    if goal.temperature:
        yield Symbol("T")
    if goal.general:
        yield Symbol("K")
    for index in goal.indices:
        z = Symbol("z", (index,))
        over = Binary("/", z, Symbol("T")) if goal.temperature else z
        yield Call("exp", (Negative(over) if goal.function == "sigmoid" else over,))
        yield z
        yield Call("log", (Symbol("p", (index,)),))


def _product(factors: tuple[Node, ...]) -> Node:
    tree: Node = Number(1)
    for one in factors:
        tree = one if tree == Number(1) else Binary("*", tree, one)
    return tree
