"""No false pass, no false fail."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import ArrayLike

from softmax_cli.checking.compare import Tolerance
from softmax_cli.checking.inputs import Inputs, Sought
from softmax_cli.checking.reference import How, Truth
from softmax_cli.checking.verdict import Verdict, judge
from softmax_cli.core.softmax import jacobian
from tests.checking.wrongs import Array, plain_jacobian, to_digits, wrong_jacobians


def verdict(
    z: Array, got: ArrayLike, t: float = 1.0, *, method: str = "complex-step", step: float | None = None
) -> Verdict:
    """Hold one matrix against the truth, without asking why."""
    how = How(method, step)
    truth = Truth.of(Sought("softmax", "jacobian"), Inputs.of(z, t), how)
    return judge(truth, np.asarray(got, np.float64)[None], explain=False)


@pytest.mark.parametrize("k", [3, 10, 100, 1000])
@pytest.mark.parametrize("scale", [0.1, 3.0])
def test_no_wrong_jacobian_passes(k: int, scale: float) -> None:
    """Thirteen mistakes, four sizes, two scales, T = 2: each fails."""
    z = np.random.default_rng(1).normal(size=k) * scale
    passed = [name for name, wrong in wrong_jacobians(z, 2.0).items() if verdict(z, wrong, 2.0).passed]
    assert passed == []


def test_no_wrong_jacobian_passes_where_logits_are_saturated() -> None:
    """At z = [15, 0, -5] every entry is small, and still each mistake fails."""
    z = np.array([15.0, 0.0, -5.0])
    passed = [name for name, wrong in wrong_jacobians(z, 2.0).items() if verdict(z, wrong, 2.0).passed]
    assert passed == []


def test_the_plain_formula_passes_at_any_scale() -> None:
    """diag(p) - p p^T in float64 loses digits where it is saturated, and is right."""
    rng = np.random.default_rng(2)
    for _ in range(1000):
        z = rng.normal(size=int(rng.choice([2, 3, 5, 10, 30]))) * 10 ** rng.uniform(-2, 3)
        t = float(rng.choice([1.0, 0.5, 2.0, 3.3]))
        assert verdict(z, plain_jacobian(z, t), t).passed, (z, t)


@pytest.mark.parametrize("form", ["float32", "plain float32", "3", "4", "6", "12", "decimals"])
def test_rounded_values_pass_with_a_note(form: str) -> None:
    """Single precision, significant digits, and decimals that leave the largest entry three digits."""
    rng = np.random.default_rng(4)
    for _ in range(60):
        z = rng.normal(size=int(rng.choice([3, 5, 10]))) * 10 ** rng.uniform(-1, 1)
        right = np.asarray(jacobian(z), np.float64)
        got: ArrayLike
        match form:
            case "float32":
                got = right.astype(np.float32)
            case "plain float32":
                z = z.astype(np.float32).astype(np.float64)
                single: Any = z.astype(np.float32)
                got = plain_jacobian(single)
            case "decimals":
                got = np.round(right, int(np.ceil(2 - np.log10(np.abs(right).max()))))
            case digits:
                got = to_digits(right, int(digits))
        found = verdict(z, got)
        assert found.passed
        assert found.precision is not None or form == "12"


def test_a_right_matrix_at_two_decimals_passes_with_a_note() -> None:
    """As people write them down."""
    for seed in range(40):
        z = np.random.default_rng(seed).normal(size=3)
        found = verdict(z, np.round(plain_jacobian(z), 2))
        assert found.passed
        assert found.precision is not None
        assert found.precision.name == "2 decimals"


@pytest.mark.parametrize("got", [[0.72, 0.28], [0.75, 0.25], [0.27, 0.73], [0.7, 0.3]])
def test_two_numbers_of_two_digits_name_no_mistake(got: list[float]) -> None:
    """Some mistake of hundreds always comes near them: none is told."""
    truth = Truth.of(Sought("softmax", "probabilities"), Inputs.of([1.0, 0.0]))
    found = judge(truth, np.array([got]))
    assert not found.passed
    assert "no known mistake" in found.diagnosis.causes[0].title


@pytest.mark.parametrize("digits", [6, 12])
def test_a_small_scale_error_is_not_excused_as_rounding(digits: int) -> None:
    """0.05 % is wrong even when the wrong numbers are rounded to a grid."""
    for seed in range(40):
        z = np.random.default_rng(seed).normal(size=5)
        wrong = plain_jacobian(z, 2.0) * 1.0005
        assert not verdict(z, to_digits(wrong, digits), 2.0).passed
        assert not verdict(z, wrong.astype(np.float32), 2.0).passed


@pytest.mark.parametrize("method", ["forward", "central", "five-point", "richardson"])
@pytest.mark.parametrize("scale", [0.1, 3.0, 30.0])
def test_a_less_exact_method_does_not_fail_what_is_right(method: str, scale: float) -> None:
    """The verdict allows for the error that the method states."""
    z = np.random.default_rng(9).normal(size=7) * scale
    assert verdict(z, np.asarray(jacobian(z)), method=method).passed


COARSE = [
    ("forward", 3.0),
    ("forward", 1e-15),
    ("central", 1.0),
    ("five-point", 1e-14),
    ("richardson", 8.0),
    ("complex-step", 1.0),
]


@pytest.mark.parametrize(("method", "step"), COARSE)
def test_no_step_fails_what_is_right_or_passes_what_is_wrong(method: str, step: float) -> None:
    """A step that is too long or too short excuses nothing that the complex step shows."""
    z = np.array([1.43, -0.4, 0.23])
    assert verdict(z, np.asarray(jacobian(z)), method=method, step=step).passed
    wrong = {
        name: got
        for name, got in (*wrong_jacobians(z, 1.0).items(), ("scaled", 1.0001 * plain_jacobian(z)))
        if not verdict(z, got).passed  # at T = 1 two of them are right
    }
    assert len(wrong) > 8
    assert [n for n, got in wrong.items() if verdict(z, got, method=method, step=step).passed] == []


def test_a_method_that_cannot_tell_is_named() -> None:
    """The verdict is the complex step's then, with a note."""
    z = np.array([1.43, -0.4, 0.23])
    found = verdict(z, 1.0001 * plain_jacobian(z), method="forward", step=3.0)
    assert (found.method, found.passed) == ("complex-step", False)
    assert found.warnings == ("forward is too coarse here to tell right from wrong",)


def test_a_note_on_some_of_the_rows_stays_with_all() -> None:
    """Whichever rows are the worse, and once."""
    z = np.array([1.43, -0.4, 0.23])
    rest = verdict(z, plain_jacobian(z), method="forward")
    for got in (plain_jacobian(z), 2.0 * plain_jacobian(z)):
        noted = [verdict(z, 1.0001 * plain_jacobian(z), method="forward", step=3.0) for _ in range(2)]
        warnings = noted[0].warnings
        joined = noted[0].joined(verdict(z, got, method="forward")).joined(noted[1]).joined(rest)
        assert joined.warnings == warnings != ()


def test_what_differs_by_rounding_alone_has_no_other_cause() -> None:
    """Where no tolerance is left, the right formula is not told as a wrong one."""
    z = np.array([1.43, -0.4, 0.23])
    truth = Truth.of(Sought("softmax", "jacobian"), Inputs.of(z), How(), Tolerance(rtol=0.0))
    [cause] = judge(truth, np.nextafter(truth.whole()[0], 9.0)).diagnosis.causes
    assert cause.id == "rounding-alone"


def test_a_factor_near_1_is_told_to_the_digit_that_differs() -> None:
    """Not as a factor of 1."""
    z = np.array([1.43, -0.4, 0.23])
    truth = Truth.of(Sought("softmax", "jacobian"), Inputs.of(z))
    [cause] = judge(truth, 1.0000001 * truth.whole()[0]).diagnosis.causes
    assert cause.title == "every entry is 1.0000001 times the right one"


def test_a_nan_fails() -> None:
    """What is no number agrees with nothing."""
    z = np.array([1.0, 2.0, 3.0])
    got = plain_jacobian(z)
    got[0, 0] = np.nan
    assert not verdict(z, got).passed


def test_the_worst_entries_are_named() -> None:
    """The one wrong entry comes first, with its place and both values."""
    z = np.array([1.0, 2.0, 3.0])
    got = plain_jacobian(z)
    got[1, 2] *= 3
    worst = verdict(z, got).tally.worst[0]
    assert (worst.row, worst.of, worst.wrt) == (0, 1, 2)
    assert worst.got == pytest.approx(3 * worst.expected)


def test_tolerances_override() -> None:
    """--rtol and --atol allow more."""
    z = np.array([1.0, 2.0, 3.0])
    got = plain_jacobian(z)[None] * 1.0005
    for tolerance in (Tolerance(rtol=1e-3), Tolerance(atol=1e-3)):
        truth = Truth.of(Sought("softmax", "jacobian"), Inputs.of(z), How(), tolerance)
        assert judge(truth, got, explain=False).passed
