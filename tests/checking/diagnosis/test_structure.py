"""Which entries are wrong is said by their classes, and of several ways to say it the plainest is taken."""

import numpy as np
import pytest
from numpy.typing import NDArray

from softmax_cli.checking.diagnosis.diagnosis import Cause
from softmax_cli.checking.diagnosis.evidence import ComparedAnswer
from softmax_cli.checking.diagnosis.structure import places, structure
from softmax_cli.checking.inputs import Array, Inputs, Sought
from softmax_cli.core.formula.functions import softmax

ROW = Inputs.of([0.3, -0.2, 1.1, 0.6])
P = softmax(ROW.z)
J = P[:, :, None] * (np.eye(4) - P[:, None, :])
ROWS, COLUMNS = np.indices((4, 4))


def told(wrong: NDArray[np.bool_], got: Array | None = None) -> tuple[str, str] | None:
    """Return the id and the title of the place where these entries of a Jacobian are wrong."""
    answer = np.where(wrong, 3.0 * J, J) if got is None else got
    cause = places(ComparedAnswer(Sought("softmax", "jacobian"), ROW, answer, J, wrong[None]))
    return None if cause is None else (cause.id, cause.title)


@pytest.mark.parametrize(
    ("wrong", "name", "title"),
    [
        ((ROWS == 0) & (COLUMNS == 2), "one-entry", "one entry is wrong: of class 1 wrt class 3"),
        ((ROWS == COLUMNS) & (ROWS > 1), "diagonal-wrong", "only diagonal entries are wrong"),
        (ROWS != COLUMNS, "off-diagonal-wrong", "only off-diagonal entries are wrong, and all of them"),
        ((ROWS == 1) & (COLUMNS != 0), "one-row", "only the row of class 2 is wrong"),
        ((COLUMNS == 3) & (ROWS != 0), "one-column", "only the column of class 4 is wrong"),
        (ROWS > COLUMNS, "one-half", "only entries below the diagonal are wrong"),
        (ROWS < COLUMNS, "one-half", "only entries above the diagonal are wrong"),
        (
            (ROWS + COLUMNS == 3) & (ROWS != 3),
            "few-entries",
            "a few entries are wrong: (1, 4), (2, 3), (3, 2) (of, wrt)",
        ),
        (
            (ROWS > 0) & (COLUMNS != 2) & ((ROWS > 1) | (COLUMNS > 0)),
            "a-block",
            "a block is wrong: of 2 to 4, wrt 1, 2, 4",
        ),
    ],
)
def test_a_place_is_named_by_its_classes(wrong: NDArray[np.bool_], name: str, title: str) -> None:
    """One entry before a row, a row before a half, a few entries before a block."""
    assert told(wrong) == (name, title)


@pytest.mark.parametrize(
    "wrong",
    [np.ones((4, 4), bool), (ROWS != COLUMNS) | (ROWS == 0), (ROWS > 1) | ((ROWS == 0) & (COLUMNS < 2))],
)
def test_what_is_wrong_everywhere_has_no_place(wrong: NDArray[np.bool_]) -> None:
    """All entries, or entries of every row and column, are no place to look at."""
    assert told(wrong) is None


@pytest.mark.parametrize(
    ("empty", "title"),
    [
        (
            (ROWS == 3) | (COLUMNS == 3),
            "row 4 and column 4 are all 0: the last row or column is never filled, a loop stops early "
            "(off by one)",
        ),
        (
            ROWS == 3,
            "row 4 is all 0: the last row or column is never filled, a loop stops early (off by one)",
        ),
        (COLUMNS == 0, "column 1 is all 0"),
        ((ROWS == 1) | (ROWS == 2), "rows 2 to 3 are all 0"),
    ],
)
def test_lines_that_are_never_filled_are_named(empty: NDArray[np.bool_], title: str) -> None:
    """Whole rows and columns of zeros, the last of them a loop that stops early."""
    assert told(empty, np.where(empty, 0.0, J)) == ("zero-lines", title)


def test_lines_of_zeros_in_a_matrix_that_is_wrong_elsewhere_are_no_cause() -> None:
    """The other entries do not agree: the zeros do not explain them."""
    got = np.where(ROWS == 3, 0.0, 2.0 * J)
    assert told(np.ones((4, 4), bool), got) is None


def _probabilities(got: Array, expected: Array, wrong: NDArray[np.bool_]) -> ComparedAnswer:
    return ComparedAnswer(Sought("softmax", "probabilities"), ROW, got, expected, wrong)


def test_rows_of_the_file_that_are_wrong_are_counted_from_1() -> None:
    """Five are named at most; where all are wrong nothing is said of them."""
    expected = np.repeat(P, 8, axis=0)
    wrong = np.ones((8, 4), bool)
    wrong[[0, 4]] = False
    got = np.where(wrong, expected[:, ::-1], expected)
    found = structure(_probabilities(got, expected, wrong))
    assert found.causes[0].title == "only some rows are wrong: 2, 3, 4, 6, 7, ... of 8"
    assert not found.notes
    everywhere = structure(_probabilities(expected[:, ::-1], expected, np.ones((8, 4), bool)))
    assert everywhere.causes == (Cause.of("unknown"),)


def test_a_place_comes_before_the_rows_of_the_file_that_are_wrong() -> None:
    """The rows are told besides."""
    expected = np.repeat(J, 3, axis=0)
    got = expected.copy()
    got[1, 0, 2] = 0.5
    found = structure(ComparedAnswer(Sought("softmax", "jacobian"), ROW, got, expected, got != expected))
    assert [cause.id for cause in found.causes] == ["one-entry"]
    assert found.notes == ("only some rows are wrong: 2 of 3",)
    assert "law-symmetry" in {law.id for law in found.laws}


def test_a_broken_law_is_told_of_the_first_row_that_is_wrong() -> None:
    """A row that is right, or not finite, is passed over."""
    expected = np.repeat(P, 3, axis=0)
    got = expected * np.array([[1.0], [np.nan], [2.0]])
    (cause,) = structure(_probabilities(got, expected, got != expected)).causes
    assert cause.fix == f"compare term by term with {cause.right}"
    assert cause.title == (
        "no known mistake, but a law is broken: the probabilities sum to 2, not to 1 (row 3)"
    )
