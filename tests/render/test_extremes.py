"""Results that are infinite, no number at all, or too small for a double."""

import math
import re
from types import SimpleNamespace

import numpy as np
import pytest

from softmax_cli.core.differentiate import jacobian
from softmax_cli.io.table.results.result import Matrices, PerClass
from softmax_cli.render.layout.bars import relative
from softmax_cli.render.results.jacobian import jacobians
from softmax_cli.render.results.slopes import per_class
from tests.render.on_screen import on_screen

INF = math.inf
NAN = math.nan


def matrix_lines(make: SimpleNamespace, matrix: list[list[float]], logits: list[float]) -> list[str]:
    """Return the drawing of a Jacobian."""
    result = Matrices(make.batch([logits]), "softmax", 1.0, "jacobian", np.array([matrix]))
    return on_screen(lambda screen: jacobians([result], screen))


def slope_lines(make: SimpleNamespace, rows: list[list[float]]) -> list[str]:
    """Return the drawing of a jvp."""
    batch = make.batch([[0.0] * len(rows[0])] * len(rows))
    result = PerClass(batch, "softmax", 1.0, "jvp", np.array(rows))
    return on_screen(lambda screen: per_class([result], screen))


@pytest.mark.parametrize(
    ("values", "drawn"),
    [
        ([2.0, -4.0, 0.0], [0.5, -1.0, 0.0]),
        ([INF, -INF, NAN], [1.0, -1.0, 0.0]),
        ([NAN, 3.0], [0.0, 1.0]),
        ([NAN, NAN], [0.0, 0.0]),
        ([0.0, 0.0], [0.0, 0.0]),
        ([5e-324, -5e-324], [1.0, -1.0]),
    ],
)
def test_sizes_beside_the_largest(values: list[float], drawn: list[float]) -> None:
    """An infinity is full size, nan has none, and the rest is measured by the largest."""
    assert relative(values) == drawn


@pytest.mark.parametrize("values", [[1.0, INF], [1e-300, 1e300], [5e-324, 1.7e308]])
def test_what_is_not_zero_has_a_size(values: list[float]) -> None:
    """Beside an infinity or a far larger number, a small one is small, but there."""
    assert 0 < relative(values)[0] < 1e-300


@pytest.mark.parametrize("matrix", [[[INF, -INF], [-INF, INF]], [[NAN, 1.0], [-2.0, INF]], [[NAN] * 2] * 2])
def test_a_jacobian_of_no_finite_numbers_is_drawn(make: SimpleNamespace, matrix: list[list[float]]) -> None:
    """Every entry is printed, infinities with the full mark, nan with none and without a sign."""
    lines = [line for line in matrix_lines(make, matrix, [1.0, 1.0]) if line.startswith("of ")]
    for line, row in zip(lines, matrix, strict=True):
        entries = re.sub(r" +(?=[▁█])", "", line).split()[2:]
        assert len(entries) == 2
        for x in row:
            assert ("nan" if math.isnan(x) else f"{x:+}█" if math.isinf(x) else f"{x:+g}▁") in entries, line
    assert not any("+nan" in line for line in lines)


def test_an_infinite_slope_is_put_in_words(make: SimpleNamespace) -> None:
    """No logit is said to move anything by an infinite amount."""
    text = " ".join(matrix_lines(make, [[INF, -INF], [-INF, INF]], [1.0, 1.0]))
    assert "by about" not in text
    assert "faster than a double can hold" in text


@pytest.mark.parametrize("rows", [[[INF, -INF, 1.0, NAN]], [[INF, -INF, 1.0, NAN], [NAN] * 4]])
def test_slopes_of_no_finite_numbers_are_drawn(make: SimpleNamespace, rows: list[list[float]]) -> None:
    """One row as bars, many as lines."""
    lines = slope_lines(make, rows)
    assert {"+inf", "-inf", "nan", "+1"} <= set(" ".join(lines).split())
    if len(rows) == 1:
        bars = {line.split()[1]: line.partition("│") for line in lines if "│" in line}
        assert bars["+inf"][2].count("█") == bars["-inf"][0].count("█") > 20
        assert bars["+1"][2] == "▏"
        assert bars["nan"][2] == ""


@pytest.mark.parametrize(("temperature", "nudge"), [(1.0, "0.01"), (5.0, "0.01"), (1e-6, "1e-8")])
def test_the_example_is_a_change_that_can_be(make: SimpleNamespace, temperature: float, nudge: str) -> None:
    """The nudge shrinks with the temperature: no probability is said to move by thousands."""
    result = make.matrices(make.batch([[1.0, 1.0]]), temperature)
    sentence = " ".join(on_screen(lambda screen: jacobians([result], screen), width=200)[-2:])
    assert f"by {nudge}, and" in sentence
    assert abs(float(sentence.rstrip(".").rpartition(" ")[2])) <= 0.0025


def drawn(make: SimpleNamespace, logits: list[float], function: str = "softmax") -> str:
    """Return what is said of a Jacobian, in one line."""
    batch = make.batch([logits])
    result = Matrices(batch, function, 1.0, "jacobian", jacobian(batch.values, function=function))
    return " ".join(" ".join(on_screen(lambda screen: jacobians([result], screen))).split())


@pytest.mark.parametrize(
    ("logits", "function", "still"),
    [
        ([1000.0, 0.0, -1000.0], "softmax", False),
        ([1000.0, 1000.0], "softmax", None),
        ([1000.0], "sigmoid", False),
        ([-1000.0, -INF], "sigmoid", False),
        ([5.0, -INF], "softmax", True),
        ([5.0, 7.0, -INF], "softmax", None),
        ([5.0], "softmax", True),
        ([INF, 0.0], "softmax", True),
        ([1000.0, 0.0], "log-softmax", False),
        ([-1000.0, 0.0, INF], "log-softmax", True),
    ],
)
def test_only_what_is_exactly_zero_does_not_move(
    make: SimpleNamespace, logits: list[float], function: str, still: bool | None
) -> None:
    """A slope that underflows is small; a masked, an only and an infinite class truly stand still."""
    text = drawn(make, logits, function)
    assert ("does not move" in text) == (still is True)
    assert ("moves by less than a double can hold" in text) == (still is False)
