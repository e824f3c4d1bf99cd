"""Training: every gradient is right, every step is where the mathematics says, on any machine."""

from dataclasses import replace
from functools import reduce
from itertools import chain, pairwise
from operator import add

import numpy as np
import pytest

from softmax_cli.core.arrays import Float64
from softmax_cli.errors import InputError
from softmax_cli.learning import network as network_module
from softmax_cli.learning.datasets import fruit, iris
from softmax_cli.learning.experiment import Experiment
from softmax_cli.learning.network import Problem
from softmax_cli.learning.table import FeatureTable
from softmax_cli.learning.training import Plan, TrainingStep, descend, overshoot, safe_rate

PLANS = [
    Plan(),
    Plan(l2=0.3, momentum=0.9),
    Plan(hidden=3),
    Plan(hidden=4, activation="relu", l2=0.01, batch=16),
]


def steps(table: FeatureTable, plan: Plan) -> list[TrainingStep]:
    """Return all the steps of a plan on a table."""
    x = table.scale().standardised(table.values)
    return list(descend(plan.problem(table, x), plan))


@pytest.mark.parametrize("plan", PLANS)
def test_gradient_is_the_complex_step(plan: Plan) -> None:
    """Every derivative agrees with the complex step to 1e-10, at the start and after some steps."""
    for step in steps(iris(), replace(plan, steps=8))[::4]:
        truth = step.problem.complex_gradient(step.state.flat)
        np.testing.assert_allclose(step.state.gradient, truth, rtol=0, atol=1e-10)
        np.testing.assert_allclose(step.state.gradient, truth, rtol=1e-10, atol=1e-14)


def test_steps_are_plain_gradient_descent() -> None:
    """Without a hidden layer the steps are those of ten lines of numpy."""
    table = iris()
    x = (table.values - table.values.mean(axis=0)) / table.values.std(axis=0)
    y = np.eye(3)[table.labels]
    weights, biases = np.zeros((4, 3)), np.zeros(3)
    for step in steps(table, Plan(steps=30, l2=0.1)):
        e = np.exp(x @ weights + biases)
        p = e / e.sum(axis=1, keepdims=True)
        loss = -np.log(p[y == 1]).mean()
        by_weights, by_biases = x.T @ (p - y) / 150 + 0.1 * weights, (p - y).mean(axis=0)
        assert step.state.loss == pytest.approx(loss, rel=1e-12)
        assert step.state.objective == pytest.approx(loss + 0.05 * (weights**2).sum(), rel=1e-12)
        norm = np.sqrt((by_weights**2).sum() + (by_biases**2).sum())
        assert step.state.grad_norm == pytest.approx(norm, rel=1e-11)
        weights, biases = weights - 0.1 * by_weights, biases - 0.1 * by_biases


@pytest.mark.parametrize("plan", PLANS)
def test_another_machine_takes_the_same_steps(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sums in another order, as another BLAS takes them, change 200 steps by less than 1e-12."""
    plan = replace(plan, steps=200)
    ours = steps(iris(), plan)
    monkeypatch.setattr(network_module, "_IN_ORDER", 0)
    for one, other in zip(ours, steps(iris(), plan), strict=True):
        assert one.state.loss == pytest.approx(other.state.loss, rel=1e-12)
        np.testing.assert_allclose(one.state.flat, other.state.flat, rtol=0, atol=1e-12)


def test_batches_take_every_row_before_any_comes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """An epoch of batches is a permutation of the rows, another one each time, the same for one seed."""
    taken: list[list[int]] = []

    def gradient(self: Problem, flat: Float64, z: Float64, rows: object) -> Float64:
        if isinstance(rows, np.ndarray):
            taken.append(rows.tolist())
        return np.zeros_like(flat)

    monkeypatch.setattr(Problem, "gradient", gradient)
    steps(iris(), Plan(batch=40, steps=8))
    assert [len(rows) for rows in taken] == [40, 40, 40, 30] * 2
    first, second = [*chain(*taken[:4])], [*chain(*taken[4:])]
    assert sorted(first) == sorted(second) == list(range(150))
    assert first != second
    again, taken[:] = taken[:], []
    steps(iris(), Plan(batch=40, steps=8))
    assert taken == again


def test_promise_is_first_order() -> None:
    """What the derivative promises differs from what becomes of it by the square of the rate."""
    off = []
    for rate in (1e-3, 1e-4):
        [_, step] = steps(iris(), Plan(hidden=3, rate=rate, steps=1))
        off.append(np.abs(step.promised(70) - step.probabilities(70)).max())
    assert off[0] / off[1] == pytest.approx(100, rel=0.05)


def test_no_promise_before_the_first_step() -> None:
    """At step 0 the promise is the probabilities themselves."""
    [step] = steps(fruit(), Plan(steps=0))
    np.testing.assert_array_equal(step.promised(0), step.probabilities(0))


def test_overflow_names_the_step() -> None:
    """A rate that overflows ends in one line that names the step; the steps before have been given."""
    table = iris()
    plan = Plan(rate=300.0, l2=1.0)
    given: list[TrainingStep] = []
    taken = descend(plan.problem(table, table.scale().standardised(table.values)), plan)
    with pytest.raises(InputError, match=r"--rate: step \d+: the weights have grown too large") as caught:
        given.extend(taken)
    assert f"step {len(given)}:" in str(caught.value)


def test_overshoot_and_the_safe_rate() -> None:
    """Rate 5 goes past the lowest point; at the safe rate no step does, and the loss always falls."""
    table = iris()
    large = Plan(rate=5.0, steps=3)
    first, second, *_ = steps(table, large)
    shot = overshoot(first, second, large)
    assert shot is not None
    assert shot.slope < 0 < shot.turned
    assert 0 < shot.lowest < 5
    problem = first.problem
    careful = Plan(rate=safe_rate(problem), steps=30)
    taken = steps(table, careful)
    assert all(overshoot(one, other, careful) is None for one, other in pairwise(taken))
    assert all(other.state.loss < one.state.loss for one, other in pairwise(taken))


def test_accuracy_counts_no_tie() -> None:
    """A row is right where its true class alone is largest: at weights 0 none is."""
    assert steps(iris(), Plan(steps=0))[0].accuracy == 0.0


def test_status_of_gradient_descent() -> None:
    """A separable table is trained all the same, and told of; with l2 and enough steps it converges."""
    separable = Experiment(iris(), Plan(steps=3))
    assert len(list(separable.steps())) == 4
    assert (separable.status, separable.separation is None) == ("stopped", False)
    penalised = Experiment(iris(), Plan(steps=200, l2=1.0, rate=0.5))
    assert len(list(penalised.steps())) == 201
    assert (penalised.status, penalised.separation) == ("converged", None)


def test_few_products_are_added_in_order() -> None:
    """A product of small matrices adds its terms in order, so that it is the same on every machine."""
    draw = np.random.default_rng(1)
    a, b = draw.normal(size=(5, 97)), draw.normal(size=(97, 3))
    in_order = [[reduce(add, a[i] * b[:, j]) for j in range(3)] for i in range(5)]
    assert network_module.product(a, b).tolist() == in_order
