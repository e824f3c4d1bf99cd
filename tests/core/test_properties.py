"""What must hold for any logits."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from softmax_cli.core import differentiate
from softmax_cli.core.cross_entropy import cross_entropy, gradient
from softmax_cli.core.log_softmax import log_softmax
from softmax_cli.core.sigmoid import sigmoid
from softmax_cli.core.softmax import jacobian, softmax

EPS = np.finfo(np.float64).eps
Vectors = NDArray[np.float64]
settings.register_profile("core", deadline=None)
settings.load_profile("core")

finite = st.floats(-1e4, 1e4)
vectors = arrays(np.float64, st.integers(1, 40), elements=finite)
batches = arrays(np.float64, st.tuples(st.integers(0, 5), st.integers(1, 20)), elements=finite)
temperatures = st.floats(1e-3, 1e3)


@given(batches, temperatures)
def test_probabilities_sum_to_one(z: Vectors, t: float) -> None:
    """The sum differs from 1 by at most k eps, and every probability is in [0, 1]."""
    p = softmax(z, temperature=t)
    assert ((p >= 0) & (p <= 1)).all()
    np.testing.assert_allclose(p.sum(axis=-1), 1.0, rtol=0, atol=z.shape[-1] * EPS + 2 * EPS)


@given(vectors, st.integers(-1000, 1000))
def test_a_shift_changes_nothing(z: Vectors, shift: int) -> None:
    """Adding one number to all logits, exactly, leaves the probabilities within their bounds."""
    z = np.round(z * 1024) / 1024  # so that the sum is exact
    np.testing.assert_allclose(softmax(z + shift), softmax(z), rtol=4 * EPS, atol=2e-323)


@given(vectors, st.randoms())
def test_a_permutation_of_the_logits_permutes_the_probabilities(z: Vectors, random: Any) -> None:
    """The order of the classes does not matter."""
    order = list(range(len(z)))
    random.shuffle(order)
    np.testing.assert_allclose(softmax(z[order]), softmax(z)[order], rtol=6 * EPS, atol=2e-323)


@given(vectors, temperatures, st.floats(-1e4, 1e4))
def test_order_is_kept(z: Vectors, t: float, other: float) -> None:
    """A larger logit never has a smaller probability."""
    p = softmax(np.append(z, other), temperature=t)
    assert (np.diff(p[np.argsort(np.append(z, other), kind="stable")]) >= -4 * EPS * p.max()).all()


@given(vectors, st.integers(-8, 8))
def test_temperature_divides_the_logits(z: Vectors, power: int) -> None:
    """softmax(z, T) is softmax(z / T) where the division is exact, as by powers of two."""
    t = 2.0**power
    np.testing.assert_allclose(softmax(z, temperature=t), softmax(z / t), rtol=6 * EPS, atol=2e-323)


@given(batches, temperatures)
def test_the_jacobian_is_symmetric_and_its_rows_sum_to_zero(z: Vectors, t: float) -> None:
    """J is its own transpose to the bit, and what one class gains the others lose."""
    j = jacobian(z, temperature=t)
    np.testing.assert_array_equal(j, np.swapaxes(j, -1, -2))
    size = np.abs(j).sum(axis=-1)
    assert (np.abs(j.sum(axis=-1)) <= (z.shape[-1] + 10) * EPS * size + 1e-300).all()
    assert (np.einsum("...ii->...i", j) >= 0).all()


@given(batches, temperatures, st.sampled_from(["softmax", "log-softmax", "sigmoid"]), st.data())
def test_products_agree_with_the_matrix(z: Vectors, t: float, name: str, data: st.DataObject) -> None:
    """Jvp is J v and vjp is g J."""
    v = data.draw(arrays(np.float64, z.shape, elements=st.floats(-10, 10)))
    j = differentiate.jacobian(z, function=name, temperature=t)
    allowed = (z.shape[-1] + 20) * EPS
    forward = differentiate.jvp(z, v, function=name, temperature=t)
    backward = differentiate.vjp(z, v, function=name, temperature=t)
    size = np.einsum("nij,nj->ni", np.abs(j), np.abs(v)) + 1e-300
    assert (np.abs(forward - np.einsum("nij,nj->ni", j, v)) <= allowed * size).all()
    size = np.einsum("ni,nij->nj", np.abs(v), np.abs(j)) + 1e-300
    assert (np.abs(backward - np.einsum("ni,nij->nj", v, j)) <= allowed * size).all()


@given(vectors, temperatures, st.data())
def test_cross_entropy_is_the_negative_log_probability(z: Vectors, t: float, data: st.DataObject) -> None:
    """The loss is -log p, and its gradient minus the target's row of the log-softmax Jacobian, to the bit."""
    target = data.draw(st.integers(0, len(z) - 1))
    loss = cross_entropy(z, target, temperature=t)
    np.testing.assert_array_equal(loss, -log_softmax(z, temperature=t)[target])
    rows = differentiate.jacobian(z, function="log-softmax", temperature=t)
    np.testing.assert_array_equal(gradient(z, target, temperature=t), -rows[target])


@given(st.floats(-1e4, 1e4), temperatures)
def test_sigmoid_is_softmax_against_zero(logit: float, t: float) -> None:
    """sigmoid(z) is the first probability of softmax([z, 0])."""
    want = softmax([logit, 0.0], temperature=t)[0]
    np.testing.assert_allclose(sigmoid([logit], temperature=t)[0], want, rtol=8 * EPS, atol=2e-323)


@settings(max_examples=30)
@given(
    st.sampled_from([1, 2, 3, 9, 64, 65, 130]),
    st.sampled_from([0.5, 30.0, 800.0, 5000.0]),
    st.integers(0, 99),
)
def test_a_row_does_not_depend_on_its_batch(k: int, scale: float, seed: int) -> None:
    """The bits of a row's probabilities are the same alone, in a batch, and along another axis."""
    rng = np.random.default_rng(seed)
    z = rng.normal(size=(30, k)) * scale + rng.uniform(-800, 1600, size=(30, 1))
    z[rng.random(z.shape) < 0.05] = -np.inf
    z[:, 0] = rng.normal(size=30)
    together = softmax(z)
    for row, p in zip(z, together, strict=True):
        np.testing.assert_array_equal(softmax(row), p)
    np.testing.assert_array_equal(softmax(z.T, axis=0).T, together)


@pytest.mark.parametrize("k", [3, 200])
@pytest.mark.parametrize("function", [softmax, log_softmax, sigmoid])
def test_the_layout_in_memory_is_kept(k: int, function: Any) -> None:
    """What has a class after the other in memory stays so, with the same bits."""
    z = np.random.default_rng(0).normal(size=(50, k))
    turned = function(np.asfortranarray(z))
    assert turned.flags.f_contiguous
    assert function(z).flags.c_contiguous
    np.testing.assert_array_equal(turned, function(z))


@pytest.mark.parametrize("name", ["softmax", "log-softmax", "sigmoid"])
def test_masked_classes_take_no_part(name: str) -> None:
    """Without the masked classes the others have the same Jacobian."""
    z = np.array([1.0, -np.inf, 3.0, 0.5, -np.inf])
    kept = np.isfinite(z)
    j = differentiate.jacobian(z, function=name)
    np.testing.assert_allclose(
        j[np.ix_(kept, kept)], differentiate.jacobian(z[kept], function=name), rtol=8 * EPS
    )
