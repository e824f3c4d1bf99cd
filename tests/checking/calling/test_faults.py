"""The known faults of batches give what the code gives that people write."""

from collections.abc import Callable

import numpy as np
import pytest

from softmax_cli.checking.calling.faults import faults
from softmax_cli.checking.inputs import Array, Inputs, Kind, Sought

RNG = np.random.default_rng(5)
Z, G = RNG.normal(size=(2, 3, 3))
Y, T = np.array([2, 0, 1]), 0.8
BATCH = Inputs.of(Z, T, Y, G)
X = Z / T
E = np.exp(X - X.max(axis=1, keepdims=True))
P = E / E.sum(axis=1, keepdims=True)
DOWN, WHOLE = np.exp(X), np.exp(X - X.max())
BY_COLUMN, BY_OTHER = np.exp(X - X.max(axis=0)), np.exp(X - X.max(axis=1))
PROBABILITIES: list[tuple[str, Array]] = [
    ("batch-axis-0", DOWN / DOWN.sum(axis=0)),
    ("batch-summed-whole", DOWN / DOWN.sum()),
    ("batch-keepdims-missing", E / E.sum(axis=1)),
    ("batch-keepdims-missing", WHOLE / WHOLE.sum(axis=1)),
    ("batch-maximum-axis-0", BY_COLUMN / BY_COLUMN.sum(axis=1, keepdims=True)),
    ("batch-keepdims-missing", BY_OTHER / BY_OTHER.sum(axis=1, keepdims=True)),
]
DOTS: list[tuple[str, Callable[[Array], Array]]] = [
    ("dot-over-batch", lambda terms: np.asarray(terms.sum())),
    ("batch-dot-axis-0", lambda terms: np.asarray(terms.sum(axis=0))),
    ("batch-keepdims-missing", lambda terms: np.asarray(terms.sum(axis=1))),
]


def found(
    function: str, kind: Kind, inputs: Inputs = BATCH, *, raises: bool = True
) -> list[tuple[str, Array]]:
    """Return the ids and the answers."""
    return [(cause.id, answer) for cause, answer in faults(Sought(function, kind), inputs, raises=raises)]


def assert_told(told: list[tuple[str, Array]], expected: list[tuple[str, Array]]) -> None:
    """Hold ids and answers against those that are expected, in their order."""
    assert [name for name, _ in told] == [name for name, _ in expected]
    for (name, one), (_, other) in zip(told, expected, strict=True):
        np.testing.assert_allclose(one, other, err_msg=name)


def test_probabilities_are_mixed_in_six_ways() -> None:
    """Sums and maxima down the batch, over everything, or of another row."""
    assert_told(found("softmax", "probabilities"), PROBABILITIES)


def test_a_gradient_is_that_of_the_mixed_probabilities() -> None:
    """P less the target, over T."""
    expected = [(name, (p - np.eye(3)[Y]) / T) for name, p in PROBABILITIES]
    assert_told(found("cross-entropy", "gradient"), expected)


def test_a_loss_may_pick_the_targets_of_all_rows() -> None:
    """Their mean, or their sum."""
    every = -np.log(P)[:, Y]
    told = found("cross-entropy", "loss")
    picked = [(name, answer) for name, answer in told if name == "targets-of-all-rows"]
    assert_told(
        picked,
        [
            ("targets-of-all-rows", every.mean(axis=1, keepdims=True)),
            ("targets-of-all-rows", every.sum(axis=1, keepdims=True)),
        ],
    )


@pytest.mark.parametrize("kind", ["vjp", "jvp"])
def test_a_product_s_dot_may_be_of_other_rows(kind: Kind) -> None:
    """Softmax's is g . p, log-softmax's the sum of g."""
    told = found("softmax", kind)[len(PROBABILITIES) :]
    assert_told(told, [(name, P * (G - total(G * P)) / T) for name, total in DOTS])
    logs = found("log-softmax", kind)[len(PROBABILITIES) :]
    assert_told(logs, [(name, (G - P * total(G)) / T) for name, total in DOTS])


def test_what_needs_as_many_rows_as_classes_is_told_of_no_other_batch() -> None:
    """Where it raises at other shapes keepdims may be missing; where it does not, it is not."""
    assert all("keepdims" not in name for name, _ in found("softmax", "probabilities", raises=False))
    told = found("softmax", "vjp", BATCH.rows([0, 1]))
    assert all(np.isnan(answer).all() == ("keepdims" in name) for name, answer in told)
