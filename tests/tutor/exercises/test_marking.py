"""Marking: a right line is proved, a wrong one named, and a right method after a wrong line is told so."""

import pytest

from softmax_cli.core.formula.lines.reading import read_line
from softmax_cli.core.formula.tree import Number, Symbol, walk
from softmax_cli.tutor.exercises.goal import Goal
from softmax_cli.tutor.exercises.lines import STATEMENTS, every_row
from softmax_cli.tutor.exercises.marking import mark
from softmax_cli.tutor.exercises.naming.concepts import concepts, forms
from softmax_cli.tutor.exercises.naming.known import known_mistake
from softmax_cli.tutor.exercises.naming.named import named

CASES = [
    (function, 1, wrt)
    for function in ("softmax", "log-softmax", "sigmoid", "cross-entropy")
    for wrt in (1, 2)
]


@pytest.mark.parametrize(("function", "of", "wrt"), CASES)
def test_every_line_of_the_derivation_is_right(function: str, of: int, wrt: int) -> None:
    """What the tutor writes is proved, and its last line is done."""
    goal = Goal(function, of, wrt)
    marks = [mark(goal.written(line.right), goal).verdict for line in goal.lines if line.row.chain]
    assert set(marks) <= {"right", "done"}
    assert marks[-1] == "done"


@pytest.mark.parametrize(
    ("function", "wrt", "line", "cause"),
    [
        ("softmax", 2, "p1 p2", "sign-missing"),
        ("softmax", 2, "p1(1 - p1)", "diagonal-formula"),
        ("softmax", 2, "p2(1 - p2)", "own-derivative-of-the-other-class"),
        ("softmax", 2, "(e^z1 S - e^z1 e^z2)/S^2", "f-prime-of-the-other-case"),
        ("softmax", 2, "-e^z1 S/S^2", "g-prime-is-g"),
        ("softmax", 2, "(f'g + fg')/g^2", "plus-in-the-quotient-rule"),
        ("softmax", 2, "-e^z1 e^z2/S", "denominator-not-squared"),
        ("softmax", 2, "-p1 p3", "third-class"),
        ("softmax", 2, "-2 p1 p2", "times-2"),
        ("softmax", 2, "-p1^2 p2", "factor-twice"),
        ("softmax", 2, "-log p1 p2", "logarithm-for-probability"),
        ("softmax", 1, "p1", "g-prime-zero"),
        ("softmax", 1, "1 - p1", "derivative-of-the-logarithm"),
        ("softmax", 1, "z1 e^(z1 - 1)/S", "power-rule-on-e"),
        ("softmax", 1, "f'/g'", "quotient-of-derivatives"),
        ("softmax", 1, "p1(1 - p2)", "other-class"),
        ("log-softmax", 2, "1 - e^z2/S", "own-derivative"),
        ("log-softmax", 2, "-1/S", "inner-derivative-forgotten"),
        ("sigmoid", 1, "1 - p1", "factor-missing"),
        ("cross-entropy", 1, "1 - p1", "sign-turned"),
        ("cross-entropy", 2, "p2 - 1", "one-subtracted"),
    ],
)
def test_a_wrong_line_is_named(function: str, wrt: int, line: str, cause: str) -> None:
    """The value of the line, and how it is written, tell the thought that went wrong."""
    found = mark(line, Goal(function, 1, wrt))
    assert (found.verdict, found.cause) == ("wrong", cause)


GENERAL = Goal("softmax", 0, 0, ())


@pytest.mark.parametrize(
    ("goal", "line", "verdict", "cause"),
    [
        (GENERAL, "p_i (delta_ij - p_j)", "done", None),
        (GENERAL, "(e^z_i/sum_k e^z_k) (delta_ij - p_j)", "right", None),
        (GENERAL, "-p_i p_j", "wrong", "off-diagonal-alone"),
        (GENERAL, "p_i (1 - p_i)", "wrong", "diagonal-alone"),
        (GENERAL, "p_i (delta_ij - p_j) + (K - 3)(K - 2)", "wrong", None),
        (GENERAL, "p_1 (1 - p_1)", "unread", None),
        (Goal("cross-entropy", 0, 0, ()), "-sum_k y_k (delta_kj - p_j)", "right", None),
        (Goal("softmax", 1, 2, temperature=True), "-p_1 p_2/T", "done", None),
        (Goal("softmax", 1, 2, temperature=True), "-p_1 p_2", "wrong", "temperature-factor-missing"),
        (Goal("softmax", 1, 1, temperature=True), "T p_1 (1 - p_1)", "wrong", "temperature-multiplied"),
        (Goal("softmax", 1, 2), "-e^(z_1 z_2)/S^2", "wrong", "exponents-not-added"),
        (Goal("softmax", 1, 2), "p_1 (1 - p_1) p_2", "wrong", "factor-too-many"),
        (Goal("log-softmax", 1, 1), "1 - p_1 + p_2", "wrong", "term-too-many"),
        (Goal("softmax", 1, 1), "(f' - g')/g^2", "wrong", "constant"),
        (Goal("softmax", 1, 2), "p_1 (1 - p_1) - p_1 p_2", "wrong", "term-too-many"),
        (Goal("cross-entropy", 1, 1), "-p_1", "wrong", "target-not-subtracted and sign-turned"),
        (Goal("softmax", 1, 1), "S p_1", "wrong", "g-prime-zero and division-missing"),
        (Goal("softmax", 1, 2), "-e^z_1 e^z_2", "wrong", "bottom-forgotten"),
        (Goal("softmax", 1, 2), "0 g + f g'", "wrong", "product-rule"),
        (Goal("softmax", 1, 2), "f' g (f g')", "wrong", "constant"),
        (Goal("sigmoid", 1, 1), "-(1 - p_1 p_1)", "wrong", "tanh-derivative and sign-turned"),
        (Goal("softmax", 2, 2), "p_1 (1 - p_1)", "wrong", "other-class"),
        (Goal("sigmoid", 1, 2), "e^(-z_2)/(1 + e^(-z_1))^2", "wrong", "not-zero"),
    ],
)
def test_lines_for_any_number_of_classes_with_t_and_with_two_things_wrong(
    goal: Goal, line: str, verdict: str, cause: str | None
) -> None:
    """A line right for one K, or for i = j alone, is wrong; what is not named is said by factor or term."""
    found = mark(line, goal)
    assert (found.verdict, found.cause) == (verdict, cause)


def test_names_hold_for_any_classes() -> None:
    """The message speaks of the classes of the exercise."""
    goal = Goal("log-softmax", 3, 1, ("setosa", "versicolor", "virginica"))
    found = mark("1 - e^z_setosa/S", goal)
    assert found.cause == "own-derivative"
    assert "z_virginica with respect to itself; here z_setosa moves" in found.message


def test_a_right_method_after_a_wrong_line_is_told_so() -> None:
    """A line that equals the wrong line before it follows from it; the same line again is no progress."""
    goal = Goal("log-softmax", 1, 2)
    assert mark("1 - p2", goal, "1 - e^z2/S").cause == "follows"
    assert mark("1-p_2", goal, "1 - p2").verdict == "no-progress"
    assert mark("-p2", goal, "1 - p2").verdict == "done"


def test_a_line_of_which_nothing_is_known_gets_no_name() -> None:
    """No cause is guessed."""
    found = mark("p1^3 - p2/7", Goal("softmax", 1, 2))
    assert (found.verdict, found.cause) == ("wrong", None)


def test_a_line_that_cannot_be_read_is_not_wrong() -> None:
    """A slip of notation is unread, with the place and what to write."""
    found = mark("p_1 (1 - q)", Goal("softmax", 1, 1))
    assert (found.verdict, found.column) == ("unread", 9)
    assert mark("1/(S - S)", Goal("softmax", 1, 1)).verdict == "unread"


def test_two_names_that_fit_alike_are_both_told() -> None:
    """The sigmoid's sign may be the chain rule's: both are said."""
    found = mark("-p1(1 - p1)", Goal("sigmoid", 1, 1))
    assert found.cause == "sign-turned or chain-rule-forgotten"


GOALS = [
    *(Goal(function, 1, wrt) for function, _, wrt in CASES),
    *(Goal(function, 1, wrt, temperature=True) for function, _, wrt in CASES),
    *(Goal(function, 0, 0, ()) for function in ("softmax", "log-softmax", "cross-entropy")),
]


@pytest.mark.parametrize("goal", GOALS, ids=lambda goal: f"{goal.topic} {goal.case}")
def test_no_concept_is_a_right_line(goal: Goal) -> None:
    """Every formula of the table of concepts is wrong, and is named by a concept of its own value."""
    found = [(one, goal.values(one.tree)) for one in concepts(goal)]
    assert found or goal.temperature
    for one, values in found:
        assert "{" not in one.say()
        assert values != goal.answer, one.cause
        name = named(one.tree, values, goal, None, tuple)
        assert name is not None
        same_value = {other.cause for other, others in found if others == values}
        assert set(name[0].split(" or ")) <= same_value, one.cause


@pytest.mark.parametrize("goal", GOALS, ids=lambda goal: f"{goal.topic} {goal.case}")
def test_other_ways_of_writing_are_right(goal: Goal) -> None:
    """Every formula with the id right is the derivative."""
    assert all(goal.equal(tree, goal.answer) for tree in forms(goal))


def test_mistakes_of_check_are_known_too() -> None:
    """A formula in i and j is one of a derivative where it says something of it."""
    same, other = Goal("softmax", 1, 1), Goal("softmax", 1, 2)
    assert known_mistake(same, "x", "J_ij = p_j / T for i != j", "") is None
    assert known_mistake(other, "x", "J_ii = p_i / T", "") is None
    assert known_mistake(other, "x", "J_ij = a_i, a = softmax(p)", "") is None
    found = known_mistake(other, "x", "J_ij = p_i (d_ij - z_j) / T", "said")
    assert found is not None
    assert other.equal(found.tree, other.values(read_line("-p1 z2")))


def test_the_lines_are_the_tutors_in_the_names_that_a_learner_has() -> None:
    """A line has e^z_1 where the board may have e_1, and the rules of all lines can be asked for."""
    found = list(every_row())
    assert not any(node == Symbol("e", (Number(1),)) for row in found for node, _ in walk(row.right))
    assert {row.rule for row in found} == set(STATEMENTS)
