"""Gradients of sampled objectives as people write them: right ones pass, each slip is named."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from softmax_cli.checking.calling.code.subject import Subject
from softmax_cli.checking.sampled import check_sampled, slips
from softmax_cli.errors import InputError

Array = NDArray[Any]


def sigma(x: Any) -> Any:
    """Return the sigmoid, as anybody writes it."""
    return 1.0 / (1.0 + np.exp(-x))


def logistic(label: Callable[[Any], Any], noise: Callable[[Any], Any]) -> Callable[..., Array]:
    """Return a gradient of sigmoids, corrected as told: functions of m q."""

    def grad(z: Array, y: int, negatives: Array, q: Array) -> Array:
        m, g = len(negatives), np.zeros_like(z)
        g[y] = sigma(z[y] + label(m * q[y])) - 1
        for s in negatives:
            g[s] += sigma(z[s] + noise(m * q[s]))
        return g

    return grad


def candidates(z: Array, y: int, negatives: Array, q: Array, *, drop: bool = False) -> Array:
    """Return the gradient of sampled softmax, by a softmax over the candidates."""
    m, g = len(negatives), np.zeros_like(z)
    ids = [y, *(s for s in negatives if not (drop and s == y))]
    e = np.exp([z[i] - np.log(m * q[i]) for i in ids])
    for i, w in zip(ids, e / e.sum(), strict=True):
        g[i] += w
    g[y] -= 1
    return g


def minus(x: Any) -> Any:
    """Subtract the logarithm."""
    return -np.log(x)


def plus(x: Any) -> Any:
    """Add the logarithm."""
    return np.log(x)


def none(x: Any) -> Any:
    """Leave it out."""
    return 0.0 * x


def averaged(z: Array, y: int, negatives: Array, q: Array) -> Array:
    """Average the noise."""
    m, g = len(negatives), np.zeros_like(z)
    for s in negatives:
        g[s] += sigma(z[s] - np.log(m * q[s])) / m
    g[y] += sigma(z[y] - np.log(m * q[y])) - 1
    return g


def hits_removed(z: Array, y: int, negatives: Array, q: Array) -> Array:
    """Remove negatives that equal the label."""
    m, g = len(negatives), np.zeros_like(z)
    for s in negatives[negatives != y]:
        g[s] += sigma(z[s] - np.log(m * q[s]))
    g[y] += sigma(z[y] - np.log(m * q[y])) - 1
    return g


def count_missing(z: Array, y: int, negatives: Array, q: Array) -> Array:
    """Subtract log q."""
    g = np.zeros_like(z)
    np.add.at(g, negatives, sigma(z[negatives] - np.log(q[negatives])))
    g[y] += sigma(z[y] - np.log(q[y])) - 1
    return g


def overwritten(z: Array, y: int, negatives: Array, q: Array) -> Array:
    """Assign where a class may come twice: no slip of the table."""
    m, g = len(negatives), np.zeros_like(z)
    g[negatives] = sigma(z[negatives] - np.log(m * q[negatives]))
    g[y] += sigma(z[y] - np.log(m * q[y])) - 0.5
    return g


def of_single(z: Array, y: int, negatives: Array, q: Array) -> Array:
    """Compute in single precision."""
    return right(z.astype(np.float32), y, negatives, q.astype(np.float32))


def right(z: Array, y: int, negatives: Array, q: Array) -> Array:
    """Compute it right."""
    m, g = len(negatives), np.zeros_like(z)
    np.add.at(g, negatives, sigma(z[negatives] - np.log(m * q[negatives])))
    g[y] += sigma(z[y] - np.log(m * q[y])) - 1
    return g


@pytest.mark.parametrize(
    ("function", "grad"),
    [
        ("nce", right),
        ("nce", of_single),
        ("sampled", candidates),
        ("sampled", lambda z, y, negatives, q: candidates(z, y, negatives, q, drop=True)),
        ("nce", lambda noise, samples, label, logits: (0.0, right(logits, label, samples, noise))),
        ("nce", lambda a, b, c, d: right(d, b, c, a)),
    ],
)
def test_right_ones_pass(function: str, grad: Callable[..., Any]) -> None:
    """Whatever the order of their parameters, and in single precision."""
    assert check_sampled(Subject.of(grad), function).passed


@pytest.mark.parametrize(
    ("function", "grad", "cause"),
    [
        ("nce", logistic(none, none), "correction-omitted"),
        ("nce", logistic(plus, plus), "correction-added"),
        ("nce", logistic(none, minus), "noise-alone-corrected"),
        ("nce", logistic(minus, none), "label-alone-corrected"),
        ("nce", count_missing, "count-missing"),
        ("nce", hits_removed, "hits-removed"),
        ("nce", averaged, "noise-averaged"),
        ("nce", candidates, "sampled-softmax"),
        ("sampled", right, "nce"),
        ("sampled", logistic(none, none), "negative-sampling"),
        ("nce", overwritten, None),
    ],
)
def test_slips_are_named(function: str, grad: Callable[..., Any], cause: str | None) -> None:
    """A wrong one fails, and the mistake is named where it explains every number, else none is."""
    verdict = check_sampled(Subject.of(grad), function)
    assert not verdict.passed
    assert verdict.wrong > 0
    assert (verdict.cause and verdict.cause.id) == cause


@pytest.mark.parametrize("function", ["nce", "sampled"])
def test_slips_differ_from_the_truth_and_from_each_other(function: str) -> None:
    """No row of the table is the right formula, and no two are one."""
    terms = [terms for terms, _ in slips(function)]
    assert len({tuple(one) for one in terms}) == len(terms) >= 8


def test_no_gradient_is_one_line() -> None:
    """A function that gives something else is told so."""
    with pytest.raises(InputError, match="no gradient"):
        check_sampled(Subject.of(lambda z, y, negatives, q: 1.0), "nce")
