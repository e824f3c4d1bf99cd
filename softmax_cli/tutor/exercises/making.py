"""Exercises made from the derivations: the classes and numbers are drawn, the rest follows from the lines."""

import random
from collections.abc import Callable

from softmax_cli.core.formula.lines.reading import read_line
from softmax_cli.core.formula.tree import Node, Symbol, walk
from softmax_cli.errors import FormulaError
from softmax_cli.tutor.exercises import numeric
from softmax_cli.tutor.exercises.drawing import Draw, Tables, chain, choosing, question
from softmax_cli.tutor.exercises.exercise import Choosing, Deriving, Exercise, Ordering, shuffled
from softmax_cli.tutor.exercises.goal import Goal
from softmax_cli.tutor.exercises.hints import hints
from softmax_cli.tutor.exercises.naming.edits import edits
from softmax_cli.tutor.exercises.skills import Skill
from softmax_cli.tutor.exercises.table import rows

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
    classes = rng.choice(_MORE if skill.name == "general-k" else _CLASSES)
    of, other = rng.sample(range(1, len(classes) + 1), 2)
    same = skill.case == "same" or (skill.case == "either" and rng.random() < 0.5)
    draw = Draw(skill, kind, Goal(skill.function, of, of if same else other, classes), rng, tables)
    return _KINDS[kind](draw)


def _deriving(draw: Draw, blanks: int, *, worked: bool = False) -> Deriving:
    goal = draw.goal
    lines = chain(goal)
    given = lines[: max(len(lines) - blanks, 1 if len(lines) > 1 else 0)]
    rest = lines[len(given) :]
    shown = [*_names(goal)]
    for i, line in enumerate(given, start=1):
        shown.append(f"{i:>2}  {goal.written(line.right)}")
        if worked:
            shown.append(f"      {goal.sentence(line.row.why)}")
    last = "Line 1 is given." if len(given) == 1 else f"Lines 1 to {len(given)} are given."
    return Deriving(
        id=draw.id,
        skill=draw.skill.name,
        kind=draw.kind,
        ask=f"{question(goal)} {last}",
        shown=tuple(shown),
        hints=tuple(hints(goal, line) for line in rest),
        goal=goal,
        given=tuple(given),
        rest=tuple(rest),
    )


def _names(goal: Goal) -> list[str]:
    """Return what the names in the lines stand for."""
    wanted = [line for line in goal.lines if line.row.step in ("definition", "f", "g", "take-apart")]
    found = [f"    {goal.written(line.left)} = {goal.written(line.right)}" for line in wanted]
    if any(Symbol("S") in (node for node, _ in walk(line.right)) for line in goal.lines):
        found.insert(0, "    S = " + " + ".join(f"e^z_{name}" for name in goal.classes))
    return found


def _rule(draw: Draw) -> Choosing:
    goal = draw.goal
    lines = chain(goal)
    i = draw.rng.randrange(1, len(lines))
    line = lines[i]
    others = sorted({row.statement for row in rows()} - {one.row.statement for one in lines})
    options = draw.rng.sample([line.row.statement, *draw.rng.sample(others, 2)], 3)
    kept, right = shuffled(options, line.row.statement)
    shown = (f" {i}  {goal.written(lines[i - 1].right)}", f" {i + 1}  {goal.written(line.right)}")
    ask = f"{question(goal)} Which rule leads from line {i} to line {i + 1}?"
    why = goal.sentence(line.row.why)
    pointing = "What is different in the second line?"
    return choosing(draw, ask, shown, kept, right, why, (pointing, why, f"It is number {right}."))


def rule_of(exercise: Deriving, answer: str) -> Choosing | None:
    """Return the question which rule gave a line; None where it is no line of the derivation."""
    goal = exercise.goal
    tree = read_line(answer, goal.setting)
    line = next((one for one in exercise.rest if one.right == tree), None)
    if line is None:
        return None
    rng = random.Random(exercise.id + answer)
    others = sorted({row.rule for row in rows()} - {line.row.rule, "definition"})
    options = rng.sample([line.row.rule, *rng.sample(others, 2)], 3)
    why = f"{line.row.statement}. {goal.sentence(line.row.why)}"
    return Choosing(
        id=exercise.id,
        skill=exercise.skill,
        kind="rule",
        ask="Which rule gave it?",
        shown=(),
        hints=(),
        options=tuple(options),
        right=options.index(line.row.rule) + 1,
        why=why,
        against=tuple(f"It is the rule of {line.row.rule}: {why}" for _ in options),
    )


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
    return Ordering(draw.id, draw.skill.name, draw.kind, ask, tuple(shown), (hint,), order)


def _find(draw: Draw) -> Choosing:
    """Return the derivation with one edit in one line, from which the rest does not follow."""
    goal = draw.goal
    lines = chain(goal)
    place = draw.rng.randrange(1, len(lines))
    wrong = [edit for edit in edits(lines[place].right, goal) if not goal.equal(edit.tree, goal.answer)]
    edit = draw.rng.choice([one for one in wrong if _has_value(goal, one.tree)])
    shown = [
        f"{i:>2}  {goal.written(edit.tree if i == place + 1 else line.right)}"
        for i, line in enumerate(lines, start=1)
    ]
    options = tuple(f"line {i}" for i in range(1, len(lines) + 1))
    hint = (
        "Put simple numbers in: which line has another value than its neighbours?",
        f"It is one of the lines {max(place, 1)} to {min(place + 2, len(lines))}.",
        f"It is line {place + 1}: {edit.say()}",
    )
    ask = f"{question(goal)} One line is wrong. Which?"
    against = tuple("That line is right." for _ in options)
    return choosing(draw, ask, shown, options, place + 1, edit.say(), hint, against)


def _has_value(goal: Goal, tree: Node) -> bool:
    try:
        goal.values(tree)
    except FormulaError:
        return False
    return True


def _formula(draw: Draw) -> Choosing:
    """Return the right formula of the Jacobian among wrong ones of `check`'s catalogue."""
    right = "J_ij = p_i (d_ij - p_j) / T"
    table = [row for row in draw.tables("softmax_jacobian") if "," not in row["formula"]]
    wrong = draw.rng.sample(table, 2) if len(table) > 1 else []
    options = draw.rng.sample([right, *(row["formula"] for row in wrong)], len(wrong) + 1)
    told = {row["formula"]: f"{row['title']}. {row['why']}" for row in wrong}
    against = tuple(told.get(option, "") for option in options)
    kept, place = shuffled(options, right)
    hint = (
        "Each row of the Jacobian adds up to 0: which formula does?",
        "The probability of a class grows with its own logit, and shrinks with every other.",
        f"It is number {place}.",
    )
    ask = "Which formula is the derivative of p_i with respect to z_j? d_ij is 1 for i = j, else 0."
    why = "Right for i = j, p_i (1 - p_i), and for i != j, -p_i p_j; each divided by T."
    return choosing(draw, ask, (), kept, place, why, hint, against)


_KINDS: dict[str, Callable[[Draw], Exercise]] = {
    "worked": lambda draw: _deriving(draw, 1, worked=True),
    "last-two": lambda draw: _deriving(draw, 2),
    "lines": lambda draw: _deriving(draw, 99),
    "rule": _rule,
    "order": _order,
    "find": _find,
    "formula": _formula,
    **numeric.KINDS,
}
"""How the exercises of each kind are made."""
