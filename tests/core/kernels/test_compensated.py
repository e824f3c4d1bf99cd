"""(z - m) / T without loss, held against exact fractions."""

import sys
from fractions import Fraction

import numpy as np
import pytest

from softmax_cli.core.arrays import Float64
from softmax_cli.core.kernels.compensated import NEGLIGIBLE, ROOM, divide, scales, shifted, two_diff

TEMPERATURES = [
    5e-324,
    1e-310,
    2.0**-1000,
    0.1,
    0.5,
    0.7,
    1.0,
    1.5,
    2.0,
    3.0,
    2.0**100,
    1e300,
    sys.float_info.max,
]


def numbers(n: int, low: float, high: float) -> Float64:
    """Draw numbers of either sign whose sizes lie between 2^low and 2^high."""
    draw = np.random.default_rng(7)
    return np.asarray(draw.choice([-1.0, 1.0], n) * 2.0 ** draw.uniform(low, high, n))


def exact(*parts: float) -> Fraction:
    """Return the sum of doubles, exactly."""
    return sum(map(Fraction, parts), Fraction(0))


def test_two_diff_loses_nothing() -> None:
    """The exact a - b is the difference and what its rounding left out, whichever of the two is larger."""
    a, b = numbers(400, -60, 60), numbers(400, -60, 60)[::-1].copy()
    low, spare = np.empty_like(a), np.empty_like(a)
    difference = a - b
    two_diff(a, b, difference, low, spare)
    assert np.any(low)
    for x, y, d, rest in zip(*map(np.ndarray.tolist, (a, b, difference, low)), strict=True):
        assert exact(x, -y) == exact(d, rest)


@pytest.mark.parametrize("temperature", TEMPERATURES)
def test_scales_cut_a_temperature_exactly(temperature: float) -> None:
    """T = 2^-(before + after) factor; logits are scaled before the maximum is taken away where T >= 1."""
    before, after, factor = scales(temperature)
    assert Fraction(temperature) == Fraction(2) ** -(before + after) * Fraction(factor)
    assert 0.5 < factor <= 1.0
    assert (before <= 0 and after == 0) if temperature >= 1.0 else (before == 0 and after >= 0)


@pytest.mark.parametrize("factor", [0.5000000000000001, 0.6, 0.7512345678901234, 0.9999999999999999])
def test_divide_keeps_the_remainder(factor: float) -> None:
    """Beside the rounded quotient, what is left of (d + low) / factor, to 80 bits of the whole."""
    d = numbers(200, -40, 40)
    low = d * numbers(200, -70, -54)
    wanted = [exact(x, y) / Fraction(factor) for x, y in zip(d.tolist(), low.tolist(), strict=True)]
    rounded = d / factor
    q = divide(d.copy(), low, factor, [np.empty_like(d) for _ in range(3)])
    np.testing.assert_array_equal(q, rounded)
    for whole, quotient, rest in zip(wanted, q.tolist(), low.tolist(), strict=True):
        assert abs(exact(quotient, rest) / whole - 1) < Fraction(1, 2**79)


@pytest.mark.parametrize("temperature", [0.003, 0.5, 0.7, 1.0, 1.5, 3.0, 1e10])
@pytest.mark.parametrize("size", [0, 10])
def test_shifted_is_right_to_eighty_bits(temperature: float, size: int) -> None:
    """The sum q + low is (z - top) / T; q is at most 0, and room that is given holds the answer."""
    z = numbers(60, -20, size).reshape(4, 15) * temperature
    top = z.max(axis=1, keepdims=True)
    room = [np.full(z.shape, np.nan) for _ in range(ROOM)]
    q, low = shifted(z, top, temperature, room)
    assert any(q is array for array in room)
    assert q.max() == 0.0
    for row, (m,) in enumerate(top.tolist()):
        for x, quotient, rest in zip(z[row].tolist(), q[row].tolist(), low[row].tolist(), strict=True):
            whole = (Fraction(x) - Fraction(m)) / Fraction(temperature)
            assert abs(exact(quotient, rest) - whole) <= abs(whole) / 2**79
    again, rest_again = shifted(z, top, temperature)
    np.testing.assert_array_equal((again, rest_again), (q, low))


@pytest.mark.parametrize("temperature", TEMPERATURES)
def test_shifted_stays_finite_where_exp_is_not_0(temperature: float) -> None:
    """Masked classes and quotients beyond all bounds are -inf or vast, their remainder 0; no nan anywhere."""
    with np.errstate(all="ignore"):
        z = np.array([[sys.float_info.max, 0.0, -sys.float_info.max, -np.inf], [-1e308, 0.5, 1e308, 1.0]])
        q, low = shifted(z, z.max(axis=1, keepdims=True), temperature)
    assert not np.isnan(q).any()
    assert np.all(q <= 0.0)
    assert q[0, 3] == -np.inf
    assert np.isfinite(low).all()
    assert not low[~(q > NEGLIGIBLE)].any()
