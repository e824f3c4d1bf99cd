"""The gradient of one draw is the derivative of its loss, written down again."""

import math

import numpy as np
import pytest

from softmax_cli.core.arrays import Float64
from softmax_cli.core.numerical.derivative import differentiate
from softmax_cli.core.sampling.one_draw import Terms, gradient

Z, Q = np.array([1.0, 0.5, -0.5, -1.0]), np.array([0.4, 0.3, 0.2, 0.1])
LABEL, NEGATIVES = 2, np.array([0, 2, 3, 0])


def loss(terms: Terms, z: Float64) -> float:
    """Return the loss of the draw, one candidate after the other."""
    m = len(NEGATIVES)

    def shift(weight: float, i: int) -> float:
        return weight * math.log(m * Q[i] if terms.counted else Q[i])

    own = z[LABEL] + shift(terms.label, LABEL)
    kept = [i for i in NEGATIVES if not (terms.drop and i == LABEL)]
    others = [z[i] + shift(terms.noise, i) for i in kept]
    if terms.family == "softmax":
        return math.log(sum(math.exp(x - own) for x in (own, *others)))
    noise = sum(math.log1p(math.exp(x)) for x in others)
    return math.log1p(math.exp(-own)) + (noise / m if terms.mean else noise)


@pytest.mark.parametrize(
    "terms",
    [
        Terms(),
        Terms(label=0.0, noise=0.0),
        Terms(label=1.0, noise=-1.0, counted=False),
        Terms(mean=True, drop=True),
        Terms("softmax"),
        Terms("softmax", drop=True),
        Terms("softmax", label=0.0, counted=False),
    ],
)
def test_it_is_the_derivative_of_the_loss(terms: Terms) -> None:
    """A class that is drawn twice counts twice, and a label among the negatives as both, or is dropped."""
    found = gradient(terms, Z, Q, LABEL, NEGATIVES)
    by_steps = differentiate(lambda z: np.array([loss(terms, z)]), Z, method="five-point")[0]
    assert found == pytest.approx(by_steps, abs=1e-9)


def test_nothing_is_left_of_negatives_that_are_all_the_label() -> None:
    """The logistic loss is the label's term alone; the softmax of one candidate is 1."""
    alone = np.array([LABEL, LABEL])
    found = gradient(Terms(drop=True, label=0.0), Z, Q, LABEL, alone)
    assert found == pytest.approx([0.0, 0.0, 1.0 / (1.0 + math.exp(0.5)) - 1.0, 0.0])
    assert gradient(Terms("softmax", drop=True), Z, Q, LABEL, alone) == pytest.approx(np.zeros(4))


def test_a_label_that_is_taken_for_noise_is_not_pulled_up() -> None:
    """The 1 that is subtracted at the label is missing."""
    pulled, not_pulled = (
        gradient(Terms(label_is_data=is_data), Z, Q, LABEL, NEGATIVES) for is_data in (True, False)
    )
    assert not_pulled - pulled == pytest.approx([0.0, 0.0, 1.0, 0.0])
