"""What a move did, in one sentence: slope against step, and who paid."""

import math

from softmax_cli.learning.exploration import Move, Point
from softmax_cli.render.layout.numbers import number

_NAMED = 3
"""The most classes that are named as paying; the others are added up."""

_SAME = 1e-3
"""A difference of slope and step, relative to the step, that is not worth mentioning."""


def sentence(move: Move, names: list[str]) -> str:
    """Say what a move of a logit, or of the temperature, did.

    Examples
    --------
    >>> from softmax_cli.learning.exploration import moved
    >>> move = moved(Point([1.43, -0.4, 0.23]), 2, 1.23)
    >>> for part in sentence(move, ["setosa", "versicolor", "virginica"]).split(": "):
    ...     print(part)
    virginica, logit 0.23 to 1.23
    slope 0.1636 says 0.3697; it went from 0.2061 to 0.4137
    the slope grew on the way. setosa paid 0.1789, versicolor 0.02870
    each 26.15% of what it had.
    """
    if move.j is None:
        return _heated(move, names)
    before, after = (number(point.logits[move.j]) for point in (move.before, move.after))
    front = f"{names[move.j]}, logit {before} to {after}: "
    if not math.isfinite(move.amount):
        return (
            f"{front}it went from {_p(move.before.p[move.j])} to {_p(move.after.p[move.j])}. {_masked(move)}"
        )
    return f"{front}{_slope(move)}.{_paid(move, names)}"


def standing(point: Point, names: list[str]) -> str:
    """Say where a point is: every class with its logit and its probability."""
    parts = [
        f"{name} {_p(p)} (logit {number(z)})" for name, p, z in zip(names, point.p, point.logits, strict=True)
    ]
    at = "" if point.temperature == 1 else f" At temperature {number(point.temperature)}."
    return ", ".join(parts) + "." + at


def _slope(move: Move) -> str:
    assert move.j is not None
    before, after = move.before.p[move.j], move.after.p[move.j]
    said, step = move.promised - before, after - before
    if move.amount == 0 or said == step == 0:
        return f"it stays at {_p(before)}"
    if abs(said - step) <= _SAME * abs(step):
        how = "the slope held all the way"
    else:
        how = f"the slope {'grew' if abs(step) > abs(said) else 'fell'} on the way"
    beyond = ", which is no probability" if not 0 <= move.promised <= 1 else ""
    return (
        f"slope {number(move.slope)} says {number(move.promised, near_one=True)}{beyond}; "
        f"it went from {_p(before)} to {_p(after)}: {how}"
    )


def _paid(move: Move, names: list[str]) -> str:
    change = [before - after for before, after in zip(move.before.p, move.after.p, strict=True)]
    order = sorted(range(len(change)), key=lambda i: -abs(change[i]))
    others = [i for i in order if i != move.j and change[i]]
    if not others:
        return ""
    verb = "paid" if change[others[0]] > 0 else "gained"
    parts = [f"{names[i]} {number(abs(change[i]))}" for i in others[:_NAMED]]
    parts[0] = f"{names[others[0]]} {verb} {number(abs(change[others[0]]))}"
    rest = others[_NAMED:]
    if rest:
        parts.append(f"{len(rest)} more {number(abs(math.fsum(change[i] for i in rest)))}")
    each = "" if len(others) == 1 else "each "
    return f" {', '.join(parts)}: {each}{number(100 * abs(move.share()))}% of what it had."


def _masked(move: Move) -> str:
    assert move.j is not None
    if move.after.logits[move.j] == -math.inf:
        return (
            "A logit of -inf masks its class; the others share what it had, in proportion to what they have."
        )
    if move.after.logits[move.j] == math.inf:
        return "An infinite logit takes all."
    return "The others pay, each in proportion to what it has."


def _heated(move: Move, names: list[str]) -> str:
    before, after = move.before.temperature, move.after.temperature
    how = "even out" if after > before else "move apart" if after < before else "stay"
    order = sorted(range(len(names)), key=lambda i: -move.before.p[i])
    parts = [f"{names[i]} {_p(move.before.p[i])} to {_p(move.after.p[i])}" for i in order[:_NAMED]]
    left = len(names) - len(parts)
    more = f", and {left} more" if left else ""
    return (
        f"temperature {number(before)} to {number(after)}: the probabilities {how}: {', '.join(parts)}{more}"
        ". No class overtakes another."
    )


def _p(p: float) -> str:
    return number(p, near_one=True)
