"""The mistakes of the catalogue, held against the same mistakes written in numpy, one row at a time.

Nothing here reads a formula: what a line of the tables computes has to be what somebody who makes the mistake
would compute.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest

from softmax_cli.checking.catalogue.mistake import RIGHT, right
from softmax_cli.checking.catalogue.table import by_table, guards, mistakes
from softmax_cli.checking.catalogue.tables import rows
from softmax_cli.checking.diagnosis.diagnose import diagnose
from softmax_cli.checking.diagnosis.evidence import ComparedAnswer
from softmax_cli.checking.inputs import Inputs, Kind, Quantities, Sought

Z = np.array([[1.43, -0.4, 0.23, 0.96, -1.17], [0.3, 1.1, -0.5, 0.2, 0.7], [-1.3, 2.4, 0.35, -0.22, 1.05]])
T = np.array([2.0, 0.6, 3.1])
TARGET = [1, 2, 4]
G = np.array([[0.2, 1.0, -0.7, 0.4, 0.9], [0.3, -0.2, 0.8, -1.1, 0.5], [1.0, 0.5, -0.25, 2.0, 0.1]])
INPUTS = Inputs.of(Z, T, TARGET, G)
K = 5


def softmax(x: np.ndarray) -> np.ndarray:
    """Return the plain formula."""
    found: np.ndarray = np.exp(x) / np.exp(x).sum()
    return found


def sigmoid(x: np.ndarray) -> np.ndarray:
    """Return the plain formula."""
    found: np.ndarray = 1 / (1 + np.exp(-x))
    return found


def off(right: np.ndarray, wrong: np.ndarray) -> np.ndarray:
    """Return a matrix with the diagonal of one and all else of the other."""
    return np.where(np.eye(len(right), dtype=bool), right, wrong)


def matrix(p: np.ndarray) -> np.ndarray:
    """Return diag(p) - p p^T."""
    return np.diag(p) - np.outer(p, p)


def rolled(m: np.ndarray, by: int, axis: int) -> np.ndarray:
    """Return a matrix whose lines moved, the last to the front."""
    return np.roll(m, by, axis)


E, ONES = np.eye(K), np.ones(K)
WRITTEN: dict[tuple[str, Kind], dict[str, Callable[..., Any]]] = {
    ("softmax", "jacobian"): {
        "sum-held-constant": lambda z, t, p, y, g: np.diag(p) / t,
        "diagonal-only": lambda z, t, p, y, g: np.diag(p * (1 - p)) / t,
        "delta-forgotten": lambda z, t, p, y, g: -np.outer(p, p) / t,
        "plus-sign": lambda z, t, p, y, g: (np.diag(p) + np.outer(p, p)) / t,
        "off-diagonal-positive": lambda z, t, p, y, g: off(matrix(p), np.outer(p, p)) / t,
        "diagonal-p": lambda z, t, p, y, g: off(np.diag(p), -np.outer(p, p)) / t,
        "diagonal-one-minus-p": lambda z, t, p, y, g: off(np.diag(1 - p), -np.outer(p, p)) / t,
        "diagonal-forgotten": lambda z, t, p, y, g: off(0 * E, -np.outer(p, p)) / t,
        "elementwise-square": lambda z, t, p, y, g: (np.diag(p) - p * p) / t,
        "elementwise-square-rows": lambda z, t, p, y, g: (np.diag(p) - (p * p)[:, None]) / t,
        "dot-product": lambda z, t, p, y, g: (np.diag(p) - np.dot(p, p)) / t,
        "p-j-subtracted": lambda z, t, p, y, g: (np.diag(p) - p) / t,
        "delta-is-one": lambda z, t, p, y, g: np.outer(p, 1 - p) / t,
        "derivative-in-every-row": lambda z, t, p, y, g: np.outer(ONES, p * (1 - p)) / t,
        "inputs-for-outputs": lambda z, t, p, y, g: p[:, None] * (E - z) / t,
        "inputs-outer-inputs": lambda z, t, p, y, g: (np.diag(p) - np.outer(z, z)) / t,
        "log-softmax-jacobian": lambda z, t, p, y, g: (E - p) / t,
        "log-softmax-jacobian-turned": lambda z, t, p, y, g: (E - p[:, None]) / t,
        "jacobian-squared": lambda z, t, p, y, g: matrix(p) @ matrix(p) / t**2,
        "softmax-twice-chained": lambda z, t, p, y, g: matrix(softmax(p)) @ matrix(p) / t,
        "times-p-i-again": lambda z, t, p, y, g: p[:, None] * matrix(p) / t,
        "times-p-j-again": lambda z, t, p, y, g: p * matrix(p) / t,
        "temperature-on-the-outer-term": lambda z, t, p, y, g: np.diag(p) - np.outer(p, p) / t,
        "sigmoid-derivative": lambda z, t, p, y, g: np.diag(sigmoid(z / t) * sigmoid(-z / t)) / t,
        "centring-matrix": lambda z, t, p, y, g: (E - 1 / K) / t,
        "lower-half-only": lambda z, t, p, y, g: np.tril(matrix(p)) / t,
        "upper-half-only": lambda z, t, p, y, g: np.triu(matrix(p)) / t,
        "columns-reversed": lambda z, t, p, y, g: matrix(p)[:, ::-1] / t,
        "columns-moved": lambda z, t, p, y, g: rolled(matrix(p), -1, 1) / t,
        "rows-moved": lambda z, t, p, y, g: rolled(matrix(p), -1, 0) / t,
        "delta-above-the-diagonal": lambda z, t, p, y, g: p[:, None] * (np.eye(K, k=1) - p) / t,
        "running-columns": lambda z, t, p, y, g: np.cumsum(matrix(p), axis=1) / t,
        "largest-row-only": lambda z, t, p, y, g: matrix(p) * (p == p.max())[:, None] / t,
        "temperature-ignored": lambda z, t, p, y, g: matrix(softmax(z)),
        "softmin": lambda z, t, p, y, g: matrix(softmax(-z / t)) / t,
        "base-2": lambda z, t, p, y, g: matrix(softmax(z / t * np.log(2))) / t,
    },
    ("softmax", "vjp"): {
        "dot-forgotten": lambda z, t, p, y, g: p * g / t,
        "p-forgotten": lambda z, t, p, y, g: (g - g @ p) / t,
        "sum-for-dot": lambda z, t, p, y, g: p * (g - g.sum()) / t,
        "mean-for-dot": lambda z, t, p, y, g: p * (g - g.mean()) / t,
        "mean-product-for-dot": lambda z, t, p, y, g: p * (g - (g * p).mean()) / t,
        "plus-sign": lambda z, t, p, y, g: p * (g + g @ p) / t,
        "only-dot": lambda z, t, p, y, g: p * (g @ p) / t,
        "dot-without-p": lambda z, t, p, y, g: (p * g - g @ p) / t,
        "log-softmax-vjp": lambda z, t, p, y, g: g @ (E - p) / t,
        "dot-with-logits": lambda z, t, p, y, g: p * (g - g @ z) / t,
        "max-for-dot": lambda z, t, p, y, g: p * (g - g.max()) / t,
        "vector-twice": lambda z, t, p, y, g: g * p * (g - g @ p) / t,
        "squared-p": lambda z, t, p, y, g: p * p * (g - g @ p) / t,
        "matrix-elementwise-square": lambda z, t, p, y, g: g @ (np.diag(p) - p * p) / t,
        "matrix-jacobian-squared": lambda z, t, p, y, g: g @ matrix(p) @ matrix(p) / t**2,
        "softmax-twice": lambda z, t, p, y, g: g @ matrix(softmax(p)) / t,
    },
    ("softmax", "probabilities"): {
        "temperature-ignored": lambda z, t, p, y, g: softmax(z),
        "temperature-multiplied": lambda z, t, p, y, g: softmax(z * t),
        "temperature-after-softmax": lambda z, t, p, y, g: softmax(z) / t,
        "not-normalised": lambda z, t, p, y, g: np.exp(z / t),
        "divided-by-largest": lambda z, t, p, y, g: np.exp(z / t) / np.exp(z / t).max(),
        "divided-by-length": lambda z, t, p, y, g: np.exp(z / t) / np.linalg.norm(np.exp(z / t)),
        "last-class-left-out": lambda z, t, p, y, g: np.exp(z / t) / np.exp(z[:-1] / t).sum(),
        "running-sum": lambda z, t, p, y, g: np.exp(z / t) / np.cumsum(np.exp(z / t)),
        "softmax-twice": lambda z, t, p, y, g: softmax(p),
        "softmin": lambda z, t, p, y, g: softmax(-z / t),
        "logits-rounded": lambda z, t, p, y, g: softmax(np.round(z / t)),
        "logits-floored": lambda z, t, p, y, g: softmax(z // t),
        "logits-standardised": lambda z, t, p, y, g: softmax((z - z.mean()) / z.std() / t),
        "logits-unit-length": lambda z, t, p, y, g: softmax(z / np.linalg.norm(z) / t),
        "sigmoids-normalised": lambda z, t, p, y, g: sigmoid(z / t) / sigmoid(z / t).sum(),
        "logits-normalised": lambda z, t, p, y, g: z / z.sum(),
        "relu-normalised": lambda z, t, p, y, g: np.maximum(z, 0) / np.maximum(z, 0).sum(),
        "softplus-normalised": lambda z, t, p, y, g: np.log1p(np.exp(z / t)) / np.log1p(np.exp(z / t)).sum(),
        "probabilities-reversed": lambda z, t, p, y, g: p[::-1],
        "probabilities-moved-up": lambda z, t, p, y, g: np.roll(p, 1),
        "logits-sorted-down": lambda z, t, p, y, g: np.sort(p)[::-1],
        "running-total": lambda z, t, p, y, g: np.cumsum(p),
        "rounded-2": lambda z, t, p, y, g: np.round(p, 2),
    },
    ("log-softmax", "jacobian"): {
        "transposed": lambda z, t, p, y, g: (E - p).T / t,
        "softmax-jacobian": lambda z, t, p, y, g: matrix(p) / t,
        "diagonal-only": lambda z, t, p, y, g: np.diag(1 - p) / t,
        "delta-forgotten": lambda z, t, p, y, g: -np.outer(ONES, p) / t,
        "over-p": lambda z, t, p, y, g: np.diag(1 / p) / t,
        "sigmoid-derivative": lambda z, t, p, y, g: np.diag(sigmoid(-z / t)) / t,
    },
    ("log-softmax", "log-probabilities"): {
        "log-base-2": lambda z, t, p, y, g: np.log2(p),
        "log1p": lambda z, t, p, y, g: np.log1p(p),
        "logit": lambda z, t, p, y, g: np.log(p) - np.log1p(-p),
        "log-softmax-twice": lambda z, t, p, y, g: np.log(softmax(p)),
        "only-shifted": lambda z, t, p, y, g: (z - z.max()) / t,
        "mean-subtracted": lambda z, t, p, y, g: (z - z.mean()) / t,
        "mean-of-exponentials": lambda z, t, p, y, g: z / t - np.log(np.exp(z / t).mean()),
        "temperature-outside": lambda z, t, p, y, g: np.log(softmax(z)) / t,
        "shift-not-added-back": lambda z, t, p, y, g: z / t - np.log(np.exp((z - z.max()) / t).sum()),
        "log-sigmoid": lambda z, t, p, y, g: -np.log1p(np.exp(-z / t)),
    },
    ("cross-entropy", "gradient"): {
        "target-not-subtracted": lambda z, t, p, y, g: p / t,
        "one-subtracted-everywhere": lambda z, t, p, y, g: (p - 1) / t,
        "derivative-twice": lambda z, t, p, y, g: (p - y) * p * (1 - p) / t,
        "jacobian-again": lambda z, t, p, y, g: matrix(p) @ (p - y) / t,
        "with-respect-to-p": lambda z, t, p, y, g: -y / p,
        "log-forgotten": lambda z, t, p, y, g: -matrix(p)[y.argmax()] / t,
        "loss-itself": lambda z, t, p, y, g: -y * np.log(p),
        "plus-sign": lambda z, t, p, y, g: (p + y) / t,
        "target-off-by-one": lambda z, t, p, y, g: (p - np.roll(y, 1)) / t,
        "target-off-by-one-down": lambda z, t, p, y, g: (p - np.roll(y, -1)) / t,
        "largest-for-target": lambda z, t, p, y, g: (p - (z == z.max())) / t,
        "first-for-target": lambda z, t, p, y, g: (p - E[0]) / t,
        "one-over-k-for-target": lambda z, t, p, y, g: (p - 1 / K) / t,
        "temperature-on-p": lambda z, t, p, y, g: p / t - y,
        "squared": lambda z, t, p, y, g: (p - y) ** 2 / t,
        "sigmoid-for-softmax": lambda z, t, p, y, g: (sigmoid(z / t) - y) / t,
        "target-zeroed": lambda z, t, p, y, g: np.where(y == 1, 0, p) / t,
        "temperature-ignored": lambda z, t, p, y, g: softmax(z) - y,
    },
    ("sigmoid", "jacobian"): {
        "sigmoid-itself": lambda z, t, p, y, g: np.diag(sigmoid(z / t)) / t,
        "tanh-derivative": lambda z, t, p, y, g: np.diag(1 - sigmoid(z / t) ** 2) / t,
        "softmax-jacobian": lambda z, t, p, y, g: matrix(p) / t,
        "outer-product": lambda z, t, p, y, g: matrix(sigmoid(z / t)) / t,
        "temperature-ignored": lambda z, t, p, y, g: np.diag(sigmoid(z) * sigmoid(-z)),
    },
}
EVERY = [(function, kind, name) for (function, kind), written in WRITTEN.items() for name in written]


def computed(function: str, kind: Kind, name: str) -> np.ndarray:
    """Return what the mistake comes to, written in numpy."""
    written = WRITTEN[function, kind][name]
    return np.array(
        [
            written(z, t, softmax(z / t), E[target], g)
            for z, t, target, g in zip(Z, T.tolist(), TARGET, G, strict=True)
        ]
    )


@pytest.mark.parametrize(("function", "kind", "name"), EVERY)
def test_a_line_computes_what_it_says(function: str, kind: Kind, name: str) -> None:
    """An entry of this id has the values of the mistake in numpy, but for a factor T, which is fitted."""
    sought = Sought(function, kind)
    entries = [m for m in (*mistakes(sought), *guards(sought)) if m.id == name]
    expected = computed(function, kind, name)
    temperatures = T.reshape(3, *[1] * (expected.ndim - 1))
    answers = [entry.answer(Quantities(INPUTS)) for entry in entries]
    answers += [answer * temperatures for answer in answers if name == "temperature-ignored"]
    assert any(np.allclose(answer, expected, rtol=1e-12) for answer in answers)


@pytest.mark.parametrize(("function", "kind", "name"), EVERY)
def test_what_numpy_computes_is_named(function: str, kind: Kind, name: str) -> None:
    """A wrong answer that knows nothing of the catalogue gets the name of its mistake, and it alone."""
    truth = right(Sought(function, kind))(Quantities(INPUTS))
    got = computed(function, kind, name)
    wrong = np.abs(got - truth) > 1e-9 * np.abs(truth)
    found = diagnose(ComparedAnswer(Sought(function, kind), INPUTS, got, truth, wrong))
    assert [cause.id for cause in found.causes][:1] == [name]


def test_every_line_of_the_tables_is_used() -> None:
    """No line is lost on the way from the files to the catalogue: every id is held against some answer."""
    used = {m.id for sought in RIGHT for m in (*mistakes(sought), *guards(sought))}
    named = {
        row["id"]
        for table in ("softmax_jacobian", "softmax_product", "probabilities", "guards")
        for row in rows(table)
    }
    assert len(used) > 400
    assert named - used == set()


FEWER = Inputs.of(9.0 * Z[:, :4], T, [1, 2, 3], G[:, :4])
PRODUCTS = {"sum-for-dot": "vjp", "dot-for-sum": "jvp"}
"""Wrong for one of J v and g^T J of log-softmax, which share a table, and right for the other."""
GENTLE_LOW_SATURATED = Inputs.of(
    [[1.43, -0.4, 0.23, 0.96, -1.17], [1.43, -0.4, -15.2, 0.96, -17.4], [20.0, 0.3, 1.2, -0.4, 0.7]],
    1.0,
    [1, 3, 0],
    G,
)


@pytest.mark.parametrize(("function", "kind"), sorted(RIGHT))
def test_no_line_is_another_in_other_words(function: str, kind: Kind) -> None:
    """A mistake that comes to the same as an earlier one of its table, or to what is right, is never told."""
    first, second = Quantities(INPUTS), Quantities(FEWER)
    formula = right(Sought(function, kind))
    kept = [(formula(first), formula(second))]
    for mistake in next(by_table(Sought(function, kind))):
        if function == "log-softmax" and PRODUCTS.get(mistake.id) == kind:
            continue
        answers = mistake.answer(first), mistake.answer(second)
        for others in kept:
            same = map(partial(np.allclose, rtol=1e-11, atol=0.0, equal_nan=True), answers, others)
            assert not all(same), mistake.id
        kept.append(answers)


@pytest.mark.parametrize(
    ("function", "kind", "name"),
    [
        (function, kind, guard.id)
        for function, kind in RIGHT
        for guard in guards(Sought(function, kind))
        if guard.id.endswith(("-1e-06", "rounded-6")) and not guard.id.startswith("matrix-")
        if kind != "loss" or guard.id != "clipped-below-1e-06"  # the target's p alone: clipping at both ends
    ],
)
def test_a_guard_is_named(function: str, kind: Kind, name: str) -> None:
    """Numbers that are nearly right are told by the small number that was added, or clipped at."""
    guard = next(one for one in guards(Sought(function, kind)) if one.id == name)
    q = Quantities(GENTLE_LOW_SATURATED)
    truth, got = right(Sought(function, kind))(q), np.array(guard.answer(q))
    wrong = ~(np.abs(got - truth) <= 1e-11 * np.abs(truth))
    found = diagnose(ComparedAnswer(Sought(function, kind), GENTLE_LOW_SATURATED, got, truth, wrong))
    assert name in [cause.id for cause in found.causes]
