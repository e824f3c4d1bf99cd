"""Numbers without numpy: within their bound, and shown with the digits of the core, or not at all."""

import math

import numpy as np
import pytest

from softmax_cli.core import one_vector
from softmax_cli.core.sigmoid import sigmoid
from softmax_cli.core.softmax import jacobian, softmax
from softmax_cli.render.layout.numbers import number

EASY = [
    (rng.normal(scale=scale, size=k).round(digits).tolist(), temperature)
    for rng in [np.random.default_rng(5)]
    for k in (2, 3, 8, 50)
    for scale in (0.3, 2.0, 30.0)
    for digits in (1, 12)
    for temperature in (1.0, 0.37, 25.0)
]
HARD = [
    ([0.0, 0.0], 1.0),
    ([0.0] * 64, 1.0),
    ([1.0, -math.inf, 2.0], 1.0),
    ([1.0, math.inf], 1.0),
    ([0.0, -650.0, -700.0], 1.0),
    ([1e308, -1e308], 1e-300),
    ([40.0, 1.0], 1.0),
    ([math.log(3.0), 0.0], 1.0),
]


@pytest.mark.parametrize(("z", "temperature"), EASY + HARD)
def test_what_is_shown_is_what_the_core_shows(z: list[float], temperature: float) -> None:
    """Each number is within the bound of the core's, and has its digits, however few are shown."""
    for own, core in (
        (one_vector.softmax(z, temperature), softmax(z, temperature=temperature)),
        (one_vector.sigmoid(z, temperature), sigmoid(z, temperature=temperature)),
        (one_vector.jacobian(z, temperature), jacobian(z, temperature=temperature)),
    ):
        if own is None:
            continue
        np.testing.assert_allclose(own, core, rtol=one_vector.ERROR, atol=0)
        for x, y in set(zip(np.ravel(own).tolist(), np.ravel(core).tolist(), strict=True)):
            for digits in (1, 2, 3, 4):
                assert number(x, digits=digits, near_one=True) == number(y, digits=digits, near_one=True)


def test_most_need_no_core() -> None:
    """Logits as people give them have certain digits."""
    assert all(one_vector.softmax(z, t) is not None for z, t in EASY if max(z) - min(z) < 20 * t)
    assert one_vector.sigmoid([1.2, -math.inf]) is not None


@pytest.mark.parametrize("case", [0, 1, 3, 5, 6, 7])
def test_what_is_not_certain_is_left_to_the_core(case: int) -> None:
    """A number that four digits may hold exactly, an infinity, one near 1: None."""
    assert one_vector.softmax(*HARD[case]) is None
