"""--steps and --compare, for someone who meets softmax for the first time."""

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.render.on_screen import IRIS, Draw

INF = math.inf


def test_steps_compute_an_example(draw: Draw) -> None:
    """The steps begin where the derivation does: e^z, S, e^z / S, and end with the maximum subtracted."""
    lines = [line.strip() for line in draw("steps", [[1.43, -0.4, 0.23]], IRIS)]
    told = [
        "virginica: e^(0.23) = 1.259",
        "2. Add the exponentials up: S = 4.179 + 0.6703 + 1.259 = 6.108.",
        "virginica: 1.259 / 6.108 = 0.2061",
        "Why programs subtract the maximum first",
        "virginica: 0.23 - 1.43 = -1.2",
        "virginica: e^(-1.2) = 0.3012",
        "virginica: 0.3012 / 1.462 = 0.2061",
    ]
    assert [line for line in lines if line in told] == told
    assert [line.split() for line in lines if line.startswith("sum ")] == [
        ["sum", "6.108", "1"],
        ["sum", "1.462", "1"],
    ]


def test_steps_divide_by_the_temperature(draw: Draw) -> None:
    """With a temperature there is one step more, and the steps are counted on."""
    lines = [line.strip() for line in draw("steps", [[1.0, 2.0]], ["a", "b"], temperature=4.0)]
    assert "1. Divide each logit by the temperature, T = 4: a T above 1 evens the" in lines
    assert "a: 1 / 4 = 0.25" in lines
    assert "a: e^(0.25) = 1.284" in lines
    assert "a: e^(-0.25) = 0.7788" in lines
    assert "8. Divide by their sum: the same probabilities." in lines
    assert ["a", "1", "0.25", "1.284", "0.4378"] in [line.split() for line in lines]
    assert ["a", "-1", "-0.25", "0.7788", "0.4378"] in [line.split() for line in lines]


@pytest.mark.parametrize(
    ("row", "remark"),
    [
        ([1, -INF], "A logit of -inf masks its class: exp(-inf) is 0, and the probability exactly 0."),
        ([1, INF], "A logit of inf is above all others: its class gets exactly 1"),
        ([1, -2000], "An exponential of 0 was too small for a double"),
    ],
)
def test_steps_explain_what_is_odd(draw: Draw, row: list[float], remark: str) -> None:
    """Masks, infinities and underflow get a word, and only then."""
    assert remark in " ".join(draw("steps", [row], width=100))
    assert remark not in " ".join(draw("steps", [[1, 2]], width=100))


@pytest.mark.parametrize("what", ["steps", "compare"])
@pytest.mark.parametrize("width", [40, 80, 200])
def test_many_classes_keep_their_sums(draw: Draw, what: str, width: int) -> None:
    """Of many classes the most probable are shown, the others are summed in a line."""
    lines = draw(what, [np.random.default_rng(4).normal(size=500)], width=width)
    others = [line.split() for line in lines if "other 480" in line]
    assert others
    assert all(float(cell) > 0 for line in others for cell in line[2:4])


@pytest.mark.parametrize("what", ["steps", "compare"])
def test_rows_share_one_explanation(draw: Draw, what: str) -> None:
    """A file has the sentences once, and a table for each row."""
    lines = draw(what, [[1, 2], [3, 5]], ["a", "b"], {"id": [7, 8]})
    assert [line for line in lines if line.startswith("row ")] == ["row 1 · id = 7", "row 2 · id = 8"]
    assert sum("class" in line and ("max" in line) for line in lines if line.startswith("  ")) == 2


def test_compare_puts_the_sums_below(draw: Draw) -> None:
    """Softmax and argmax sum to 1, sigmoid does not, and each is explained."""
    lines = draw("compare", [[1.43, -0.4, 0.23]], IRIS)
    assert lines[-1].split() == ["sum", "1", "1.765", "1"]
    assert lines[-5].split() == ["▸", "setosa", "1.43", "0.6842", "0.8069", "1"]
    assert [line.split()[0] for line in lines if ":" in line[:9]] == ["softmax:", "sigmoid:", "argmax:"]


def test_compare_stays_side_by_side(draw: Draw) -> None:
    """On a narrow screen the logits go, not what is compared."""
    lines = draw("compare", [[9.6, 6.6, -9.2]], IRIS, width=40)
    head = next(line for line in lines if line.startswith("  class"))
    assert head.split() == ["class", "softmax", "sigmoid", "argmax"]


def test_a_tie_of_argmax_is_told(draw: Draw) -> None:
    """Where several are the largest, argmax takes the first, and says so."""
    assert "argmax takes the first" in " ".join(draw("compare", [[2.0, 2.0, 1.0]]))


def said(draw: Draw, row: list[float], temperature: float = 1.0) -> str:
    """Return what --steps says of a row, in one line."""
    return " ".join(" ".join(draw("steps", [row], temperature=temperature)).split())


@pytest.mark.parametrize("row", [[-5, -6], [5, 6], [0, 0], [1e308, 1]])
def test_the_common_factor_may_be_above_one(draw: Draw, row: list[float]) -> None:
    """Exponentials shrink only where the maximum is above 0, so the sentence does not say so."""
    assert "Every exponential is then divided by one number" in said(draw, row)


def test_a_sum_beyond_doubles_is_why_the_maximum_goes_first(draw: Draw) -> None:
    """Where e^z overflows the plain way ends in nan, and the reason is told there."""
    text = said(draw, [1000, 999])
    assert "here S is too large for a double" in text
    assert "inf / inf is no number (nan)" in text
    assert "class 2: 0.3679 / 1.368 = 0.2689" in text


@pytest.mark.parametrize(
    ("row", "temperature"),
    [([1e308, -1e308], 1e308), ([1e308, -1e308], 1.0), ([0, -2000], 1.0), ([1, 0], 5e-324), ([INF, 1], 1.0)],
)
def test_no_worked_example_is_untrue(draw: Draw, row: list[float], temperature: float) -> None:
    """Where a number overflows or vanishes, no equation with it is written."""
    text = said(draw, row, temperature)
    assert "= inf" not in text
    assert "= -inf" not in text
    assert "-inf /" not in text
    assert not re.search(r"e\^\(-[^i)]*\) = 0 ", text)


@pytest.mark.parametrize(
    ("row", "equation"),
    [
        ([1000.01, 1000.02], "class 1: 1000.01 - 1000.02 = -0.01000"),
        ([-5, -6], "class 2: -6 - (-5) = -1"),
        ([2, 2], "class 2: 2 - 2 = 0"),
    ],
)
def test_worked_examples_have_the_digits_they_need(draw: Draw, row: list[float], equation: str) -> None:
    """A difference of near numbers follows from what is written."""
    assert equation in said(draw, row)


@given(st.lists(st.floats(-800, 800) | st.floats(-1e-6, 1e-6), min_size=2, max_size=4), st.floats(0.01, 100))
def test_worked_examples_hold(draw: Draw, row: list[float], temperature: float) -> None:
    """Every equation, taken as it is written, is right to about its digits."""
    text = said(draw, row, temperature)
    for first, sign, second, result in re.findall(
        r"class \d+: ([\d.e+-]+) ([-/]) \(?([\d.e+-]+)\)? = ([\d.e+-]+)(?= |$)(?! -)", text
    ):
        a, b = float(first), float(second)
        assert math.isclose(a - b if sign == "-" else a / b, float(result), rel_tol=3e-3)


def test_an_infinite_maximum_is_not_subtracted(draw: Draw) -> None:
    """Inf - inf has no value: the distance is taken, and a remark says what it is."""
    text = said(draw, [INF, 1, 2])
    assert "Subtract the maximum:" not in text
    assert "how far each is below the maximum" in text
    assert "What inf - inf would be is taken as 0." in text
