"""Exercises with an answer to choose, such as signs, rules and formulas; each wrong answer has its reason."""

import random
from collections.abc import Callable, Mapping
from dataclasses import replace

from softmax_cli.core.formula.lines.reading import read_line
from softmax_cli.tutor.exercises.drawing import Draw, chain, choosing, question, reason
from softmax_cli.tutor.exercises.exercise import Choosing, Deriving, shuffled
from softmax_cli.tutor.exercises.figures import drawn, entry, table
from softmax_cli.tutor.exercises.floats import number
from softmax_cli.tutor.exercises.naming.edits import edits
from softmax_cli.tutor.exercises.table import rows

_GROWS, _SHRINKS, _STAYS = 1, 2, 3
_BOTTOM = "Its top stays as it is, but the sum at the bottom contains e^{z}: it moves."
_OWN = "Both top and bottom grow, but the top by more of what it has: only one term of the bottom moves."
_TAKEN = "Only its own logit raises it. The probabilities add up to 1: what another class gains, it loses."
_INSIDE = "A logarithm moves as what is in it does."
_ALONE = "The sigmoid of a class looks at its own logit alone: there is no sum that the classes share."
_SIGNS = {
    ("softmax", "same", _SHRINKS): ("sign-turned", _OWN),
    ("softmax", "same", _STAYS): ("ratio-held-constant", _OWN),
    ("softmax", "other", _GROWS): ("sign-turned", _TAKEN),
    ("softmax", "other", _STAYS): ("sum-held-constant", _BOTTOM),
    ("log-softmax", "same", _SHRINKS): ("sign-turned", f"{_INSIDE} {_OWN}"),
    ("log-softmax", "same", _STAYS): ("ratio-held-constant", f"{_INSIDE} {_OWN}"),
    ("log-softmax", "other", _GROWS): ("sign-turned", f"{_INSIDE} {_TAKEN}"),
    ("log-softmax", "other", _STAYS): (
        "sum-held-constant",
        "log S is subtracted, and S contains e^{z}: it moves.",
    ),
    ("cross-entropy", "same", _GROWS): (
        "sign-turned",
        "The true class becomes more probable, and the loss is minus the logarithm of its probability.",
    ),
    ("cross-entropy", "other", _SHRINKS): (
        "sign-turned",
        "Another class takes from the true one, and the loss is minus the logarithm of what is left.",
    ),
    ("cross-entropy", "same", _STAYS): (
        "sum-held-constant",
        "The loss is minus the logarithm of the true class's probability, and that moves with {z}.",
    ),
    ("cross-entropy", "other", _STAYS): (
        "sum-held-constant",
        "y is 0 here, but the true class's probability has e^{z} in its bottom: it moves.",
    ),
    ("sigmoid", "same", _SHRINKS): (
        "sign-turned",
        "e^(-{z}) falls when {z} grows: the bottom becomes smaller.",
    ),
    ("sigmoid", "same", _STAYS): ("sum-held-constant", "The bottom, 1 + e^(-{z}), contains {z}: it moves."),
    ("sigmoid", "other", _GROWS): ("not-zero", _ALONE),
    ("sigmoid", "other", _SHRINKS): ("softmax-formula", _ALONE),
}
"""Why an output does not go that way; {z} is the logit that moves."""


def sign(draw: Draw) -> Choosing:
    """Ask which way an output goes when a logit grows."""
    goal = draw.goal
    slope = number(chain(goal)[-1].right, drawn(draw))
    options = ("it grows", "it shrinks", "it stays as it is")
    right = _GROWS if slope > 0 else _SHRINKS if slope < 0 else _STAYS
    what = {"cross-entropy": "the loss", "log-softmax": f"log {goal.p(goal.of)}"}
    name = what.get(goal.function, goal.p(goal.of))
    target = f" The true class is {goal.classes[goal.of - 1]}." if goal.function == "cross-entropy" else ""
    z = goal.z(goal.wrt)
    ask = f"{z} grows a little, and no other logit moves. What does {name} do?{target}"
    answer = goal.written(chain(goal)[-1].right)
    which = "positive" if slope > 0 else "negative" if slope < 0 else "0"
    why = f"The derivative is {answer}, which is {which}."
    hint = ("What is the sign of the derivative?", f"The derivative is {answer}.")
    found = [_SIGNS[goal.function, goal.case, i] for i in (_GROWS, _SHRINKS, _STAYS) if i != right]
    wrong = [(cause, said.replace("{z}", z)) for cause, said in found]
    return choosing(draw, ask, (), options, right, why, hint, wrong)


def flatter(draw: Draw) -> Choosing:
    """Ask what a temperature does to the probabilities."""
    t = draw.rng.choice((2, 5, 0.5))
    options = ("they move towards 1/3 each", "they move towards 1 for the largest", "they stay as they are")
    right = 1 if t > 1 else 2
    ask = f"T goes from 1 to {t:g}. What do three probabilities do?"
    grown = "smaller" if t > 1 else "larger"
    why = f"The differences of the logits are divided by {t:g}: they become {grown}."
    hint = ("What happens to z_1 - z_2 when both are divided by T?", why)
    turned = f"That is what a T {'below' if t > 1 else 'above'} 1 does. z is divided by T, not multiplied."
    same = "Adding a number to all logits changes nothing; dividing them changes their differences."
    wrong = (("temperature-turned", turned), ("temperature-without-effect", same))
    return choosing(draw, ask, (), options, right, why, hint, wrong)


def largest(draw: Draw) -> Choosing:
    """Ask which class pays most for another."""
    goal, given = draw.goal, drawn(draw)
    classes = [m for m in range(1, len(goal.classes) + 1) if m != goal.wrt]
    entries = {j: entry(j, goal.wrt, given) for j in classes}
    most = min(entries, key=entries.__getitem__)
    kept, right = shuffled([goal.classes[j - 1] for j in entries], goal.classes[most - 1])
    ask = f"{goal.z(goal.wrt)} rises a little. Which class loses most?"
    why = "Each class pays in proportion to what it has: -p_i p_j."
    hint = ("Which number of the column is the lowest?", why)
    z = goal.z(goal.wrt)
    wrong = (
        ("smaller-entry", f"It loses {-value:.4f}: look down the column of {z}.")
        for j, value in entries.items()
        if j != most
    )
    return choosing(draw, ask, table(goal, given), kept, right, why, hint, wrong)


def confidence(draw: Draw) -> Choosing:
    """Ask which way the temperature has to go."""
    right, sure = draw.rng.choice(((80, 92), (90, 97), (85, 70), (75, 60)))
    options = ("above 1", "below 1", "exactly 1")
    place = 1 if sure > right else 2
    ask = f"A model is right in {right} % of all cases, and {sure} % sure on average. Which T mends that?"
    word, other = ("over-confident", "flatter") if place == 1 else ("under-confident", "sharper")
    why = f"It is {word}: softmax(z / T) has to become {other}, which T {options[place - 1]} does."
    hint = ("Is it too sure, or not sure enough?", why)
    surer = "surer still" if place == 1 else "less sure still"
    turned = f"T {options[place % 2]} makes it {surer}: it is {sure} % sure, and right in {right} %."
    nothing = f"T = 1 changes nothing: it stays {sure} % sure, and right in {right} %."
    wrong = (("temperature-turned", turned), ("temperature-without-effect", nothing))
    return choosing(draw, ask, (), options, place, why, hint, wrong)


def rule(draw: Draw) -> Choosing:
    """Ask which rule leads from a line to the next."""
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
    hint = ("What is different in the second line?", why)
    wrong = (_other_rule(one) for one in kept if one != line.row.statement)
    return choosing(draw, ask, shown, kept, right, why, hint, wrong)


def _other_rule(statement: str) -> tuple[str, str]:
    name = next(row.rule for row in rows() if row.statement == statement)
    said = f"That is the rule {name!r}. Nothing of its kind happens here: compare the two lines part by part."
    return "other-rule", said


def rule_of(exercise: Deriving, answer: str) -> Choosing | None:
    """Return the question which rule gave a line; None if it is no line of the derivation."""
    goal = exercise.goal
    tree = read_line(answer, goal.setting)
    line = next((one for one in exercise.rest if one.right == tree), None)
    if line is None:
        return None
    rng = random.Random(exercise.id + answer)
    others = sorted({row.rule for row in rows()} - {line.row.rule, "definition"})
    options = rng.sample([line.row.rule, *rng.sample(others, 2)], 3)
    why = f"{line.row.statement}. {goal.sentence(line.row.why)}"
    against = ("other-rule", f"It is the rule {line.row.rule!r}: {why}")
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
        against=tuple(("", "") if option == line.row.rule else against for option in options),
    )


def find(draw: Draw) -> Choosing:
    """Ask for the wrong line of a derivation, which has one edit that the other lines do not follow."""
    goal = draw.goal
    lines = chain(goal)
    place = draw.rng.randrange(1, len(lines))
    wrong = [edit for edit in edits(lines[place].right, goal) if not goal.equal(edit.tree, goal.answer)]
    edit = draw.rng.choice([one for one in wrong if goal.first(one.tree) is not None])
    shown = [
        f"{i:>2}  {goal.written(edit.tree if i == place + 1 else line.right)}"
        for i, line in enumerate(lines, start=1)
    ]
    options = tuple(f"line {i}" for i in range(1, len(lines) + 1))
    hint = (
        "Put simple numbers in: which line has another value than its neighbours?",
        f"It is one of the lines {max(place, 1)} to {min(place + 2, len(lines))}.",
    )
    ask = f"{question(goal)} One line is wrong. Which?"
    others = (
        ("right-line", f"Line {i} is right: it is equal to the derivative.")
        for i in range(1, len(lines) + 1)
        if i != place + 1
    )
    found = choosing(draw, ask, shown, options, place + 1, edit.say(), hint, others)
    return replace(found, hints=((*hint, f"It is line {place + 1}: {edit.say()}"),))


def formula(draw: Draw) -> Choosing:
    """Ask for the right formula of the Jacobian among wrong ones of `check`'s catalogue."""
    right = "J_ij = p_i (d_ij - p_j) / T"
    lines = [row for row in draw.tables("softmax_jacobian") if "," not in row["formula"]]
    wrong = draw.rng.sample(lines, 2) if len(lines) > 1 else []
    options = draw.rng.sample([right, *(row["formula"] for row in wrong)], len(wrong) + 1)
    told = {row["formula"]: (row["id"], reason(row)) for row in wrong}
    kept, place = shuffled(options, right)
    hint = (
        "Each row of the Jacobian adds up to 0: which formula does?",
        "The probability of a class grows with its own logit, and shrinks with every other.",
    )
    ask = "Which formula is the derivative of p_i with respect to z_j? d_ij is 1 for i = j, else 0."
    why = "Right for i = j, p_i (1 - p_i), and for i != j, -p_i p_j; each divided by T."
    return choosing(draw, ask, (), kept, place, why, hint, (told[one] for one in kept if one != right))


KINDS: Mapping[str, Callable[[Draw], Choosing]] = {
    "sign": sign,
    "flatter": flatter,
    "largest": largest,
    "confidence": confidence,
    "rule": rule,
    "find": find,
    "formula": formula,
}
"""How each kind of exercise with an answer to choose is made."""
