"""Derivations on screens of every width, and in plain ASCII."""

import io
import re
from collections.abc import Sequence
from functools import cache

import pytest

from softmax_cli.core.formula.tree import names
from softmax_cli.render.derivation.drawing import Drawing
from softmax_cli.render.derivation.text import text
from softmax_cli.render.layout.console import Screen
from softmax_cli.render.layout.glyphs import cells
from softmax_cli.tutor.derive import derive, follow_ups
from softmax_cli.tutor.evaluated_derivation import Lesson
from softmax_cli.tutor.narratives.general import general
from softmax_cli.tutor.notation import named
from tests.tutor.cases import ROUTES

IRIS = ("setosa", "versicolor", "virginica")
STRANGE = (
    "50%",
    "a_b",
    "<b>",
    "New York",
    "日本",
    "naïve",
    "\x1b[31mred",
    "S",
    "T",
    "p_1",
    "x" * 90,
    "{}",
    "$",
)


def drawn(lessons: Sequence[Lesson], width: int, *, unicode: bool = True) -> str:
    """Return what a screen of that width shows."""
    page = io.BytesIO()
    screen = Screen(page, width=width, unicode=unicode, encoding="utf-8" if unicode else "ascii")
    screen.show(text(lessons, screen))
    return page.getvalue().decode()


@cache  # a lesson is the same for all widths
def lesson(
    function: str, route: str, classes: tuple[str, ...], i: int, j: int, *, temperature: float, numbers: bool
) -> Lesson:
    """Return a lesson, with logits of many digits where numbers are asked for."""
    k = len(classes)
    derivation = derive(function, k, i, j, temperature=temperature != 1, route=route)
    logits = tuple(1.43 - 1.7 * m + 0.123456789 * m * m for m in range(k)) if numbers else None
    return Lesson(derivation, classes, named=True, temperature=temperature, logits=logits)


@pytest.mark.parametrize("width", [40, 57, 80, 120])
@pytest.mark.parametrize("k", [2, 3, 50])
@pytest.mark.parametrize(("function", "route"), ROUTES)
def test_nothing_is_wider_than_the_screen(function: str, route: str, k: int, width: int) -> None:
    """From 40 columns up and for 2 to 50 classes, no line is too wide, with or without numbers."""
    classes = tuple(f"digit_{m}" for m in range(k))
    pairs = [(0, 0), (k - 1, k // 2), (6 * k // 7, k // 20)]
    lessons = [
        lesson(function, route, classes, i, j, temperature=t, numbers=t != 1)
        for i, j in pairs
        for t in (1.0, 2.5)
    ]
    for line in drawn(lessons, width).splitlines():
        assert cells(line) <= width, line


@pytest.mark.parametrize(("function", "route"), ROUTES)
def test_a_thousand_classes_fit_forty_columns(function: str, route: str) -> None:
    """Not even the longest numbers of classes, with a temperature, are wider than a narrow screen."""
    classes = tuple(f"digit_{m}" for m in range(1000))
    shown = drawn([lesson(function, route, classes, 999, 998, temperature=2.5, numbers=False)], 40)
    assert all(cells(line) <= 40 for line in shown.splitlines())


@pytest.mark.parametrize("width", [40, 80])
@pytest.mark.parametrize(("k", "i", "j"), [(3, 0, 1), (50, 43, 2), (50, 2, 43)])
@pytest.mark.parametrize("route", ["jacobian", "log-sum-exp"])
def test_the_target_is_never_behind_an_ellipsis(route: str, k: int, i: int, j: int, width: int) -> None:
    """The terms of the target and of the class that moves stand in every sum, and all of three classes."""
    told = derive("cross-entropy", k, i, j, temperature=True, route=route)
    board = Drawing(Lesson(told, tuple(map(str, range(1, k + 1)))), Screen(io.BytesIO(), width=width))
    shown = (i, j) if k > 3 else range(k)
    for step in told.walk():
        for before in (step.lhs, step.rhs):
            written = set(names(board.abridged(before)))
            for letter in "yep":
                if len({name for name in names(before) if name.name == letter}) == k:
                    assert {named(f"{letter}_{m + 1}") for m in shown} <= written, step.id


@pytest.mark.parametrize("width", [40, 80])
@pytest.mark.parametrize(("function", "route"), ROUTES)
def test_what_is_short_for_what_is_said_where_it_is_used(function: str, route: str, width: int) -> None:
    """The key explains e_k exactly where an e_1 is shown."""
    one = lesson(function, route, tuple(map(str, range(1, 51))), 43, 2, temperature=2.5, numbers=False)
    shown = drawn([one], width)
    assert ("e_k is short" in " ".join(shown.split())) == (re.search(r"e_\d", shown) is not None)


@pytest.mark.parametrize("width", [40, 80])
def test_strange_names_keep_the_width_and_send_no_escape(width: int) -> None:
    """Names that are wide, long, or would move the cursor break no line and send no escape."""
    shown = drawn([lesson("softmax", "quotient-rule", STRANGE, 4, 6, temperature=1, numbers=True)], width)
    assert "\x1b" not in shown
    assert all(cells(line) <= width for line in shown.splitlines())


@pytest.mark.parametrize("width", [40, 80])
def test_follow_ups_and_general_fit(width: int) -> None:
    """The follow-ups and the derivation for K classes keep to the screen too."""
    lessons = [
        Lesson(derivation, IRIS if derivation.members is None else IRIS[:2], named=True)
        for derivation in follow_ups(3, 0, 1, temperature=True)
    ]
    lessons += [Lesson(general(name, temperature=True), ()) for name in ("softmax", "cross-entropy")]
    for line in drawn(lessons, width).splitlines():
        assert cells(line) <= width, line


def test_a_fraction_bar_is_as_long_as_its_longer_side() -> None:
    """The bar under a numerator is unbroken and covers it."""
    rows = drawn(
        [lesson("softmax", "quotient-rule", IRIS, 0, 1, temperature=1, numbers=False)], 80
    ).splitlines()
    [place] = [n for n, row in enumerate(rows) if "0·S" in row]
    above, bar, _ = rows[place : place + 3]
    left = above.index("0·S")
    assert bar[left : len(above)] == "─" * (len(above) - left)


def test_plain_ascii() -> None:
    """Where Unicode is not available every sign is ASCII, with numbers, brackets and all."""
    lessons = [lesson(f, r, IRIS, 0, 1, temperature=2.5, numbers=True) for f, r in ROUTES]
    lessons.append(Lesson(general("softmax"), ()))
    shown = drawn(lessons, 80, unicode=False)
    assert shown.isascii()
    assert "0*S - e^(z_setosa/T)*(1/T)*e^(z_versicolor/T)" in shown


def test_names_in_ascii_keep_the_width() -> None:
    """A name that ASCII cannot print is escaped before the line is laid out, not after."""
    shown = drawn(
        [lesson("softmax", "quotient-rule", STRANGE, 4, 5, temperature=1, numbers=False)], 60, unicode=False
    )
    assert all(len(line) <= 60 for line in shown.splitlines())


def test_reasons_stand_beside_the_lines_where_there_is_room() -> None:
    """On a wide screen the reason is in the rows of its line; on a narrow one above it."""
    one = [lesson("softmax", "quotient-rule", IRIS, 0, 1, temperature=1, numbers=False)]
    wide, narrow = (
        next(row for row in drawn(one, width).splitlines() if "f' = 0" in row) for width in (130, 60)
    )
    assert "is not in" in wide
    assert narrow.strip() == "f' = 0"


def test_both_cases_have_the_same_steps() -> None:
    """Both i = j and i != j go through the same step ids, substeps included, for every function and route."""
    for function, route in ROUTES:
        for temperature in (False, True):
            same, other = (
                [step.id for step in derive(function, 4, 1, j, temperature=temperature, route=route).walk()]
                for j in (1, 2)
            )
            assert same == other


def test_step_ids_are_unique() -> None:
    """Within a derivation a step's id names one line."""
    for function, route in ROUTES:
        ids = [step.id for step in derive(function, 3, 0, 1, temperature=True, route=route).walk()]
        assert len(ids) == len(set(ids))


def test_a_probability_of_almost_one_says_what_it_lacks() -> None:
    """Numbers for people never round to an exact 1 or 0."""
    derivation = derive("softmax", 2, 0, 0)
    shown = drawn([Lesson(derivation, ("a", "b"), named=True, logits=(800.0, 0.0))], 80)
    assert "1 - 3.668e-348" in shown


def test_what_is_zero_is_zero() -> None:
    """A sum that is exactly zero is not shown as what rounding left of it."""
    [rows] = [d for d in follow_ups(3, 0, 1) if d.id == "rows"]
    shown = drawn([Lesson(rows, IRIS, named=True, logits=(1.43, -0.4, 0.23))], 80)
    assert "e-" not in shown.split("1. ", 1)[1]


def test_what_is_one_is_one() -> None:
    """The probabilities add up to exactly 1, whatever rounding left."""
    [columns] = [d for d in follow_ups(3, 0, 1) if d.id == "columns"]
    shown = drawn([Lesson(columns, IRIS, named=True, logits=(1.43, -0.4, 0.23))], 80)
    assert "f = p_setosa + p_versicolor + p_virginica   = 1\n" in shown
