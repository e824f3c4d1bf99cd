"""Rounded answers are known by their own values, and excused by half a unit of the last digit, no more."""

import numpy as np
import pytest

from softmax_cli.checking.diagnosis.precision import Precision, precision_of
from softmax_cli.checking.inputs import Inputs

ROW = Inputs.of([1.43, -0.4, 0.23])
VALUES = np.array([[0.672716, 0.107909, 0.219375]])


def names(got: list[float], coarse: str = "") -> list[str]:
    """Return the ways in which values may have been rounded, in words."""
    return [one.name for one in precision_of(np.array([got]), VALUES, coarse=coarse)]


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        ([0.673, 0.108, 0.219], ["3 significant digits", "3 decimals"]),
        ([0.6727, 0.1079, 0.2194], ["4 significant digits", "4 decimals"]),
        ([0.67, 0.11, 0.22], ["3 significant digits", "2 decimals"]),
        ([0.6727160, 0.1079090, 0.2193752], ["7 significant digits", "7 significant digits", "7 decimals"]),
        ([0.672716012345, 0.107909012345, 0.219375012345], ["12 significant digits"] * 2),
        ([0.6727160123451, 0.1079090123457, 0.2193750123459], []),
        ([0.5, 0.25, 0.125], ["single precision", "3 significant digits", "3 decimals"]),
        ([0.6727, np.nan, 0.2194], ["4 significant digits", "4 decimals"]),
    ],
)
def test_the_grid_is_found(got: list[float], expected: list[str]) -> None:
    """The fewest digits that hold every value; from 13 on they are nobody's rounding."""
    assert names(got) == expected


def test_a_type_is_known_or_seen() -> None:
    """Single precision shows in the values; half is told, and excuses more."""
    single = [float(x) for x in VALUES[0].astype(np.float32)]
    assert names(single)[0] == "single precision"
    found = precision_of(np.array([[0.1, 0.2, 0.7]]), VALUES, coarse="float16")
    assert [one.name for one in found[:2]] == ["single precision", "half precision"]
    finer, coarser = (one.allowance(VALUES, ROW, 0.0 * VALUES) for one in found[:2])
    assert np.all(coarser > 1000 * finer)


def test_the_types_have_the_numbers_of_their_formats() -> None:
    """The distance from 1 to the next number, and the smallest that counts: a normal one of float32."""
    half, single = np.finfo(np.float16), np.finfo(np.float32)
    found = {
        name: [one.coarse.name, one.coarse.eps, one.coarse.tiny]
        for name in ("float32", "float16", "bfloat16")
        for one in precision_of(VALUES, VALUES, coarse=name)
        if one.coarse is not None
    }
    assert found["float32"] == ["single precision", single.eps, single.smallest_normal]
    assert found["float16"] == ["half precision", half.eps, half.smallest_subnormal]
    assert found["bfloat16"] == ["bfloat16", 2.0**-7, single.smallest_normal]  # 8 bits, float32's exponents


def test_one_decimal_is_no_rounding_of_many_digits() -> None:
    """The largest entry keeps two digits, else a wrong number would be excused."""
    assert "1 decimals" not in names([0.7, 0.1, 0.2])
    small = precision_of(np.array([[0.02, 0.01]]), np.array([[0.0231, 0.0077]]))
    assert [one.name for one in small if one.decimals] == ["3 decimals"]
    larger = precision_of(np.array([[0.06, 0.01]]), np.array([[0.0631, 0.0077]]))
    assert [one.name for one in larger if one.decimals] == ["2 decimals"]


@pytest.mark.parametrize(
    ("precision", "expected", "half"),
    [
        (Precision("", decimals=2), 0.672716, 0.005),
        (Precision("", digits=3), 0.672716, 0.0005),
        (Precision("", digits=3), -0.0672716, 0.00005),
        (Precision("", digits=3), 0.9996, 0.005),
        (Precision("", digits=3), 0.0, 0.0),
    ],
)
def test_half_a_unit_of_the_last_digit_is_excused(precision: Precision, expected: float, half: float) -> None:
    """Of what rounds up to the next power of ten, half of that one's unit."""
    (found,) = precision.allowance(np.array([[expected]]), ROW, np.zeros((1, 1))).ravel()
    assert half <= found <= half * 1.000001


def test_single_precision_excuses_what_it_loses_and_no_more() -> None:
    """Some units of 2^-23 of each entry, or of the terms that it is the difference of."""
    (single,) = (
        one for one in precision_of(VALUES.astype(np.float32).astype(float), VALUES) if not one.digits
    )
    plain = single.allowance(VALUES, ROW, 0.0 * VALUES)
    assert np.all(plain > 2.0**-24 * VALUES)
    assert np.all(plain < 1e-4 * VALUES)
    assert np.all(single.allowance(VALUES, ROW, np.ones_like(VALUES)) > plain)


def test_digits_excuse_by_themselves_and_with_single_precision() -> None:
    """Seven digits or more may be those of a single: it is told besides, and excuses more."""
    both, alone, _ = precision_of(np.array([[0.6727160, 0.1079090, 0.2193752]]), VALUES)
    wide, narrow = (one.allowance(VALUES, ROW, 0.0 * VALUES)[0, 0] for one in (both, alone))
    assert narrow == pytest.approx(0.5e-7, rel=1e-6)
    assert 2 * narrow < wide < 1e-5


def test_a_matrix_has_the_noise_of_its_row() -> None:
    """Each row of the file has its own, whatever the shape of the answer."""
    inputs = Inputs.of([[100.0, 0.0], [0.0, 1.0]])
    single = precision_of(np.array([[0.1]], np.float32).astype(float), np.ones((1, 1)))[0]
    by_row = single.allowance(np.ones((2, 2)), inputs, np.zeros((2, 2)))
    matrix = single.allowance(np.ones((2, 2, 2)), inputs, np.zeros((2, 2, 2)))
    np.testing.assert_array_equal(matrix, np.broadcast_to(by_row[:, :, None], (2, 2, 2)))
    assert by_row[0, 0] > by_row[1, 1]


def test_zeros_may_have_been_too_small_for_single_precision() -> None:
    """Zeros where the truth is below its smallest number; elsewhere they are no rounding."""
    zeros, tiny = np.zeros((1, 2)), np.array([[1e-40, 2e-39]])
    assert [one.name for one in precision_of(zeros, tiny)] == ["single precision"]
    assert precision_of(zeros, 1e5 * tiny) == ()
    assert precision_of(zeros, zeros) == ()
