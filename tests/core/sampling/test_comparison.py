"""Sampled objectives beside the full softmax."""

import itertools

import numpy as np
import pytest
from numpy.typing import ArrayLike

from softmax_cli.core.sampling.comparison import compare
from softmax_cli.core.sampling.one_draw import Terms, gradient
from softmax_cli.core.softmax import softmax
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


@pytest.mark.parametrize(
    ("name", "terms"),
    [
        ("sampled", Terms("softmax")),
        ("nce", Terms()),
        ("negative-sampling", Terms(label=0.0, noise=0.0)),
    ],
)
def test_bias_direction_and_spread_are_those_of_all_draws(name: str, terms: Terms) -> None:
    """Every label with every pair of negatives, each as often as it is drawn."""
    z, q, d = np.array(Z), np.array(NOISE), np.array(LABEL)
    draws = list(itertools.product(range(4), repeat=3))
    each = np.array([gradient(terms, z, q, y, np.array(drawn)) for y, *drawn in draws])
    often = np.array([d[y] * q[a] * q[b] for y, a, b in draws])
    mean, full = often @ each, softmax(z) - d
    size = np.linalg.norm(full)
    [one] = compare(Z, NOISE, LABEL, 2, methods=[name])
    assert one.gradient == pytest.approx(mean)
    assert one.bias == pytest.approx(np.linalg.norm(mean - full) / size)
    assert one.cosine == pytest.approx(mean @ full / np.linalg.norm(mean) / size)
    assert one.sd == pytest.approx(np.sqrt(often @ ((each - mean) ** 2).sum(axis=1)) / size)


def test_counts_serve_as_a_distribution() -> None:
    """Noise and labels are divided by their sums."""
    [counted] = compare(Z, [4, 3, 2, 1], [2, 4, 6, 8], 2, methods=["infonce"])
    [one] = compare(Z, NOISE, LABEL, 2, methods=["infonce"])
    assert counted.gradient == pytest.approx(one.gradient)
    assert counted.learns == pytest.approx(one.learns)


def test_the_optimum_of_the_full_gradient_has_nothing_to_compare_with() -> None:
    """Where the full gradient is 0, bias and cosine are nan, not a crash."""
    [sampled] = compare([0.0, 0.0], [0.5, 0.5], [0.5, 0.5], 1, methods=["sampled"])
    assert np.isnan(sampled.cosine)


@pytest.mark.parametrize(
    ("noise", "label", "m", "says"),
    [
        ([1.0, 0.0], [0.5, 0.5], 1, "never drawn"),
        (
            [1.0, -1.0],
            [0.5, 0.5],
            1,
            "^noise: every number must be finite and at least 0, their sum above 0$",
        ),
        ([0.5, 0.5], [0.0, 0.0], 1, "^label: every number"),
        ([1.0], [0.5, 0.5], 1, "1 numbers for 2 classes"),
        ([0.5, 0.5], [np.nan, 0.5], 1, "finite"),
        ([0.5, 0.5], [0.5, 0.5], 0, "at least 1"),
    ],
)
def test_what_is_refused(noise: ArrayLike, label: ArrayLike, m: int, says: str) -> None:
    """Distributions and counts that mean nothing are refused in a sentence."""
    with pytest.raises(InputError, match=says):
        compare([0.0, 1.0], noise, label, m)
