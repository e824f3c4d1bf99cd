"""Mistakes that have a number in them: the number is found, and told in the mistake's own words."""

from collections.abc import Callable

import numpy as np
import pytest

from softmax_cli.checking.diagnosis.experiments.run import by_experiment
from softmax_cli.checking.inputs import Array, Sought
from tests.checking.asked import subject_of
from tests.checking.wrongs import plain_jacobian, plain_softmax


def exponentials(z: Array) -> Array:
    """Return e^(z - max z)."""
    return np.asarray(np.exp(z - z.max()))


@pytest.mark.parametrize(
    ("probabilities", "title"),
    [
        (
            lambda z: plain_softmax(2.5 * z),
            "the logits are multiplied by 2.5: the temperature is 0.4 times the one that was asked for",
        ),
        (lambda z: exponentials(z) / (exponentials(z).sum() + 0.003), "0.003 is added to the denominator"),
        (
            lambda z: np.clip(plain_softmax(z), 3e-4, 1 - 3e-4),
            "the probabilities are clipped to [0.0003, 1 - 0.0003]",
        ),
        (lambda z: np.maximum(plain_softmax(z), 2e-3), "the probabilities are clipped at 0.002 from below"),
        (lambda z: plain_softmax(np.maximum(z - z.max(), -7.0)), "z - max z is clipped at -7 from below"),
        (lambda z: plain_softmax(np.minimum(z, 1.5)), "the logits are clipped at 1.5 from above"),
        (
            lambda z: 0.97 * plain_softmax(z) + 0.03 / len(z),
            "the probabilities are mixed with the uniform distribution, whose weight is 0.03",
        ),
    ],
)
def test_a_number_in_the_probabilities_is_told(probabilities: Callable[[Array], Array], title: str) -> None:
    """It stands in the title as it was written in the code."""
    found = by_experiment(subject_of(Sought("softmax", "probabilities"), probabilities, ["z"]))
    assert found is not None
    assert [cause.title for cause in found.causes] == [title]


@pytest.mark.parametrize(
    ("label", "title"),
    [
        (lambda y, k: 0.93 * y + 0.07 / k, "the labels are smoothed by 0.07"),
        (
            lambda y, k: 0.93 * y + 0.07 * (1 - y) / (k - 1),
            "the labels are smoothed by 0.07, shared out among the other k - 1 classes",
        ),
    ],
)
def test_the_smoothing_of_a_label_is_told(label: Callable[[Array, int], Array], title: str) -> None:
    """With what becomes of the share that it takes from the true class."""

    def gradient(z: Array, y: Array) -> Array:
        return plain_softmax(z) - label(y, len(z))

    found = by_experiment(subject_of(Sought("cross-entropy", "gradient"), gradient, ["z", "onehot"]))
    assert found is not None
    assert [cause.title for cause in found.causes] == [title]


@pytest.mark.parametrize(
    ("added", "title", "formula"),
    [
        (np.ones((9, 9)), "0.002 is added to every entry", "the right formula + 0.002"),
        (np.eye(9), "0.002 is added to the diagonal", "the right formula + 0.002 d_ij"),
    ],
)
def test_a_constant_that_is_added_to_a_matrix_is_told(added: Array, title: str, formula: str) -> None:
    """With where it stands, and beside the right formula."""

    def jacobian(z: Array) -> Array:
        return plain_jacobian(z) + 0.002 * added[: len(z), : len(z)]

    found = by_experiment(subject_of(Sought("softmax", "jacobian"), jacobian, ["z"]))
    assert found is not None
    assert [(cause.title, cause.theirs) for cause in found.causes] == [(title, formula)]
