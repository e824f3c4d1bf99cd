"""Jacobians, gradients, jvps and vjps as a person sees them."""

import re
from types import SimpleNamespace

import numpy as np
import pytest

from softmax_cli.io.table.results.result import PerClass
from softmax_cli.render.results.slopes import per_class
from tests.render.on_screen import IRIS, Draw, on_screen

NUMBER = re.compile(r"[+-]\d[\d.]*(?:e-?\d+)?")


def rows_of(lines: list[str]) -> dict[str, list[str]]:
    """Return the numbers of each row of a drawn Jacobian by the name of its output."""
    return {
        match[1]: NUMBER.findall(line[match.end() :])
        for line in lines
        if (match := re.match(r"of (\S+)\b(?! moves)", line))
    }


def test_every_entry_has_its_sign(draw: Draw) -> None:
    """Row: the output; column: the logit; plus on the diagonal, minus beside it."""
    lines = draw("jacobian", [[1.43, -0.4, 0.23]], IRIS)
    assert rows_of(lines) == {
        "setosa": ["+0.2161", "-0.07509", "-0.1410"],
        "versicolor": ["-0.07509", "+0.09771", "-0.02262"],
        "virginica": ["-0.1410", "-0.02262", "+0.1636"],
    }
    head = next(line for line in lines if "wrt setosa" in line)
    assert head.split() == ["wrt", "setosa", "wrt", "versicolor", "wrt", "virginica"]


def test_size_is_printed_too(draw: Draw) -> None:
    """Without colour a mark tells the size of an entry."""
    line = next(line for line in draw("jacobian", [[1.43, -0.4, 0.23]], IRIS) if line.startswith("of setosa"))
    assert [mark for mark in line if mark in "▁▂▄▆█"] == ["█", "▂", "▆"]


def test_a_newcomer_is_told_how_to_read_it(draw: Draw) -> None:
    """The legend says what a row and a column are, and one entry is put in words."""
    text = " ".join(draw("jacobian", [[1.43, -0.4, 0.23]], IRIS))
    assert "row (of)      the probability that moves" in text
    assert "column (wrt)  the logit that is nudged" in text
    assert "Each row sums to 0" in text
    assert (
        "raise the logit of virginica by 0.01, and the probability of setosa moves by about -0.001410" in text
    )


@pytest.mark.parametrize("width", [40, 80, 200])
@pytest.mark.parametrize("k", [10, 100, 1000])
def test_of_many_classes_a_block_is_shown(draw: Draw, k: int, width: int) -> None:
    """The most probable classes, the sum over the others, and how many they are."""
    logits = np.random.default_rng(k).normal(size=k) * 2
    lines = draw("jacobian", [logits], width=width)
    rows = rows_of(lines)
    if len(rows) == k:
        return
    order = np.argsort(-logits)[: len(rows)]
    assert set(rows) == {str(position + 1) for position in order}
    assert f"other {k - len(rows)}" in " ".join(lines)
    for entries in rows.values():
        assert len(entries) == len(rows) + 1
        total = sum(map(float, entries))
        assert abs(total) < 0.02 * max(abs(float(entry)) for entry in entries) * len(entries)


@pytest.mark.parametrize("width", [40, 80, 200])
def test_three_classes_fit_everywhere(draw: Draw, width: int) -> None:
    """The whole Jacobian of three named classes is on the smallest screen."""
    lines = draw("jacobian", [[12.6065, 6.60177, -19.2083]], IRIS, width=width)
    assert [len(entries) for entries in rows_of(lines).values()] == [3, 3, 3]


def test_each_row_of_a_file_has_its_own(draw: Draw) -> None:
    """The legend comes once, the Jacobians under the names of their rows."""
    lines = draw("jacobian", [[1, 2], [3, 4]], ["a", "b"], {"id": ["x", "y"]})
    assert [line for line in lines if line.startswith("row ")] == [
        "row (of)      the probability that moves",
        "row 1 · id = x",
        "row 2 · id = y",
    ]


def test_a_certain_row_is_all_zero(draw: Draw) -> None:
    """Exact zeros are printed as 0, without a mark."""
    lines = draw("jacobian", [[np.inf, 0.0]], ["a", "b"])
    assert [line.split() for line in lines if line.startswith("of ")] == [
        ["of", "a", "0", "0"],
        ["of", "b", "0", "0"],
    ]
    assert "does not move" in " ".join(lines)


def test_a_slope_has_a_bar_on_its_side(draw: Draw) -> None:
    """Minus to the left of the axis, plus to the right."""
    lines = draw("gradient", [[1.43, -0.4, 0.23]], IRIS, width=60)
    assert lines[0].startswith("gradient of softmax")
    bars = {line.split()[0]: line.partition("│") for line in lines if "│" in line}
    assert bars["setosa"][2]
    assert not bars["versicolor"][2]
    assert bars["versicolor"][0].endswith(("█", "▐"))


def test_many_slopes_show_the_furthest_from_zero(draw: Draw) -> None:
    """Of many classes those with the largest slopes are shown, and the rest counted."""
    logits = np.random.default_rng(8).normal(size=200)
    lines = draw("jvp", [logits])
    assert lines[-1] == "180 more classes are not shown, none of them further from 0."


def loss_lines(make: SimpleNamespace, key: str, rows: int, temperature: float = 1.0) -> list[str]:
    """Return the drawing of a jvp, a vjp or a gradient of the cross-entropy."""
    batch = make.batch([[1.0, 2.0, 3.0]] * rows, from_arguments=rows == 1)
    scalar = key == "jvp"
    values = np.full((rows, 1 if scalar else 3), -0.7311)
    result = PerClass(batch, "cross-entropy", temperature, key, values, ("jvp",) if scalar else None)
    return on_screen(lambda screen: per_class([result], screen))


@pytest.mark.parametrize("rows", [1, 2])
def test_a_loss_has_one_slope_along_a_direction(make: SimpleNamespace, rows: int) -> None:
    """The jvp of a loss is one number a row, and no class's."""
    lines = loss_lines(make, "jvp", rows)
    assert lines[0] == "J v of cross-entropy: how the loss moves when the logits move along v"
    assert sum(line.split()[-1] == "-0.7311" for line in lines if line) == rows
    assert "class" not in " ".join(lines)
    assert "output" not in " ".join(lines)
    assert any("loss" in line for line in lines[2:])


def test_the_temperature_stands_beside_the_function(make: SimpleNamespace) -> None:
    """It belongs to what is derived, not to the nudge."""
    text = " ".join(loss_lines(make, "gradient", 1, 2.0))
    assert text.startswith("gradient of cross-entropy, temperature T = 2: how the loss moves when")


def test_descent_is_advised_where_there_is_a_slope(make: SimpleNamespace) -> None:
    """Where no logit moves the loss, none is to be raised."""
    assert "gradient descent" in " ".join(loss_lines(make, "gradient", 1))
    flat = PerClass(make.batch([[np.inf, 0.0]]), "cross-entropy", 1.0, "gradient", np.zeros((1, 2)))
    assert "gradient descent" not in " ".join(on_screen(lambda screen: per_class([flat], screen)))
