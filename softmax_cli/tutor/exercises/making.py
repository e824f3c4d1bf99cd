"""Exercises made from the derivations: the classes and numbers are drawn, the rest follows from the lines."""

import random
from collections.abc import Callable

from softmax_cli.core.formula.tree import Symbol, walk
from softmax_cli.tutor.exercises import choices, numeric
from softmax_cli.tutor.exercises.drawing import Draw, Tables, chain, question
from softmax_cli.tutor.exercises.exercise import Deriving, Exercise, Ordering
from softmax_cli.tutor.exercises.goal import Goal
from softmax_cli.tutor.exercises.hints import hints
from softmax_cli.tutor.exercises.skills import Skill

_CLASSES = (("setosa", "versicolor", "virginica"), ("cat", "dog", "fox"), ("a", "b", "c"), ("1", "2", "3"))
_MORE = (("a", "b", "c", "d", "e"), ("mon", "tue", "wed", "thu", "fri", "sat", "sun"))


def make(skill: Skill, level: int, seed: int, tables: Tables) -> Exercise:
    """Return an exercise of a skill.

    Parameters
    ----------
    skill
        A line of `SKILLS`.
    level
        How often it has been done: 0 for the worked example.
    seed
        Draws the classes and the numbers.
    tables
        The catalogue of `check`, by the names of its tables.

    Examples
    --------
    >>> from softmax_cli.tutor.exercises.skills import SKILLS
    >>> make(SKILLS["softmax-other"], 0, 1, lambda name: ()).solution()[-1].startswith("-p_")
    True
    """
    rng = random.Random(f"{skill.name} {level} {seed}")
    kind = skill.kinds[level % len(skill.kinds)]
    goal = _goal(skill, kind, rng)
    draw = Draw(skill, kind, goal, rng, tables)
    return _KINDS[kind](draw)


def _goal(skill: Skill, kind: str, rng: random.Random) -> Goal:
    if skill.case == "general" and kind != "number":
        return Goal(skill.function, 0, 0, ())
    classes = rng.choice(_MORE if skill.case == "general" else _CLASSES)
    of, other = rng.sample(range(1, len(classes) + 1), 2)
    same = skill.case == "same" or (skill.case != "other" and rng.random() < 0.5)
    return Goal(skill.function, of, of if same else other, classes, skill.temperature)


def _deriving(draw: Draw, blanks: int, *, worked: bool = False) -> Deriving:
    goal = draw.goal
    lines = chain(goal)
    given = lines[: max(len(lines) - blanks, 1)]
    rest = lines[len(given) :]
    shown = [*_names(goal)]
    for i, line in enumerate(given, start=1):
        shown.append(f"{i:>2}  {goal.written(line.right)}")
        if worked:
            shown.append(f"      {goal.sentence(line.row.why)}")
    last = "Line 1 is given." if len(given) == 1 else f"Lines 1 to {len(given)} are given."
    return Deriving(
        *draw.names,
        ask=f"{question(goal)} {last}",
        shown=tuple(shown),
        hints=tuple(
            hints(goal, line, before) for before, line in zip(lines[len(given) - 1 :], rest, strict=False)
        ),
        goal=goal,
        given=tuple(given),
        rest=tuple(rest),
    )


def _names(goal: Goal) -> list[str]:
    """Return what the names in the lines stand for."""
    wanted = [line for line in goal.lines if line.row.step in ("definition", "f", "g", "take-apart")]
    found = [f"    {goal.written(line.left)} = {goal.written(line.right)}" for line in wanted]
    if any(Symbol("S") in (node for node, _ in walk(line.right)) for line in goal.lines):
        term = "e^(z_{}/T)" if goal.temperature else "e^z_{}"
        total = " + ".join(term.format(name) for name in goal.classes) or f"sum_k {term.format('k')}"
        found.insert(0, f"    S = {total}")
    return found


def _order(draw: Draw) -> Ordering:
    goal = draw.goal
    lines = chain(goal)
    letters = "abcdefghij"[: len(lines)]
    places = draw.rng.sample(range(len(lines)), len(lines))
    if places == sorted(places):
        places.reverse()
    shown = [f" {letters[i]}  {goal.written(lines[place].right)}" for i, place in enumerate(places)]
    order = "".join(letters[places.index(place)] for place in range(len(lines)))
    hint = (
        "Which line has nothing worked out yet, and which has nothing left to do?",
        f"The first is {order[0]}, the last is {order[-1]}.",
        f"The order is: {' '.join(order)}",
    )
    ask = f"{question(goal)} The lines are out of order: give their letters in the right one."
    rules = tuple(line.row.rule for line in lines)
    return Ordering(*draw.names, ask, tuple(shown), (hint,), order, rules)


_KINDS: dict[str, Callable[[Draw], Exercise]] = {
    "worked": lambda draw: _deriving(draw, 1, worked=True),
    "last-two": lambda draw: _deriving(draw, 2),
    "lines": lambda draw: _deriving(draw, 99),
    "order": _order,
    **choices.KINDS,
    **numeric.KINDS,
}
"""How the exercises of each kind are made."""
