"""Which thought went wrong: a wrong line, told by its exact value and by how it is written.

Three tables of wrong lines are held against it: the concepts, in `concepts.tsv`, a line each; the mistakes
that the caller knows, such as those of `check`; and the derivation's own lines with one edit each. Of those
with the value of the learner's line, the one that is written most like it gives the name; where two are
written alike, both do. To add a concept, add its line: function, case, id, formulas about the classes 1 (the
output) and 2 (the logit) with " ; " between them, and what to say.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import NamedTuple, TypeAlias

from softmax_cli.core.formula.parser import statement
from softmax_cli.core.formula.tree import (
    Binary,
    Call,
    Derivative,
    Negative,
    Node,
    Number,
    Symbol,
    rewrite,
    walk,
)
from softmax_cli.errors import FormulaError
from softmax_cli.tutor.exercises.edits import edits, multiple
from softmax_cli.tutor.exercises.goal import Goal

_MOST = 2
"""Names that are told for one line."""
_ALIKE = 2
"""Two lines that differ in no more signs than this are written alike: no likelier name is looked for."""
_NEAR, _EDITED, _ANY = 5, 9, 10**6
"""How unlike a line may be: a concept with one more thing wrong, an edited line, a concept."""
_WHOLE = frozenset(("value-itself", "other-value", "squared"))
"""Concepts that are no part of a larger mistake."""
_SMALL = frozenset(("sign-turned", "sign-missing", "plus-for-minus", "minus-for-plus", "other-class"))
"""Edits that may come on top of a concept."""
_LONGEST = 40
"""Nodes of a line whose edits are tried."""


class Known(NamedTuple):
    """A wrong formula that has a name elsewhere: its id, its tree for the goal's classes, and what to say."""

    id: str
    tree: Node
    message: str


More: TypeAlias = Callable[[], Iterable[Known]]
"""Mistakes with a name elsewhere, asked for when a line is wrong."""


@dataclass(frozen=True)
class _Candidate:
    cause: str
    say: Callable[[], str]
    tree: Node
    rank: int


class _Concept(NamedTuple):
    function: str
    case: str
    id: str
    formulas: str
    message: str


def named(
    node: Node, values: tuple[int, ...], goal: Goal, before: Node | None, known: More
) -> tuple[str, str] | None:
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

    def place(one: _Candidate) -> tuple[int, int]:
        return _distance(written, _signs(one.tree)), one.rank

    edited = _EDITED if any(isinstance(one, Symbol) for one, _ in walk(node)) else 0
    fitting: list[_Candidate] = []
    for most, more in ((_ANY, _of(goal)), (_ANY, _elsewhere(known)), (edited, _edited(goal, before))):
        fitting += [one for one in more if goal.equal(one.tree, values) and place(one)[0] <= most]
        if any(place(one)[0] <= _ALIKE for one in fitting):
            break
    if not fitting:
        return multiple(values, goal) or _twofold(written, values, goal)
    fitting.sort(key=place)
    best = [one for one in fitting if place(one) == place(fitting[0])]
    told = list({one.cause: one for one in reversed(best)}.values())[::-1][:_MOST]
    if len(told) == 1:
        return told[0].cause, told[0].say()
    return " or ".join(one.cause for one in told), "Either: " + " Or: ".join(one.say() for one in told)


def _twofold(written: Counter[str], values: tuple[int, ...], goal: Goal) -> tuple[str, str] | None:
    """Return the names of a concept and of one edit of it, where the line is written as both together are."""
    for one in _of(goal):
        if one.cause not in _WHOLE and _distance(written, _signs(one.tree)) <= _NEAR:
            for edit in edits(one.tree, goal):
                if edit.cause not in _SMALL or _distance(written, _signs(edit.tree)) > 1:
                    continue
                if goal.equal(edit.tree, values):
                    return f"{one.cause} and {edit.cause}", f"{one.say()} And: {edit.say()}"
    return None


def _elsewhere(known: More) -> Iterator[_Candidate]:
    """Yield what is known elsewhere."""
    for one in known():
        yield _Candidate(one.id, partial(str, one.message), one.tree, 2)


@lru_cache(maxsize=16)
def _of(goal: Goal) -> tuple[_Candidate, ...]:
    """Return the concepts that a derivative may be got wrong by."""
    return tuple(
        _Candidate(concept.id, partial(goal.sentence, concept.message), tree, 0)
        for concept in _concepts()
        if (concept.function, concept.case) == (goal.function, goal.case)
        for formula in concept.formulas.split(" ; ")
        for tree in goal.placings(formula)
    )


def _edited(goal: Goal, before: Node | None) -> Iterator[_Candidate]:
    """Yield the edits of the learner's line before, where that is right, and of the derivation's lines."""
    lines = [line.right for line in goal.lines if line.row.chain]
    own = [before] if before is not None and goal.equal(before, goal.answer) else []
    for rank, trees in ((1, own), (3, lines[::-1])):
        for tree in trees:
            if sum(1 for _ in walk(tree)) <= _LONGEST:
                for edit in edits(tree, goal):
                    yield _Candidate(edit.cause, edit.say, edit.tree, rank)


def concepts(goal: Goal) -> Iterator[tuple[str, Callable[[], str], Node]]:
    """Yield the concepts that a derivative may be got wrong by: the cause, what to say, and the line."""
    for one in _of(goal):
        yield one.cause, one.say, one.tree


@lru_cache(maxsize=1)
def _concepts() -> tuple[_Concept, ...]:
    _, *lines = Path(__file__).with_name("concepts.tsv").read_text("utf-8").splitlines()
    return tuple(_Concept(*line.split("\t")) for line in lines)


def _signs(node: Node) -> Counter[str]:
    """Return what a line is written with: its names, numbers and signs, and how often each stands there."""
    found: Counter[str] = Counter()
    for one, _ in walk(node):
        match one:
            case Symbol(name=name, indices=indices):
                found[name + "".join(str(getattr(index, "numerator", "")) for index in indices)] += 2
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
    if line.condition is not None and (line.condition.operator != "!=" or goal.same):
        return None
    letters = {Symbol("i"): Number(goal.of), Symbol("j"): Number(goal.wrt), Symbol("T"): Number(1)}
    letters[Symbol("k")] = Number(len(goal.classes))
    tree = rewrite(line.right, lambda node: letters.get(node, node) if isinstance(node, Symbol) else node)
    return Known(cause, tree, message)
