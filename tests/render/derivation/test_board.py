"""The board: one screen for both cases, numbers that a reader can check, and the results in a box."""

import io
import math
import re
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from softmax_cli.core.differentiate import jacobian
from softmax_cli.render.derivation.board import Board
from softmax_cli.render.layout.console import Screen, plain
from softmax_cli.render.layout.glyphs import cells
from softmax_cli.tutor.answer import lessons, summary
from softmax_cli.tutor.derivation import Derivation
from softmax_cli.tutor.evaluated_derivation import Lesson
from softmax_cli.tutor.question import Question
from tests.tutor.cases import ROUTES, derivations

IRIS = ("setosa", "versicolor", "virginica")
LOGITS = (1.43, -0.4, 0.23)


@cache  # a lesson is the same for all widths
def told(question: Question) -> tuple[list[Lesson], list[Lesson]]:
    """Return the lessons that a question asks for, and all of its function."""
    return list(lessons(question)), summary(question)


def drawn(question: Question, width: int, *, unicode: bool = True) -> list[str]:
    """Return the rows of the board."""
    screen = Screen(io.BytesIO(), width=width, unicode=unicode)
    asked, all_of_them = told(question)
    return [plain(line) for line in Board(asked, screen, all_of_them).lines()]


def test_both_cases_fill_one_screen_of_32_rows() -> None:
    """With names and numbers, and a row to spare for the prompt, at 100 columns."""
    rows = drawn(Question("softmax", IRIS, True, logits=LOGITS), 100)
    assert len(rows) <= 31
    assert max(map(cells, rows)) <= 100
    heads = next(row for row in rows if "i = j:" in row)
    assert "i = j: ∂p_setosa/∂z_setosa" in heads
    assert "i ≠ j: ∂p_setosa/∂z_versicolor" in heads
    assert len(drawn(Question("softmax", ("1", "2", "3")), 100)) <= 32


def test_it_holds_what_a_lesson_holds() -> None:
    """The raw outputs, the quotient rule, f, g and their derivatives, both patterns, numbers and all nine."""
    text = "\n".join(drawn(Question("softmax", IRIS, True, logits=LOGITS), 100))
    for said in (
        "raw outputs    z_setosa = 1.43, z_versicolor = −0.4, z_virginica = 0.23",
        "S = e^z_setosa + e^z_versicolor + e^z_virginica = 4.179 + 0.6703 + 1.259 = 6.108",
        "p_setosa = e^z_setosa/S = 4.179/6.108 = 0.6842",
        "with f = e^z_setosa and g = S",
        "(f' g − f g')/g²",
        "f' = e^z_setosa",
        "f' = 0",
        "g' = e^z_versicolor",
        "= p_setosa (1 − p_setosa)",
        "= 0.6842 × (1 − 0.6842) = 0.2161",
        "= −p_setosa p_versicolor",
        "= 0.6842 × (0/6.108 − 0.1098) = −0.07509",
        "∂p_i/∂z_j = p_i (δ_ij − p_j), where δ_ij is 1 if i = j and 0 if not",
        "Raising the score of versicolor takes from setosa, in proportion to both probabilities.",
    ):
        assert said in text
    rows = text.splitlines()
    start = next(n for n, row in enumerate(rows) if "all nine" in row)
    nine = [[float(x.replace("−", "-")) for x in row.split()[2:5]] for row in rows[start + 1 : start + 4]]
    assert np.allclose(nine, jacobian(LOGITS), rtol=5e-4)


@pytest.mark.parametrize("width", [40, 60, 80, 100, 200])
@pytest.mark.parametrize(("function", "route"), ROUTES)
def test_it_fits(function: str, route: str, width: int) -> None:
    """No row is wider than the screen, for names or many classes, at a temperature, in Unicode or ASCII."""
    many = tuple(f"digit_{m}" for m in range(10))
    target = 0 if function == "cross-entropy" else None
    for classes, logits in ((IRIS, LOGITS), (many, tuple(m / 2 for m in range(10)))):
        unicode = classes is IRIS
        question = Question(function, classes, True, 2.0, logits, target=target, route=route)
        rows = drawn(question, width, unicode=unicode)
        assert max(map(cells, rows)) <= width
        assert unicode or all(row.isascii() for row in rows)


@pytest.mark.parametrize("scale", [0.1, 1.0, 10.0, 100.0])
@pytest.mark.parametrize(("function", "route"), ROUTES)
def test_numbers_can_be_worked_out(function: str, route: str, scale: float) -> None:
    """Whoever reckons a line of numbers gets its value to a unit of the last digit."""
    logits = tuple(scale * z for z in LOGITS)
    target = 0 if function == "cross-entropy" else None
    rows = drawn(Question(function, IRIS, True, logits=logits, target=target, route=route), 200)
    checked = 0
    for row in rows:
        for left, value in re.findall(r"= ([−\d.e×()/²\- +]*[×/(][^=a-z]*) = ([−\d.e\-]+)(?:  |$)", row):
            checked += 1
            text = left.replace("−", "-").replace("×", "*").replace("²", "**2")
            reckoned = eval(text, {"__builtins__": {}})  # digits and signs alone, as the pattern says
            assert math.isclose(reckoned, float(value.replace("−", "-")), rel_tol=3e-3), row
    assert checked >= 4 or scale > 1


@pytest.mark.parametrize("temperature", [False, True])
def test_no_two_lines_in_a_row_are_alike(temperature: bool) -> None:
    """Each line of a chain differs from the one before it, and no reason only repeats its heading."""

    def chain(derivation: Derivation) -> list[str]:
        return [str(step.rhs) for step in derivation.steps if step.lhs == derivation.claim]

    for derivation in derivations(3, temperature=temperature, pairs=[(0, 0), (0, 1)]):
        lines = chain(derivation)
        assert all(a != b for a, b in pairwise(lines)), (derivation.id, lines)
