"""The name of a wrong line: of all that has its value, what is written most like it.

Three kinds of wrong lines are held against it: the concepts; right lines with one edit each; and the mistakes
that the caller knows, such as those of `check`. Where two are written alike, both names are told. Where none
is written like it, the line is a concept with one thing more, a factor or a term away from the derivative, or
an edit that was worked out further.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import lru_cache, partial
from typing import NamedTuple, TypeAlias

from softmax_cli.core.formula.exact.duals import P, inverse
from softmax_cli.core.formula.parser import statement
from softmax_cli.core.formula.tree import (
    Binary,
    Call,
    Derivative,
    Negative,
    Node,
    Number,
    Symbol,
    walk,
    with_parts,
)
from softmax_cli.errors import FormulaError
from softmax_cli.tutor.exercises.goal import Goal
from softmax_cli.tutor.exercises.naming import relations
from softmax_cli.tutor.exercises.naming.concepts import concepts, forms
from softmax_cli.tutor.exercises.naming.edits import Edit, edits

_MOST = 2
"""Names that are told for one line."""
_ALIKE = 2
"""Two lines that differ in no more signs than this are written alike: no likelier name is looked for."""
_NEAR, _EDITED = 5, 9
"""How unlike a concept with one thing more, or an edited line, may be for its name to be the likeliest."""
_CONSTANT = 4
"""How unlike a line may be whose value is a number: many mistakes end in 0 or 1."""
_WHOLE = frozenset(("value-itself", "other-value", "squared"))
"""Concepts that are no part of a larger mistake."""
_SMALL = frozenset(("sign-turned", "sign-missing", "plus-for-minus", "minus-for-plus", "other-class"))
"""Edits that may come on top of a concept."""
_LONGEST = 40
"""Nodes of a line whose edits are tried."""

Name: TypeAlias = tuple[str, str]
"""The name of a mistake, and what to say about it."""


class Known(NamedTuple):
    """A wrong formula that has a name elsewhere: its id, its tree for the goal's classes, and what to say."""

    id: str
    tree: Node
    message: str


More: TypeAlias = Callable[[], Iterable[Known]]
"""Mistakes with a name elsewhere, asked for when a line is wrong."""


class _Candidate(NamedTuple):
    cause: str
    say: Callable[[], str]
    place: Callable[[Node], Node]
    part: Node
    rank: int

    @property
    def tree(self) -> Node:
        """The wrong line."""
        return self.place(self.part)

    @classmethod
    def of(cls, edit: Edit, rank: int) -> "_Candidate":
        """Return an edit as a candidate: its line is put together only if its value fits."""
        return cls(edit.cause, edit.say, edit.place.line, edit.part, rank)


def named(node: Node, values: tuple[int, ...], goal: Goal, before: Node | None, known: More) -> Name | None:
    """Return the name of the mistake in a wrong line and what to say about it, or None.

    Parameters
    ----------
    node, values
        The line and its exact values.
    goal
        The derivative.
    before
        The learner's line before: of two names, the one that is an edit of it is likelier.
    known
        Mistakes with a name elsewhere.
    """
    written = _signs(node)
    constant = _constant(values)

    def place(one: _Candidate) -> tuple[int, int]:
        return _distance(written, _signs(one.tree)), one.rank

    fitting = sorted(_fitting(_concepts(goal), values, goal), key=place)
    conceptual = fitting
    if not fitting or place(fitting[0])[0] > _ALIKE:
        edited = _of_before(goal, before, values) + _fitting(_edited(goal), values, goal)
        fitting = sorted([*fitting, *edited], key=place)
    if not fitting or place(fitting[0])[0] > _ALIKE:
        fitting = sorted([*fitting, *_elsewhere(known, values, goal)], key=place)
    most = _CONSTANT if constant is not None else _EDITED
    likely = [one for one in fitting if place(one)[0] <= most]
    if constant is None:
        likely = likely or conceptual
    if likely:
        return _told([one for one in likely if place(one) == place(likely[0])])
    return (
        _twofold(written, values, goal)
        or relations.factor(values, goal)
        or (_told(fitting[:1]) if fitting and constant is None else None)
        or _constantly(constant, goal)
        or relations.term(values, goal)
    )


def prepare(goal: Goal, known: More) -> None:
    """Work out ahead what wrong lines are held against."""
    _concepts(goal)
    _edited(goal)
    known()


def _told(best: list[_Candidate]) -> Name:
    told = list({one.cause: one for one in reversed(best)}.values())[::-1][:_MOST]
    if len(told) == 1:
        return told[0].cause, told[0].say()
    return " or ".join(one.cause for one in told), "Either: " + " Or: ".join(one.say() for one in told)


def _twofold(written: Counter[str], values: tuple[int, ...], goal: Goal) -> Name | None:
    """Return the names of a concept and of one thing more: a sign, a forgotten 1/T, an edit that is seen."""
    more: list[tuple[str, str, tuple[int, ...]]] = [
        ("sign-turned", "the sign of the whole line is turned.", tuple(-value % P for value in values))
    ]
    if goal.temperature:
        over = tuple(
            value * inverse(point.value(Symbol("T"))) % P
            for value, point in zip(values, goal.points, strict=True)
        )
        more.append(("temperature-factor-missing", "the factor 1/T is missing.", over))
    for cause, said, other in more:
        for one in _fitting(_concepts(goal), other, goal):
            near = _distance(written, _signs(one.tree)) <= _NEAR
            if near and cause not in one.cause:
                if one.cause in _WHOLE:
                    return one.cause, one.say()
                return f"{one.cause} and {cause}", f"{one.say()} And {said}"
    return _edited_concept(written, values, goal)


def _edited_concept(written: Counter[str], values: tuple[int, ...], goal: Goal) -> Name | None:
    for one in _all_concepts(goal):
        if one.cause not in _WHOLE and _distance(written, _signs(one.tree)) <= _NEAR:
            for edit in edits(one.tree, goal):
                if edit.cause not in _SMALL or _distance(written, _signs(edit.tree)) > 1:
                    continue
                if goal.equal(edit.tree, values):
                    return f"{one.cause} and {edit.cause}", f"{one.say()} And: {edit.say()}"
    return None


def _constant(values: tuple[int, ...]) -> int | None:
    """Return the whole number that a line is at every point; None for others."""
    if len(set(values)) > 1:
        return None
    value = values[0] if values[0] < P // 2 else values[0] - P
    return value if abs(value) < P >> 20 else None


def _constantly(constant: int | None, goal: Goal) -> Name | None:
    """Return what is wrong with a line that is one number, or not 0 where the derivative is."""
    if not any(goal.answer):
        wrt = goal.written(goal.logit)
        return "not-zero", f"Nothing here moves with {wrt}: the derivative is 0."
    if constant is None:
        return None
    return "constant", f"This is {constant} for all logits: too much cancels. The derivative depends on them."


def _elsewhere(known: More, values: tuple[int, ...], goal: Goal) -> list[_Candidate]:
    return [
        _Candidate(one.id, partial(str, one.message), _itself, one.tree, 2)
        for one in known()
        if goal.first(one.tree) == values[0] and goal.equal(one.tree, values)
    ]


def _fitting(table: dict[int, list[_Candidate]], values: tuple[int, ...], goal: Goal) -> list[_Candidate]:
    return [one for one in table.get(values[0], ()) if goal.equal(one.tree, values)]


@lru_cache(maxsize=8)
def _all_concepts(goal: Goal) -> tuple[_Candidate, ...]:
    return tuple(_Candidate(one.cause, one.say, _itself, one.tree, 0) for one in concepts(goal))


def _itself(node: Node) -> Node:
    return node


@lru_cache(maxsize=8)
def _concepts(goal: Goal) -> dict[int, list[_Candidate]]:
    """Return the concepts that a derivative may be got wrong by, by their values at the first point."""
    found: dict[int, list[_Candidate]] = {}
    for one in _all_concepts(goal):
        value = goal.first(one.part)
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
                found.setdefault(value, []).append(_Candidate.of(edit, 3))
    return found


def _valued(tree: Node, goal: Goal) -> Iterator[tuple[int, Edit]]:
    """Yield the edits of a line that have a value, and that at the first point."""
    point = goal.points[0]
    point.keep(tree)
    for edit in edits(tree, goal):
        with suppress(FormulaError, ValueError):
            yield edit.value(point), edit


def _of_before(goal: Goal, before: Node | None, values: tuple[int, ...]) -> list[_Candidate]:
    """Return the edits of the learner's line before, where that is right, that have these values."""
    if before is None or not goal.equal(before, goal.answer) or sum(1 for _ in walk(before)) > _LONGEST:
        return []
    valued = _valued(before, goal)
    return [
        _Candidate.of(edit, 1)
        for value, edit in valued
        if value == values[0] and goal.equal(edit.tree, values)
    ]


def _signs(node: Node) -> Counter[str]:
    """Return what a line is written with: its names, numbers and signs, and how often each stands there."""
    found: Counter[str] = Counter()
    for one, _ in walk(node):
        match one:
            case Symbol(name=name, indices=indices):
                places = (
                    getattr(index, "numerator", None) or getattr(index, "name", "") for index in indices
                )
                found[name + "".join(map(str, places))] += 2
            case Binary(operator=operator):
                found[operator] += 1
            case Negative():
                found["-"] += 1
            case Derivative():
                found["'"] += 2
            case Call(function=function):
                found[function] += 2
            case Number(numerator=n, denominator=d):
                found[f"{n}/{d}"] += 1
    return found


def _distance(a: Counter[str], b: Counter[str]) -> int:
    return sum(((a - b) + (b - a)).values())


def known_mistake(goal: Goal, cause: str, formula: str, message: str) -> Known | None:
    """Return a mistake of a table of formulas in i and j as one of this derivative.

    None where the formula says nothing of it, or is in names that no line is written in.
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
    return None if goal.first(tree) is None else Known(cause, tree, message)
