"""Losses and scores against mpmath and by hand."""

import math
from typing import Any

import mpmath
import numpy as np
import pytest

from softmax_cli.core.kernels import blocks
from softmax_cli.core.labelled import labelled
from softmax_cli.core.loss import Totals, loss
from softmax_cli.core.scores import Objective, losses, row_scores
from softmax_cli.errors import InputError
from tests.core.reference import Exactly

RNG = np.random.default_rng(14)
LOGITS = RNG.normal(size=(400, 4)) * 3
LABELS = RNG.integers(4, size=400)


def ulps(found: float, exact: Any) -> float:
    """Return how far a result is from the exact one, in units in its last place."""
    return float(abs(mpmath.mpf(found) - exact) / mpmath.mpf(math.ulp(float(exact))))


@pytest.mark.parametrize("scale", [0.3, 5.0, 80.0, 700.0])
def test_each_row_within_four_ulp(scale: float) -> None:
    """A row's loss is within 4 ulp: of a class, of a distribution, with smoothing, at any temperature."""
    rng = np.random.default_rng(int(scale))
    for _ in range(12):
        k = int(rng.integers(2, 40))
        z, t = rng.normal(size=k) * scale, float(rng.choice([1.0, 0.37, 3.0]))
        y = int(z.argmax()) if rng.random() < 0.4 else int(rng.integers(k))
        costs = [-value for value in Exactly(z, t).log_p]
        soft = rng.dirichlet(np.ones(k))
        mixed = mpmath.fsum(mpmath.mpf(float(w)) * cost for w, cost in zip(soft, costs, strict=True))
        e = mpmath.mpf(0.1)
        smoothed = (1 - e) * costs[y] + e / k * mpmath.fsum(costs)
        assert ulps(loss([z], [y], temperature=t).nll, costs[y]) <= 4
        assert ulps(loss([z], [soft], temperature=t).nll, mixed) <= 4
        assert ulps(loss([z], [y], temperature=t, smoothing=0.1).nll, smoothed) <= 4


def test_focal_and_z_loss() -> None:
    """(1 - p)^G keeps its digits where p is close to 1, and the z-loss adds C logsumexp^2."""
    z = np.array([30.0, 0.0, -3.0])
    exact = Exactly(z)
    assert ulps(loss([z], [0], focal=2.0).nll, exact.complement[0] ** 2 * -exact.log_p[0]) <= 8
    assert ulps(loss([z], [0], focal=0.5).nll, exact.complement[0] ** 0.5 * -exact.log_p[0]) <= 8
    assert loss([z], [0], z_loss=0.5).nll == pytest.approx(0.5 * 30.0**2, rel=1e-12)
    lse = math.log(math.e + 1)
    assert loss([[1.0, 0.0]], [0], z_loss=3.0).nll == pytest.approx(lse - 1 + 3 * lse**2, rel=1e-14)
    assert loss([[math.inf, 0.0]], [0], z_loss=0.5).nll == math.inf


def test_saturated_rows() -> None:
    """A gap of 700 costs 700 or exp(-700), and a masked class is infinitely surprising."""
    assert loss([[0.0, 700.0]], [0]).nll == 700.0
    assert ulps(loss([[0.0, 700.0]], [1]).nll, mpmath.log1p(mpmath.exp(-700))) <= 4
    assert loss([[0.0, -math.inf]], [1]).nll == math.inf
    assert loss([[0.0, -math.inf, 1.0]], [[0.5, 0.0, 0.5]]).nll < 1.0


def test_the_sum_is_the_same_in_any_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """All results are the same to the bit whatever the size of a block."""
    whole = loss(LOGITS, LABELS, top=(2,))
    monkeypatch.setattr(blocks, "VALUES", (64, 64))
    assert loss(LOGITS, LABELS, top=(2,)) == whole
    assert whole.nll_sum == math.fsum(loss([z], [y]).nll for z, y in zip(LOGITS, LABELS, strict=True))


def test_a_weight_is_a_number_of_copies() -> None:
    """Rows of weight 3 and 0 give the mean loss, Brier score and accuracy of their copies, to the bit."""
    weights = RNG.integers(0, 4, size=400)
    weighted = loss(LOGITS, LABELS, weights)
    copied = loss(np.repeat(LOGITS, weights, axis=0), np.repeat(LABELS, weights))
    for name in ("nll", "nll_sum", "brier", "accuracy"):
        assert getattr(weighted, name) == getattr(copied, name)


@pytest.mark.parametrize("k", [4, 100])
@pytest.mark.parametrize("soft", [False, True])
def test_the_scores_of_rows_are_those_of_each_row(k: int, *, soft: bool) -> None:
    """Rows with ties and masked classes have the scores that they have alone, of few classes and of many."""
    rng = np.random.default_rng(k)
    z = np.round(rng.normal(size=(6, k)))
    z[1, 1:] = -np.inf
    z[2, 2] = -np.inf
    labels = rng.dirichlet(np.ones(k), 6) if soft else np.array([0, 0, 1, 2, 3, 3])
    every = Objective(2.0, 0.1, 1.0, 0.5, tuple(rng.random(k)), (1, 3))
    [(_, found)] = row_scores(labelled(z, labels), every)
    for i in range(6):
        [(_, alone)] = row_scores(labelled(z[i : i + 1], labels[i : i + 1]), every)
        for name in ("loss", "brier", "right", "tied", "weights"):
            np.testing.assert_array_equal(getattr(found, name)[i : i + 1], getattr(alone, name), name)
        assert {n: float(among[i]) for n, among in found.among.items()} == alone.among


def test_ties_are_not_right() -> None:
    """Accuracy counts the true class where it alone is largest; accuracy_tied where it is among them."""
    found = loss([[1.0, 1.0, 0.0], [2.0, 1.0, 0.0], [3.0, 1.0, 0.0]], [0, 0, 0], top=(1, 2))
    assert (found.accuracy, found.accuracy_tied) == (2 / 3, 1.0)
    assert found.top == {1: 2 / 3, 2: 1.0}


def test_every_open_class_is_among_as_many_as_there_are() -> None:
    """Of k or more classes the true one is always among them, but not where it is masked."""
    assert loss([[1.0, 0.0, -math.inf]] * 3, [1, 2, 0], top=(3, 5)).top == {3: 2 / 3, 5: 2 / 3}


def test_class_weights_divide_by_their_sum() -> None:
    """The weighted mean is the sum of weight times loss over the sum of the weights."""
    each = [loss([z], [y]).nll for z, y in zip(LOGITS, LABELS, strict=True)]
    table = np.array([1.0, 2.0, 0.5, 0.0])
    expected = math.fsum(table[LABELS] * each) / math.fsum(table[LABELS])
    assert loss(LOGITS, LABELS, class_weights=table).nll == pytest.approx(expected, rel=1e-14)
    one_hot = np.eye(4)[LABELS]
    assert loss(LOGITS, one_hot, class_weights=table).nll == pytest.approx(expected, rel=1e-14)


def test_standard_error() -> None:
    """nll_se is the sample deviation over the root of n, and unknown for one row."""
    each = np.array([loss([z], [y]).nll for z, y in zip(LOGITS, LABELS, strict=True)])
    assert loss(LOGITS, LABELS).nll_se == pytest.approx(each.std(ddof=1) / 20, rel=1e-12)
    assert loss(LOGITS[:1], LABELS[:1]).nll_se is None
    assert loss(LOGITS[:2], LABELS[:2]).nll_se == pytest.approx(abs(each[0] - each[1]) / 2, rel=1e-12)
    assert loss(LOGITS, LABELS, np.full(400, 3.0)).nll_se == pytest.approx(each.std(ddof=1) / 20, rel=1e-12)


def test_the_sum_in_place_of_the_mean() -> None:
    """The reduction sum gives loss, error and bits of the sum; the perplexity is that of the mean."""
    weights = np.full(400, 0.5)
    mean, total = (loss(LOGITS, LABELS, weights, reduction=reduction) for reduction in ("mean", "sum"))
    assert mean.nll_se is not None
    assert total.nll == mean.nll_sum == pytest.approx(200 * mean.nll, rel=1e-14)
    assert total.nll_se == pytest.approx(200 * mean.nll_se, rel=1e-14)
    assert [found.bits for found in (mean, total)] == [mean.nll / math.log(2), total.nll / math.log(2)]
    assert total.perplexity == mean.perplexity == math.exp(mean.nll)
    assert (total.rows, total.ignored) == (400, 0)


def test_the_losses_are_those_of_each_row() -> None:
    """`losses` gives the loss of each row, of smoothed labels too: at 1 all classes count the same."""
    each = losses(labelled(LOGITS, LABELS), Objective())
    assert each.tolist() == [loss([z], [y]).nll for z, y in zip(LOGITS, LABELS, strict=True)]
    even = np.full(LOGITS.shape, 1 / 4)
    assert loss(LOGITS, LABELS, smoothing=1.0).nll == pytest.approx(loss(LOGITS, even).nll, rel=1e-15)


def test_infinite_losses_are_counted_over_parts() -> None:
    """The first row whose loss is infinite is known in whatever order the parts come, and their number."""
    z = np.zeros((9, 2))
    z[[2, 3, 7], 1] = -math.inf
    rows = labelled(z, np.ones(9, int), np.array([1, 1, 0, 0.5, 1, 1, 1, 1, 1]))
    total = Totals()
    for part in reversed(list(rows.blocks(3))):
        one = Totals()
        one.add(part, Objective())
        total.merge(one)
    whole = Totals()
    whole.add(rows, Objective())
    for found in (total, whole):
        assert (found.first_infinite, found.infinite, found.rows) == (4, 2, 9)


@pytest.mark.parametrize(
    ("labels", "options", "what"),
    [
        ([4], {}, "there is no class 4"),
        ([1.0], {}, "shape"),
        ([[0.5, 0.2, 0.1, 0.1]], {}, "sum to 0.9"),
        ([[1.5, -0.5, 0.0, 0.0]], {}, "1.5 is no probability"),
        ([0], {"weights": [-1.0]}, "-1.0 is not a finite number"),
        ([0], {"weights": [0.0]}, "no row counts"),
        ([0], {"smoothing": 1.5}, "smoothing: 1.5 is not a number of at least 0 and at most 1$"),
        ([0], {"focal": -1.0}, "focal: -1.0 is not a number of at least 0$"),
        ([0], {"z_loss": math.inf}, "z_loss: inf is not"),
        ([0], {"reduction": "none"}, "'mean' or 'sum', not 'none'"),
        ([0], {"class_weights": [1.0]}, "4 classes"),
    ],
)
def test_bad_input(labels: Any, options: dict[str, Any], what: str) -> None:
    """What does not fit is refused with what is wrong."""
    with pytest.raises(InputError, match=what):
        loss(LOGITS[:1], labels, **options)
