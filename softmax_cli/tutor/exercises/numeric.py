"""Exercises whose answer is a number: sizes, rows, products, tables, temperatures.

`numbers.tsv` holds the mistakes of each kind: the tier, the likelier first; the name; the number that it
leads to, a formula in the given numbers, A being the right one; and what to say, with formulas in braces, or
their values after =. The letters i and j are the classes of the derivative; m is each class but j, and l and
m are any two others.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from itertools import groupby, product
from pathlib import Path
from typing import NamedTuple

from softmax_cli.core.formula.doubles import Given, number
from softmax_cli.core.formula.parser import parse
from softmax_cli.core.formula.tree import Node, Number, substitute
from softmax_cli.errors import FormulaError
from softmax_cli.tutor.exercises.drawing import Draw, chain, reason
from softmax_cli.tutor.exercises.exercise import Reckoning
from softmax_cli.tutor.exercises.figures import drawn, entry, table, told
from softmax_cli.tutor.exercises.goal import Goal
from softmax_cli.tutor.exercises.naming.concepts import concepts
from softmax_cli.tutor.exercises.naming.edits import edits
from softmax_cli.tutor.narratives.tables import cells

_PRODUCT = parse("p_j (g_j - sum_m g_m p_m)")
_FORMULA = re.compile(r"\{(=|name)? ?([^{}]+)\}")
Slip = tuple[str, str, float]
"""The name of a mistake, what to say, and the number that it leads to."""
Tiers = Iterable[Iterable[Slip]]
"""Mistakes, the likelier first."""


class _Mistake(NamedTuple):
    kind: str
    tier: str
    cause: str
    number: str
    message: str


@cache
def _mistakes() -> list[_Mistake]:
    return [_Mistake(*line) for line in cells(Path(__file__).with_name("numbers.tsv"))]


def _tiers(draw: Draw, given: Given) -> Iterator[list[Slip]]:
    """Yield the mistakes of the table for an exercise, tier by tier."""
    mistakes = (one for one in _mistakes() if one.kind == draw.kind)
    for _, tier in groupby(mistakes, key=lambda one: one.tier):
        yield [slip for one in tier for slip in _slips_of(one, draw.goal, given)]


def _slips_of(mistake: _Mistake, goal: Goal, given: Given) -> Iterator[Slip]:
    tree, asked = parse(mistake.number), {"i": goal.of, "j": goal.wrt}
    letters: list[dict[str, int]] = [{}]
    if "_l" in mistake.number:
        pairs = product(_classes(goal), repeat=2)
        letters = [{"l": a, "m": b} for a, b in pairs if {a, b} != {goal.of, goal.wrt}]
    elif re.search(r"_\w?m", mistake.number):
        letters = [{"m": m} for m in _classes(goal) if m != goal.wrt]
    for classes in letters:
        at = asked | classes

        def written(match: re.Match[str], at: dict[str, int] = at) -> str:
            how, formula = match.groups()
            if how == "name":
                return goal.classes[at[formula] - 1]
            placed = _placed(parse(formula), at)
            return f"{number(placed, given):.4g}" if how else goal.written(placed)

        value = _number(_placed(tree, at), given)
        if value is not None:
            yield mistake.cause, _FORMULA.sub(written, mistake.message), value


def _placed(tree: Node, at: Mapping[str, int]) -> Node:
    """Return a formula with classes for its letters."""
    for letter, m in at.items():
        tree = substitute(tree, letter, Number(m))
    return tree


def reckoned(draw: Draw) -> Reckoning:
    """Ask for the number that the derivative is, perhaps with a temperature."""
    goal = draw.goal
    t = draw.rng.choice((2.0, 0.5, 4.0)) if draw.kind == "tempered" else None
    given = drawn(draw) if t is None else {**drawn(draw), "T": t}
    tree = chain(goal)[-1].right
    ask = f"{told(goal, given)}. What is {goal.written(goal.claim)}?"
    if t is not None:
        ask = f"The temperature is {t:g}. {ask}"
    elif goal.function == "cross-entropy":
        ask += f" The true class is {goal.classes[goal.of - 1]}."

    def slips(tiers: Tiers) -> Iterator[Iterable[Slip]]:
        yield from tiers
        yield from _slips(goal, given)

    return _reckoning(draw, ask, given, number(tree, given), f"It is {goal.written(tree)}.", slips)


def row(draw: Draw) -> Reckoning:
    """Ask for the sum of a row of the Jacobian."""
    goal, given = draw.goal, drawn(draw)
    name = goal.p(goal.of)
    ask = f"{told(goal, given)}. What do the derivatives of {name} with respect to all logits add up to?"
    why = "A constant that is added to all logits changes nothing, so all its derivatives add up to 0."
    return _reckoning(draw, ask, given, 0.0, why)


def missing(draw: Draw) -> Reckoning:
    """Ask for the entry of a row that is missing."""
    goal, given = draw.goal, drawn(draw)
    entries = {j: entry(goal.of, j, given) for j in _classes(goal)}
    value = entries.pop(goal.wrt)
    shown = ", ".join(f"{other:.4g} for {goal.z(j)}" for j, other in entries.items())
    ask = f"The derivatives of {goal.p(goal.of)} are {shown}. What is that for {goal.z(goal.wrt)}?"
    return _reckoning(draw, ask, given, value, "Every row of the Jacobian adds up to 0.")


def vector_product(draw: Draw) -> Reckoning:
    """Ask for one entry of a vector times the Jacobian."""
    goal, j = draw.goal, {"j": draw.goal.wrt}
    g = tuple(float(draw.rng.randrange(-3, 4)) for _ in goal.classes)
    given = {**drawn(draw), "g": g}
    numbers = ", ".join(f"{one:g}" for one in g)
    ask = f"{told(goal, given)}, and g = ({numbers}). What is entry {goal.classes[goal.wrt - 1]} of g^T J?"

    def slips(tiers: Tiers) -> Iterator[Iterable[Slip]]:
        """Yield the table's mistakes, and those of `check`'s catalogue."""
        if g[goal.wrt - 1] == 0:
            yield [("mean-left-out", "g_j is 0, but the mean g . p is taken from it all the same.", 0.0)]
        yield from tiers
        names = {**given, "T": 1.0, "k": float(len(goal.classes))}
        yield [
            (line["id"], reason(line), found)
            for line in draw.tables("softmax_product")
            if (found := _number(_placed(parse(line["formula"]), j), names)) is not None
        ]

    value = number(_placed(_PRODUCT, j), given)
    return _reckoning(draw, ask, given, value, "It is p_j (g_j - g . p).", slips)


def reading(draw: Draw) -> Reckoning:
    """Ask what a table of derivatives says about a small step."""
    goal, given = draw.goal, drawn(draw)
    step = draw.rng.choice((0.1, 0.2, -0.1))
    slope = entry(goal.of, goal.wrt, given)
    ask = (
        f"{goal.z(goal.wrt)} {'rises' if step > 0 else 'falls'} by {abs(step):g}. "
        f"By about how much does {goal.p(goal.of)} change?"
    )
    why = f"The derivative, {slope:.4g}, times the step."
    shown = table(goal, given)
    return _reckoning(draw, ask, {**given, "h": step}, slope * step, why, shown=shown)


def _reckoning(
    draw: Draw,
    ask: str,
    given: Given,
    value: float,
    why: str,
    slips: Callable[[Tiers], Tiers] = iter,
    shown: Sequence[str] = (),
) -> Reckoning:
    """Return an exercise; `slips` adds its own mistakes to those of the table."""
    turned = [("sign-turned", "The size is right, the sign is not.", -value)]
    scaled = [
        ("percent", "That is in per cent: the number itself is a hundredth of it.", 100 * value),
        ("decimal-point", "The digits are right, the decimal point is not.", 10 * value),
        ("decimal-point", "The digits are right, the decimal point is not.", value / 10),
    ]

    def tiers() -> Iterator[Iterable[Slip]]:
        if value:
            yield turned
        yield from slips(_tiers(draw, {**given, "A": value}))
        if value:
            yield scaled

    hint = ("Which formula is it?", why, f"The number is {value:.4g}.")
    return Reckoning(*draw.names, ask, tuple(shown), (hint,), draw.goal, given, value, why, tiers)


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


def _classes(goal: Goal) -> range:
    return range(1, len(goal.classes) + 1)


KINDS: Mapping[str, Callable[[Draw], Reckoning]] = {
    "number": reckoned,
    "tempered": reckoned,
    "row": row,
    "missing": missing,
    "product": vector_product,
    "reading": reading,
}
"""How each kind of exercise about numbers is made."""
