"""Exercises with an answer to choose, such as signs, rules and formulas; each wrong answer has its reason.

`signs.tsv` says why an answer to "which way does it go?" is wrong: function, case, answer, the name of the
mistake, and what to say, {z} being the logit that moves.
"""

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from softmax_cli.core.formula.doubles import number
from softmax_cli.core.formula.lines.reading import read_line
from softmax_cli.tutor.exercises.drawing import Draw, Tables, chain, question, reason
from softmax_cli.tutor.exercises.exercise import Choosing, Deriving
from softmax_cli.tutor.exercises.figures import drawn, entry, table
from softmax_cli.tutor.exercises.lines import STATEMENTS
from softmax_cli.tutor.exercises.naming.edits import edits
from softmax_cli.tutor.narratives.tables import cells

Told = Mapping[str, tuple[str, str]]
"""For each wrong option, the name of the mistake in it and what to say."""
_SIGNS = ("it grows", "it shrinks", "it stays as it is")
_ASKED = {
    "softmax_jacobian": ("the derivative of p_i with respect to z_j", "J_ij = p_i (d_ij - p_j) / T"),
    "softmax_product": ("entry j of g^T J, J the Jacobian of softmax", "p_j (g_j - sum_i g_i p_i) / T"),
    "log_softmax_jacobian": ("the derivative of log p_i with respect to z_j", "J_ij = (d_ij - p_j) / T"),
    "log_softmax_product": ("entry j of g^T J, J the Jacobian of log-softmax", "(g_j - p_j sum_i g_i) / T"),
    "cross_entropy_gradient": ("the derivative of the cross-entropy with respect to z_j", "(p_j - y_j) / T"),
    "sigmoid_jacobian": (
        "the derivative of sigmoid(z_i / T) with respect to z_j",
        "J_ij = d_ij s_i (1 - s_i) / T",
    ),
    "log_probabilities": ("the log-probability of class i", "z_i / T - log sum_j exp(z_j / T)"),
    "sigmoid": ("the sigmoid", "s_i = 1 / (1 + exp(-z_i / T))"),
    "probabilities": ("the probability of class i", "p_i = exp(z_i / T) / sum_j exp(z_j / T)"),
}
"""What each table of `check`'s catalogue is about, and its right formula."""


def _choosing(
    names: tuple[str, str, str],
    ask: str,
    options: Sequence[str],
    right: str,
    why: str,
    told: Told,
    hint: tuple[str, ...] = (),
    shown: Iterable[str] = (),
) -> Choosing:
    """Return a choice, of options without doubles; `names` are its id, skill and kind."""
    options = tuple(dict.fromkeys(options))
    place = options.index(right) + 1
    against = tuple(("", "") if option == right else told[option] for option in options)
    hints = ((hint[0], hint[1], hint[2] if len(hint) > 2 else f"It is number {place}."),) if hint else ()
    return Choosing(*names, ask, tuple(shown), hints, options, place, why, against)


@cache
def _signs(function: str, case: str) -> Told:
    """Return why an output does not go that way, by the answer."""
    lines = cells(Path(__file__).with_name("signs.tsv"))
    return {answer: (cause, said) for *about, answer, cause, said in lines if about == [function, case]}


def sign(draw: Draw) -> Choosing:
    """Ask which way an output goes when a logit grows."""
    goal = draw.goal
    tree = chain(goal)[-1].right
    slope = number(tree, drawn(draw))
    what = {"cross-entropy": "the loss", "log-softmax": f"log {goal.p(goal.of)}"}
    name = what.get(goal.function, goal.p(goal.of))
    target = f" The true class is {goal.classes[goal.of - 1]}." if goal.function == "cross-entropy" else ""
    z = goal.z(goal.wrt)
    ask = f"{z} grows a little, and no other logit moves. What does {name} do?{target}"
    answer = f"The derivative is {goal.written(tree)}"
    right, which = (
        (_SIGNS[0], "positive") if slope > 0 else (_SIGNS[1], "negative") if slope < 0 else (_SIGNS[2], "0")
    )
    hint = ("What is the sign of the derivative?", f"{answer}.")
    told = {
        option: (cause, said.replace("{z}", z))
        for option, (cause, said) in _signs(goal.function, goal.case).items()
    }
    return _choosing(draw.names, ask, _SIGNS, right, f"{answer}, which is {which}.", told, hint)


def flatter(draw: Draw) -> Choosing:
    """Ask what a temperature does to the probabilities."""
    t = draw.rng.choice((2, 5, 0.5))
    *options, same = (
        "they move towards 1/3 each",
        "they move towards 1 for the largest",
        "they stay as they are",
    )
    right, other = options if t > 1 else options[::-1]
    ask = f"T goes from 1 to {t:g}. What do three probabilities do?"
    grown = "smaller" if t > 1 else "larger"
    why = f"The differences of the logits are divided by {t:g}: they become {grown}."
    hint = ("What happens to z_1 - z_2 when both are divided by T?", why)
    turned = f"That is what a T {'below' if t > 1 else 'above'} 1 does. z is divided by T, not multiplied."
    nothing = "Adding a number to all logits changes nothing; dividing them changes their differences."
    told = {other: ("temperature-turned", turned), same: ("temperature-without-effect", nothing)}
    return _choosing(draw.names, ask, (*options, same), right, why, told, hint)


def largest(draw: Draw) -> Choosing:
    """Ask which class pays most for another."""
    goal, given = draw.goal, drawn(draw)
    z = goal.z(goal.wrt)
    entries = {name: entry(m, goal.wrt, given) for m, name in enumerate(goal.classes, 1) if m != goal.wrt}
    why = "Each class pays in proportion to what it has: -p_i p_j."
    hint = ("Which number of the column is the lowest?", why)
    told = {
        name: ("smaller-entry", f"It loses {-value:.4f}: look down the column of {z}.")
        for name, value in entries.items()
    }
    most = min(entries, key=entries.__getitem__)
    ask = f"{z} rises a little. Which class loses most?"
    return _choosing(draw.names, ask, [*entries], most, why, told, hint, table(goal, given))


def confidence(draw: Draw) -> Choosing:
    """Ask which way the temperature has to go."""
    right, sure = draw.rng.choice(((80, 92), (90, 97), (85, 70), (75, 60)))
    options = ("above 1", "below 1", "exactly 1")
    over = sure > right
    ask = f"A model is right in {right} % of all cases, and {sure} % sure on average. Which T mends that?"
    word, other, surer = (
        ("over-confident", "flatter", "surer still")
        if over
        else ("under-confident", "sharper", "less sure still")
    )
    answer, turned = options[:2] if over else options[1::-1]
    why = f"It is {word}: softmax(z / T) has to become {other}, which T {answer} does."
    hint = ("Is it too sure, or not sure enough?", why)
    said = f"T {turned} makes it {surer}: it is {sure} % sure, and right in {right} %."
    nothing = f"T = 1 changes nothing: it stays {sure} % sure, and right in {right} %."
    told = {turned: ("temperature-turned", said), options[2]: ("temperature-without-effect", nothing)}
    return _choosing(draw.names, ask, options, answer, why, told, hint)


def rule(draw: Draw) -> Choosing:
    """Ask which rule leads from a line to the next."""
    goal = draw.goal
    lines = chain(goal)
    i = draw.rng.randrange(1, len(lines))
    row = lines[i].row
    others = sorted({*STATEMENTS.values()} - {one.row.statement for one in lines})
    options = draw.rng.sample([row.statement, *draw.rng.sample(others, 2)], 3)
    shown = (f" {n}  {goal.written(lines[n - 1].right)}" for n in (i, i + 1))
    ask = f"{question(goal)} Which rule leads from line {i} to line {i + 1}?"
    why = goal.sentence(row.why)
    hint = ("What is different in the second line?", why)
    names = {statement: name for name, statement in STATEMENTS.items()}
    apart = "Nothing of its kind happens here: compare the two lines part by part."
    told = {one: ("other-rule", f"That is the rule {names[one]!r}. {apart}") for one in options}
    return _choosing(draw.names, ask, options, row.statement, why, told, hint, shown)


def rule_of(exercise: Deriving, answer: str) -> Choosing | None:
    """Return the question which rule gave a line; None if it is no line of the derivation."""
    goal = exercise.goal
    tree = read_line(answer, goal.setting)
    row = next((one.row for one in exercise.rest if one.right == tree), None)
    if row is None:
        return None
    rng = random.Random(exercise.id + answer)
    others = sorted({*STATEMENTS} - {row.rule, "definition"})
    options = rng.sample([row.rule, *rng.sample(others, 2)], 3)
    why = f"{row.statement}. {goal.sentence(row.why)}"
    told = dict.fromkeys(options, ("other-rule", f"It is the rule {row.rule!r}: {why}"))
    names = exercise.id, exercise.skill, "rule"
    return _choosing(names, "Which rule gave it?", options, row.rule, why, told)


def find(draw: Draw) -> Choosing:
    """Ask for the wrong line of a derivation, which has one edit that the other lines do not follow."""
    goal = draw.goal
    lines = chain(goal)
    place = draw.rng.randrange(1, len(lines)) + 1
    wrong = [edit for edit in edits(lines[place - 1].right, goal) if not goal.equal(edit.tree, goal.answer)]
    edit = draw.rng.choice([one for one in wrong if goal.first(one.tree) is not None])
    shown = [f"{i:>2}  {goal.written(line.right)}" for i, line in enumerate(lines, start=1)]
    shown[place - 1] = f"{place:>2}  {goal.written(edit.tree)}"
    options = {f"line {i}": i for i in range(1, len(lines) + 1)}
    hint = (
        "Put simple numbers in: which line has another value than its neighbours?",
        f"It is one of the lines {max(place - 1, 1)} to {min(place + 1, len(lines))}.",
        f"It is line {place}: {edit.say()}",
    )
    ask = f"{question(goal)} One line is wrong. Which?"
    told = {
        option: ("right-line", f"Line {i} is right: it is equal to the derivative.")
        for option, i in options.items()
    }
    return _choosing(draw.names, ask, [*options], f"line {place}", edit.say(), told, hint, shown)


def formula(draw: Draw) -> Choosing:
    """Ask for the right formula of the Jacobian among wrong ones of `check`'s catalogue."""
    _, right = _ASKED["softmax_jacobian"]
    lines = [row for row in draw.tables("softmax_jacobian") if "," not in row["formula"]]
    wrong = draw.rng.sample(lines, 2) if len(lines) > 1 else []
    options = draw.rng.sample([right, *(row["formula"] for row in wrong)], len(wrong) + 1)
    hint = (
        "Each row of the Jacobian adds up to 0: which formula does?",
        "The probability of a class grows with its own logit, and shrinks with every other.",
    )
    ask = "Which formula is the derivative of p_i with respect to z_j? d_ij is 1 for i = j, else 0."
    why = "Right for i = j, p_i (1 - p_i), and for i != j, -p_i p_j; each divided by T."
    return _choosing(draw.names, ask, options, right, why, _reasons(wrong), hint)


def _reasons(wrong: Iterable[Mapping[str, str]]) -> Told:
    return {row["formula"]: (row["id"], reason(row)) for row in wrong}


def make_against(mistake: str, function: str, seed: int, tables: Tables) -> Choosing | None:
    """Return an exercise on one mistake: the right formula is to be told from the wrong one.

    Parameters
    ----------
    mistake
        Its id, as `check` gives it.
    function
        The function that was checked.
    seed
        Draws the order, and the other wrong option.
    tables
        The catalogue of `check`, by the names of its tables.

    Returns
    -------
    Choosing | None
        None if the catalogue has no formula of that name.
    """
    name, own = mistake.removeprefix("matrix-"), function.replace("-", "_")
    names = sorted(_ASKED, key=lambda table: not table.startswith(own))
    for one in names:
        row = next((row for row in tables(one) if row["id"] == name), None)
        if row is not None:
            return _against(mistake, one, row, [row for row in tables(one) if row["id"] != name], seed)
    factor = next((row for row in tables("factors") if row["id"] == name), None)
    if factor is None:
        return None
    scaled = {**factor, "formula": _scaled(factor["name"], _ASKED[names[0]][1])}
    return _against(mistake, names[0], scaled, list(tables(names[0])), seed)


def _scaled(factor: str, formula: str) -> str:
    """Return a formula times a factor: -1, 2, 1/T, S."""
    left, equals, right = formula.rpartition(" = ")
    sign, factor = ("-", factor[1:]) if factor.startswith("-") else ("", factor)
    factor = "" if factor == "1" else f"({factor}) " if "/" in factor else f"{factor} "
    return f"{left}{equals}{sign}{factor}{right}"


def _against(
    mistake: str, table: str, row: Mapping[str, str], others: list[Mapping[str, str]], seed: int
) -> Choosing:
    what, right = _ASKED[table]
    rng = random.Random(f"{mistake} {seed}")
    wrong = [row, rng.choice(others)]
    options = rng.sample([right, *(one["formula"] for one in wrong)], 3)
    hint = ("Put in three simple logits: what comes out?", row["why"])
    why = f"Right. The mistake is in {row['formula']}: {reason(row)}"
    ask = f"Which formula is {what}? d_ij is 1 for i = j, else 0."
    names = f"mistake/{mistake}", mistake, "formula"
    return _choosing(names, ask, options, right, why, _reasons(wrong), hint)


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
