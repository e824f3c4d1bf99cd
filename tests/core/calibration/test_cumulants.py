"""Sums about one inverse temperature, against mpmath; what must not depend on how the rows are laid out."""

import math
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest

from softmax_cli.core.calibration import distances, rows_at
from softmax_cli.core.calibration.cumulants import ORDER, START, Expansion, standard_error, step
from softmax_cli.core.calibration.rows_at import nearby
from softmax_cli.core.labelled import Labelled, labelled
from tests.core.calibration.reference import exact_temperature

INF = math.inf
B = 0.7


def exact_sums(rows: Labelled) -> dict[str, Any]:
    """Return the loss at T = 1 and at b, and the derivatives of the loss with respect to e at b (1 + e)."""
    found: dict[str, Any] = {"plain_loss": 0, "loss": 0, "slopes": [0] * (ORDER + 1)}
    with mpmath.workdps(40):
        columns = (rows.z.tolist(), rows.distributions().tolist(), rows.counts().tolist())
        for z, y, weight in zip(*columns, strict=True):
            if weight == 0.0:
                continue
            exact = [mpmath.mpf(v) for v in z if v != -INF]
            label = mpmath.fsum(share * mpmath.mpf(v) for share, v in zip(y, z, strict=True) if share > 0)
            for name, b in (("plain_loss", mpmath.mpf(1)), ("loss", mpmath.mpf(B))):
                found[name] += weight * (
                    mpmath.log(mpmath.fsum(mpmath.exp(b * v) for v in exact)) - b * label
                )
            slopes = cumulants([mpmath.mpf(B) * v for v in exact])
            slopes[1] -= mpmath.mpf(B) * label
            found["slopes"] = [a + weight * k for a, k in zip(found["slopes"], slopes, strict=True)]
    return found


def cumulants(w: list[Any], order: int = ORDER) -> list[Any]:
    """Return the cumulants of w under softmax(w): k_m = r_m - sum_j C(m - 1, j - 1) k_j r_(m-j)."""
    e = [mpmath.exp(v) for v in w]
    r = [mpmath.fsum(p * v**m for p, v in zip(e, w, strict=True)) / mpmath.fsum(e) for m in range(order + 1)]
    k = [mpmath.mpf(0)]
    for m in range(1, order + 1):
        k.append(r[m] - mpmath.fsum(math.comb(m - 1, j - 1) * k[j] * r[m - j] for j in range(1, m)))
    return k


def some_rows(case: str) -> Labelled:
    """Return a few rows: with many classes, ties, masks, weights, distributions, one class, +inf."""
    rng = np.random.default_rng(list(case.encode()))
    k = {"many classes": 90, "one class": 1, "two classes": 2}.get(case, 4)
    z = np.round(rng.normal(size=(7, k)) * 2, 3)
    y: Any = rng.integers(k, size=7)
    weights = None
    if case in {"ties", "many classes"}:
        z[0, :2] = z[0].max() + 1.0
        z[3] = 2.0
    elif case == "masks":
        z[np.arange(5), (y[:5] + 1) % k] = -INF
    elif case == "weights":
        weights = np.array([0.0, 0.5, 1.0, 3.0, 0.25, 1.0, 2.0])
        z[0, y[0]] = -INF
    elif case == "distributions":
        y = rng.dirichlet(np.ones(k), size=7)
    return labelled(z, y, weights)


CASES = ("plain", "many classes", "one class", "two classes", "ties", "masks", "weights", "distributions")


@pytest.mark.parametrize("case", CASES)
def test_sums_against_mpmath(case: str) -> None:
    """Losses and cumulants are those of the definition, and the rows given are left as they were."""
    rows = some_rows(case)
    before = rows.z.copy()
    found = Expansion(B)
    found.add(rows)
    exact = exact_sums(rows)
    assert found.loss == pytest.approx(float(exact["loss"]), rel=2e-15, abs=1e-15)
    assert found.plain_loss == pytest.approx(float(exact["plain_loss"]), rel=2e-15, abs=1e-15)
    for m in range(1, ORDER + 1):
        assert found.slopes[m] == pytest.approx(float(exact["slopes"][m]), rel=1e-12, abs=1e-12), m
    np.testing.assert_array_equal(rows.z, before)


@pytest.mark.parametrize("case", CASES)
def test_sums_by_powers_of_one_exponential(case: str) -> None:
    """About a b that is 7 / 10 of that of T = 1 the sums are the same, whether or not that is made use of."""
    rows = some_rows(case)
    one, two = Expansion(B, ratio=Fraction(7, 10)), Expansion(B)
    one.add(rows)
    two.add(rows)
    for name in ("loss", "plain_loss", "size", "moment"):
        assert getattr(one, name) == pytest.approx(getattr(two, name), rel=1e-13, abs=1e-14), name
    assert one.following == pytest.approx(two.following, rel=1e-11, abs=1e-13)  # its terms cancel
    np.testing.assert_allclose(one.slopes, two.slopes, rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(one.squares, two.squares, rtol=1e-12, atol=1e-13)


def test_a_gap_that_powers_do_not_reach() -> None:
    """Where exp(d) is below the least double, or d far below that, both sums are right all the same."""
    rows = labelled([[0.0, -720.0], [0.0, -1e4], [1.0, 0.0]], [1, 1, 0])
    one, two = Expansion(0.7, ratio=Fraction(7, 10)), Expansion(0.7)
    one.add(rows)
    two.add(rows)
    assert (one.loss, one.plain_loss) == (two.loss, two.plain_loss)
    assert one.plain_loss == pytest.approx(720.0 + 1e4 + math.log1p(math.exp(-1.0)), rel=1e-15)


@pytest.mark.parametrize(
    ("b", "ratio"), [(0.3335, "1/3"), (1.0, "1"), (1.9, "19/10"), (0.0101, None), (97.3, None)]
)
def test_the_ratio_that_is_nearby(b: float, ratio: str | None) -> None:
    """It is a ratio of small numbers within 0.4 %, the smaller numbers first, or none."""
    assert nearby(b) == (None if ratio is None else Fraction(ratio))
    assert Expansion.near(b, 0.5).b == pytest.approx(b, rel=0.004)


@pytest.mark.parametrize("case", CASES)
def test_a_start_has_the_first_cumulants(case: str) -> None:
    """With the order of a start the first cumulants are the same, and nothing else is summed up."""
    whole, start = Expansion(B), Expansion(B, order=START)
    whole.add(some_rows(case))
    start.add(some_rows(case))
    np.testing.assert_array_equal(start.slopes, whole.slopes[: START + 1])
    assert start.plain_loss == 0.0


@pytest.mark.parametrize("most", [1, 3, 5])
def test_the_cuts_make_no_difference(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    """However few rows are summed up together, the sums are the same but for rounding."""
    rows = some_rows("many classes")
    whole = Expansion(B)
    whole.add(rows)
    monkeypatch.setattr(rows_at, "MOST", most)
    monkeypatch.setattr(distances, "MOST", most)
    monkeypatch.setattr(distances, "_NUMBERS", 200)
    found = Expansion(B)
    found.add(rows)
    np.testing.assert_allclose(found.slopes, whole.slopes, rtol=1e-12)


@pytest.mark.parametrize("gap", [21.0, 9.0])
def test_small_losses_keep_their_digits(gap: float) -> None:
    """A sum of losses of 1e-9 or 1e-4 is right to the last digits: no log of products is taken."""
    z = np.zeros((4000, 3))
    z[:, 0] = gap + np.linspace(0, 1, 4000)
    found = Expansion(1.0)
    found.add(labelled(z, np.zeros(4000, int)))
    exact = math.fsum(math.log1p(2.0 * math.exp(-gap)) for gap in z[:, 0])
    assert found.plain_loss == pytest.approx(exact, rel=1e-15)


@pytest.mark.parametrize("order", [START, ORDER])
@pytest.mark.parametrize("away", [1e-3, 1e-2, 0.05, 0.2])
def test_the_bound_of_a_step_holds(order: int, away: float) -> None:
    """From farther and farther away the step's error stays below its bound."""
    rng = np.random.default_rng(5)
    z = rng.normal(size=(40, 4)) * 3
    y = (np.exp(z / 2).cumsum(axis=1) < rng.random((40, 1)) * np.exp(z / 2).sum(axis=1)[:, None]).sum(axis=1)
    b = 1 / float(exact_temperature(z, y, near=2.0))
    found = Expansion(b * (1 + away), order=order)
    found.add(labelled(z, y))
    e, error = step(found)
    assert abs(b * (1 + away) * (1 + e) / b - 1) <= error
    assert error < (1e-14 if order == ORDER and away < 1e-2 else 1.0)


def summed(rows: Labelled, expansion: Expansion) -> Expansion:
    """Return an expansion with the rows added."""
    expansion.add(rows)
    return expansion


def test_the_standard_error_a_step_away() -> None:
    """The standard error at a step e from b is that at b (1 + e), to second order in e."""
    rows, e = some_rows("weights"), 1e-3
    away = standard_error(summed(rows, Expansion(B)), e)
    assert away == pytest.approx(standard_error(summed(rows, Expansion(B * (1.0 + e))), 0.0), rel=1e-5)


@pytest.mark.parametrize("order", [START, ORDER])
def test_the_next_cumulant_is_bounded_by_what_it_is_made_of(order: int) -> None:
    """The central moment of the next order, and what lower ones add to it, make the next cumulant."""
    rows = some_rows("plain")
    w = B * (rows.z - rows.z.max(axis=1, keepdims=True))
    p = np.exp(w) / np.exp(w).sum(axis=1, keepdims=True)
    moment = (p * (w - (p * w).sum(axis=1, keepdims=True)) ** (order + 1)).sum()
    exact = sum(cumulants([mpmath.mpf(v) for v in row], order + 1)[-1] for row in w.tolist())
    found = summed(rows, Expansion(B, order=order))
    assert found.following + moment == pytest.approx(float(exact), rel=1e-10)


def test_powers_of_an_exponential_widen_the_bound() -> None:
    """What is raised to a power has that many times the error: the bound of the step says so."""
    rows = labelled([[1.0, 0.0]] * 8, [0] * 7 + [1])  # the best b is log 7
    plain, raised = (summed(rows, Expansion(2.0, ratio=ratio)) for ratio in (None, Fraction(2)))
    assert step(raised)[1] - step(plain)[1] >= 4.0 * np.finfo(float).eps


def test_the_first_masked_row_is_that_of_the_first_part() -> None:
    """Merging keeps the first masked row that is known, and takes the other's where there is none."""
    masked, free = labelled([[1.0, -INF]], [1]), labelled([[1.0, 0.0]], [1])
    for parts, first in (((masked, free), 1), ((free, masked), 1), ((free, free), None)):
        whole, other = (summed(part, Expansion(B)) for part in parts)
        whole.merge(other)
        assert whole.first_masked == first
