"""jvp and vjp: their bounds, and that they form no matrix."""

import tracemalloc
from typing import Any

import mpmath
import numpy as np
import pytest

from softmax_cli.core import cross_entropy, differentiate, log_softmax, softmax
from softmax_cli.errors import InputError
from tests.core.reference import Exactly

EPS = np.finfo(np.float64).eps


def check(got: Any, terms: list[Any]) -> None:
    """Hold a product against its terms: the error is at most 10 eps of the sum of their sizes."""
    allowed = 10 * EPS * mpmath.fsum(abs(term) for term in terms) + mpmath.mpf(2) ** -1022
    assert abs(mpmath.mpf(float(got)) - mpmath.fsum(terms)) <= allowed


@pytest.mark.parametrize("seed", range(40))
def test_products_are_accurate_relative_to_their_terms(seed: int) -> None:
    """Jvp and vjp of softmax and log-softmax keep 10 eps of the sum of the sizes of their terms."""
    rng = np.random.default_rng(seed)
    k = int(rng.integers(2, 40))
    t = 1.0 if seed % 3 == 0 else 10 ** rng.uniform(-3, 3)
    z = rng.normal(size=k) * 10 ** rng.uniform(-1, 4)
    v = rng.normal(size=k) * 10 ** rng.uniform(-5, 5, size=k)
    exact = Exactly(z, t)
    rows = range(k)
    forward = softmax.jvp(z, v, temperature=t)
    log_forward = log_softmax.jvp(z, v, temperature=t)
    log_backward = log_softmax.vjp(z, v, temperature=t)
    np.testing.assert_array_equal(softmax.vjp(z, v, temperature=t), forward)
    tangent = [mpmath.mpf(float(value)) for value in v]
    for i in rows:
        check(forward[i], [exact.entry(i, j) * tangent[j] for j in rows])
        check(log_forward[i], [exact.log_entry(i, j) * tangent[j] for j in rows])
        check(log_backward[i], [exact.log_entry(j, i) * tangent[j] for j in rows])


def test_a_saturated_product_keeps_its_digits() -> None:
    """Where one p is 1 - 1e-300, the product is what the tiny others make it, not 0."""
    got = softmax.jvp([690.0, 0.0], [1.0, 0.0])
    np.testing.assert_allclose(got, np.exp(-690.0) * np.array([1.0, -1.0]), rtol=1e-14)


def test_a_product_below_the_normal_range_is_brought_back_by_the_temperature() -> None:
    """exp(-740) has no digits left as a double, but over T = 1e-3 the product has all of them."""
    want = float(mpmath.exp(-740) / mpmath.mpf(1e-3))
    z = [740.0 * 1e-3, 0.0]
    exact = Exactly(np.array(z), 1e-3)
    got = softmax.jvp(z, [1.0, 0.0], temperature=1e-3)
    np.testing.assert_allclose(got, [float(exact.entry(0, 0)), float(exact.entry(1, 0))], rtol=1e-15)
    assert want == pytest.approx(got[0], rel=1e-10)


@pytest.mark.parametrize("function", ["softmax", "log-softmax", "sigmoid", "cross-entropy"])
@pytest.mark.parametrize("product", [differentiate.jvp, differentiate.vjp])
@pytest.mark.parametrize("k", [3, 100])
def test_products_of_rows_are_those_of_each_row(function: str, product: Any, k: int) -> None:
    """A batch, saturated rows among it, has the products that its rows have alone."""
    rng = np.random.default_rng(k)
    z, v = rng.normal(size=(2, 4, k)) * np.array([[[1.0], [10.0], [100.0], [1.0]]])
    scalar = function == "cross-entropy"
    vectors = v[:, 0] if scalar and product is differentiate.vjp else v

    def row(i: int) -> Any:
        return product(z[i], vectors[i], function=function, target=i % 3 if scalar else None)

    target = [0, 1, 2, 0] if scalar else None
    found = product(z, vectors, function=function, target=target)
    np.testing.assert_array_equal(found, [row(i) for i in range(4)])


def test_huge_tangents_do_not_overflow() -> None:
    """The difference of two tangents near the largest double is taken without overflow."""
    got = softmax.jvp([0.0, 5.0], [1.7e308, -1.7e308])
    assert np.isfinite(got).all()
    assert got[0] == pytest.approx(-got[1], rel=1e-15)


@pytest.mark.parametrize("z", [[0.0, 5.0, 1.0], [0.74, 0.0, -1.0]], ids=["shallow", "deep"])
@pytest.mark.parametrize("product", [softmax.jvp, log_softmax.jvp, log_softmax.vjp])
def test_a_product_is_linear_up_to_the_largest_double(product: Any, z: list[float]) -> None:
    """A vector times 2^500 has the product times 2^500, where probabilities are below the doubles too."""
    v = np.ldexp([-1.5, 1.25, 1e-3], 522)
    found = product(z, np.ldexp(v, 500), temperature=1e-3)
    with np.errstate(over="ignore"):
        wanted = np.ldexp(product(z, v, temperature=1e-3), 500)
    np.testing.assert_allclose(found, wanted, rtol=1e-15)


@pytest.mark.parametrize("function", ["softmax", "log-softmax", "sigmoid", "cross-entropy"])
@pytest.mark.parametrize("product", ["jvp", "vjp"])
@pytest.mark.parametrize("t", [1e-300, 4e-309, 5e-324])
def test_a_tiny_temperature_gives_no_nan(function: str, product: str, t: float) -> None:
    """Where entries / T, or their terms, are infinite, a product is what its exact value rounds to."""
    z = np.array([1.0, 1.0, 0.5]) * t
    scalar = function == "cross-entropy"
    for size in (0.0, 1e10, 1e3 * t):
        v = np.array([size, 0.0, 0.0])
        vector = size if scalar and product == "vjp" else v
        call = getattr(differentiate, product)
        target = 1 if scalar else None
        got = call(z, vector, function=function, target=target, temperature=t)
        unit = call(z / t, vector, function=function, target=target)
        with np.errstate(over="ignore"):
            np.testing.assert_allclose(got, unit / t, rtol=1e-12)


@pytest.mark.parametrize("function", ["softmax", "log-softmax", "sigmoid", "cross-entropy"])
@pytest.mark.parametrize("product", ["jvp", "vjp"])
def test_memory_is_proportional_to_k(function: str, product: str) -> None:
    """At k = 1,000,000, where the matrix would take 8 TB, a product takes some dozens of vectors."""
    k = 1_000_000
    z = np.linspace(-5.0, 5.0, k)
    target = 3 if function == "cross-entropy" else None
    vector = 1.0 if (function, product) == ("cross-entropy", "vjp") else np.ones(k)
    tracemalloc.start()
    getattr(differentiate, product)(z, vector, function=function, target=target)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 30 * z.nbytes


def test_a_sum_that_overflows_on_the_way() -> None:
    """A cotangent whose sum is beyond the doubles still gives the product that is within them."""
    g = np.array([1e308, 1e308, 1e308])
    expected = g * (1 - 3 * softmax.softmax([0, 1, 2]))
    np.testing.assert_allclose(log_softmax.vjp([0, 1, 2], g), expected, rtol=1e-14)


def test_errors_name_the_vector_that_was_given() -> None:
    """A cotangent that does not fit is called a cotangent."""
    with pytest.raises(InputError, match=r"cotangent: shape \(2, 2\) does not fit \(2,\)"):
        softmax.vjp([1, 2], np.eye(2))


@pytest.mark.parametrize("k", [4, 40])
@pytest.mark.parametrize("soft", [False, True])
def test_a_step_of_training_is_loss_and_gradient(k: int, *, soft: bool) -> None:
    """`value_and_gradient` is `cross_entropy` and `gradient`, to the bit, for either kind of target."""
    rng = np.random.default_rng(0)
    z = rng.normal(0, 30, (50, k))
    target = rng.dirichlet(np.ones(k), 50) if soft else np.arange(50) % k
    loss, slope = cross_entropy.value_and_gradient(z, target)
    np.testing.assert_array_equal(loss, cross_entropy.cross_entropy(z, target))
    np.testing.assert_array_equal(slope, cross_entropy.gradient(z, target))
