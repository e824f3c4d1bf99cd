"""Exercises about numbers: signs, sizes, rows, products, tables, temperatures."""

from collections.abc import Callable, Mapping, Sequence

from softmax_cli.core.formula.parser import parse
from softmax_cli.core.formula.tree import Node, Number, substitute
from softmax_cli.errors import FormulaError
from softmax_cli.tutor.exercises.drawing import Draw, chain, choosing
from softmax_cli.tutor.exercises.exercise import Choosing, Exercise, Reckoning, shuffled
from softmax_cli.tutor.exercises.floats import Given, number
from softmax_cli.tutor.exercises.goal import Goal
from softmax_cli.tutor.exercises.naming.concepts import concepts

_SHARES = ((0.5, 0.3, 0.2), (0.6, 0.3, 0.1), (0.7, 0.2, 0.1), (0.4, 0.35, 0.25))
_JACOBIAN = parse("p_i (d_ij - p_j)")
Slips = Sequence[tuple[str, str, float]]


def sign(draw: Draw) -> Choosing:
    """Ask which way an output goes when a logit grows."""
    goal = draw.goal
    slope = number(chain(goal)[-1].right, _given(draw))
    options = ("it grows", "it shrinks", "it stays as it is")
    right = 1 if slope > 0 else 2 if slope < 0 else 3
    what = {"cross-entropy": "the loss", "log-softmax": f"log {_p(goal, goal.of)}"}
    name = what.get(goal.function, _p(goal, goal.of))
    target = f" The true class is {goal.classes[goal.of - 1]}." if goal.function == "cross-entropy" else ""
    ask = f"{_z(goal, goal.wrt)} grows a little, and no other logit moves. What does {name} do?{target}"
    answer = goal.written(chain(goal)[-1].right)
    which = "positive" if slope > 0 else "negative" if slope < 0 else "0"
    why = f"The derivative is {answer}, which is {which}."
    hint = ("What is the sign of the derivative?", f"The derivative is {answer}.", f"It is number {right}.")
    return choosing(draw, ask, (), options, right, why, hint)


def reckoned(draw: Draw) -> Reckoning:
    """Ask for the number that the derivative is."""
    goal, given = draw.goal, _given(draw)
    tree = chain(goal)[-1].right
    ask = f"{_told(goal, given)}. What is {goal.written(goal.claim)}?"
    if goal.function == "cross-entropy":
        ask += f" The true class is {goal.classes[goal.of - 1]}."
    return _reckoning(draw, ask, (), given, number(tree, given), f"{goal.written(tree)}", _slips(goal, given))


def tempered(draw: Draw) -> Reckoning:
    """Ask for the number with a temperature."""
    goal, given = draw.goal, _given(draw)
    t = draw.rng.choice((2.0, 0.5, 4.0))
    tree = chain(goal)[-1].right
    value = number(tree, given)
    ask = f"The temperature is {t:g}. {_told(goal, given)}. What is {goal.written(goal.claim)}?"
    factor = "z / T is inside the exponential: the chain rule brings out 1 / T, once."
    slips = [
        ("temperature-factor-missing", factor, value),
        ("temperature-multiplied", f"1 / T is multiplied on, not T. {factor}", value * t),
        *((cause, message, wrong / t) for cause, message, wrong in _slips(goal, given)),
    ]
    return _reckoning(draw, ask, (), given, value / t, f"{goal.written(tree)}, over T", slips)


def flatter(draw: Draw) -> Choosing:
    """Ask what a temperature does to the probabilities."""
    t = draw.rng.choice((2, 5, 0.5))
    options = ("they move towards 1/3 each", "they move towards 1 for the largest", "they stay as they are")
    right = 1 if t > 1 else 2
    ask = f"T goes from 1 to {t:g}. What do three probabilities do?"
    grown = "smaller" if t > 1 else "larger"
    why = f"The differences of the logits are divided by {t:g}: they become {grown}."
    hint = ("What happens to z_1 - z_2 when both are divided by T?", why, f"It is number {right}.")
    return choosing(draw, ask, (), options, right, why, hint)


def row(draw: Draw) -> Reckoning:
    """Ask for the sum of a row of the Jacobian."""
    goal, given = draw.goal, _given(draw)
    entries = [_entry(goal.of, j, given) for j in _numbers(goal)]
    name = _p(goal, goal.of)
    ask = f"{_told(goal, given)}. What do the derivatives of {name} with respect to all logits add up to?"
    why = "A constant that is added to all logits changes nothing, so all its derivatives add up to 0."
    slips = [
        ("row-of-probabilities", "The probabilities add up to 1. Asked is the sum of the derivatives.", 1.0),
        ("diagonal-left-out", f"{name} moves with its own logit too.", sum(entries) - entries[goal.of - 1]),
    ]
    return _reckoning(draw, ask, (), given, sum(entries), why, slips)


def missing(draw: Draw) -> Reckoning:
    """Ask for the entry of a row that is missing."""
    goal, given = draw.goal, _given(draw)
    entries = {j: _entry(goal.of, j, given) for j in _numbers(goal)}
    shown = ", ".join(f"{value:.4g} for {_z(goal, j)}" for j, value in entries.items() if j != goal.wrt)
    value = entries[goal.wrt]
    ask = f"The derivatives of {_p(goal, goal.of)} are {shown}. What is that for {_z(goal, goal.wrt)}?"
    slips = [("sign-turned", "The row adds up to 0: the sign is the other.", -value)]
    return _reckoning(draw, ask, (), given, value, "Every row of the Jacobian adds up to 0.", slips)


def product(draw: Draw) -> Reckoning:
    """Ask for one entry of a vector times the Jacobian."""
    goal = draw.goal
    g = tuple(float(draw.rng.randrange(-3, 4)) for _ in goal.classes)
    given = {**_given(draw), "g": g}
    value = number(_about(parse("p_j (g_j - sum_m g_m p_m)"), goal), given)
    told = ", ".join(f"{one:g}" for one in g)
    ask = f"{_told(goal, given)}, and g = ({told}). What is entry {goal.classes[goal.wrt - 1]} of g^T J?"
    slips = []
    for line in draw.tables("softmax_product"):
        message = f"{line['title'][:1].upper()}{line['title'][1:]}. {line['why']}"
        try:
            wrong = number(_about(parse(line["formula"]), goal), {**given, "T": 1.0, "k": float(len(g))})
        except FormulaError:
            continue
        slips.append((line["id"], message, wrong))
    return _reckoning(draw, ask, (), given, value, "It is p_j (g_j - g . p).", slips)


def reading(draw: Draw) -> Reckoning:
    """Ask what a table of derivatives says about a small step."""
    goal, given = draw.goal, _given(draw)
    step = draw.rng.choice((0.1, 0.2, -0.1))
    entry = _entry(goal.of, goal.wrt, given)
    ask = (
        f"{_z(goal, goal.wrt)} {'rises' if step > 0 else 'falls'} by {abs(step):g}. "
        f"By about how much does {_p(goal, goal.of)} change?"
    )
    slips = [
        ("step-forgotten", "That is the change for a whole unit: times the step.", entry),
        ("sign-turned", "The size is right, the sign is not.", -entry * step),
        ("wrong-column", "That is the change with its own logit.", _entry(goal.of, goal.of, given) * step),
    ]
    why = f"The derivative, {entry:.4g}, times the step."
    return _reckoning(draw, ask, _table(goal, given), given, entry * step, why, slips)


def largest(draw: Draw) -> Choosing:
    """Ask which class pays most for another."""
    goal, given = draw.goal, _given(draw)
    entries = {j: _entry(j, goal.wrt, given) for j in _numbers(goal) if j != goal.wrt}
    options = tuple(goal.classes[j - 1] for j in entries)
    kept, right = shuffled(options, goal.classes[min(entries, key=entries.__getitem__) - 1])
    ask = f"{_z(goal, goal.wrt)} rises a little. Which class loses most?"
    why = "Each class pays in proportion to what it has: -p_i p_j."
    hint = ("Which number of the column is the lowest?", why, f"It is number {right}.")
    return choosing(draw, ask, _table(goal, given), kept, right, why, hint)


def confidence(draw: Draw) -> Choosing:
    """Ask which way the temperature has to go."""
    right, sure = draw.rng.choice(((80, 92), (90, 97), (85, 70), (75, 60)))
    options = ("above 1", "below 1", "exactly 1")
    place = 1 if sure > right else 2
    ask = f"A model is right in {right} % of all cases, and {sure} % sure on average. Which T mends that?"
    word, other = ("over-confident", "flatter") if place == 1 else ("under-confident", "sharper")
    why = f"It is {word}: softmax(z / T) has to become {other}, which T {options[place - 1]} does."
    hint = ("Is it too sure, or not sure enough?", why, f"It is number {place}.")
    return choosing(draw, ask, (), options, place, why, hint)


def _reckoning(
    draw: Draw, ask: str, shown: Sequence[str], given: Given, value: float, why: str, slips: Slips
) -> Reckoning:
    hint = ("Which formula is it?", why, f"The number is {value:.4g}.")
    return Reckoning(
        id=draw.id,
        skill=draw.skill.name,
        kind=draw.kind,
        ask=ask,
        shown=tuple(shown),
        hints=(hint,),
        goal=draw.goal,
        given=given,
        value=value,
        why=why if why.endswith(".") else f"It is {why}.",
        slips=tuple(_told_apart(slips)),
    )


def _told_apart(slips: Slips) -> list[tuple[str, str, float]]:
    """Leave out the numbers that more than one mistake leads to: no cause is guessed."""
    values = [f"{value:.3g}" for _, _, value in slips]
    names: dict[str, set[str]] = {}
    for (cause, _, _), value in zip(slips, values, strict=True):
        names.setdefault(value, set()).add(cause)
    return [slip for slip, value in zip(slips, values, strict=True) if len(names[value]) == 1]


def _given(draw: Draw) -> Given:
    """Return the probabilities, and the true class as a one-hot y."""
    goal = draw.goal
    k = len(goal.classes)
    if k == 3:
        shares: Sequence[float] = draw.rng.sample(draw.rng.choice(_SHARES), 3)
    else:
        shares = [2 * m / (k * (k + 1)) for m in range(1, k + 1)]
        shares = [round(share, 2) for share in shares]
        shares = draw.rng.sample([*shares[:-1], round(1 - sum(shares[:-1]), 2)], k)
    return {"p": tuple(shares), "y": tuple(float(m == goal.of) for m in range(1, k + 1))}


def _slips(goal: Goal, given: Given) -> list[tuple[str, str, float]]:
    """Return the numbers that the known mistakes lead to."""
    found = []
    for cause, say, tree in concepts(goal):
        try:
            found.append((cause, say(), number(tree, given)))
        except FormulaError:
            continue
    return found


def _entry(i: int, j: int, given: Given) -> float:
    return number(substitute(substitute(_JACOBIAN, "i", Number(i)), "j", Number(j)), given)


def _about(tree: Node, goal: Goal) -> Node:
    return substitute(tree, "j", Number(goal.wrt))


def _numbers(goal: Goal) -> range:
    return range(1, len(goal.classes) + 1)


def _p(goal: Goal, m: int) -> str:
    return f"p_{goal.classes[m - 1]}"


def _z(goal: Goal, m: int) -> str:
    return f"z_{goal.classes[m - 1]}"


def _told(goal: Goal, given: Given) -> str:
    shares = given["p"]
    assert isinstance(shares, tuple)
    return ", ".join(f"{_p(goal, m)} = {share:g}" for m, share in enumerate(shares, start=1))


def _table(goal: Goal, given: Given) -> list[str]:
    """Return the Jacobian as lines: row i is p_i, column j is z_j."""
    names = [_z(goal, j) for j in _numbers(goal)]
    left = max(len(_p(goal, i)) for i in _numbers(goal))
    wide = max(8, *map(len, names))
    lines = [" " * left + "".join(f"  {name:>{wide}}" for name in names)]
    for i in _numbers(goal):
        cells = "".join(f"  {_entry(i, j, given):>{wide}.4f}" for j in _numbers(goal))
        lines.append(f"{_p(goal, i):<{left}}{cells}")
    return lines


KINDS: Mapping[str, Callable[[Draw], Exercise]] = {
    "sign": sign,
    "number": reckoned,
    "tempered": tempered,
    "flatter": flatter,
    "row": row,
    "missing": missing,
    "product": product,
    "reading": reading,
    "largest": largest,
    "confidence": confidence,
}
"""How each kind of exercise about numbers is made."""
