"""The name of a wrong line: of all mistakes with its value, the one written most like it.

Three kinds of wrong lines are compared with it: the concepts; right lines with one edit each; and the
mistakes that the caller knows, such as those of `check`. If two are equally like it, both are named. If none
is like it, the line is a concept with one more mistake, a factor or a term away from the derivative, or an
edit that was worked out further.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import lru_cache, partial
from typing import NamedTuple, TypeAlias

from softmax_cli.core.formula.exact.residues import P, inverse
from softmax_cli.core.formula.tree import Binary, Node, Symbol, walk, with_parts
from softmax_cli.errors import FormulaError
from softmax_cli.tutor.exercises.goal import Goal
from softmax_cli.tutor.exercises.naming import relations
from softmax_cli.tutor.exercises.naming.concepts import concepts, forms, unscaled
from softmax_cli.tutor.exercises.naming.edits import Edit, edits
from softmax_cli.tutor.exercises.naming.known import More
from softmax_cli.tutor.exercises.naming.likeness import distance, folded, signs
from softmax_cli.tutor.exercises.naming.slips import negative

_MOST = 2
"""The most mistakes that are named for one line."""
_ALIKE = 2
"""Two lines that differ in no more signs than this are alike: no likelier name is looked for."""
_NEAR, _LIKELY = 5, 9
"""How unlike a concept with one more mistake, or a known line, may be for its name to be the likeliest."""
_CONSTANT = 4
"""How unlike a line with a constant value may be: many mistakes end in 0 or 1."""
_WHOLE = frozenset(("value-itself", "other-value", "squared"))
"""Concepts that are no part of a larger mistake."""
_SMALL = frozenset(("sign-turned", "sign-missing", "plus-for-minus", "minus-for-plus", "other-class"))
"""Edits that may come on top of a concept."""
_CONCEPT, _BEFORE, _KNOWN, _EDIT, _TURNED = range(5)
_PENALTY = {_CONCEPT: 0, _BEFORE: 0, _KNOWN: 1, _EDIT: 1, _TURNED: 2}
"""How much less likely a candidate is than a concept that is as much like the line."""
_LONGEST = 40
"""The most nodes of a line whose edits are tried."""

Name: TypeAlias = tuple[str, str]
"""The name of a mistake, and what to say about it."""


class _Candidate(NamedTuple):
    cause: str
    say: Callable[[], str]
    tree: Node
    rank: int


def named(node: Node, values: tuple[int, ...], goal: Goal, before: Node | None, known: More) -> Name | None:
    """Return the name of the mistake in a wrong line and what to say about it, or None.

    Parameters
    ----------
    node, values
        The line and its exact values.
    goal
        The derivative.
    before
        The learner's line before; an edit of it is the likelier mistake.
    known
        Mistakes with a name elsewhere.
    """
    written = signs(folded(node, goal))
    constant = _constant(values)

    def place(one: _Candidate) -> tuple[int, int]:
        return distance(written, signs(one.tree)) + _PENALTY[one.rank], one.rank

    def alike(found: list[_Candidate]) -> bool:
        return any(place(one)[0] <= _ALIKE for one in found)

    found = [*_fitting(_concepts(goal), values, goal), *_turned(values, goal)]
    if not alike(found):
        found += [*_of_before(goal, before, values), *_fitting(_edited(goal), values, goal)]
    if not alike(found):
        found += _elsewhere(known, values, goal)
    most = _CONSTANT if constant is not None or not any(goal.answer) else max(_LIKELY, written.total() // 3)
    likely = sorted((one for one in found if place(one)[0] <= _most(one, most, written)), key=place)
    if likely:
        return _told([one for one in likely if place(one) == place(likely[0])])
    exchanged = _exchanged(node, goal)
    if exchanged is not None:
        return exchanged
    related = relations.related(written, values, goal)
    if related is not None and related.unlike <= _ALIKE:
        return related.cause, related.said
    return (
        _edited_concept(written, values, goal)
        or _constantly(constant, goal)
        or (related and (related.cause, related.said))
        or _told_from_afar(sorted(found, key=place), written)
    )


def _exchanged(node: Node, goal: Goal) -> Name | None:
    """Return the name of a line that is right for another class; None for any other line."""
    for asked in goal.indices[: 1 if goal.same else 2]:
        for other in goal.indices:
            if other != asked and goal.equal(_exchange(node, asked, other), goal.answer):
                one, right = goal.written(Symbol("p", (other,))), goal.written(Symbol("p", (asked,)))
                return (
                    "other-class",
                    f"The method is right, for another class: {one} stands where {right} belongs.",
                )
    return None


def _exchange(node: Node, one: Node, other: Node) -> Node:
    """Return a line in which two classes have changed places."""
    if isinstance(node, Symbol):
        places = {one: other, other: one}
        return Symbol(node.name, tuple(places.get(index, index) for index in node.indices))
    return with_parts(node, lambda part: _exchange(part, one, other))


def _told_from_afar(found: list[_Candidate], written: Counter[str]) -> Name | None:
    """Return the name of one thing wrong in a line that was worked out further."""
    single = [one for one in found if one.rank in (_CONCEPT, _BEFORE, _EDIT)]
    near = [one for one in single if distance(written, signs(one.tree)) <= 2 * _LIKELY]
    return _told(near[:1]) if near else None


def _most(one: _Candidate, most: int, written: Counter[str]) -> int:
    """Return how unlike a line may be: less for two mistakes at once, and for an edit of a short line."""
    if one.rank == _TURNED:
        return min(most, _NEAR + _PENALTY[_TURNED])
    return min(most, max(_NEAR, written.total() // 3)) if one.rank == _EDIT else most


def prepare(goal: Goal, known: More) -> None:
    """Work out in advance what wrong lines are compared with."""
    _concepts(goal)
    _edited(goal)
    known()


def _told(best: list[_Candidate]) -> Name:
    most = 1 if best[0].rank == _TURNED else _MOST  # two ways to say two things
    told = list({one.cause: one for one in reversed(best)}.values())[::-1][:most]
    return either({one.cause: one.say() for one in told})


def either(told: Mapping[str, str]) -> Name:
    """Return the names of mistakes that fit equally, and what to say about each, as one."""
    said = " Or: ".join(told.values())
    return " or ".join(told), said if len(told) == 1 else f"Either: {said}"


def _turned(values: tuple[int, ...], goal: Goal) -> Iterator[_Candidate]:
    """Yield the concepts with the other sign, without the division by S, and without the factor 1/T."""
    for one in _fitting(_concepts(goal), tuple(-value % P for value in values), goal):
        if "sign" not in one.cause:
            yield _with_more(one, "sign-turned", "the sign of the whole line is turned.", negative(one.tree))
    for name, cause, said, tree in (
        ("S", "division-missing", "the division by S is missing.", partial(Binary, "*", Symbol("S"))),
        ("T", "temperature-factor-missing", "the factor 1/T is missing.", unscaled),
    ):
        if goal.first(Symbol(name)) is None or (name == "T" and not goal.temperature):
            continue
        for one in _fitting(_concepts(goal), _over(values, Symbol(name), goal), goal):
            if cause.split("-", maxsplit=1)[0] not in one.cause and "denominator" not in one.cause:
                yield _with_more(one, cause, said, tree(one.tree))


def _over(values: tuple[int, ...], divisor: Symbol, goal: Goal) -> tuple[int, ...]:
    pairs = zip(values, goal.points, strict=True)
    return tuple(value * inverse(point.value(divisor)) % P for value, point in pairs)


def _with_more(one: _Candidate, cause: str, said: str, tree: Node) -> _Candidate:
    if one.cause in _WHOLE:
        return _Candidate(one.cause, one.say, tree, _TURNED)
    return _Candidate(f"{one.cause} and {cause}", lambda: f"{one.say()} And {said}", tree, _TURNED)


def _edited_concept(written: Counter[str], values: tuple[int, ...], goal: Goal) -> Name | None:
    for one in _all_concepts(goal):
        if one.cause not in _WHOLE and distance(written, signs(one.tree)) <= _NEAR:
            for edit in edits(one.tree, goal):
                if edit.cause not in _SMALL or distance(written, signs(edit.tree)) > 1:
                    continue
                if goal.equal(edit.tree, values):
                    return f"{one.cause} and {edit.cause}", f"{one.say()} And: {edit.say()}"
    return None


def _constant(values: tuple[int, ...]) -> int | None:
    """Return the whole number that a line equals at every point; None for any other line."""
    if len(set(values)) > 1:
        return None
    value = values[0] if values[0] < P // 2 else values[0] - P
    return value if abs(value) < P >> 20 else None


def _constantly(constant: int | None, goal: Goal) -> Name | None:
    """Return what is wrong with a line that is constant, or not 0 although the derivative is."""
    if not any(goal.answer):
        wrt = goal.written(goal.logit)
        return "not-zero", f"Nothing here moves with {wrt}: the derivative is 0."
    if constant is None:
        return None
    return "constant", f"This is {constant} for all logits: too much cancels. The derivative depends on them."


def _elsewhere(known: More, values: tuple[int, ...], goal: Goal) -> list[_Candidate]:
    return [
        _Candidate(one.id, partial(str, one.message), one.tree, _KNOWN)
        for one in known()
        if goal.first(one.tree) == values[0] and goal.equal(one.tree, values)
    ]


def _fitting(table: dict[int, list[_Candidate]], values: tuple[int, ...], goal: Goal) -> list[_Candidate]:
    return [one for one in table.get(values[0], ()) if goal.equal(one.tree, values)]


@lru_cache(maxsize=8)
def _all_concepts(goal: Goal) -> tuple[_Candidate, ...]:
    return tuple(_Candidate(*one, _CONCEPT) for one in concepts(goal))


@lru_cache(maxsize=8)
def _concepts(goal: Goal) -> dict[int, list[_Candidate]]:
    """Return the concepts of a derivative by their values at the first point."""
    found: dict[int, list[_Candidate]] = {}
    for one in _all_concepts(goal):
        value = goal.first(one.tree)
        if value is not None:
            found.setdefault(value, []).append(one)
    return found


@lru_cache(maxsize=8)
def _edited(goal: Goal) -> dict[int, list[_Candidate]]:
    """Return the edits of the derivation's lines and of other right lines, by their values."""
    lines = [line.right for line in goal.lines if line.row.chain][::-1]
    others = (tree for tree in forms(goal) if goal.equal(tree, goal.answer))
    found: dict[int, list[_Candidate]] = {}
    for tree in dict.fromkeys((*lines, *others)):
        if sum(1 for _ in walk(tree)) <= _LONGEST:
            for value, edit in _valued(tree, goal):
                found.setdefault(value, []).append(_Candidate(*edit, _EDIT))
    return found


def _valued(tree: Node, goal: Goal) -> Iterator[tuple[int, Edit]]:
    """Yield the edits of a line that have a value, and that at the first point."""
    point = goal.points[0]
    point.keep(tree)
    for edit in edits(tree, goal):
        with suppress(FormulaError):
            yield point.value(edit.tree), edit


def _of_before(goal: Goal, before: Node | None, values: tuple[int, ...]) -> list[_Candidate]:
    """Return the edits of the learner's line before, if that is right, that have these values."""
    if before is None or not goal.equal(before, goal.answer) or sum(1 for _ in walk(before)) > _LONGEST:
        return []
    valued = _valued(before, goal)
    return [
        _Candidate(*edit, _BEFORE)
        for value, edit in valued
        if value == values[0] and goal.equal(edit.tree, values)
    ]
