"""Why an answer is nan, infinite or 0 is read from the logits."""

import numpy as np
import pytest

from softmax_cli.checking.diagnosis.not_finite import not_finite, plain_causes
from softmax_cli.checking.inputs import Inputs

NAN, INF = np.nan, np.inf


@pytest.mark.parametrize(
    ("z", "t", "got", "cause"),
    [
        ([710.0, 0.0], 1.0, [NAN, 0.0], "no-shift"),
        ([1500.0, 0.0], 2.0, [NAN, 0.0], "no-shift"),
        ([-746.0, -800.0], 1.0, [NAN, NAN], "no-shift"),
        ([709.0, 0.0], 1.0, [NAN, 0.0], "not-finite"),
        ([1400.0, 0.0], 2.0, [NAN, 0.0], "not-finite"),
        ([-745.0, -800.0], 1.0, [NAN, NAN], "not-finite"),
        ([1.0, -INF], 1.0, [NAN, NAN], "masked-class"),
        ([1.0, -INF], 1.0, [1.0, INF], "masked-class"),
        ([1.0, -746.0], 1.0, [0.0, -INF], "log-of-zero"),
        ([1.0, 2.0], 1.0, [NAN, -INF], "not-finite"),
    ],
)
def test_the_cause_is_read_from_the_logits(z: list[float], t: float, got: list[float], cause: str) -> None:
    """Above 709 exp overflows, below -745 it is 0, both of z / T; -inf alone is a logarithm of 0."""
    found = not_finite(Inputs.of(z, t), np.array([got]), np.array([[0.5, 0.5]]))
    assert [one.id for one in found] == [cause]


def test_the_way_it_went_is_said() -> None:
    """Overflow and underflow have one remedy and two descriptions."""
    got, expected = np.array([[NAN, NAN]]), np.array([[0.5, 0.5]])
    (over,) = not_finite(Inputs.of([800.0, 0.0]), got, expected)
    (under,) = not_finite(Inputs.of([-800.0, -800.0]), got, expected)
    assert "exp overflows to inf" in over.title
    assert "exp underflows to 0" in under.title


def test_only_the_rows_that_are_not_finite_are_asked() -> None:
    """Another row's large logits are not the cause; what is to be infinite is right so."""
    inputs = Inputs.of([[800.0, 0.0], [1.0, 2.0]])
    got, expected = np.array([[1.0, 0.0], [NAN, 0.5]]), np.array([[1.0, 0.0], [0.5, 0.5]])
    assert [one.id for one in not_finite(inputs, got, expected)] == ["not-finite"]
    masked = np.array([[0.0, -INF]])
    assert not_finite(Inputs.of([1.0, -INF]), masked, masked) == ()


def test_a_maximum_that_is_subtracted_is_not_the_cause() -> None:
    """Where large logits that lie near one another are survived, the shift is there: p itself is 0."""
    inputs = Inputs.of([[1001.0, 1000.0], [800.0, 0.0]])
    expected = np.array([[0.7, 0.3], [1.0, 0.0]])
    (cause,) = not_finite(inputs, np.array([[0.7, 0.3], [NAN, 0.0]]), expected)
    assert cause.id == "zero-probability"
    (cause,) = not_finite(inputs, np.array([[NAN, 0.3], [NAN, 0.0]]), expected)
    assert cause.id == "no-shift"


def test_nothing_but_zeros_is_told_before_all_else() -> None:
    """Zeros to within rounding, where the truth is not 0."""
    expected = np.array([[0.5, -0.5]])
    assert [one.id for one in plain_causes(0.0 * expected, expected)] == ["all-zero"]
    assert plain_causes(1e-16 * expected, expected)
    assert not plain_causes(1e-12 * expected, expected)
    assert not plain_causes(0.0 * expected, 0.0 * expected)
    assert not plain_causes(NAN * expected, expected)
