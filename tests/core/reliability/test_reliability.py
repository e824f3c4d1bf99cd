"""Every measure against an exact computation, and what calibrated models show."""

import math
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest

from softmax_cli.core import gathered
from softmax_cli.core.labelled import Labelled, labelled
from softmax_cli.core.reliability import isotonic, pairs
from softmax_cli.core.reliability.binned import bin_of
from softmax_cli.core.reliability.reliability import Confidences, ReliabilityOptions, reliability
from softmax_cli.core.reliability.results import Reliability
from softmax_cli.core.reliability.smooth import smooth_error
from softmax_cli.core.softmax import softmax
from softmax_cli.errors import InputError
from tests.core.calibration.test_calibrate import read

ALL = ("all", "ece_10", "ece_mass_7", "debiased_4", "mce_5", "classwise_4")


def drawn(seed: int, n: int = 90, k: int = 4) -> tuple[Any, Any]:
    """Return logits with ties, saturated rows among them, and labels."""
    rng = np.random.default_rng(seed)
    z = np.round(rng.normal(size=(n, k)) * 3, 1)
    z[: n // 6] = z[0]
    z[n // 6 : n // 4] = [60.0, 0.0, 0.0, 0.0][:k]
    p = softmax(z, temperature=1.5)
    return z, (p.cumsum(axis=1) < rng.random((n, 1))).sum(axis=1)


def exact_pairs(z: Any, y: Any) -> tuple[list[Fraction], list[int]]:
    """Return the confidences as they are, as fractions, and whether each was right."""
    p = softmax(z)
    top = z.argmax(axis=1)
    return [Fraction(float(p[i, top[i]])) for i in range(len(z))], (top == y).astype(int).tolist()


def pav(c: list[Fraction], r: list[int]) -> list[Fraction]:
    """Return the isotonic regression of each pair, equal confidences pooled: one block after the other."""
    stack: list[list[Any]] = []
    for value in sorted(set(c)):
        outcomes = [b for a, b in zip(c, r, strict=True) if a == value]
        stack.append([Fraction(sum(outcomes)), len(outcomes), [value]])
        while len(stack) > 1 and stack[-2][0] * stack[-1][1] >= stack[-1][0] * stack[-2][1]:
            hits, count, values = stack.pop()
            stack[-1] = [stack[-1][0] + hits, stack[-1][1] + count, stack[-1][2] + values]
    level = {value: hits / count for hits, count, values in stack for value in values}
    return [level[value] for value in c]


def brier(c: list[Fraction], r: list[int]) -> Fraction:
    """Return the mean of (c - r)^2."""
    return sum(((a - b) ** 2 for a, b in zip(c, r, strict=True)), Fraction(0)) / len(c)


def binned(c: list[Fraction], r: list[int], groups: list[list[int]]) -> list[tuple[int, Fraction, Fraction]]:
    """Return the size, mean confidence and frequency of each group that is not empty."""
    found = []
    for group in filter(None, groups):
        n = len(group)
        found.append((n, sum((c[i] for i in group), Fraction(0)) / n, Fraction(sum(r[i] for i in group), n)))
    return found


def width_groups(c: list[Fraction], bins: int, *, left: bool) -> list[list[int]]:
    """Return the pairs of each bin of equal width, its edges the doubles nearest to b / bins."""
    edges = [Fraction(b / bins) for b in range(1, bins)]
    groups: list[list[int]] = [[] for _ in range(bins)]
    for i, value in enumerate(c):
        groups[sum(value >= edge if left else value > edge for edge in edges)].append(i)
    return groups


def mass_groups(c: list[Fraction], bins: int) -> list[list[int]]:
    """Return the pairs of each bin of equal mass, by confidence, then row."""
    order = sorted(range(len(c)), key=lambda i: (c[i], i))
    return [part.tolist() for part in np.array_split(np.array(order), bins)]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("edges", ["right", "left"])
def test_every_measure_is_exact(seed: int, edges: str) -> None:
    """Each measure is within 1e-12 of its definition in exact arithmetic, ties and edges included."""
    z, y = drawn(seed)
    found = reliability(z, y, measures=ALL, edges=edges, resamples=0)
    c, r = exact_pairs(z, y)
    n, mean = len(c), Fraction(sum(r), len(r))
    regression = brier(pav(c, r), r)
    expected: dict[str, Any] = {
        "brier": brier(c, r),
        "brier_mcb": brier(c, r) - regression,
        "brier_dsc": brier([mean] * n, r) - regression,
        "brier_unc": brier([mean] * n, r),
    }
    for bins in (10, 15):
        groups = binned(c, r, width_groups(c, bins, left=edges == "left"))
        expected[f"ece_{bins}"] = sum(m * abs(a - b) for m, a, b in groups) / n
    for bins in (5, 15):
        groups = binned(c, r, width_groups(c, bins, left=edges == "left"))
        expected[f"mce_{bins}"] = max(abs(a - b) for _, a, b in groups)
    for bins in (7, 15):
        groups = binned(c, r, mass_groups(c, bins))
        expected[f"ece_mass_{bins}"] = sum(m * abs(a - b) for m, a, b in groups) / n
    for bins in (4, 15):
        groups = binned(c, r, mass_groups(c, bins))
        terms = (m * ((a - b) ** 2 - b * (1 - b) / (m - 1)) for m, a, b in groups)
        expected[f"debiased_{bins}"] = sum(terms) / n
    for bins in (4, 15):
        p = softmax(z)
        total = Fraction(0)
        for j in range(z.shape[1]):
            of_class = [Fraction(float(value)) for value in p[:, j]]
            came = (y == j).astype(int).tolist()
            groups = binned(of_class, came, width_groups(of_class, bins, left=edges == "left"))
            total += sum((m * abs(a - b) for m, a, b in groups), Fraction(0)) / n
        expected[f"classwise_{bins}"] = total / z.shape[1]
    for name, value in expected.items():
        assert found[name].value == pytest.approx(float(value), abs=1e-12, rel=0), name


def test_the_log_score_keeps_what_one_less_c_loses() -> None:
    """A wrong row whose confidence rounds to 1 has the finite log score that it really has."""
    found = reliability([[60.0, 0.0], [0.0, 1.0]], [1, 1], resamples=0)
    right = -mpmath.log(1 / (1 + mpmath.exp(-1)))
    assert found["log"].value == pytest.approx(float((mpmath.log1p(mpmath.exp(60)) + right) / 2), rel=1e-14)


@pytest.mark.parametrize("seed", range(8))
def test_corp_adds_up(seed: int) -> None:
    """The score is MCB - DSC + UNC within 1e-15, and MCB and DSC are not negative."""
    found = reliability(*drawn(seed), resamples=0)
    for name in ("brier", "log"):
        parts = [found[f"{name}_{part}"].value for part in ("mcb", "dsc", "unc")]
        assert abs(found[name].value - (parts[0] - parts[1] + parts[2])) <= 1e-15 * max(1, found[name].value)
        assert min(parts) >= -1e-16


def test_the_diagram_is_the_regression() -> None:
    """The diagram's blocks are those of the isotonic regression, and hold all rows."""
    z, y = drawn(3)
    found = reliability(z, y, resamples=0)
    c, r = exact_pairs(z, y)
    levels = pav(c, r)
    assert [block.observed for block in found.diagram] == pytest.approx(
        sorted({float(level) for level in levels})
    )
    assert sum(block.rows for block in found.diagram) == len(z)
    for block in found.diagram:
        inside = [
            level
            for level, a in zip(levels, c, strict=True)
            if block.confidence_low <= a <= block.confidence_high
        ]
        assert {float(level) for level in inside} == {block.observed}


def test_digits_as_measured() -> None:
    """Known values on real logits: the ECE depends on its bins; calibrated models show what MCB is worth."""
    z, y = read("digits")
    at_one = reliability(z, y)
    assert at_one["brier_mcb"].value == pytest.approx(0.00483, abs=5e-6)
    assert at_one["brier_mcb"].expected == pytest.approx(0.00132, abs=1e-4)
    assert at_one["brier_mcb"].p == pytest.approx(0.002, abs=0.003)
    fitted = reliability(z, y, temperature=3.1094765690386842, measures=("ece_15", "ece_10", "ece_100"))
    assert [round(fitted[name].value, 5) for name in ("ece_15", "ece_10", "ece_100")] == [
        0.01186,
        0.01877,
        0.0356,
    ]
    assert fitted["brier_mcb"].p is not None
    assert fitted["brier_mcb"].p > 0.2


def test_the_seed_decides_the_models() -> None:
    """The same seed gives the same reference, another seed another one."""
    z, y = drawn(1)
    first, second = (reliability(z, y, resamples=50, seed=5) for _ in range(2))
    assert first == second
    assert reliability(z, y, resamples=50, seed=6)["brier"].expected != first["brier"].expected


def test_scopes() -> None:
    """Scope classes pools the pairs of every class, and a class has its own."""
    z, y = drawn(2)
    p = softmax(z)
    everything = reliability(z, y, scope="classes", resamples=0)
    assert everything["brier"].value == pytest.approx(((p - np.eye(4)[y]) ** 2).mean(), rel=1e-12)
    one = reliability(z, y, scope=2, resamples=0)
    assert one["brier"].value == pytest.approx(((p[:, 2] - (y == 2)) ** 2).mean(), rel=1e-12)
    assert one.accuracy == pytest.approx((y == 2).mean())


def test_weights_are_copies() -> None:
    """A row of weight 2 counts as two rows."""
    z, y = drawn(4)
    weights = np.arange(len(z)) % 3
    once = reliability(z, y, weights, measures=("ece_15", "smece", "classwise_15"), resamples=0)
    copied = reliability(
        np.repeat(z, weights, axis=0),
        np.repeat(y, weights),
        measures=("ece_15", "smece", "classwise_15"),
        resamples=0,
    )
    for measure in once.measures:
        assert measure.value == pytest.approx(copied[measure.measure].value, abs=1e-9), measure.measure


def judge(parts: list[Labelled], question: ReliabilityOptions) -> Reliability:
    """Return the answer for rows that come in parts."""
    return gathered.gathered(Confidences(question), parts).judged()


def summary(found: Reliability) -> dict[str, float]:
    """Return the values by name."""
    return {measure.measure: measure.value for measure in found.measures}


def test_cells_are_close_and_state_their_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the limit pairs are counted in cells: values are within the bound that is stated."""
    rng = np.random.default_rng(0)
    z = rng.normal(size=(3000, 3)) * 3
    y = rng.integers(3, size=3000)
    question = ReliabilityOptions(measures=("ece_15", "smece"), resamples=20)
    exact = judge([labelled(z, y)], question)
    monkeypatch.setattr(pairs, "EXACT", 500)
    parts = [labelled(z[i : i + 700], y[i : i + 700]) for i in range(0, 3000, 700)]
    counted = judge(parts, question)
    assert exact.bound == 0.0
    assert 0.0 < counted.bound < 1e-3
    for name, value in summary(exact).items():
        assert summary(counted)[name] == pytest.approx(value, abs=counted.bound), name
    assert summary(counted)["brier"] == pytest.approx(summary(exact)["brier"], rel=1e-4)


def test_cells_hold_the_smallest_confidences(monkeypatch: pytest.MonkeyPatch) -> None:
    """Probabilities far below the finest cell are counted in the last ones."""
    z, y = np.array([[0.0, 70.0], [0.0, 9.0], [1.0, 0.0]] * 9), np.array([1, 1, 0] * 9)
    question = ReliabilityOptions(scope="classes", resamples=0)
    exact = judge([labelled(z, y)], question)
    monkeypatch.setattr(pairs, "EXACT", 5)
    counted = judge([labelled(z, y)], question)
    assert counted.bound > 0.0
    assert counted["brier"].value == pytest.approx(exact["brier"].value, rel=1e-4)


def test_the_classwise_error_has_its_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """Labels drawn from each row's probabilities give what a calibrated model would show, from parts too."""
    z, y = drawn(3)
    question = ReliabilityOptions(measures=("classwise_5",), resamples=60)
    found = judge([labelled(z, y)], question)["classwise_5"]
    rng, p = np.random.default_rng(8), softmax(z)
    again = [
        reliability(
            z, (p.cumsum(axis=1) < rng.random((len(z), 1))).sum(axis=1), measures=["classwise_5"], resamples=0
        )
        for _ in range(60)
    ]
    assert found.expected == pytest.approx(np.mean([one["classwise_5"].value for one in again]), rel=0.1)
    monkeypatch.setattr(gathered, "SECTION", 80)
    assert judge([labelled(z, y)], question)["classwise_5"].expected == pytest.approx(
        found.expected, rel=1e-9
    )


def test_smece_is_within_its_bound() -> None:
    """Of what came true smece is the exact one, not the rough one of the models."""
    z, y = drawn(5)
    p = softmax(z).max(axis=1)
    residual = ((z.argmax(axis=1) == y) - p) / len(z)
    found = reliability(z, y, measures=["smece"], resamples=0)["smece"].value
    assert found == pytest.approx(smooth_error(p, residual), abs=1e-9)


def test_every_model_counts() -> None:
    """A p-value is a share of the models asked for, this one among them; the seed is 0 unless given."""
    found = reliability(*drawn(1), resamples=9)
    shares = [10.0 * measure.p for measure in found.measures if measure.p is not None]
    np.testing.assert_allclose(shares, np.rint(shares), rtol=1e-12)
    assert found == reliability(*drawn(1), resamples=9, seed=0)


def test_bins_are_closed_on_the_right_unless_told() -> None:
    """A confidence of 1/2 is in the first of two bins, or with left edges in the second."""
    z, y = np.array([[0.0, 0.0], [math.log(9), 0.0]]), [0, 1]
    right = judge([labelled(z, y)], ReliabilityOptions(measures=("ece_2",), resamples=0))
    assert right["ece_2"].value == pytest.approx((0.5 + 0.9) / 2)
    left = reliability(z, y, measures=["ece_2"], edges="left", resamples=0)
    assert left["ece_2"].value == pytest.approx(0.4 / 2)


def test_pooling_one_by_one_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """What rounds of pooling leave is pooled one by one to the same blocks, sequences kept apart."""
    rng = np.random.default_rng(7)
    hits = rng.integers(0, 2, size=400).astype(float)
    first = np.arange(400) % 100 == 0
    expected = isotonic.pool(hits, np.ones(400), first)
    monkeypatch.setattr(isotonic, "_ROUNDS", 1)
    found = isotonic.pool(hits, np.ones(400), first)
    np.testing.assert_array_equal(found.starts, expected.starts)
    np.testing.assert_array_equal(found.observed, expected.observed)
    assert set(np.flatnonzero(first)) <= set(expected.starts.tolist())


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"measures": ["ece"]}, "no measure is called 'ece'"),
        ({"measures": ["ece_0"]}, "no measure"),
        ({"scope": 4}, "there is no class 4"),
        ({"edges": "up"}, "'right' or 'left'"),
        ({"temperature": 0}, "above 0"),
    ],
)
def test_bad_input(options: dict[str, Any], what: str) -> None:
    """What does not fit is refused."""
    with pytest.raises(InputError, match=what):
        reliability(*drawn(0), **options)


def test_one_row_and_perfect_rows() -> None:
    """A single row, and rows that are all sure and right, have measures without nan."""
    for z, y in (([[1.0, 0.0]], [0]), ([[math.inf, 0.0], [0.0, math.inf]], [0, 1])):
        found = reliability(z, y, measures=["all"], resamples=10)
        assert all(math.isfinite(measure.value) for measure in found.measures)


def test_a_confidence_at_an_edge_stays_there() -> None:
    """Every hundredth is at its edge, also as softmax of its logarithm: in the bin below, or above."""
    c = np.arange(1, 100) / 100
    given = np.asarray(softmax(np.log(np.stack([c, 1.0 - c], axis=1)))[:, 0], np.float64)
    assert bin_of(given, 100, left=False).tolist() == list(range(99))
    assert bin_of(given, 100, left=True).tolist() == list(range(1, 100))
