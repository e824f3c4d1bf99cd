"""Exercises whose answer is a number, worked out again: the answer, and what a wrong number comes from."""

import re

import pytest

from softmax_cli.checking.catalogue.tables import rows
from softmax_cli.tutor.exercises.exercise import Reckoning
from softmax_cli.tutor.exercises.making import make
from softmax_cli.tutor.exercises.skills import SKILLS

NUMBERS = {
    "reading": [
        ("slope * step", None),
        ("-slope * step", "sign-turned"),
        ("slope", "step-forgotten"),
        ("slope / step", "divided-by-the-step"),
        ("p[i] * step", "probability-for-derivative"),
        ("p[j] * step", "probability-for-derivative"),
        ("p[i] + slope * step", "new-value"),
        ("p[j] * (1 - p[j]) * step", "wrong-entry"),
        ("100 * slope * step", "percent"),
        ("slope * step / 10", "decimal-point"),
        ("1.04 * slope * step", "rounding"),
        ("1.4 * slope * step", "no name"),
    ],
    "tempered": [
        ("slope / t", None),
        ("slope", "temperature-factor-missing"),
        ("slope * t", "temperature-multiplied"),
        ("slope / t / t", "temperature-twice"),
        ("10 * slope / t", "decimal-point"),
    ],
    "product": [
        ("p[j] * (g[j] - mean)", None),
        ("p[j] * (g[j] + mean)", "plus-for-minus"),
        ("mean", "mean-alone"),
        ("g[j] - mean", "factor-missing"),
        ("g[j] * p[j] * (1 - p[j])", "diagonal-alone"),
        ("p[j] * (g[j] - mean) - g[j] * p[j] * (1 - p[j])", "diagonal-left-out"),
        ("p[i] * (g[i] - mean)", "wrong-entry"),
        ("-g[i] * p[i] * p[j]", "one-term"),
        ("p[j] * (g[j] - mean) / 10", "decimal-point"),
    ],
    "row": [
        ("0", None),
        ("1", "row-of-probabilities"),
        ("-own", "diagonal-left-out"),
        ("own", "diagonal-alone"),
        ("2 * own", "signs-left-out"),
        ("p[i]", "value-itself"),
    ],
    "missing": [
        ("slope", None),
        ("1 + slope", "row-of-probabilities"),
        ("0", "sum-for-entry"),
        ("-p[i] * p[i - 1]", "wrong-entry"),
        ("slope - p[i] * p[i - 1]", "term-missing"),
    ],
}
"""Of a kind of exercise: a number, and what is said of it; nothing where it is right."""


def worked_out(exercise: Reckoning) -> dict[str, object]:
    """Return what is known of an exercise from its question, and the derivative in the textbook's form."""
    p, g, t = (exercise.given.get(name) for name in "pgT")
    i, j = exercise.goal.of - 1, exercise.goal.wrt - 1
    assert isinstance(p, tuple)
    moved = re.search(r"(rises|falls) by ([\d.]*\d)", exercise.ask)
    step = float(moved[2]) * (-1 if moved[1] == "falls" else 1) if moved else None
    mean = sum(a * b for a, b in zip(g, p, strict=True)) if isinstance(g, tuple) else None
    own = p[i] * (1 - p[i])
    return {"p": p, "g": g, "t": t, "i": i, "j": j, "step": step, "mean": mean, "own": own} | {
        "slope": own if i == j else -p[i] * p[j]
    }


@pytest.mark.parametrize(
    ("kind", "number", "cause"), [(kind, *told) for kind, table in NUMBERS.items() for told in table]
)
def test_a_number_is_known_by_what_it_comes_from(kind: str, number: str, cause: str | None) -> None:
    """The right number is done, and a wrong one has the name of the mistake that leads to it."""
    skill = next(skill for skill in SKILLS.values() if kind in skill.kinds)
    exercise = make(skill, skill.kinds.index(kind), 6, rows)
    assert isinstance(exercise, Reckoning)
    answer = eval(number, {}, worked_out(exercise))
    found = exercise.mark(f"{answer:.9f}")
    if cause is None:
        assert found.verdict == "done"
    elif cause == "no name":
        assert (found.verdict, found.cause) == ("wrong", None)
    else:
        assert found.verdict == "wrong"
        assert cause in str(found.cause).split(" or ")
