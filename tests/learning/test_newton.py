"""Newton's method: the optimum to the last digits, and the proof that there is none."""

from itertools import pairwise

import mpmath
import numpy as np
import pytest

from softmax_cli.core.arrays import Float64
from softmax_cli.learning.datasets import fruit, iris
from softmax_cli.learning.experiment import Experiment
from softmax_cli.learning.network import Layer
from softmax_cli.learning.separation import Separator
from softmax_cli.learning.table import FeatureTable, Scale
from softmax_cli.learning.training import Plan


def table_of(rows: list[list[float]], words: str) -> FeatureTable:
    """Return a table with one letter for each row's class."""
    values = np.array(rows, np.float64)
    return FeatureTable.of_words(values, list(words), tuple("abcdefgh"[: values.shape[1]]), target="y")


def newton(table: FeatureTable, l2: float = 0.0) -> Experiment:
    """Run Newton's method to its end."""
    experiment = Experiment(table, Plan(l2=l2), newton=True)
    for _ in experiment.steps():
        pass
    return experiment


def correction(experiment: Experiment) -> float:
    """Return the largest change of a weight by one more Newton step, in 40 digits."""
    problem = experiment.problem
    assert experiment.last is not None
    with mpmath.workdps(40):
        d, k = problem.network.d, problem.network.k
        theta = mpmath.matrix(experiment.last.state.flat.tolist())
        size = (d + 1) * k
        gradient, hessian = mpmath.zeros(size, 1), mpmath.zeros(size, size)
        for row, label in zip(problem.x.tolist(), problem.labels.tolist(), strict=True):
            x = [*map(mpmath.mpf, row), mpmath.mpf(1)]
            e = [mpmath.exp(mpmath.fsum(x[f] * theta[f * k + j] for f in range(d + 1))) for j in range(k)]
            p = [value / mpmath.fsum(e) for value in e]
            for f, j in np.ndindex(d + 1, k):
                gradient[f * k + j] += (p[j] - (j == label)) * x[f] / len(problem.x)
                for g, i in np.ndindex(d + 1, k):
                    hessian[f * k + j, g * k + i] += p[j] * ((i == j) - p[i]) * x[f] * x[g] / len(problem.x)
        for place in range(size):
            if place < d * k:
                gradient[place] += problem.l2 * theta[place]
                hessian[place, place] += problem.l2
            for other in range(size):  # what shifts all classes alike is held where it is
                hessian[place, other] += place // k == other // k
        return float(max(abs(change) for change in mpmath.lu_solve(hessian, gradient)))


@pytest.mark.parametrize(
    ("table", "l2"),
    [
        (iris().of_features([2, 3]), 0.01),
        (iris().of_features([0, 1]), 1e-6),
        (fruit().of_features([1, 3]), 0.0),
        (table_of([[0, 0], [1, 0], [0, 1], [1, 1], [2, 0], [0, 2]], "abbaab"), 0.0),
    ],
)
def test_optimum_to_the_last_digits(table: FeatureTable, l2: float) -> None:
    """Where a best exists, no weight is off by more than 1e-12."""
    if table.target == "fruit":
        overlapping = np.isin(table.labels, (0, 3))
        words = [table.classes[label] for label in table.labels[overlapping]]
        table = FeatureTable.of_words(table.values[overlapping], words, table.features, target="fruit")
    experiment = newton(table, l2)
    assert experiment.status == "converged"
    assert correction(experiment) < 1e-12


def test_sums_are_zero() -> None:
    """The biases sum to 0, and so does every feature's line of weights."""
    experiment = newton(iris(), 0.01)
    model = experiment.model()
    [layer] = model.network.layers(model.flat)
    np.testing.assert_allclose(layer.biases.sum(), 0, atol=1e-14)
    np.testing.assert_allclose(layer.weights.sum(axis=1), 0, atol=1e-14)


def test_features_that_depend_on_each_other() -> None:
    """A feature given twice has a best with the weight shared between both."""
    single = [[0.0], [1.0], [2.0], [3.0]]
    experiment = newton(table_of([[x, 2 * x] for [x] in single], "abab"))
    once = newton(table_of(single, "abab"))
    assert experiment.status == once.status == "converged"
    assert experiment.last is not None
    assert once.last is not None
    assert experiment.last.state.loss == pytest.approx(once.last.state.loss, rel=1e-14)


@pytest.mark.parametrize(
    ("table", "apart"),
    [
        (table_of([[1], [2], [3], [4]], "aabb"), ((0, 1),)),
        (table_of([[1], [2], [2], [3]], "aabb"), ()),
        (table_of([[0.1, 0.3], [0.2, 0.2], [0.3, 0.1], [0, 0], [1, 1]], "abaab"), ()),
        (table_of([[0.1], [0.2], [0.3], [5.5], [5.7]], "abacc"), ((0, 2), (1, 2))),
        (iris(), ((0, 1), (0, 2))),
    ],
)
def test_separable(table: FeatureTable, apart: tuple[tuple[int, int], ...]) -> None:
    """Classes that a plane tells apart, or touches on one side, have no best weights: with proof."""
    experiment = newton(table)
    assert experiment.status == "separable"
    assert experiment.separation is not None
    assert experiment.separation.apart == apart
    strict = 0
    for values, label in zip(table.values.tolist(), table.labels.tolist(), strict=True):
        x = [*map(mpmath.mpf, map(repr, values)), mpmath.mpf(1)]
        with mpmath.workdps(400):
            scores = [
                mpmath.fsum(mpmath.mpf(v.numerator) / v.denominator * a for v, a in zip(row, x, strict=True))
                for row in experiment.separation.directions
            ]
            margins = [scores[label] - score for score in scores]
            assert min(margins) > -1e-40
            strict += max(margins) > 1e-6
    assert strict


@pytest.mark.parametrize("length", [1e-9, 1.0, 1e9])
def test_a_direction_is_as_good_at_any_length(length: float) -> None:
    """Rows that touch the plane, but for rounding, are found whatever the length of the direction."""
    separator = Separator(table_of([[1], [2], [2], [3]], "aabb"), Scale.none(1))
    weights, biases = np.array([[-0.5, 0.5]]), np.array([1.0, -1.0 + 1e-13])
    found = separator.along(Layer(length * weights, length * biases))
    assert found is not None
    assert found.apart == ()


@pytest.mark.parametrize(
    "table",
    [
        table_of([[1], [3], [2], [4]], "aabb"),
        table_of([[1], [1], [2], [2]], "abab"),
        fruit().of_features([3]),
    ],
)
def test_overlapping(table: FeatureTable) -> None:
    """Classes that overlap have best weights, and no direction is claimed to separate them."""
    experiment = newton(table)
    assert (experiment.status, experiment.separation) == ("converged", None)


def test_random_tables_against_a_linear_program() -> None:
    """On small tables of few digits, the answer is that of a linear program."""
    from scipy.optimize import linprog

    random = np.random.default_rng(3)
    seen = set()
    for _ in range(12):
        n, d = int(random.integers(6, 20)), int(random.integers(1, 3))
        values = random.integers(0, 5, (n, d)).astype(float)
        labels = (values @ random.normal(size=(d, 3)) + random.normal(size=(n, 3))).argmax(axis=1)
        if len(set(labels.tolist())) < 2 or (values == values[0]).all(axis=0).any():
            continue
        table = table_of(values.tolist(), "".join("abc"[label] for label in labels))
        status = newton(table).status
        assert status == ("separable" if _has_direction(table, linprog) else "converged")
        seen.add(status)
    assert seen == {"separable", "converged"}


def _has_direction(table: FeatureTable, linprog: object) -> bool:
    rows = []
    for values, label in zip(table.values, table.labels.tolist(), strict=True):
        x = np.append(values, 1.0)
        for j in set(range(table.k)) - {label}:
            row = np.zeros((table.k, len(x)))
            row[label], row[j] = x, -x
            rows.append(row.ravel())
    a: Float64 = np.array(rows)
    found = linprog(  # type: ignore[operator]
        -a.sum(axis=0), A_ub=-a, b_ub=np.zeros(len(a)), bounds=[(-1, 1)] * a.shape[1]
    )
    return bool(-found.fun > 1e-7)


def test_newton_never_goes_up() -> None:
    """The objective falls at every step."""
    experiment = Experiment(iris(), Plan(l2=1e-4), newton=True)
    values = [step.state.objective for step in experiment.steps()]
    assert all(after <= before * (1 + 1e-15) for before, after in pairwise(values))
