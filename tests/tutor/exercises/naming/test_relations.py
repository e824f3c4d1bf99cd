"""A wrong line, and by what it differs from the derivative."""

import pytest

from softmax_cli.core.formula.lines.reading import read_line
from softmax_cli.tutor.exercises.goal import Goal
from softmax_cli.tutor.exercises.naming.likeness import signs
from softmax_cli.tutor.exercises.naming.relations import related

OTHER = Goal("softmax", 1, 2)
TEMPERED = Goal("softmax", 1, 2, temperature=True)
GENERAL = Goal("softmax", 0, 0, ())


@pytest.mark.parametrize(
    ("goal", "line", "cause", "said"),
    [
        (OTHER, "p_1 p_2", "sign-turned", "The sign of the whole line is turned."),
        (OTHER, "-3 p_1 p_2", "times-3", "The line is 3 times the derivative."),
        (OTHER, "p_1 p_2/10", "times-1/10", "The line is 1/10 times the derivative. And the sign is turned."),
        (OTHER, "-p_1/p_2", "quotient-for-product", "p_2 is divided by here: it is a factor."),
        (OTHER, "-p_1", "factor-missing", "The factor p_2 is missing, or is divided by once too often."),
        (
            OTHER,
            "-p_1 p_2/S^2",
            "factor-missing",
            "The factor S S is missing, or is divided by once too often.",
        ),
        (OTHER, "-p_1 p_2 S z_3", "factor-too-many", "The factor S z_3 is too many."),
        (OTHER, "-p_1 p_3", "factor-exchanged", "p_3 stands where p_2 belongs."),
        (OTHER, "-2 p_1 p_2 S", "factor-wrong", "The line is 2 S times the derivative."),
        (OTHER, "p_3 - p_1 p_2", "term-too-many", "The line is the derivative and p_3 more."),
        (OTHER, "-p_1 p_2 - 1/2", "term-too-many", "The line is the derivative and 1 / 2 less."),
        (
            TEMPERED,
            "-p_1 p_2",
            "temperature-factor-missing",
            "z / T is in the exponent: the chain rule brings out the factor 1/T.",
        ),
        (
            TEMPERED,
            "-p_1 p_2/T^2",
            "temperature-twice",
            "The chain rule brings out the factor 1/T once, not twice.",
        ),
        (
            TEMPERED,
            "-T p_1 p_2",
            "temperature-multiplied",
            "The chain rule brings out the factor 1/T, not T: the inner function is z / T.",
        ),
        (
            GENERAL,
            "p_i (d_ij - p_j)/K",
            "factor-missing",
            "The factor K is missing, or is divided by once too often.",
        ),
    ],
)
def test_what_a_line_has_more_or_less_than_the_derivative(
    goal: Goal, line: str, cause: str, said: str
) -> None:
    """A sign, a number, up to two factors, or one term is told for what it is."""
    node = read_line(line, goal.setting)
    found = related(signs(node), goal.values(node), goal)
    assert found is not None
    assert (found.cause, found.said) == (cause, said)


@pytest.mark.parametrize("line", ["-11 p_1 p_2", "-p_1 p_2 p_3^3", "p_1 z_2 - p_3"])
def test_what_differs_by_more_is_not_told(line: str) -> None:
    """Larger numbers, three factors and two terms are no relation, and none is guessed."""
    node = read_line(line, OTHER.setting)
    assert related(signs(node), OTHER.values(node), OTHER) is None
