"""Numbers beside symbols: they come from the expressions, and agree with the core."""

import math
import random

import numpy as np
import pytest

from softmax_cli.core.cross_entropy import gradient
from softmax_cli.core.differentiate import jacobian
from softmax_cli.tutor.derive import derive
from softmax_cli.tutor.evaluated_derivation import Lesson
from tests.tutor.cases import ROUTES
from tests.tutor.reader import lines, written


def logits(k: int, scale: float, seed: int) -> tuple[float, ...]:
    """Return random logits."""
    draw = random.Random(seed)
    return tuple(draw.uniform(-scale, scale) for _ in range(k))


def expected(function: str, z: tuple[float, ...], temperature: float, i: int, j: int) -> float:
    """Return the derivative as the core computes it."""
    values = np.array([z])
    if function == "cross-entropy":
        slope: float = np.asarray(gradient(values, [i], temperature=temperature)).tolist()[0][j]
        return slope
    entry: float = np.asarray(jacobian(values, function=function, temperature=temperature)).tolist()[0][i][j]
    return entry


def plain(function: str, z: tuple[float, ...], i: int, j: int) -> float:
    """Return the complex-step derivative of what a user of numpy writes; the target is class i."""
    moved = np.array(z, complex) - max(z)
    moved[j] += 1e-30j
    p = np.exp(moved) / np.exp(moved).sum()
    values = {
        "softmax": p,
        "log-softmax": moved - np.log(np.exp(moved).sum()),
        "sigmoid": 1 / (1 + np.exp(-moved - max(z))),
        "cross-entropy": np.log(np.exp(moved).sum()) - moved,
    }
    slope: float = values[function][i].imag / 1e-30
    return slope


@pytest.mark.parametrize("temperature", [1.0, 2.5])
@pytest.mark.parametrize("scale", [1.0, 30.0, 700.0])
@pytest.mark.parametrize(("function", "route"), ROUTES)
def test_the_answer_agrees_with_the_core(function: str, route: str, scale: float, temperature: float) -> None:
    """Every line of the chain has the core's value, from logits around 1 to logits around 700."""
    z = logits(4, scale, seed=3)
    for i, j in ((0, 0), (0, 2), (3, 1)):
        derivation = derive(function, 4, i, j, temperature=temperature != 1, route=route)
        lesson = Lesson(derivation, tuple("abcd"), named=True, temperature=temperature, logits=z)
        core = expected(function, z, temperature, i, j)
        for step in derivation.steps:
            value = lesson.value(step.rhs)
            assert value is not None
            if step.lhs == derivation.claim:
                assert math.isclose(float(value), core, rel_tol=1e-14, abs_tol=1e-300)


@pytest.mark.parametrize("scale", [1.0, 30.0, 700.0])
@pytest.mark.parametrize(("function", "route"), ROUTES)
def test_the_complex_step_agrees(function: str, route: str, scale: float) -> None:
    """The complex-step derivative is the same number, worked out in another way."""
    z = logits(5, scale, seed=4)
    for i in range(3):
        for j in range(3):
            lesson = Lesson(derive(function, 5, i, j, route=route), tuple("abcde"), named=True, logits=z)
            assert lesson.check is not None
            assert lesson.result is not None
            assert math.isclose(lesson.check.complex_step, lesson.result, rel_tol=1e-12, abs_tol=1e-280)
            assert math.isclose(
                lesson.check.complex_step, plain(function, z, i, j), rel_tol=1e-12, abs_tol=1e-15
            )
            assert lesson.check.difference == lesson.result - lesson.check.complex_step


@pytest.mark.parametrize(("function", "route"), ROUTES)
@pytest.mark.parametrize(
    "z", [(1.7e308, -1.7e308), (1e300, -1e308), (1e5, -1e5), (750.0, 750.0), (-1e4, -1e4), (0.0, 5e-324)]
)
def test_extreme_logits(function: str, route: str, z: tuple[float, ...]) -> None:
    """No finite logits are too large, too small or too far apart."""
    for i, j in ((0, 0), (1, 0), (1, 1)):
        lesson = Lesson(derive(function, 2, i, j, route=route), ("a", "b"), named=True, logits=z)
        assert lesson.result is not None
        assert math.isclose(lesson.result, expected(function, z, 1.0, i, j), rel_tol=1e-13, abs_tol=1e-300)
        assert lesson.check is not None
        assert math.isclose(lesson.result, lesson.check.complex_step, rel_tol=1e-12, abs_tol=1e-280)


def test_every_line_has_its_value_in_the_json() -> None:
    """A value beyond a double is written with its digits; any other is a number; both sides have the same."""
    document = written(derive("softmax", 2, 0, 1), logits=(800.0, 799.0))
    values = {line["id"]: line["value"] for line in lines(document["steps"])}
    assert values["f"] == "2.7263745721125666e347"
    assert values["join"] == document["value"] == pytest.approx(-0.19661193324148185, rel=1e-15)
    assert abs(document["check"]["difference"]) < 1e-16


def test_no_numbers_without_logits() -> None:
    """Without logits value and check are null."""
    document = written(derive("softmax", 2, 0, 1))
    assert document["value"] is None
    assert document["check"] is None
    assert {line["value"] for line in lines(document["steps"])} == {None}


@pytest.mark.parametrize("temperature", [1e-300, 1e-3, 1e3, 1e300])
def test_extreme_temperatures(temperature: float) -> None:
    """No temperature is too cold or too hot."""
    derivation = derive("softmax", 2, 0, 0, temperature=True)
    lesson = Lesson(derivation, ("a", "b"), named=True, temperature=temperature, logits=(1.0, 2.0))
    assert lesson.result is not None
    assert lesson.check is not None
    core = expected("softmax", (1.0, 2.0), temperature, 0, 0)
    assert math.isclose(lesson.result, core, rel_tol=1e-13, abs_tol=1e-310)
    assert math.isclose(lesson.result, lesson.check.complex_step, rel_tol=1e-12, abs_tol=1e-310)
