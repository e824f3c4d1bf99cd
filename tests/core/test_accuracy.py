"""The error bounds that the docstrings state, against mpmath with 60 digits."""

from collections.abc import Iterator
from functools import cache

import mpmath
import numpy as np
import pytest

from softmax_cli.core import cross_entropy, log_softmax, sigmoid, softmax
from tests.core.reference import Exactly, Worst

REGIMES = ("T = 1", "any T", "extreme T", "at the edge of the normal range", "any maximum")
PAIRS = 150


def vectors(regime: str, thousands: int) -> Iterator[Exactly]:
    """Yield vectors of one regime, so many thousand classes in all."""
    classes = 0
    for exact in drawn(regime):
        if classes >= thousands * 1000:
            return
        classes += len(exact.z)
        yield exact


@cache
def drawn(regime: str) -> tuple[Exactly, ...]:
    """Return the vectors of one regime, drawn and worked out once for all tests."""
    rng = np.random.default_rng([REGIMES.index(regime), 1])
    classes = 0
    found = []
    while classes < 5000:
        k = int(2 + 10 ** rng.uniform(0, 2.999)) if rng.random() < 0.3 else int(rng.integers(2, 13))
        classes += k
        z, t = rng.normal(size=k) * 10 ** rng.uniform(-1, 4), 1.0
        if regime == "any T":
            t = 10 ** rng.uniform(-3, 3)
        elif regime == "extreme T":
            t = 10 ** rng.uniform(-300, 300)
            z = rng.normal(size=k) * t * 10 ** rng.uniform(-1, 3)
        elif regime == "at the edge of the normal range":
            t = 10 ** rng.uniform(-3, 3)
            z = -t * rng.uniform(690, 760, size=k)
            z[0] = 0.0
            z += rng.normal() * t * 100
        elif regime == "any maximum":
            z += rng.uniform(-2000, 2000)
        found.append(Exactly(z, t))
    return tuple(found)


@pytest.mark.parametrize("regime", REGIMES)
def test_softmax_and_log_softmax_are_within_4_ulp(regime: str) -> None:
    """Probabilities and log-probabilities keep 4 ulp whatever the logits and the temperature."""
    p, log_p = Worst(), Worst()
    for exact in vectors(regime, 5):
        z, t = exact.z, exact.temperature
        for got, want in zip(softmax.softmax(z, temperature=t), exact.p, strict=True):
            p.meet(got, want)
        for got, want in zip(log_softmax.log_softmax(z, temperature=t), exact.log_p, strict=True):
            log_p.meet(got, want)
    p.within(4.0)
    log_p.within(4.0)


@pytest.mark.skipif(np.finfo(np.longdouble).nmant < 63, reason="the reference is a longer double")
@pytest.mark.parametrize("k", [2, 3, 4, 5, 8, 30])
@pytest.mark.parametrize("t", [1.0, 1.4289327947006955])
def test_the_worst_of_a_million_is_within_4_ulp(k: int, t: float) -> None:
    """The bound holds for the rare rows too, in which all roundings go one way."""
    z = np.random.default_rng(0).normal(size=(1_000_000 // k, k)) * 10
    q = z.astype(np.longdouble) / np.longdouble(t)
    e = np.exp(q - q.max(axis=1, keepdims=True))
    exact = e / e.sum(axis=1, keepdims=True)
    error = np.abs(softmax.softmax(z, temperature=t) - exact) / np.spacing(exact.astype(np.float64))
    assert error.max() <= 4.0


@pytest.mark.parametrize("regime", REGIMES)
def test_jacobian_entries_are_within_10_ulp(regime: str) -> None:
    """Diagonal and other entries keep 10 ulp, of softmax and of log-softmax, saturated vectors included."""
    worst = Worst()
    rng = np.random.default_rng(5)
    for exact in vectors(regime, 4):
        z, t = exact.z, exact.temperature
        j, log_j = softmax.jacobian(z, temperature=t), log_softmax.jacobian(z, temperature=t)
        pairs = map(tuple, rng.integers(0, len(z), (PAIRS, 2)).tolist())
        for a, b in {*pairs, *((i, i) for i in range(min(len(z), PAIRS))), (exact.top, exact.top)}:
            worst.meet(j[a, b], exact.entry(a, b))
            worst.meet(log_j[a, b], exact.log_entry(a, b))
    worst.within(10.0)


@pytest.mark.parametrize("regime", REGIMES)
def test_cross_entropy_and_its_gradient(regime: str) -> None:
    """The loss keeps 4 ulp and its gradient 10, with the largest class as the target and with another."""
    loss, slopes = Worst(), Worst()
    for exact in vectors(regime, 2):
        z, t = exact.z, exact.temperature
        for target in {exact.top, int(np.argmin(z)), 0}:
            got_loss = np.float64(cross_entropy.cross_entropy(z, target, temperature=t))
            loss.meet(got_loss, -exact.log_p[target])
            for j, got in enumerate(cross_entropy.gradient(z, target, temperature=t)):
                slopes.meet(got, exact.slope(j, target))
    loss.within(4.0)
    slopes.within(10.0)


@pytest.mark.parametrize("regime", REGIMES)
def test_cross_entropy_with_a_distribution(regime: str) -> None:
    """The loss keeps 6 ulp, a slope 10 eps of what it is the difference of; one-hot is the class itself."""
    loss, slopes = Worst(), Worst()
    rng = np.random.default_rng(5)
    for exact in vectors(regime, 1):
        z, t = exact.z, exact.temperature
        y = rng.dirichlet(np.full(len(z), 10 ** rng.uniform(-2, 1)))
        y = y.astype(np.float32).astype(np.float64)  # sums to 1 within 1e-7
        wanted = -mpmath.fsum(float(share) * log_p for share, log_p in zip(y, exact.log_p, strict=True))
        loss.meet(np.float64(cross_entropy.cross_entropy(z, y, temperature=t)), wanted)
        gradient = cross_entropy.gradient(z, y, temperature=t)
        for got, (want, scale) in zip(gradient, exact.soft_slopes(y), strict=True):
            if np.isfinite(float(scale)) and scale > 1e-300:
                slopes.meet(np.float64(1.0 + float((mpmath.mpf(float(got)) - want) / scale)), mpmath.mpf(1))
        one_hot = np.eye(len(z))[exact.top]
        hard = cross_entropy.gradient(z, exact.top, temperature=t)
        np.testing.assert_array_equal(cross_entropy.gradient(z, one_hot, temperature=t), hard)
    loss.within(6.0)
    slopes.within(10.0)


@pytest.mark.parametrize("regime", REGIMES)
def test_sigmoid_and_its_derivative(regime: str) -> None:
    """The sigmoid keeps 4 ulp and its derivative 10."""
    values, slopes = Worst(), Worst()
    for exact in vectors(regime, 1):
        z, t = exact.z, exact.temperature
        got, jacobian = sigmoid.sigmoid(z, temperature=t), sigmoid.jacobian(z, temperature=t)
        for i in range(len(z)):
            values.meet(got[i], exact.sigmoid[i])
            slopes.meet(jacobian[i, i], exact.sigmoid_slopes[i])
    values.within(4.0)
    slopes.within(10.0)


def test_many_rows_are_as_accurate_as_one() -> None:
    """Blocks of few and of many classes keep the bound where every row goes its own way."""
    rng = np.random.default_rng(7)
    worst = Worst()
    for k in (3, 64, 65, 127, 129, 300):
        shift = rng.uniform(-2000, 2000, size=(40, 1))
        z = rng.normal(size=(40, k)) * 10 ** rng.uniform(-1, 3.5, size=(40, 1)) + shift
        for row, p in zip(z, softmax.softmax(z), strict=True):
            for got, want in zip(p, Exactly(row).p, strict=True):
                worst.meet(got, want)
    worst.within(4.0)


@pytest.mark.parametrize("edge", [-745.0, -600.0, -1.0, -0.5, 0.0, 650.0, 707.0, 745.0, 1490.0, 1500.0])
def test_the_bound_holds_where_the_way_changes(edge: float) -> None:
    """A maximum on either side of a limit between two ways of shifting keeps the bound, alone."""
    rng = np.random.default_rng(10)
    worst = Worst()
    for top in edge + np.array([-0.7, -0.3, -1e-9, 0.0, 1e-9, 0.3, 0.5, 0.7]):
        z = top - 10 ** rng.uniform(-2, 2.872, size=6)
        z[:4] = [top, rng.normal() if top > 4 else top - 1e-9, top / 2 - abs(top), top - 707.3]
        for got, want in zip(softmax.softmax(z), Exactly(z).p, strict=True):
            worst.meet(got, want)
    worst.within(4.0)


def test_a_class_that_outweighs_a_hundred_others_keeps_its_digits() -> None:
    """Adding many small terms to a large one does not round at each step."""
    rng = np.random.default_rng(9)
    worst = Worst()
    z = rng.normal(size=(120, 127)) * rng.uniform(3, 15, size=(120, 1))
    for row, p in zip(z, softmax.softmax(z), strict=True):
        exact = Exactly(row)
        for i in np.argsort(p)[-3:]:
            worst.meet(p[i], exact.p[i])
    worst.within(4.0)


def test_float32_keeps_the_bounds_in_its_own_ulp() -> None:
    """Results for float32 logits are float32 and keep the same bounds in float32 ulp."""
    rng = np.random.default_rng(8)
    worst = Worst()
    for _ in range(40):
        t = 10 ** rng.uniform(-3, 3)
        z = (rng.normal(size=9) * 10 ** rng.uniform(-1, 4)).astype(np.float32)
        exact = Exactly(z, t)
        p, j = softmax.softmax(z, temperature=t), softmax.jacobian(z, temperature=t)
        log_p = log_softmax.log_softmax(z, temperature=t)
        assert {p.dtype, j.dtype, log_p.dtype} == {np.dtype(np.float32)}
        for a in range(9):
            worst.meet(p[a], exact.p[a])
            worst.meet(log_p[a], exact.log_p[a])
            worst.meet(j[a, a], exact.entry(a, a))
            worst.meet(j[a, a - 1], exact.entry(a, a - 1))
    worst.within(2.0)
