"""Exact values: equal lines, and only they, have the same."""

import pytest

from softmax_cli.core.formula.exact.residues import RandomPoint
from softmax_cli.core.formula.lines.reading import read_line
from softmax_cli.core.formula.parser import parse
from softmax_cli.errors import FormulaError
from softmax_cli.tutor.narratives.formulas import Case
from softmax_cli.tutor.narratives.narrator import meant

POINTS = [RandomPoint(meant("softmax", Case(3)), seed) for seed in (0, 1)]


def values(line: str, points: list[RandomPoint] = POINTS) -> list[int]:
    """Return a line's values."""
    return [point.value(read_line(line)) for point in points]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("dp_1/dz_1", "p_1 (1 - p_1)"),
        ("dp_1/dz_2", "-p_1 p_2"),
        ("d(log p_1)/dz_2", "-p_2"),
        ("d(log S)/dz_3", "p_3"),
        ("log p_1", "z_1 - log S"),
        ("log(e^z_1 S^2/e^z_2)", "z_1 - z_2 + 2 log S"),
        ("sum_k p_k", "1"),
        ("e^(2 z_1 - z_2/2)", "e^z_1 e^z_1 e^(-z_2/2)"),
        ("d(z_1 e^(3 z_1))/dz_1", "e^(3 z_1) + 3 z_1 e^(3 z_1)"),
        ("d(1/S)/dz_1", "-e^z_1/S^2"),
        ("e^0", "1"),
    ],
)
def test_equal_lines_have_equal_values(left: str, right: str) -> None:
    """Derivatives, logarithms and powers of e are computed exactly."""
    assert values(left) == values(right)


@pytest.mark.parametrize(
    ("left", "right"), [("p_1", "p_2"), ("e^z_1", "e^(z_1/2)"), ("log S", "S"), ("1", "e^1")]
)
def test_other_lines_have_others(left: str, right: str) -> None:
    """What is not equal differs at a random point."""
    assert values(left) != values(right)


@pytest.mark.parametrize(
    "formula",
    ["p_1 // 2", "p . z", "sqrt p_1", "[p_1 = p_2]", "max_k p_k", "p_1^(1/3)", "p_k", "d_1k", "1/0", "log 0"],
)
def test_what_has_no_exact_value_is_refused(formula: str) -> None:
    """Formulas that the catalogue may have, and letters of no class, are refused as such."""
    with pytest.raises(FormulaError):
        POINTS[0].value(parse(formula))


def test_the_loss_knows_its_target() -> None:
    """dL/dz_j is p_j - y_j, with y_1 = 1 for the target 1."""
    points = [RandomPoint(meant("cross-entropy", Case(3)), 0)]
    assert values("dL/dz_1", points) == values("p_1 - 1", points)
    assert values("dL/dz_2", points) == values("p_2 - y_2", points)


def test_the_temperature_is_part_of_the_names() -> None:
    """With T, the derivative has the factor 1/T."""
    points = [RandomPoint(meant("softmax", Case(3, temperature=True)), 0)]
    assert values("dp_1/dz_2", points) == values("-p_1 p_2/T", points)
    assert values("e^((z_1 + 1 - 1)/T)/S", points) == values("p_1", points)


@pytest.mark.parametrize("line", ["1/(S - S)", "p_i", "L", "e^(z_1/7)"])
def test_what_has_no_value_is_refused(line: str) -> None:
    """A division by 0, a letter that is no class, a name of another function, a root that is too fine."""
    with pytest.raises(FormulaError):
        values(line)
