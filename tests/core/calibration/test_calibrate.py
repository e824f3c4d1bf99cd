"""The temperature against mpmath, its certificate, and the inputs that have none."""

import csv
import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from softmax_cli.core.calibration import samples, temperature
from softmax_cli.core.calibration.calibrate import METHODS, calibrate, fit, fits
from softmax_cli.core.calibration.cumulants import Expansion
from softmax_cli.core.calibration.source import Here
from softmax_cli.core.labelled import labelled
from softmax_cli.core.loss import loss
from softmax_cli.errors import InputError
from tests.core.calibration.reference import exact_temperature
from tests.program import DATA

TRUE = {"iris": 0.66235439790678110, "digits": 3.1094765690386842}
INF = math.inf


def read(name: str) -> tuple[Any, Any]:
    """Return the logits and the labels of a file of tests/data."""
    with (DATA / f"{name}_logits.csv").open() as file:
        rows = list(csv.DictReader(file))
    classes = [column for column in rows[0] if column not in {"id", "label"}]
    z = np.array([[float(row[name]) for name in classes] for row in rows])
    return z, np.array([classes.index(row["label"]) for row in rows])


@pytest.mark.parametrize("name", TRUE)
@pytest.mark.parametrize("factor", [1.0, 1e-300, 1e-6, 1e4, 1e150, 1e300])
def test_the_true_temperature(name: str, factor: float) -> None:
    """T is within 1e-13 of mpmath's on real logits, and scales with them."""
    z, y = read(name)
    found = calibrate(z * factor, y)
    assert found.status == "ok"
    assert found.temperature == pytest.approx(TRUE[name] * factor, rel=1e-13)
    assert found.certified is not None
    assert found.certified < 1e-13


@pytest.mark.parametrize("case", ["offset", "weights", "soft", "masked", "float32", "few"])
def test_against_mpmath(case: str) -> None:
    """T is within its certificate of the exact value for the doubles that are read."""
    rng = np.random.default_rng(list(case.encode()))
    z = rng.normal(size=(60, 4)) * 3
    p = np.exp(z / 2) / np.exp(z / 2).sum(axis=1, keepdims=True)
    y: Any = (p.cumsum(axis=1) < rng.random((60, 1))).sum(axis=1)
    weights = None
    if case == "offset":
        z = z + 1e6 * rng.integers(-1, 2, size=(60, 1))
    elif case == "weights":
        weights = rng.integers(0, 4, size=60) / 3
    elif case == "soft":
        y = rng.dirichlet(np.exp(z.mean(axis=0))[:4], size=60) * 0.5 + p * 0.5
        y /= y.sum(axis=1, keepdims=True)
    elif case == "masked":
        z[np.arange(60), (y + 1) % 4] = -INF
    elif case == "float32":
        z = z.astype(np.float32)
    found = calibrate(z, y, weights)
    assert found.temperature is not None
    assert found.certified is not None
    exact = exact_temperature(np.asarray(z, np.float64), y, weights, near=found.temperature * 1.001)
    assert abs(found.temperature / float(exact) - 1) <= min(1e-13, found.certified + 3e-16)


def test_the_interval_does_not_ask_for_the_unit_of_weight() -> None:
    """Weights that are all the same say as much about T as none."""
    z, y = read("iris")
    plain, alike = calibrate(z, y), calibrate(z, y, np.full(len(z), 2.5))
    assert alike.se == pytest.approx(plain.se, rel=1e-9)
    assert (alike.low, alike.high) == pytest.approx((plain.low, plain.high), rel=1e-9)


def test_duplicates_are_weights() -> None:
    """Rows of weight 3 give the temperature of three copies."""
    z, y = read("iris")
    weights = np.arange(len(z)) % 4
    once = calibrate(z, y, weights)
    copied = calibrate(np.repeat(z, weights, axis=0), np.repeat(y, weights))
    assert once.temperature == pytest.approx(copied.temperature, rel=1e-14)
    assert once.nll_after == pytest.approx(copied.nll_after, rel=1e-14)


@pytest.mark.parametrize(
    ("z", "y", "status", "limit"),
    [
        ([[2, 0], [0, 1]], [0, 1], "zero", 0.0),
        ([[2, 2], [0, 1]], [0, 1], "zero", math.log(2) / 2),
        ([[1, 1, 1], [2, 0, 0]], [0, 0], "zero", math.log(3) / 2),
        ([[1, 0]], [0], "zero", 0.0),
        ([[1e300, 0], [0, 1e-300]], [0, 1], "zero", 0.0),
        ([[5, -INF, 1]], [0], "zero", 0.0),
        ([[INF, 0], [1, 0]], [0, 0], "zero", 0.0),
        ([[2, 0], [1, 0]], [1, 1], "infinite", math.log(2)),
        ([[1, 0, 0]] * 3, [0, 1, 2], "infinite", math.log(3)),
        ([[0.1, 0.2, 0.7]] * 3, [0, 1, 2], "infinite", math.log(3)),
        ([[1e6 + 0.1, 1e6]] * 2, [0, 1], "infinite", math.log(2)),
        ([[1e300, 0, 0]] * 3, [0, 1, 2], "infinite", math.log(3)),
        ([[1, 0, -INF], [0, 2, 1]], [1, 0], "infinite", math.log(6) / 2),
        ([[3, 1, 2], [3, 1, 2]], [1, 1], "infinite", math.log(3)),
        ([[1, 1], [3, 3]], [0, 1], "undetermined", math.log(2)),
        ([[0, 0, 0]], [2], "undetermined", math.log(3)),
        ([[1, -INF], [3, 3]], [0, 1], "undetermined", math.log(2) / 2),
        ([[1e300, 1e300]], [0], "undetermined", math.log(2)),
        ([[1, -INF], [0, 1]], [1, 1], "infeasible", INF),
        ([[0, 1], [1, -INF]], [0, 1], "infeasible", INF),
        ([[INF, 0], [1, 0]], [1, 0], "infeasible", INF),
        ([[-INF, 0, 1]], [[0.1, 0.4, 0.5]], "infeasible", INF),
        ([[0, 1], [0, 1]], [[0.0, 1.0], [0.0, 1.0]], "zero", 0.0),
        ([[0, 1], [0, 1]], [[0.5, 0.5], [0.5, 0.5]], "infinite", math.log(2)),
    ],
)
def test_inputs_without_a_temperature(z: Any, y: Any, status: str, limit: float) -> None:
    """Each input without a finite best T > 0 is named, with the limit of its loss."""
    found = calibrate(np.array(z, float), y)
    assert (found.status, found.temperature) == (status, None)
    assert found.nll_limit == pytest.approx(limit, rel=1e-14, abs=1e-300)


def test_accuracy_zero_may_have_a_temperature() -> None:
    """No row is right, and yet the labels' logits are above the means of their rows: T is finite."""
    found = calibrate([[5.0, 4.9, 0.0], [5.0, 4.9, -3.0]], [1, 1])
    assert found.status == "ok"
    assert found.temperature == pytest.approx(1.4768491652491305, rel=1e-12)


def test_the_masked_row_is_named() -> None:
    """The first row with a masked label is known by its number."""
    assert calibrate([[0.0, 1.0], [1.0, -INF], [1.0, -INF]], [0, 1, 1]).first_masked == 2


def test_the_losses_are_those_of_loss() -> None:
    """nll_before and nll_after are the mean losses at 1 and at T."""
    z, y = read("digits")
    found = calibrate(z, y)
    assert found.temperature is not None
    assert found.nll_before == pytest.approx(loss(z, y).nll, rel=1e-13)
    assert found.nll_after == pytest.approx(loss(z, y, temperature=found.temperature).nll, rel=1e-13)


def test_standard_errors() -> None:
    """The standard error is the sandwich: the root of the summed squared slopes over the curvature."""
    z, y = read("digits")
    found = calibrate(z, y)
    t = found.temperature
    assert t is not None
    p = np.exp((z - z.max(axis=1, keepdims=True)) / t)
    p /= p.sum(axis=1, keepdims=True)
    mean = (p * z).sum(axis=1)
    slope = mean - z[np.arange(len(z)), y]
    curvature = (p * z**2).sum(axis=1) - mean**2
    expected = t**2 * math.sqrt((slope**2).sum()) / curvature.sum()
    assert found.se == pytest.approx(expected, rel=1e-9)
    assert round(expected, 3) == 0.220
    assert found.high == pytest.approx(t + 1.959964 * expected, rel=1e-6)


@pytest.mark.parametrize("order", ["as they come", "by label", "by confidence"])
def test_rows_that_do_not_fit_the_sample(monkeypatch: pytest.MonkeyPatch, order: str) -> None:
    """From parts, with a small sample, T is the same after two passes, whatever the order of the rows."""
    monkeypatch.setattr(samples, "ROWS", 256)
    z, y = read("digits")
    by = {
        "as they come": np.arange(len(z)),
        "by label": np.argsort(y),
        "by confidence": np.argsort(z.max(axis=1)),
    }
    z, y = z[by[order]], y[by[order]]
    parts = [labelled(z[i : i + 97], y[i : i + 97]) for i in range(0, len(z), 97)]
    passes = 0

    def source() -> Any:
        nonlocal passes
        passes += 1
        return iter(parts)

    found = fit(Here(source), "temperature")
    assert found.temperature == pytest.approx(TRUE["digits"], rel=1e-12)
    assert found.passes == passes <= 3


def test_methods_that_share_the_search_for_the_temperature() -> None:
    """Fitted together, methods find what each finds alone, and the rows are read less often."""
    rows = labelled(*read("iris"))
    calls = 0

    def source() -> Any:
        nonlocal calls
        calls += 1
        return [rows]

    together, read_together = fits(Here(source), METHODS), calls
    alone = {method: fit(Here(source), method) for method in METHODS}
    assert repr(together) == repr(alone)
    assert read_together < calls - read_together


def test_a_large_array_starts_from_a_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    """T of an array larger than the sample is that of all its rows."""
    whole = calibrate(*read("digits"))
    monkeypatch.setattr(samples, "ROWS", 300)
    assert calibrate(*read("digits")).temperature == pytest.approx(whole.temperature, rel=1e-13)


def test_a_start_leads_to_the_root_in_one_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few steps on a part of the rows, one on all of the sample: T is certified when they are read once."""
    monkeypatch.setattr(temperature, "_PART", 1)
    monkeypatch.setattr(temperature, "_FEWEST", 250)
    found = calibrate(*read("digits"))
    assert found.temperature == pytest.approx(TRUE["digits"], rel=1e-13)
    assert found.passes == 1
    assert len(found.steps) < 30
    for before, after in pairwise(found.steps):
        assert after.temperature == pytest.approx(before.next_temperature, rel=1e-12)


def test_a_masked_label_outside_the_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    """One masked label among many rows is found wherever it is: the loss is infinite at every T."""
    monkeypatch.setattr(samples, "ROWS", 300)
    z, y = read("digits")
    z[917, y[917]] = -INF
    found = calibrate(z, y)
    assert (found.status, found.first_masked, found.rows) == ("infeasible", 918, len(z))
    assert found.nll_before == found.nll_limit == INF


def test_parts_of_the_sums_add_up() -> None:
    """Sums over parts merge to the sums over all rows."""
    rows = labelled(*read("iris"))
    whole = Expansion(1.3)
    whole.add(rows)
    first, second = Expansion(1.3), Expansion(1.3)
    first.add(rows.part(slice(0, 40)))
    second.add(rows.part(slice(40, None)))
    first.merge(second)
    np.testing.assert_allclose(first.slopes, whole.slopes, rtol=1e-13)
    assert (first.rows, first.weight) == (whole.rows, whole.weight)


def test_mixing_in_the_uniform_distribution() -> None:
    """Mix puts 1 / (n + 1) of the uniform distribution into softmax at T, and scores that."""
    z, y = read("digits")
    found = calibrate(z, y, method="mix")
    p = found.probabilities(z)
    u = 1 / 1080
    plain = calibrate(z, y).probabilities(z)
    np.testing.assert_allclose(p, (1 - u) * plain + u / 10, rtol=1e-12)
    assert found.nll_after == pytest.approx(-np.log(p[np.arange(1079), y]).mean(), rel=1e-12)
    assert (found.uniform, calibrate(z, y).uniform) == (1 / 1080, 0.0)
    assert found.passes == calibrate(z, y).passes + 1


@pytest.mark.parametrize(("method", "count"), [("vector", 6), ("matrix", 12)])
def test_scaling_has_no_slope_at_its_end(method: str, count: int) -> None:
    """The gradient of the loss is 0 at the parameters of vector and matrix scaling, to rounding."""
    z, y = read("iris")
    found = calibrate(z, y, method=method)
    assert found.status == "ok"
    assert found.affine is not None
    assert found.affine.matrix.size + found.affine.bias.size == count
    p = found.probabilities(z)
    residual = p - np.eye(3)[y]
    gradient = (residual * z).sum(axis=0) if method == "vector" else residual.T @ z
    assert np.abs(gradient).max() < 1e-8 * np.abs(z).sum()
    assert found.nll_after is not None
    assert found.nll_after < calibrate(z, y).nll_after  # type: ignore[operator]


def test_matrix_scaling_may_have_no_answer() -> None:
    """Where a matrix separates all rows, the loss falls to 0 without end: that is said."""
    z, y = read("digits")
    found = calibrate(z[:300], y[:300], method="matrix")
    assert (found.status, found.nll_limit, found.affine) == ("zero", 0.0, None)
    with pytest.raises(InputError, match="the status is zero"):
        found.probabilities(z)


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        ({"labels": [0], "weights": [0.0]}, "no row counts"),
        ({"labels": [0], "method": "platt"}, "no method is called 'platt'"),
        ({"labels": [2]}, "there is no class 2"),
        ({"labels": [0], "weights": [math.nan]}, "nan is not a finite number"),
    ],
)
def test_bad_input(arguments: dict[str, Any], what: str) -> None:
    """What does not fit is refused."""
    with pytest.raises(InputError, match=what):
        calibrate([[1.0, 0.0]], **arguments)


def test_vector_scaling_keeps_classes_masked() -> None:
    """A class that is masked in some rows counts for nothing there, without a warning, and stays masked."""
    z, y = read("iris")
    z[::5, 0] = -INF
    y[::5] = 1 + y[::5] // 2
    found = calibrate(z, y, method="vector")
    assert found.status == "ok"
    p = found.probabilities(z)
    assert (p[::5, 0] == 0.0).all()
    assert found.nll_after == pytest.approx(-np.log(p[np.arange(len(z)), y]).mean(), rel=1e-12)


def test_matrix_scaling_needs_finite_logits() -> None:
    """A masked class is refused, and the hint names a method that takes it."""
    z, y = read("iris")
    z[3, 0] = -INF
    y[3] = 1
    with pytest.raises(InputError, match="none may be infinite") as refused:
        calibrate(z, y, method="matrix")
    assert refused.value.hint == "--method vector, or temperature"
    assert calibrate(z, y, method="vector").status == "ok"
