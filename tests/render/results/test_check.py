"""The report of a check: the verdict first, the worst entries, the cause, both formulas, the next step."""

import io

import numpy as np
import pytest

from softmax_cli.checking.inputs import Array, Inputs, Sought
from softmax_cli.checking.reference import Truth
from softmax_cli.checking.report import sentences
from softmax_cli.checking.verdict import Verdict, judge
from softmax_cli.render.layout.console import Screen
from softmax_cli.render.results.check import Commands, report


def verdict_of(z: list[float], classes: tuple[str, ...], wrong: Array | None = None) -> Verdict:
    """Return the verdict on the right Jacobian, or on that times `wrong`."""
    truth = Truth.of(Sought("softmax", "jacobian"), Inputs.of(z, 2.0))
    got, _ = truth.whole()
    verdict = judge(truth, got if wrong is None else got * wrong)
    verdict.classes = classes
    return verdict


def lines(verdict: Verdict, *, width: int = 80, unicode: bool = True) -> list[str]:
    """Return the report as it is printed."""
    stream = io.BytesIO()
    screen = Screen(stream, width=width, unicode=unicode)
    screen.show(report(verdict, screen, Commands("softmax derive 1 2 3", " --against f.py:g")))
    return stream.getvalue().decode().splitlines()


Z = [1.43, -0.4, 0.23]
NAMES = ("setosa", "versicolor", "virginica")


def test_the_verdict_comes_first_and_can_be_read_aloud() -> None:
    """One sentence: what was checked, and that it is right, or why it is wrong."""
    assert lines(verdict_of(Z, NAMES))[0].startswith("The Jacobian of softmax is right: 9 entries agree")
    (said,) = sentences(verdict_of(Z, NAMES, np.array(-1.0)))
    assert said == "The Jacobian of softmax is wrong: every sign is turned. 9 of 9 entries differ."


def test_a_wrong_answer_is_shown_beside_the_right_formula() -> None:
    """Expected, got and their ratio by class name; the wrong formula above the right one; the fix."""
    text = "\n".join(lines(verdict_of(Z, NAMES, 1.0 * np.eye(3))))
    for part in ("got/expected", "yours:  ", "right:  J_ij = p_i (d_ij - p_j) / T", "fix:    ", "0*"):
        assert part in text
    assert text.index("is wrong") < text.index("The worst entries") < text.index("Why: ")
    assert text.endswith("softmax derive 1 2 3")


def test_names_are_whole_where_there_is_room() -> None:
    """A name is shortened only where the columns do not fit."""
    assert "versicolor" in "\n".join(lines(verdict_of(Z, NAMES))[3:6])


@pytest.mark.parametrize("width", [60, 80, 200])
def test_no_line_is_wider_than_the_screen(width: int) -> None:
    """Long names and eight classes included."""
    names = tuple(f"a class with a long name {i}" for i in range(8))
    z = np.linspace(-1.0, 2.0, 8).tolist()
    for wrong in (None, np.array(-1.0), 1.0 * np.eye(8)):
        found = verdict_of(z, names, wrong)
        assert max(map(len, lines(found, width=width))) <= width


def test_a_screen_without_unicode_gets_ascii() -> None:
    """Nothing but ASCII where nothing else can be printed."""
    assert "\n".join(lines(verdict_of(Z, NAMES, np.array(-1.0)), unicode=False)).isascii()


def test_causes_that_fit_equally_are_numbered_with_an_input_that_tells_them_apart() -> None:
    """Never one confident cause where several fit."""
    truth = Truth.of(Sought("softmax", "jacobian"), Inputs.of([0.0, 0.0]))
    verdict = judge(truth, np.full((1, 2, 2), 0.5))
    verdict.classes = ("1", "2")
    text = "\n".join(lines(verdict))
    assert "causes fit equally:" in text
    assert "An input that tells them apart:\n  softmax check " in text


def test_few_entries_are_all_listed_in_order() -> None:
    """Analytic beside numerical, entry by entry, not by the size of rounding errors."""
    said = lines(verdict_of([1.0, 2.0], ("a", "b")))
    first = said.index("Every entry:")
    assert [line.split()[:2] for line in said[first + 2 : first + 6]] == [
        list(ij) for ij in ("aa", "ab", "ba", "bb")
    ]


def test_an_input_of_our_own_choice_is_told() -> None:
    """Who gave no logits sees at which the worst entry is."""
    verdict = verdict_of(Z, NAMES, np.array(-1.0))
    verdict.chosen = True
    assert "  Row 1 is z = [1.43, -0.4, 0.23], T = 2." in lines(verdict)
