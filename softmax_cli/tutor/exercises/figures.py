"""The numbers of an exercise: probabilities that are drawn, the Jacobian's entries, and its table."""

from collections.abc import Sequence

from softmax_cli.core.formula.doubles import Given, number
from softmax_cli.core.formula.parser import parse
from softmax_cli.core.formula.tree import Number, substitute
from softmax_cli.tutor.exercises.drawing import Draw
from softmax_cli.tutor.exercises.goal import Goal

_SHARES = ((0.5, 0.3, 0.2), (0.6, 0.3, 0.1), (0.7, 0.2, 0.1), (0.4, 0.35, 0.25))
_JACOBIAN = parse("p_i (d_ij - p_j)")


def drawn(draw: Draw) -> Given:
    """Return probabilities, and the true class as a one-hot y."""
    goal = draw.goal
    k = len(goal.classes)
    if k == 3:
        shares: Sequence[float] = draw.rng.sample(draw.rng.choice(_SHARES), 3)
    else:
        shares = [2 * m / (k * (k + 1)) for m in range(1, k + 1)]
        shares = [round(share, 2) for share in shares]
        shares = draw.rng.sample([*shares[:-1], round(1 - sum(shares[:-1]), 2)], k)
    return {"p": tuple(shares), "y": tuple(float(m == goal.of) for m in range(1, k + 1))}


def entry(i: int, j: int, given: Given) -> float:
    """Return the derivative of p_i with respect to z_j."""
    return number(substitute(substitute(_JACOBIAN, "i", Number(i)), "j", Number(j)), given)


def told(goal: Goal, given: Given) -> str:
    """Return the probabilities in words."""
    shares = given["p"]
    assert isinstance(shares, tuple)
    return ", ".join(f"{goal.p(m)} = {share:g}" for m, share in enumerate(shares, start=1))


def table(goal: Goal, given: Given) -> list[str]:
    """Return the Jacobian as lines: row i is p_i, column j is z_j."""
    classes = range(1, len(goal.classes) + 1)
    names = [goal.z(j) for j in classes]
    left = max(len(goal.p(i)) for i in classes)
    wide = max(8, *map(len, names))
    lines = [" " * left + "".join(f"  {name:>{wide}}" for name in names)]
    for i in classes:
        cells = "".join(f"  {entry(i, j, given):>{wide}.4f}" for j in classes)
        lines.append(f"{goal.p(i):<{left}}{cells}")
    return lines
