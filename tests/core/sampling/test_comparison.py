"""Sampled objectives beside the full softmax."""

import numpy as np
import pytest
from numpy.typing import ArrayLike

from softmax_cli.core.sampling.comparison import compare
from softmax_cli.errors import InputError

Z, NOISE, LABEL = [1.0, 0.5, -0.5, -1.0], [0.4, 0.3, 0.2, 0.1], [0.1, 0.2, 0.3, 0.4]


@pytest.mark.parametrize("m", [1, 2, 20])
def test_what_is_learnt_is_what_training_comes_to(m: int) -> None:
    """The closed form and free logits trained from 0 agree."""
    for one in compare(Z, NOISE, LABEL, m):
        assert one.learns is not None
        assert one.trained == pytest.approx(one.learns, abs=1e-12)


def test_the_correction_decides_what_is_learnt() -> None:
    """With it the label's distribution is learnt; without it, that over the noise's."""
    learns = {one.method: one.learns for one in compare(Z, NOISE, LABEL, 2)}
    ratio = np.array(LABEL) / np.array(NOISE)
    for name in ("full", "sampled", "nce"):
        assert learns[name] == pytest.approx(LABEL)
    for name in ("sampled-uncorrected", "negative-sampling", "infonce"):
        assert learns[name] == pytest.approx(ratio / ratio.sum())


def test_logistic_objectives_fix_the_logits_themselves() -> None:
    """Nce learns log p, normalised by itself; negative sampling log p less log(m q)."""
    nce, negative = compare(Z, NOISE, LABEL, 2, methods=["nce", "negative-sampling"])
    assert nce.learns_logits == pytest.approx(np.log(LABEL))
    assert negative.learns_logits == pytest.approx(np.log(LABEL) - np.log(2 * np.array(NOISE)))


def test_full_is_its_own_yardstick() -> None:
    """The full gradient has no bias, and its own direction."""
    [full] = compare(Z, NOISE, LABEL, 2, methods=["full"])
    assert full.bias == 0.0
    assert full.cosine == pytest.approx(1.0)


def test_the_optimum_of_the_full_gradient_has_nothing_to_compare_with() -> None:
    """Where the full gradient is 0, bias and cosine are nan, not a crash."""
    [sampled] = compare([0.0, 0.0], [0.5, 0.5], [0.5, 0.5], 1, methods=["sampled"])
    assert np.isnan(sampled.cosine)


@pytest.mark.parametrize(
    ("noise", "label", "m", "says"),
    [
        ([1.0, 0.0], [0.5, 0.5], 1, "never drawn"),
        ([1.0, -1.0], [0.5, 0.5], 1, "at least 0"),
        ([1.0], [0.5, 0.5], 1, "1 numbers for 2 classes"),
        ([0.5, 0.5], [np.nan, 0.5], 1, "finite"),
        ([0.5, 0.5], [0.5, 0.5], 0, "at least 1"),
    ],
)
def test_what_is_refused(noise: ArrayLike, label: ArrayLike, m: int, says: str) -> None:
    """Distributions and counts that mean nothing are refused in a sentence."""
    with pytest.raises(InputError, match=says):
        compare([0.0, 1.0], noise, label, m)
