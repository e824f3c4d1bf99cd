"""Exercises: each can be solved, each can be got wrong, and each has its three hints."""

from collections.abc import Callable
from functools import cache

import pytest

from softmax_cli.checking.catalogue.tables import FORMULAS, is_formula, rows
from softmax_cli.tutor.exercises.choices import make_against, rule_of
from softmax_cli.tutor.exercises.exercise import Choosing, Deriving, Exercise, Reckoning
from softmax_cli.tutor.exercises.making import make
from softmax_cli.tutor.exercises.skills import SKILLS

KINDS = [(skill.name, level) for skill in SKILLS.values() for level in range(len(skill.kinds))]


@cache
def exercises(name: str, level: int) -> list[Exercise]:
    """Return some exercises of a skill and a kind."""
    return [make(SKILLS[name], level, seed, rows) for seed in range(4)]


@pytest.mark.parametrize(("name", "level"), KINDS)
def test_every_exercise_is_solved_by_its_solution(name: str, level: int) -> None:
    """Each line of the solution is right, and the last one done."""
    for exercise in exercises(name, level):
        verdicts = [exercise.mark(answer).verdict for answer in exercise.solution()]
        assert verdicts[-1] == "done", exercise.id
        assert set(verdicts[:-1]) <= {"right", "done"}, exercise.id


@pytest.mark.parametrize(("name", "level"), KINDS)
def test_every_exercise_is_broken_by_its_mistake(name: str, level: int) -> None:
    """A wrong answer is told to be wrong, and one that is no answer is not."""
    for exercise in exercises(name, level):
        found = exercise.mark(exercise.mistake())
        assert found.verdict == "wrong", exercise.id
        assert found.cause is not None or isinstance(exercise, Reckoning), exercise.id
        assert exercise.mark("(").verdict == "unread", exercise.id


@pytest.mark.parametrize(("name", "level"), KINDS)
def test_no_question_shows_its_answer(name: str, level: int) -> None:
    """What is asked for in numbers is not among the numbers that are given."""
    for exercise in exercises(name, level):
        if isinstance(exercise, Reckoning) and len(shown := f"{exercise.value:.4g}") > 4:
            assert shown not in exercise.ask, exercise.id


@pytest.mark.parametrize(("name", "level"), KINDS)
def test_every_step_has_three_hints(name: str, level: int) -> None:
    """A question, the rule, the answer: the last one gives it away."""
    for exercise in exercises(name, level):
        steps = len(exercise.rest) if isinstance(exercise, Deriving) else 1
        assert len(exercise.hints) == steps
        assert all(all(hint) for hints in exercise.hints for hint in hints)


def test_the_same_seed_makes_the_same_exercise() -> None:
    """A run can be repeated; another seed draws other classes or numbers."""
    skill = SKILLS["vjp"]
    asks = {make(skill, 0, seed, rows).ask for seed in range(5)}
    assert make(skill, 0, 1, rows) == make(skill, 0, 1, rows)
    assert len(asks) > 1


def test_the_worked_example_leaves_the_last_line_blank_and_later_ones_more() -> None:
    """First all lines but one are shown, with their reasons; then fewer."""
    skill = SKILLS["softmax-same"]
    blanks = [len(make(skill, level, 0, rows).solution()) for level in (0, 1, 3)]
    assert blanks == sorted(blanks)
    assert blanks[0] == 1


def test_a_number_that_a_known_mistake_leads_to_is_named() -> None:
    """The number of p itself is told to be the sum held constant, in the numbers of the exercise."""
    skill = SKILLS["softmax-same"]
    exercise = make(skill, skill.kinds.index("number"), 0, rows)
    found = exercise.mark("p_1" if "p_1 =" in exercise.ask else "0.9999")
    assert found.verdict == "wrong"
    wrong = exercise.mark("0")
    assert wrong.verdict == "wrong"


@pytest.mark.parametrize(
    ("skill", "answer", "verdict", "cause"),
    [
        ("table", lambda value: f"{-value:.4g}", "wrong", "sign-turned"),
        ("vjp", lambda value: f"{100 * value:.4g}", "wrong", "percent"),
        ("table", lambda value: f"{value * 1.05:.3g}", "wrong", "rounding"),
        ("jacobian-rows", lambda value: "1", "wrong", "row-of-probabilities"),
        ("jacobian-rows", lambda value: "0", "done", None),
    ],
)
def test_a_wrong_number_is_named(
    skill: str, answer: Callable[[float], str], verdict: str, cause: str | None
) -> None:
    """A sign, per cent, too few digits, a sum that is another's: the number tells."""
    exercise = make(SKILLS[skill], 0, 1, rows)
    assert isinstance(exercise, Reckoning)
    found = exercise.mark(answer(exercise.value))
    assert (found.verdict, found.cause) == (verdict, cause)


def test_every_wrong_choice_has_its_reason() -> None:
    """Each wrong option has the name of a mistake and says why it is none of it; the right one has none."""
    for name, level in KINDS:
        for exercise in exercises(name, level):
            if isinstance(exercise, Choosing):
                for place, (cause, said) in enumerate(exercise.against, start=1):
                    assert bool(cause) == bool(said) == (place != exercise.right), exercise.id


def test_the_rule_of_a_line_is_asked_for_by_name() -> None:
    """A line of the derivation has a rule among three; another line has none."""
    exercise = make(SKILLS["softmax-other"], 3, 0, rows)
    assert isinstance(exercise, Deriving)
    question = rule_of(exercise, exercise.solution()[0])
    assert question is not None
    assert question.mark(str(question.right)).verdict == "done"
    assert question.mark(question.mistake()).verdict == "wrong"
    assert rule_of(exercise, "1 + 1") is None


@pytest.mark.parametrize(
    ("mistake", "function", "formula"),
    [
        ("diagonal-only", "softmax", "J_ij = d_ij p_i (1 - p_i) / T"),
        ("diagonal-only", "log-softmax", "J_ij = d_ij (1 - p_i) / T"),
        ("matrix-plus-sign", "softmax", "J_ij = p_i (d_ij + p_j) / T"),
        ("sign-flipped", "softmax", "J_ij = -p_i (d_ij - p_j) / T"),
        ("halved", "log-softmax", "J_ij = (1/2) (d_ij - p_j) / T"),
        ("base-2", "softmax", "p_i = 2^(z_i / T) / sum_j 2^(z_j / T)"),
    ],
)
def test_a_mistake_of_check_has_an_exercise(mistake: str, function: str, formula: str) -> None:
    """The wrong formula is among the answers, and is told to be wrong with its own reason."""
    exercise = make_against(mistake, function, 0, rows)
    assert exercise is not None
    found = exercise.mark(formula)
    assert found.verdict == "wrong"
    assert found.message != "That is not it."
    assert exercise.mark(exercise.solution()[0]).verdict == "done"


def test_a_mistake_that_is_no_formula_has_none() -> None:
    """A broken law is no formula to choose."""
    assert make_against("law-row-sums", "softmax", 0, rows) is None


def test_every_wrong_formula_of_check_has_an_exercise() -> None:
    """What check offers to practise can be practised."""
    for table in FORMULAS:
        for row in rows(table):
            assert is_formula(row["id"])
            assert make_against(row["id"], "softmax", 1, rows) is not None, row["id"]
