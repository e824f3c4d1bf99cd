"""The one text form of floats."""

import re
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from softmax_cli.io.cells.floats import float_text, float_texts, people_text

FORM = re.compile(r"-?(?:inf|\d+\.\d+|\d(?:\.\d+)?e-?[1-9]\d*)")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0.0"),
        (-0.0, "-0.0"),
        (1.0, "1.0"),
        (0.1, "0.1"),
        (123456.0, "123456.0"),
        (1e-4, "0.0001"),
        (9.999e-5, "0.00009999"),
        (-1e-5, "-0.00001"),
        (1.25e-5, "0.0000125"),
        (9.99e-6, "9.99e-6"),
        (-1.5e-300, "-1.5e-300"),
        (5e-324, "5e-324"),
        (1e15, "1000000000000000.0"),
        (9999999999999998.0, "9999999999999998.0"),
        (1e16, "1e16"),
        (-1.5e300, "-1.5e300"),
        (-np.inf, "-inf"),
    ],
)
def test_form(value: float, text: str) -> None:
    """Fixed for 1e-5 <= |x| < 1e16, else an exponent without padding or plus sign."""
    assert float_texts(np.array([value])) == [text]
    assert float_text(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(1e6, "1000000.0"), (16777216.0, "16777216.0"), (0.1, "0.1"), (1.5e16, "1.5e16")]
)
def test_form_of_singles(value: float, text: str) -> None:
    """Singles have the same form, with their own digits."""
    assert float_texts(np.array([value], np.float32)) == [text]


@given(st.floats(allow_nan=False))
def test_doubles_read_back(value: float) -> None:
    """Every double reads back to the same bits, in the one form."""
    [text] = float_texts(np.array([value]))
    assert np.float64(text).tobytes() == np.float64(value).tobytes()
    assert FORM.fullmatch(text)
    assert ("e" not in text) == (value == 0 or 1e-5 <= abs(value) < 1e16 or np.isinf(value))


@given(st.floats(allow_nan=False, width=32))
def test_singles_read_back(value: float) -> None:
    """Every single reads back to the same bits, with no more digits than a single has."""
    [text] = float_texts(np.array([value], np.float32))
    assert np.float32(text).tobytes() == np.float32(value).tobytes()
    assert FORM.fullmatch(text)
    assert len(re.sub(r"e.*|[-.]", "", text).strip("0")) <= 9


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(1, 17))
def test_precision(value: float, digits: int) -> None:
    """A rounded number is the nearest one with that many significant digits, in the same form."""
    [text] = float_texts(np.array([value]), digits)
    assert float(text) == float(f"{value:.{digits - 1}e}")
    assert FORM.fullmatch(text)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_people_see_no_false_zero(value: float) -> None:
    """A table for people shows four significant digits, and 0 only for zero."""
    text = people_text(value)
    assert (text.strip("-0.") == "") == (value == 0)
    exact = Fraction(value)
    assert abs(Fraction(text) - exact) <= abs(exact) * Fraction(5, 10_000)
