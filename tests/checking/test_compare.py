"""The comparison: which entries are out, by how much, where, and what rounding may excuse."""

import math

import numpy as np
import pytest

from softmax_cli.checking.compare import USUAL, WORST, Place, Tally, Tolerance, merged, noise, terms
from softmax_cli.checking.inputs import Inputs, Kind, Sought

ONE = np.ones((2, 4))


def tally(got: object, tolerance: Tolerance = USUAL, kind: Kind = "gradient") -> Tally:
    """Compare with ones."""
    found = Tally(rows=2)
    found.add(ONE, np.asarray(got, np.float64), ONE, tolerance, Place(kind))
    return found


def test_the_worst_entries_come_first_with_their_places() -> None:
    """Five are kept, counted by rows, and every one that is out is counted."""
    got = ONE + np.array([[0.1, 0.0, 0.2, 0.3], [0.0, 0.5, 0.4, 0.6]])
    found = tally(got)
    assert (found.wrong, found.entries) == (6, 8)
    assert [(e.row, e.of, e.wrt) for e in found.worst] == [(1, None, i) for i in (3, 1, 2)] + [
        (0, None, 3),
        (0, None, 2),
    ]
    assert found.max_abs_error == pytest.approx(0.6)
    assert found.worst[0].got == pytest.approx(1.6)


def test_equal_errors_keep_their_order() -> None:
    """What differs by rounding alone is equally wrong: the first places are told."""
    got = np.full((2, 4), 2.0) * (1.0 + 1e-15 * np.arange(8.0).reshape(2, 4))
    assert [(e.row, e.wrt) for e in tally(got).worst] == [(0, 0), (0, 1), (0, 2), (0, 3), (1, 0)]


def test_nan_is_beyond_every_tolerance() -> None:
    """Its error is infinite, and it is out."""
    found = tally([[math.nan, 1, 1, 1], [1, 1, 1, 1]], Tolerance(1e9, 1e9))
    assert found.wrong == 1
    assert found.max_abs_error == found.max_rel_error == found.worst[0].rel_error == math.inf


def test_the_bounds_of_a_tolerance_add_up() -> None:
    """Relative to the size, and absolutely."""
    got = ONE + 0.15
    assert tally(got, Tolerance(0.1, 0.0)).wrong == 8
    assert tally(got, Tolerance(0.1, 0.06)).wrong == 0
    assert tally(got, Tolerance(0.1, 0.04)).wrong == 8


@pytest.mark.parametrize(
    ("kind", "where"),
    [
        ("jacobian", (3, 4, 5)),
        ("loss", (4, None, None)),
        ("jvp", (4, 5, None)),
        ("probabilities", (4, 5, None)),
        ("vjp", (4, None, 5)),
    ],
)
def test_an_entry_is_found_by_its_line_and_column(
    kind: Kind, where: tuple[int, int | None, int | None]
) -> None:
    """A line of a matrix is a class, of anything else a row of its own."""
    place = Place(kind, 2, 3, 2) if kind == "jacobian" else Place(kind, 2)
    assert place.of(3 if kind == "jacobian" else 2, 5) == where


def test_tallies_add_up() -> None:
    """The counts are summed, the errors' largest and the worst of all are kept."""
    first, second = tally(ONE + 1.0), tally(ONE + 3.0)
    both = merged([first, second], 4)
    assert (both.rows, both.entries, both.wrong) == (4, 16, 16)
    assert both.max_abs_error == both.max_rel_error == 3.0
    assert [entry.got for entry in both.worst] == [4.0] * WORST


def test_noise_grows_with_the_logits_over_t() -> None:
    """The rounding of z / T is passed on by exp; a masked class, -inf, adds none."""
    z = np.array([[30.0, -200.0, 1.0]])
    assert noise(Inputs.of(z, 4.0)) == pytest.approx(noise(Inputs.of(z / 4.0)), abs=0.0)
    assert noise(Inputs.of(z))[0, 0] > 2.0 * noise(Inputs.of(z / 4.0))[0, 0]
    masked = np.array([[30.0, -np.inf, 1.0]])
    assert np.isfinite(noise(Inputs.of(np.array([[1.7e308, 0.0]]), 1e-300))).all()
    assert noise(Inputs.of(masked)) == pytest.approx(
        noise(Inputs.of(np.where(np.isinf(masked), 0.0, masked)))
    )


@pytest.mark.parametrize(
    ("function", "kind"),
    [
        *(("softmax", kind) for kind in ("jacobian", "vjp", "jvp", "probabilities")),
        *(("log-softmax", kind) for kind in ("jacobian", "vjp", "jvp")),
        *(("sigmoid", kind) for kind in ("jacobian", "vjp")),
        ("cross-entropy", "gradient"),
    ],
)
def test_the_terms_are_those_that_a_plain_formula_adds(function: str, kind: Kind) -> None:
    """Written out for one class, with numbers, at T = 2."""
    p, g, t = np.array([[0.2, 0.5, 0.3]]), np.array([[1.0, -2.0, 0.5]]), 2.0
    inputs = Inputs.of(np.log(p), t, target=[1], vector=g)
    dot, total = 0.2 + 1.0 + 0.15, 3.5
    expected = {
        ("softmax", "jacobian"): 0.5 / t,
        ("softmax", "vjp"): 0.5 * (2.0 + dot) / t,
        ("softmax", "jvp"): 0.5 * (2.0 + dot) / t,
        ("softmax", "probabilities"): 0.5,
        ("log-softmax", "jacobian"): 1.0 / t,
        ("log-softmax", "vjp"): (2.0 + 0.5 * total) / t,
        ("log-softmax", "jvp"): (2.0 + dot) / t,
        ("sigmoid", "jacobian"): 0.5 / t,
        ("sigmoid", "vjp"): 0.5 * 2.0 / t,
        ("cross-entropy", "gradient"): 1.5 / t,
    }[function, kind]
    assert terms(Sought(function, kind), inputs, p)[0, 1] == pytest.approx(expected)
