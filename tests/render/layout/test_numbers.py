"""Numbers for people."""

import math
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from softmax_cli.render.layout.numbers import NARROWEST, fitted, floats, number, point

finite = st.floats(allow_nan=False, allow_infinity=False)
probability = st.floats(0, 1)


def read(text: str) -> float:
    """Read a number as people do, ``1 - 2.1e-9`` included."""
    first, _, lack = text.replace("-1 + ", "-1 +").partition(" - ")
    return float(first) - float(lack) if lack else float(text)


@given(finite)
def test_four_digits_are_kept(x: float) -> None:
    """What is printed is the number, rounded to four significant digits or better."""
    assert abs(Decimal(number(x)) - Decimal(x)) <= abs(Decimal(x)) * Decimal("5.1e-4")


@given(finite)
def test_zero_is_exact(x: float) -> None:
    """Nothing but zero reads as zero, at any width that is allowed."""
    assert (float(number(x)) == 0) == (x == 0)
    if abs(x) < 1:
        assert (float(fitted(x, NARROWEST, signed=True)) == 0) == (x == 0)


@given(probability)
def test_one_is_exact(p: float) -> None:
    """Nothing but one reads as one."""
    assert (number(p, near_one=True) == "1") == (p == 1)
    assert fitted(p, NARROWEST, near_one=True) != "1.000"
    assert number(p, near_one=True) != "1.000"


@given(probability)
def test_what_is_missing_to_one_is_told(p: float) -> None:
    """Near one, the difference from one is right to two digits."""
    lack = 1 - read(number(p, near_one=True))
    assert math.isclose(lack, 1 - p, rel_tol=0.06, abs_tol=6e-5 if p < 0.9999 else 0)


@given(finite)
def test_few_digits_are_all_of_them(x: float) -> None:
    """A number without four significant digits is printed in full: 0.5 is a half, 0.5000 is about a half."""
    text = number(x)
    digits = text.lstrip("-").partition("e")[0].replace(".", "").lstrip("0")
    if len(digits) < 4:
        assert float(text) == x


@given(finite, st.integers(NARROWEST, 14), st.booleans(), st.booleans())
def test_a_number_fits(x: float, width: int, signed: bool, near_one: bool) -> None:
    """A number fits the width that it is given, with all its digits, if rounded."""
    text = fitted(x, width, signed=signed, near_one=near_one)
    assert len(text) <= width
    assert "…" not in text


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (1.0, "1"),
        (6.1e-9, "6.1e-9"),
        (6.12345e-9, "6.123e-9"),
        (0.00012346, "0.0001235"),
        (9.99996, "10.00"),
        (123456.7, "123457"),
        (1234567.0, "1.235e6"),
        (1e300, "1e300"),
        (5e-324, "4.941e-324"),
        (-math.inf, "-inf"),
    ],
)
def test_forms(x: float, text: str) -> None:
    """The written forms are these."""
    assert number(x) == text


def test_signs_are_written() -> None:
    """A signed number has its sign, zero none."""
    assert [number(x, signed=True) for x in (0.25, -0.25, 0.0)] == ["+0.25", "-0.25", "0"]


def test_float32_reads_as_it_was_meant() -> None:
    """0.1 as a float32 is printed as 0.1, not as the double beside it."""
    assert [number(x) for x in floats(np.array([0.1, 0.7], dtype=np.float32))] == ["0.1", "0.7"]


@given(finite)
def test_the_point_is_found(x: float) -> None:
    """Everything in front of the point is sign and digits."""
    text = number(x, signed=True)
    assert text[: point(text)].lstrip("+-").isdigit()
