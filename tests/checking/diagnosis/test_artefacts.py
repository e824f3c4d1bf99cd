"""What a computation leaves in its numbers is recognised, and rounded numbers are not taken for it."""

import numpy as np
import pytest

from softmax_cli.checking import test_points
from softmax_cli.checking.inputs import Array, Inputs, Kind, Sought
from softmax_cli.checking.reference import Truth
from softmax_cli.checking.verdict import judge
from softmax_cli.core.formula.functions import softmax

INPUTS = test_points.telling("jacobian", temperature=1.0, varied=False)
P = softmax(INPUTS.z)
J = P[:, :, None] * (np.eye(5) - P[:, None, :])


def cause(got: Array, kind: Kind = "jacobian", inputs: Inputs = INPUTS) -> str:
    """Return the id of the first cause."""
    return judge(Truth.of(Sought("softmax", kind), inputs), got).diagnosis.causes[0].id


def differences(h: float) -> Array:
    """Return one-sided differences."""
    moved = softmax(INPUTS.z[:, None, :] + h * np.eye(5)).transpose(0, 2, 1)
    return np.asarray((moved - P[:, :, None]) / h)


def _zero_last() -> Array:
    got = J.copy()
    got[:, -1], got[:, :, -1] = 0.0, 0.0
    return got


def _noise() -> Array:
    single = P.astype(np.float32)
    moved = softmax(INPUTS.z[:, None, :] + 1e-7 * np.eye(5)).transpose(0, 2, 1).astype(np.float32)
    return np.asarray((moved - single[:, :, None]).astype(np.float64) / 1e-7)


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (differences(0.5), "finite-differences"),
        (np.cumsum(differences(1e-6), axis=2), "running-columns"),
        (_noise(), "rounding-noise"),
        (J / np.sqrt((J**2).sum(axis=(1, 2), keepdims=True)), "normalised"),
        (J * P[:, :1, None], "scaled-by-input"),
        (_zero_last(), "zero-lines"),
        (J * 100.0, "percent"),
        (np.rint(J * 132) / 132, "counts"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_traces_are_recognised(got: Array, expected: str) -> None:
    """The trace is named first."""
    assert cause(got) == expected


def test_a_product_that_is_divided_by_its_vector_s_length_is_recognised() -> None:
    """The derivative along a unit direction is no J v."""
    inputs = test_points.telling("jvp", temperature=1.0, varied=False)
    assert inputs.vector is not None
    product = np.einsum("nij,nj->ni", J, inputs.vector)
    length = np.sqrt((inputs.vector**2).sum(axis=1, keepdims=True))
    assert cause(product / length, "jvp", inputs) == "over-norm"


def test_rounded_numbers_show_no_traces() -> None:
    """Two decimals of another temperature's matrix are not finite differences, nor counts."""
    one = INPUTS.rows([0])
    assert cause(np.round(3.3 * J[:1], 2), inputs=one) not in (
        "finite-differences",
        "counts",
        "rounding-noise",
    )


def test_every_wrong_answer_has_a_cause() -> None:
    """Numbers without rhyme or reason are said to follow no formula; no mistake is named for them."""
    inputs = test_points.telling("vjp", temperature=1.0, varied=False)
    got = np.random.default_rng(3).normal(size=(4, 5))
    diagnosis = judge(Truth.of(Sought("softmax", "vjp"), inputs), got).diagnosis
    assert diagnosis.causes[0].title.startswith("no known mistake")
    assert len(diagnosis.causes) == 1
