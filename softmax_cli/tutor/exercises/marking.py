"""Marking a line: its value, exactly, and its form."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from softmax_cli.core.formula.lines.reading import read_line
from softmax_cli.core.formula.tree import Binary, Negative, Node, Number, Symbol, walk
from softmax_cli.errors import FormulaError
from softmax_cli.tutor.exercises.goal import Goal
from softmax_cli.tutor.exercises.naming.known import More
from softmax_cli.tutor.exercises.naming.named import named

Verdict: TypeAlias = Literal["right", "done", "wrong", "no-progress", "unread"]
FOLLOWS = "follows"
"""The cause of a line that is wrong only because the line before is."""


@dataclass(frozen=True)
class Mark:
    """What is said about a line.

    Parameters
    ----------
    verdict
        right, done (right, and in the form of an answer), wrong, no-progress (the line before again), unread.
    message
        What to say, in a sentence or two.
    cause
        The name of the mistake, for machines; None if there is none, or none is known.
    read_as
        How the line was read; None if it was not.
    column, hint
        Where reading stopped, and what to write.
    """

    verdict: Verdict
    message: str
    cause: str | None = None
    read_as: str | None = None
    column: int | None = None
    hint: str | None = None


def mark(line: str, goal: Goal, after: str | None = None, *, known: More = tuple) -> Mark:
    """Mark one line of a derivative.

    Parameters
    ----------
    line
        What was written.
    goal
        The derivative.
    after
        The learner's line before, if there is one.
    known
        More mistakes with a name, such as those that `check` finds in code; asked for when a line is wrong.

    Examples
    --------
    >>> goal = Goal("softmax", 1, 2)
    >>> mark("-p1 p2", goal).verdict, mark("p1 p2", goal).verdict
    ('done', 'wrong')
    """
    try:
        node = read_line(line, goal.setting)
        values = goal.values(node)
    except FormulaError as error:
        return unread(error)
    before = _read(after, goal)
    read_as = goal.written(node)
    if node == before:
        return Mark("no-progress", "This is the line before, once more.", read_as=read_as)
    if values == goal.answer:
        if is_answer(node):
            return Mark("done", f"Done: {_proved(goal)}, with nothing left to simplify.", read_as=read_as)
        return Mark("right", f"P{_proved(goal)[1:]}.", read_as=read_as)
    if before is not None and not goal.equal(before, goal.answer) and goal.equal(before, values):
        message = "It follows from the line before, which is still wrong: the method is right."
        return Mark("wrong", message, FOLLOWS, read_as)
    found: tuple[str | None, str] | None = named(node, values, goal, before, known)
    if found is None and not any(isinstance(one, Symbol) for one, _ in walk(node)):
        found = "number", "This is a number, and the derivative depends on the logits."
    if found is None:
        found = None, "This is not the derivative: it differs from it at almost all logits."
    return Mark("wrong", found[1], found[0], read_as)


def _proved(goal: Goal) -> str:
    sizes = " at K = 2, 3 and 5, for i = j and for i != j" if goal.general else ""
    return f"proved for all logits{sizes}"


def unread(error: FormulaError) -> Mark:
    """Return what is said of a line that cannot be read."""
    said = begun(error.what).rstrip("?") + ("?" if error.what.endswith("?") else ".")
    return Mark("unread", said, column=error.column, hint=error.hint)


def begun(words: str) -> str:
    """Return the beginning of a sentence, with a capital letter unless a symbol begins it, such as p_i."""
    return words[:1].upper() + words[1:] if words[1:2].isalpha() else words


def _read(line: str | None, goal: Goal) -> Node | None:
    if line is None or not line.strip():
        return None
    try:
        return read_line(line, goal.setting)
    except FormulaError:
        return None


def is_answer(node: Node) -> bool:
    """Return whether a line is a product or sum of p, y, delta and numbers, and nothing else."""
    match node:
        case Number():
            return True
        case Symbol(name=name):
            return name in ("p", "y", "d", "T")
        case Negative(operand=operand):
            return is_answer(operand)
        case Binary(operator=sign, left=left, right=right):
            scale = isinstance(right, Number) or right == Symbol("T")
            return is_answer(left) and (scale if sign in "/^" else is_answer(right))
    return False
