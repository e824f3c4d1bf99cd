"""The cause is named first, and nothing else is named with confidence."""

import numpy as np
import pytest

from softmax_cli.checking.catalogue.mistake import RIGHT, right
from softmax_cli.checking.catalogue.table import mistakes
from softmax_cli.checking.diagnosis.diagnose import diagnose
from softmax_cli.checking.diagnosis.diagnosis import Diagnosis
from softmax_cli.checking.diagnosis.evidence import ComparedAnswer
from softmax_cli.checking.diagnosis.matching import Fit
from softmax_cli.checking.inputs import Inputs, Kind, Quantities, Sought
from softmax_cli.checking.reference import Truth
from softmax_cli.checking.verdict import judge
from tests.checking.wrongs import Array, to_digits, wrong_jacobians

VECTORS = [[0.2, 1.0, -0.7, 0.4, 0.9], [0.3, -0.2, 0.8, -1.1, 0.5], [1.0, 0.5, -0.25, 2.0, 0.1]]
LOGITS = [[1.43, -0.4, 0.23, 0.96, -1.17], [0.3, 1.1, -0.5, 0.2, 0.7], [-1.3, 2.4, 0.35, -0.22, 1.05]]
TELLING = Inputs.of(LOGITS, [2.0, 0.6, 3.1], [1, 2, 4], VECTORS)


def found(z: Array, got: Array, t: float) -> Diagnosis:
    """Diagnose one matrix."""
    truth = Truth.of(Sought("softmax", "jacobian"), Inputs.of(z, t))
    return judge(truth, got[None]).diagnosis


CAUSES = {
    "sign flipped": "sign-flipped",
    "all zero": "all-zero",
    "diagonal only": "diagonal-only",
    "off-diagonal positive": "off-diagonal-positive",
    "diagonal p": "diagonal-p",
    "diagonal 1 - p": "diagonal-one-minus-p",
    "one entry zeroed": "one-entry",
    "0.05 % scale": "scaled",
    "delta forgotten": "delta-forgotten",
    "doubled": "doubled",
    "T forgotten": "temperature-ignored",
    "T squared": "temperature-factor-twice",
}


@pytest.mark.parametrize("name", sorted(CAUSES))
@pytest.mark.parametrize("k", [3, 10, 300])
def test_a_known_mistake_is_named(name: str, k: int) -> None:
    """At a temperature that is no other factor, the cause is named alone."""
    z = np.random.default_rng(k).normal(size=k)
    diagnosis = found(z, wrong_jacobians(z, 1.7)[name], 1.7)
    assert diagnosis.causes[0].id == CAUSES[name]
    assert diagnosis.certain


@pytest.mark.parametrize("name", ["diagonal p", "delta forgotten", "diagonal only"])
def test_a_mistake_that_ignores_the_temperature_besides_is_named_with_both(name: str) -> None:
    """What would fit at T = 1 is the cause, and that it is there alone."""
    z = np.random.default_rng(6).normal(size=4)
    (cause,) = found(z, wrong_jacobians(z, 1.0)[name], 1.7).causes
    assert cause.id == CAUSES[name]
    assert cause.title.endswith("; and the temperature is ignored")


@pytest.mark.parametrize("name", ["diagonal p", "delta forgotten", "off-diagonal positive", "T forgotten"])
@pytest.mark.parametrize("digits", [4, 6, 0])
def test_rounding_does_not_upset_the_diagnosis(name: str, digits: int) -> None:
    """Values rounded to 4 or 6 digits, or to float32 (0), lead to the same cause."""
    z = np.random.default_rng(6).normal(size=4)
    wrong = wrong_jacobians(z, 1.7)[name]
    rounded = to_digits(wrong, digits) if digits else wrong.astype(np.float32).astype(np.float64)
    assert found(z, rounded, 1.7).causes[0].id == CAUSES[name]


def test_causes_that_fit_equally_are_all_told_with_an_input_that_tells_them_apart() -> None:
    """At T = 2 a doubled matrix may lack 1/T: both are said, and where they differ."""
    z = np.array([0.3, -0.2, 1.1])
    diagnosis = found(z, wrong_jacobians(z, 2.0)["doubled"], 2.0)
    assert [cause.id for cause in diagnosis.causes] == ["temperature-factor-missing", "doubled"]
    assert not diagnosis.certain
    assert diagnosis.apart is not None
    assert diagnosis.apart.temperature != 2.0


@pytest.mark.parametrize(("function", "kind"), sorted(RIGHT))
def test_every_mistake_is_recognised_by_its_numbers(function: str, kind: Kind) -> None:
    """Every fourth mistake leads to itself, or to one that is the same formula in other words.

    catalogue/test_table.py holds those that matter most against answers that know nothing of the catalogue.
    """
    q = Quantities(TELLING)
    truth = right(Sought(function, kind))(q)
    for mistake in mistakes(Sought(function, kind))[::4]:
        with np.errstate(all="ignore"):
            got = np.broadcast_to(mistake.answer(q), truth.shape)
        if not np.isfinite(got).all() or np.allclose(got, truth, rtol=1e-5):
            continue
        wrong = np.abs(got - truth) > 1e-9 * np.abs(truth)
        first = diagnose(ComparedAnswer(Sought(function, kind), TELLING, np.array(got), truth, wrong)).causes[
            0
        ]
        if first.id in (mistake.id, "all-zero"):
            continue
        same = [m for m in mistakes(Sought(function, kind)) if m.id == first.id]
        if same:  # a twin in other words
            assert any(np.allclose(m.answer(q), got, rtol=1e-9) for m in same), (mistake.id, first.id)
        else:
            assert first.factor is not None, (mistake.id, first.id)


def test_an_unknown_mistake_is_told_by_its_structure() -> None:
    """Where no formula fits, no formula is named: the laws that broke are."""
    z = np.random.default_rng(8).normal(size=4)
    right_one = wrong_jacobians(z, 1.0)["sign flipped"] * -1
    noise = np.random.default_rng(9).uniform(0.5, 1.5, size=(4, 4))
    diagnosis = found(z, right_one * noise, 1.0)
    assert len(diagnosis.causes) == 1
    assert diagnosis.causes[0].id.startswith("law-")
    assert diagnosis.causes[0].title.startswith("no known mistake")
    assert {"law-row-sums", "law-symmetry"} <= {law.id for law in diagnosis.laws}


@pytest.mark.parametrize(
    ("of", "wrt", "cause"),
    [([1], [2], "one-entry"), ([1], [0, 1, 2, 3], "one-row"), ([0, 1, 2, 3], [2], "one-column")],
)
def test_a_place_is_named_where_only_a_place_is_wrong(of: list[int], wrt: list[int], cause: str) -> None:
    """One entry, one row, one column."""
    z = np.random.default_rng(8).normal(size=4)
    got = -wrong_jacobians(z, 1.0)["sign flipped"]
    got[np.ix_(of, wrt)] *= np.random.default_rng(1).uniform(2, 3, size=(len(of), len(wrt)))
    assert found(z, got, 1.0).causes[0].id == cause


def test_finite_differences_are_recognised() -> None:
    """Their error is the second derivative: the step comes out."""
    z, h = np.array([0.3, -0.2, 1.1]), 1e-4

    def p(x: Array) -> Array:
        e = np.exp(x)
        return np.asarray(e / e.sum())

    forward = np.stack([(p(z + h * e) - p(z)) / h for e in np.eye(3)], axis=1)
    cause = found(z, forward, 1.0).causes[0]
    assert cause.id == "finite-differences"
    assert "0.0001" in cause.title


def test_rows_mixed_in_a_batch_are_recognised() -> None:
    """Sums over the wrong axis, and 1/n, show where rows were given together."""
    z = np.random.default_rng(2).normal(size=(4, 3))
    p = np.exp(z) / np.exp(z).sum(axis=0)
    inputs = Inputs.of(z)
    truth = Truth.of(Sought("softmax", "probabilities"), inputs)
    assert judge(truth, p).diagnosis.causes[0].id == "softmax-down-the-rows"
    targets = Inputs.of(z, 1.0, [0, 1, 2, 0])
    truth = Truth.of(Sought("cross-entropy", "gradient"), targets)
    assert truth.values is not None
    assert judge(truth, truth.values / 4).diagnosis.causes[0].id == "averaged-over-rows"


def test_a_fit_keeps_its_factor_at_other_inputs() -> None:
    """A fit can be evaluated anywhere, which is how causes are told apart."""
    mistake = mistakes(Sought("softmax", "jacobian"))[0]
    fit = Fit(mistake, None, np.array([2.0]))
    q = Quantities(TELLING)
    np.testing.assert_allclose(fit.answer(q), 2.0 * mistake.answer(q))
