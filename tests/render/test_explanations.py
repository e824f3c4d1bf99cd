"""--steps and --compare, for someone who meets softmax for the first time."""

import math
from collections.abc import Callable

import numpy as np
import pytest

Draw = Callable[..., list[str]]
IRIS = ["setosa", "versicolor", "virginica"]
INF = math.inf


def test_steps_compute_an_example(draw: Draw) -> None:
    """Each step has a sentence, and its numbers for one class."""
    lines = [line.strip() for line in draw("steps", [[1.43, -0.4, 0.23]], IRIS)]
    assert "virginica: 0.23 - 1.43 = -1.2" in lines
    assert "virginica: exp(-1.2) = 0.3012" in lines
    assert "virginica: 0.3012 / 1.462 = 0.2061" in lines
    assert "4. Add the exponentials up: the sum is 1.462." in lines
    assert lines[-2].strip("─ ") == ""
    assert lines[-1].split() == ["4.", "sum", "1.462", "1"]


def test_steps_divide_by_the_temperature(draw: Draw) -> None:
    """With a temperature there is one step more, and the steps are counted on."""
    lines = [line.strip() for line in draw("steps", [[1.0, 2.0]], ["a", "b"], temperature=4.0)]
    assert "3. Divide by the temperature, T = 4: the probabilities even out." in lines
    assert "a: -1 / 4 = -0.25" in lines
    assert "a: exp(-0.25) = 0.7788" in lines
    assert lines[-4].split() == ["a", "1", "-1", "-0.25", "0.7788", "0.4378"]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ([1, -INF], "A logit of -inf masks its class: exp(-inf) is 0, and the probability exactly 0."),
        ([1, INF], "A logit of inf is above all others: its class gets exactly 1"),
        ([1, -2000], "An exponential of 0 was too small for a double"),
    ],
)
def test_steps_explain_what_is_odd(draw: Draw, row: list[float], said: str) -> None:
    """Masks, infinities and underflow get a word, and only then."""
    assert said in " ".join(draw("steps", [row], width=100))
    assert said not in " ".join(draw("steps", [[1, 2]], width=100))


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
    assert (
        sum(
            "class" in line and ("exp" in line or "softmax" in line)
            for line in lines
            if line.startswith("  ")
        )
        == 2
    )


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
