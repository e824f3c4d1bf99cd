"""A formula fits where it gives every number to the last digits, alone or times a factor that has a name."""

import numpy as np
import pytest

from softmax_cli.checking.catalogue.mistake import right
from softmax_cli.checking.catalogue.table import mistakes
from softmax_cli.checking.diagnosis.conclusion import theories_of
from softmax_cli.checking.diagnosis.diagnosis import Cause
from softmax_cli.checking.diagnosis.evidence import Evidence
from softmax_cli.checking.diagnosis.matching import Candidates, Fit
from softmax_cli.checking.inputs import Array, Inputs, Quantities, Sought

JACOBIAN = Sought("softmax", "jacobian")
LOGITS = [[1.43, -0.4, 0.23, 0.96], [0.3, 1.1, -0.5, 0.2]]
Q = Quantities(Inputs.of(LOGITS, 1.7))
J: Array = right(JACOBIAN)(Q)
EVERY = Candidates.of(JACOBIAN, mistakes(JACOBIAN), Q)


def fits(got: Array) -> list[tuple[str, int]]:
    """Return the ids of what fits, each with its rank."""
    return [(fit.mistake.id, fit.rank) for fit in EVERY.fits(Evidence.of(JACOBIAN, Q, got, None))]


def first_cause(got: Array) -> Cause:
    """Return the cause of the plainest fit."""
    return theories_of(JACOBIAN, EVERY.fits(Evidence.of(JACOBIAN, Q, got, None)))[0].cause


def test_the_rank_says_how_plain_a_fit_is() -> None:
    """The formula itself, a factor with a name, one number for all rows, one for each."""
    mistake = EVERY.mistakes[1]
    assert Fit(mistake, None, np.array([1.0, 1.0 + 1e-13])).rank == 0
    assert Fit(mistake, None, np.array([1.0, 1.0 + 1e-9])).rank == 2
    assert Fit(mistake, None, np.array([1.3, 1.3])).rank == 2
    assert Fit(mistake, None, np.array([1.3, 1.4])).rank == 3


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (2.0 * J, ("right", 1)),
        (1.2345 * J, ("right", 2)),
        (J * np.array([1.2, 1.7])[:, None, None], ("right", 3)),
        (-J, ("right", 1)),
    ],
)
def test_the_right_formula_fits_with_a_factor(got: Array, expected: tuple[str, int]) -> None:
    """One that has a name, one number, or one for each row."""
    assert expected in fits(got)


def test_one_entry_that_is_off_in_the_ninth_digit_fits_nothing() -> None:
    """No mistake is named that does not give every entry."""
    got = 2.0 * J
    got[1, 2, 3] *= 1.0 + 1e-9
    assert fits(got) == []


def test_a_mistake_fits_alone_and_with_a_factor() -> None:
    """A wrong diagonal by itself, and halved."""
    wrong = next(m for m in mistakes(JACOBIAN) if m.id == "diagonal-p")
    assert ("diagonal-p", 0) in fits(wrong.answer(Q))
    assert ("diagonal-p", 1) in fits(0.5 * wrong.answer(Q))


def test_what_is_nothing_else_at_these_inputs_is_not_told() -> None:
    """At T = 1 a temperature that is ignored comes to the right answer."""
    q = Quantities(Inputs.of(LOGITS))
    every = Candidates.of(JACOBIAN, mistakes(JACOBIAN), q)
    found = every.fits(Evidence.of(JACOBIAN, q, 2.0 * right(JACOBIAN)(q), None))
    assert not [fit for fit in found if fit.mistake.id.startswith("temperature")]


@pytest.mark.parametrize(
    ("got", "title", "theirs"),
    [
        (1.2345 * J, "every entry is 1.2345 times the right one", "1.2345 times the right formula"),
        (
            1.7 * J,
            "T times too large: the factor 1/T is missing",
            "T times the right formula",
        ),
    ],
)
def test_a_factor_is_told_with_its_number(got: Array, title: str, theirs: str) -> None:
    """By its name where it has one."""
    found = [fit for fit in EVERY.fits(Evidence.of(JACOBIAN, Q, got, None)) if fit.mistake.id == "right"]
    cause = theories_of(JACOBIAN, found)[0].cause
    assert (cause.title, cause.theirs) == (title, theirs)


def test_a_mistake_with_a_factor_says_both() -> None:
    """What the mistake is, and what it is multiplied by."""
    wrong = next(m for m in mistakes(JACOBIAN) if m.id == "diagonal-p")
    plain, halved = first_cause(wrong.answer(Q)), first_cause(0.5 * wrong.answer(Q))
    assert halved.title == f"{plain.title}; and all of it is multiplied by 1/2"
    assert halved.theirs == f"1/2 times: {plain.theirs}"
    assert halved.factor == "1/2"
