"""A value is named as a person would: the plainest quantity, in any orientation, or one with a number."""

import numpy as np
import pytest

from softmax_cli.checking.inputs import Array
from softmax_cli.checking.trace.quantities import NamedQuantity
from softmax_cli.checking.trace.recognise import Index, Recognised, made_of, same

EPS = float(np.finfo(np.float64).eps)
P = np.array([[0.5, 0.2, 0.3], [0.1, 0.7, 0.2]])
S = np.array([[3.0], [5.5]])
J = P[0][:, None] * (np.eye(3) - P[0])
INDEX = Index(
    [NamedQuantity("p", P), NamedQuantity("S", S), NamedQuantity("p again", P), NamedQuantity("J", J[None])]
)


def name(value: Array, eps: float = EPS) -> str | None:
    """Return the name of a value."""
    found = INDEX.name_of(value, eps)
    return None if found is None else found.name


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (P, "p"),
        (P.T, "p"),
        (P[None], "p"),
        (S[:, 0], "S"),
        (P[1], "p, of row 2"),
        (P[1][:, None], "p, of row 2"),
        (np.array(0.7), "p, one entry"),
        (np.array(5.5), "S, of row 2"),
        (J, "J"),
        (J.T, "J"),
        (J[0], None),
        (2.0 * P, None),
        (np.array(1.0), None),
    ],
)
def test_a_quantity_has_one_name(value: Array, said: str | None) -> None:
    """The first of equal ones, as a whole before a row, a row before an entry."""
    assert name(value) == said


def test_as_exact_as_the_type_and_no_more() -> None:
    """Values of single precision are known by theirs; a double with as many digits is another number."""
    single = P.astype(np.float32).astype(np.float64)
    assert name(single) is None
    assert name(single, float(np.finfo(np.float32).eps)) == "p"
    assert name(P * (1 + 1e-12)) is None


def test_tiny_numbers_are_told_apart_as_others_are() -> None:
    """The slack is relative to the quantity itself, however small it is."""
    tiny = 1e-18 * P
    index = Index([NamedQuantity("tiny", tiny)])
    found = index.name_of(tiny, EPS)
    assert found is not None
    assert found.name == "tiny"
    assert index.name_of(2.0 * tiny, EPS) is None
    assert not same(2.0 * tiny, tiny, EPS)


def test_some_entries_are_enough_where_only_they_were_written() -> None:
    """The others may hold anything."""
    half, where = P.copy(), np.array([[True, True, False], [True, False, True]])
    half[~where] = 0.0
    found = INDEX.name_of(half, EPS, where)
    assert found is not None
    assert found.name == "p"
    assert INDEX.name_of(half, EPS, ~where) is None


def test_arrays_are_the_same_to_their_last_digits() -> None:
    """Of one shape, relative to each entry and a little to the largest."""
    assert same(P, P * (1 + 10 * EPS), EPS)
    assert not same(P, P * (1 + 100 * EPS), EPS)
    assert same(np.array([1.0, EPS / 2]), np.array([1.0, 0.0]), EPS)
    assert not same(np.array([1.0, 4 * EPS]), np.array([1.0, 0.0]), EPS)
    assert not same(P, P.T, EPS)
    assert not same(np.full((2, 3), np.nan), P, EPS)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (2.0 * P, "2 times p"),
        (P + 1e-8, "p + 1e-08"),
        (P - 0.25, "p - 0.25"),
        (-P, "-1 times p"),
        (P / S, "p / S"),
        (S / P, "S / p"),
        (P - S, "p - S"),
        (P * S, "p * S"),
        (P + S, "p + S"),
        (P + S**2, None),
        (np.where(P > 0.6, 0.0, 2.0 * P), None),
    ],
)
def test_a_value_is_made_of_what_its_line_reads(value: Array, said: str | None) -> None:
    """A quantity with one number first, then two quantities."""
    parts = [
        Recognised("p", NamedQuantity("p", P)),
        Recognised("S", NamedQuantity("S", S)),
        Recognised("2 times z", None),
    ]
    found = made_of(value, parts, EPS)
    assert (None if found is None else found.name) == said
    assert found is None or found.quantity is None


def test_names_of_several_words_are_bracketed() -> None:
    """Z - max z, plus a number or over another quantity."""
    parts = [Recognised("z - max z", NamedQuantity("z - max z", P)), Recognised("S", NamedQuantity("S", S))]
    plus, over = made_of(P + 0.5, parts, EPS), made_of(P / S, parts, EPS)
    assert plus is not None
    assert over is not None
    assert (plus.name, over.name) == ("(z - max z) + 0.5", "(z - max z) / S")


def test_a_vector_meets_a_matrix_by_its_rows_or_its_columns() -> None:
    """P_i of d_ij, and p_j."""
    p, eye = P[:1], np.eye(3)[None] + 2.0
    parts = [Recognised("p", NamedQuantity("p", p)), Recognised("M", NamedQuantity("M", eye))]
    for value in (eye[0] * p[0][:, None], eye[0] * p[0][None, :]):
        found = made_of(value, parts, EPS)
        assert found is not None
        assert found.name == "p * M"
