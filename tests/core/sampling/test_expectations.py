"""Means over the label and the noise, against the sum over every draw."""

import itertools
from collections.abc import Iterator

import numpy as np
import pytest

from softmax_cli.core.arrays import Float64
from softmax_cli.core.sampling.expectations import Expectation, curvature, expectation
from softmax_cli.core.sampling.objectives import OBJECTIVES, SamplingLoss

SETTINGS = [
    (np.array([1.0, 0.5, -0.5, -1.0]), [0.4, 0.3, 0.2, 0.1], [0.1, 0.2, 0.3, 0.4], 2),
    (np.array([30.0, -40.0, 2.0]), [0.001, 0.009, 0.99], [0.0, 0.5, 0.5], 3),
    (np.array([0.0, 0.1]), [0.5, 0.5], [1.0, 0.0], 1),
    (np.array([700.0, 0.0, -700.0]), [0.2, 0.3, 0.5], [0.3, 0.3, 0.4], 1),
]


def one_draw(
    o: SamplingLoss, z: Float64, q: Float64, m: int, y: int, noise: tuple[int, ...]
) -> Iterator[float]:
    """Yield the loss, then the gradient, of one label and its noise, as anybody would write them."""
    a, x = o.scores(z, np.log(m * q))
    gradient = np.zeros(len(z))
    if o.family == "full":
        p = np.exp(z - z.max()) / np.exp(z - z.max()).sum()
        loss = np.log(np.exp(z - z.max()).sum()) + z.max() - z[y]
        gradient += p
    elif o.family == "logistic":
        loss = np.logaddexp(0, -a[y]) + sum(np.logaddexp(0, x[s]) for s in noise)
        gradient[y] += np.exp(-np.logaddexp(0, -a[y]))
        for s in noise:
            gradient[s] += np.exp(-np.logaddexp(0, -x[s]))
    else:
        scores = np.array([a[y], *(x[s] for s in noise)])
        shifted = np.exp(scores - scores.max())
        loss = np.log(shifted.sum()) + scores.max() - a[y]
        for s, weight in zip((y, *noise), shifted / shifted.sum(), strict=True):
            gradient[s] += weight
    gradient[y] -= 1.0
    yield loss
    yield from gradient


def enumerated(o: SamplingLoss, z: Float64, q: Float64, d: Float64, m: int, *, drop: bool) -> Expectation:
    """Return the means as sums over all k^(m + 1) draws."""
    loss, square, gradient = 0.0, 0.0, np.zeros(len(z))
    for y, *noise in itertools.product(range(len(z)), repeat=m + 1):
        weight = float(d[y] * np.prod(q[noise]))
        if weight:
            kept = tuple(s for s in noise if not (drop and o.family == "softmax" and s == y))
            one, *rest = one_draw(o, z, q, m, y, kept)
            loss += weight * one
            gradient += weight * np.array(rest)
            square += weight * float(np.dot(rest, rest))
    return Expectation(loss, gradient, square)


@pytest.mark.parametrize("drop", [False, True])
@pytest.mark.parametrize("name", OBJECTIVES)
@pytest.mark.parametrize(("z", "noise", "label", "m"), SETTINGS)
def test_equal_to_the_sum_over_every_draw(
    name: str, drop: bool, z: Float64, noise: list[float], label: list[float], m: int
) -> None:
    """Loss, gradient and spread are those of the enumeration, within 1e-12."""
    q, d = np.array(noise), np.array(label)
    found = expectation(OBJECTIVES[name], z, q, d, m, drop=drop)
    known = enumerated(OBJECTIVES[name], z, q, d, m, drop=drop)
    assert found.loss == pytest.approx(known.loss, rel=1e-12, abs=1e-12)
    assert found.gradient == pytest.approx(known.gradient, abs=1e-12)
    assert found.square == pytest.approx(known.square, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("drop", [False, True])
@pytest.mark.parametrize("name", OBJECTIVES)
def test_curvature_is_the_slope_of_the_gradient(name: str, drop: bool) -> None:
    """The second derivative is the central difference of the first."""
    z, q, d = np.array([1.0, 0.2, -0.7]), np.array([0.5, 0.3, 0.2]), np.array([0.2, 0.3, 0.5])
    objective, h = OBJECTIVES[name], 1e-5
    for j in range(3):
        up, down = z.copy(), z.copy()
        up[j] += h
        down[j] -= h
        slope = (
            expectation(objective, up, q, d, 3, drop=drop).gradient
            - expectation(objective, down, q, d, 3, drop=drop).gradient
        ) / (2 * h)
        assert curvature(objective, z, q, d, 3, drop=drop)[:, j] == pytest.approx(slope, abs=1e-8)


def test_a_million_negatives_are_the_full_gradient() -> None:
    """As m grows, the corrected objective becomes the cross-entropy."""
    z, q, d = np.array([1.0, 0.0, -2.0]), np.array([0.6, 0.3, 0.1]), np.array([0.2, 0.2, 0.6])
    full = expectation(OBJECTIVES["full"], z, q, d, 1).gradient
    many = expectation(OBJECTIVES["sampled"], z, q, d, 1_000_000).gradient
    assert many == pytest.approx(full, abs=1e-5)


def test_a_negative_that_equals_the_label_stays_unless_it_is_dropped() -> None:
    """Dropping is asked for: of the loss and of its curvature."""
    z, q, d, m = SETTINGS[0]
    given = OBJECTIVES["sampled"], z, np.array(q), np.array(d), m
    kept, dropped = (expectation(*given, drop=drop).loss for drop in (False, True))
    assert expectation(*given).loss == kept != dropped
    bent, other = (curvature(*given, drop=drop) for drop in (False, True))
    np.testing.assert_array_equal(curvature(*given), bent)
    assert (bent != other).any()
