"""Exercises whose answer is a number: sizes, rows, products, tables, temperatures."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial

from softmax_cli.core.formula.parser import parse
from softmax_cli.core.formula.tree import Node, Number, Symbol, substitute
from softmax_cli.errors import FormulaError
from softmax_cli.tutor.exercises.drawing import Draw, chain, reason
from softmax_cli.tutor.exercises.exercise import Reckoning
from softmax_cli.tutor.exercises.figures import drawn, entry, table, told
from softmax_cli.tutor.exercises.floats import Given, number
from softmax_cli.tutor.exercises.goal import Goal
from softmax_cli.tutor.exercises.naming.concepts import concepts
from softmax_cli.tutor.exercises.naming.edits import edits

_PRODUCT = parse("p_j (g_j - sum_m g_m p_m)")
Slip = tuple[str, str, float]
"""The name of a mistake, what to say, and the number that it leads to."""
Tiers = Iterable[Iterable[Slip]]
"""Mistakes, the likelier first."""


def reckoned(draw: Draw) -> Reckoning:
    """Ask for the number that the derivative is."""
    goal, given = draw.goal, drawn(draw)
    tree = chain(goal)[-1].right
    ask = f"{told(goal, given)}. What is {goal.written(goal.claim)}?"
    if goal.function == "cross-entropy":
        ask += f" The true class is {goal.classes[goal.of - 1]}."
    why = f"It is {goal.written(tree)}."
    return _reckoning(draw, ask, given, number(tree, given), why, partial(_slips, goal, given))


def tempered(draw: Draw) -> Reckoning:
    """Ask for the number with a temperature."""
    goal = draw.goal
    t = draw.rng.choice((2.0, 0.5, 4.0))
    given = {**drawn(draw), "T": t}
    tree = chain(goal)[-1].right
    value = number(tree, given)
    ask = f"The temperature is {t:g}. {told(goal, given)}. What is {goal.written(goal.claim)}?"
    why = f"It is {goal.written(tree)}."
    return _reckoning(draw, ask, given, value, why, partial(_tempered_slips, goal, given, value))


def _tempered_slips(goal: Goal, given: Given, value: float) -> Iterator[Iterable[Slip]]:
    t = number(Symbol("T"), given)
    factor = "z / T is inside the exponential: the chain rule brings out 1 / T, once."
    yield [
        ("temperature-factor-missing", factor, value * t),
        ("temperature-multiplied", f"1 / T is multiplied on, not T. {factor}", value * t * t),
        ("temperature-twice", f"1 / T stands twice. {factor}", value / t),
    ]
    yield from _slips(goal, given)
    yield [("sign-turned and temperature-factor-missing", f"The sign is turned. And {factor}", -value * t)]


def row(draw: Draw) -> Reckoning:
    """Ask for the sum of a row of the Jacobian."""
    goal, given = draw.goal, drawn(draw)
    entries = [entry(goal.of, j, given) for j in _classes(goal)]
    name, own = goal.p(goal.of), entries[goal.of - 1]
    ask = f"{told(goal, given)}. What do the derivatives of {name} with respect to all logits add up to?"
    why = "A constant that is added to all logits changes nothing, so all its derivatives add up to 0."
    slips = [
        ("row-of-probabilities", "The probabilities add up to 1. Asked is the sum of the derivatives.", 1.0),
        ("diagonal-left-out", f"{name} moves with its own logit too: that adds {own:.4g}.", -own),
        (
            "diagonal-alone",
            "That is the derivative with respect to its own logit. The others take as much away.",
            own,
        ),
        ("signs-left-out", "The signs count: what the own logit adds, the others take away.", 2 * own),
        (
            "value-itself",
            f"That is {name} itself. Asked is the sum of its derivatives.",
            _of("p", goal.of, given),
        ),
    ]
    return _reckoning(draw, ask, given, 0.0, why, lambda: [slips])


def missing(draw: Draw) -> Reckoning:
    """Ask for the entry of a row that is missing."""
    goal, given = draw.goal, drawn(draw)
    entries = {j: entry(goal.of, j, given) for j in _classes(goal)}
    others = {j: value for j, value in entries.items() if j != goal.wrt}
    shown = ", ".join(f"{value:.4g} for {goal.z(j)}" for j, value in others.items())
    value = entries[goal.wrt]
    ask = f"The derivatives of {goal.p(goal.of)} are {shown}. What is that for {goal.z(goal.wrt)}?"
    one = "The row of derivatives adds up to 0: it is the probabilities that add up to 1."
    slips = [
        ("row-of-probabilities", one, 1 + value),
        ("sum-for-entry", "0 is what all of the row add up to, this one included.", 0.0),
        *(
            (
                "wrong-entry",
                f"That is one of those given, for {goal.z(j)}: asked is what is missing.",
                given_one,
            )
            for j, given_one in others.items()
        ),
        *(
            ("term-missing", f"All that is given is added up first, {goal.z(j)}'s too.", value + given_one)
            for j, given_one in others.items()
        ),
    ]
    return _reckoning(draw, ask, given, value, "Every row of the Jacobian adds up to 0.", lambda: [slips])


def product(draw: Draw) -> Reckoning:
    """Ask for one entry of a vector times the Jacobian."""
    goal = draw.goal
    g = tuple(float(draw.rng.randrange(-3, 4)) for _ in goal.classes)
    given = {**drawn(draw), "g": g}
    value = number(_about(_PRODUCT, goal.wrt), given)
    numbers = ", ".join(f"{one:g}" for one in g)
    ask = f"{told(goal, given)}, and g = ({numbers}). What is entry {goal.classes[goal.wrt - 1]} of g^T J?"
    return _reckoning(draw, ask, given, value, "It is p_j (g_j - g . p).", partial(_of_products, draw, given))


def _of_products(draw: Draw, given: Given) -> Iterator[Iterable[Slip]]:
    """Yield parts of the right entry, other entries, and the mistakes of `check`'s catalogue."""
    goal, j = draw.goal, draw.goal.wrt
    mean = number(parse("sum_m g_m p_m"), given)
    share, g = _of("p", j, given), _of("g", j, given)
    own = g * entry(j, j, given)
    if g == 0:
        yield [("mean-left-out", "g_j is 0, but the mean g . p is taken from it all the same.", 0.0)]
    yield [
        ("mean-left-out", "The mean g . p is missing: it is taken from g_j.", share * g),
        ("vector-itself", "That is g_j, before it goes through the Jacobian.", g),
        ("mean-alone", "That is g . p, which is taken from g_j: then times p_j.", mean),
        ("factor-missing", "The factor p_j is missing: that is g_j - g . p.", g - mean),
        ("plus-for-minus", "g . p is subtracted from g_j, not added.", share * (g + mean)),
        ("diagonal-alone", "That is the diagonal's part. Every entry of the column counts.", own),
    ]
    yield _entries_of_products(goal, given)
    off = share * (g - mean) - own
    yield [("diagonal-left-out", "The diagonal's part, g_j p_j (1 - p_j), is missing.", off)]
    known = []
    for line in draw.tables("softmax_product"):
        names = {**given, "T": 1.0, "k": float(len(goal.classes))}
        found = _number(_about(parse(line["formula"]), j), names)
        if found is not None:
            known.append((line["id"], reason(line), found))
    yield known


def _entries_of_products(goal: Goal, given: Given) -> Iterator[Slip]:
    for m in _classes(goal):
        if m != goal.wrt:
            name, asked = goal.classes[m - 1], goal.classes[goal.wrt - 1]
            other = number(_about(_PRODUCT, m), given)
            yield "wrong-entry", f"That is entry {name}. Asked is entry {asked}.", other
            part = _of("g", m, given) * entry(m, goal.wrt, given)
            yield "one-term", f"That is one term of the sum, {name}'s: they are added up.", part


def reading(draw: Draw) -> Reckoning:
    """Ask what a table of derivatives says about a small step."""
    goal, given = draw.goal, drawn(draw)
    step = draw.rng.choice((0.1, 0.2, -0.1))
    slope = entry(goal.of, goal.wrt, given)
    ask = (
        f"{goal.z(goal.wrt)} {'rises' if step > 0 else 'falls'} by {abs(step):g}. "
        f"By about how much does {goal.p(goal.of)} change?"
    )
    slips = [
        ("step-forgotten", "That is the change for a whole unit: times the step.", slope),
        (
            "divided-by-the-step",
            "The derivative is the change for a unit: it is multiplied by the step.",
            slope / step,
        ),
        *(
            ("probability-for-derivative", f"That is {goal.p(m)} times the step.", _of("p", m, given) * step)
            for m in (goal.of, goal.wrt)
        ),
        (
            "new-value",
            "That is the new probability. Asked is the change.",
            _of("p", goal.of, given) + slope * step,
        ),
        *(
            ("wrong-entry", f"That is the change of {goal.p(i)} with {goal.z(j)}.", entry(i, j, given) * step)
            for i in _classes(goal)
            for j in _classes(goal)
            if {i, j} != {goal.of, goal.wrt}
        ),
    ]
    why = f"The derivative, {slope:.4g}, times the step."
    return _reckoning(draw, ask, given, slope * step, why, lambda: [slips], shown=table(goal, given))


def _reckoning(
    draw: Draw,
    ask: str,
    given: Given,
    value: float,
    why: str,
    slips: Callable[[], Tiers],
    shown: Sequence[str] = (),
) -> Reckoning:
    turned = [("sign-turned", "The size is right, the sign is not.", -value)]
    scaled = [
        ("percent", "That is in per cent: the number itself is a hundredth of it.", 100 * value),
        ("decimal-point", "The digits are right, the decimal point is not.", 10 * value),
        ("decimal-point", "The digits are right, the decimal point is not.", value / 10),
    ]
    hint = ("Which formula is it?", why, f"The number is {value:.4g}.")
    return Reckoning(
        *draw.names,
        ask=ask,
        shown=tuple(shown),
        hints=(hint,),
        goal=draw.goal,
        given=given,
        value=value,
        why=why,
        slips=lambda: [turned, *slips(), scaled] if value else slips(),
    )


def _slips(goal: Goal, given: Given) -> Iterator[Iterable[Slip]]:
    """Yield the numbers of concepts, of other derivatives, of edits of the answer, and of turned concepts."""
    known = [(cause, say, _number(line, given)) for cause, say, line in concepts(goal)]
    found = [(cause, say(), value) for cause, say, value in known if value is not None]
    yield found
    yield _entries(goal, given)
    yield [
        (edit.cause, edit.say(), value)
        for edit in edits(chain(goal)[-1].right, goal)
        if (value := _number(edit.tree, given)) is not None
    ]
    yield [
        (f"{cause} and sign-turned", f"{said} And the sign is turned.", -value)
        for cause, said, value in found
    ]


def _entries(goal: Goal, given: Given) -> Iterator[Slip]:
    """Yield the derivatives that are not asked for."""
    for i in _classes(goal) if goal.function != "cross-entropy" else [goal.of]:
        for j in _classes(goal):
            if (i, j) != (goal.of, goal.wrt):
                order = [*dict.fromkeys((i, j, *_classes(goal)))]
                moved = {
                    name: value if isinstance(value, float) else tuple(value[m - 1] for m in order)
                    for name, value in given.items()
                }
                value = number(_answer(goal.function, i == j, goal.temperature), moved)
                yield "wrong-entry", f"That is {goal.written(replace(goal, of=i, wrt=j).claim)}.", value


@lru_cache(maxsize=16)
def _answer(function: str, same: bool, temperature: bool) -> Node:
    """Return the derivative of class 1 with respect to class 1, or to class 2."""
    return chain(Goal(function, 1, 1 if same else 2, temperature=temperature))[-1].right


def _number(tree: Node, given: Given) -> float | None:
    try:
        return number(tree, given)
    except FormulaError:
        return None


def _of(name: str, m: int, given: Given) -> float:
    return number(Symbol(name, (Number(m),)), given)


def _about(tree: Node, j: int) -> Node:
    return substitute(tree, "j", Number(j))


def _classes(goal: Goal) -> range:
    return range(1, len(goal.classes) + 1)


KINDS: Mapping[str, Callable[[Draw], Reckoning]] = {
    "number": reckoned,
    "tempered": tempered,
    "row": row,
    "missing": missing,
    "product": product,
    "reading": reading,
}
"""How each kind of exercise about numbers is made."""
