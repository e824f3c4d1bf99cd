"""Somebody's function: found, called as its signature asks, and its answers read or refused in one line."""

from pathlib import Path

import numpy as np
import pytest

from softmax_cli.checking.inputs import Inputs, Kind
from softmax_cli.checking.loading import load, split_name
from softmax_cli.checking.user_function import Theirs
from softmax_cli.errors import InputError

SOURCE = """
import numpy as np
def right(z, tau=1.0):
    p = np.exp(z / tau) / np.exp(z / tau).sum()
    return (np.diag(p) - np.outer(p, p)) / tau
def single(z): return right(z).astype(np.float32)
def whole(z): return right(z).astype(int)
def none(z): right(z)
def pair(z): return right(z), 1
def ragged(z): return [[1.0], [1.0, 2.0]]
def complexes(z): return right(z) * 1j
def no_imaginary_part(z): return right(z) + 0j
def words(z): return np.array(["a"] * len(z))
def stray(z): return np.ones((2, 3))
def column(z): return z[:, None]
def raises(z): raise KeyError("lost")
def leaves(z): raise SystemExit(3)
def in_place(z):
    z -= 1
    return right(z)
def unknown(z, weights): return z
def grad(z, target): return np.eye(len(z))[target]
def back(z, g): return z * g
"""


@pytest.fixture
def path(tmp_path: Path) -> str:
    """Write the file of functions."""
    file = tmp_path / "theirs_under_test.py"
    file.write_text(SOURCE)
    return str(file)


def at(theirs: Theirs) -> np.ndarray:
    """Return its answers at one row."""
    return theirs.answers(Inputs.of([1.0, 2.0, 0.5], 2.0, 1, [1.0, 2.0, 3.0]))


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("a.py:f", ("a.py", "f")),
        ("a.py", ("a.py", None)),
        ("a.csv", None),
        ("C:/x/a.py:f", ("C:/x/a.py", "f")),
        ("-", None),
    ],
)
def test_a_function_is_named_by_its_file(word: str, parts: tuple[str, str | None] | None) -> None:
    """FILE.py:NAME is a function, anything else a file of numbers."""
    assert split_name(word) == parts


def test_parameters_are_passed_by_their_names(path: str) -> None:
    """A temperature, a target and a vector reach the parameters that are meant for them."""
    assert load(path, "right", "jacobian").temperature == "tau"
    assert at(load(path, "right", "jacobian"))[0].sum() == pytest.approx(0.0)
    np.testing.assert_array_equal(at(load(path, "grad", "gradient")), [[0.0, 1.0, 0.0]])
    np.testing.assert_array_equal(at(load(path, "back", "vjp")), [[1.0, 4.0, 1.5]])


@pytest.mark.parametrize(
    ("name", "kind", "said"),
    [
        ("none", "jacobian", "returned None"),
        ("pair", "jacobian", "a tuple of 2"),
        ("ragged", "jacobian", "unequal lengths"),
        ("complexes", "jacobian", "complex numbers"),
        ("words", "probabilities", "not numbers"),
        ("stray", "jacobian", "shape (2, 3)"),
        ("right", "probabilities", "a vector of shape (3,)"),
        ("raises", "jacobian", "KeyError"),
        ("leaves", "jacobian", "SystemExit"),
    ],
)
def test_an_answer_that_is_none_is_refused_in_one_line(name: str, kind: Kind, said: str, path: str) -> None:
    """The function's name, what it returned, and what was meant."""
    with pytest.raises(InputError) as caught:
        at(load(path, name, kind))
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "kind", "remark"),
    [
        ("whole", "jacobian", "whole numbers"),
        ("no_imaginary_part", "jacobian", "without an imaginary part"),
        ("column", "probabilities", "read as (3,)"),
        ("in_place", "jacobian", "in place"),
    ],
)
def test_what_is_odd_is_remarked(name: str, kind: Kind, remark: str, path: str) -> None:
    """An answer that can be read is read, and what was odd is said."""
    theirs = load(path, name, kind)
    at(theirs)
    assert remark in " ".join(theirs.remarks)


def test_single_precision_is_noticed(path: str) -> None:
    """float32 answers are marked, so that their rounding is excused."""
    theirs = load(path, "single", "jacobian")
    at(theirs)
    assert theirs.single


@pytest.mark.parametrize(
    ("name", "said"),
    [("rigth", "has no"), (None, "which function"), ("np", "not a function"), ("unknown", "weights")],
)
def test_a_name_that_is_none_is_refused(name: str | None, said: str, path: str) -> None:
    """A name that the file has not, no name, what is no function, a parameter that check does not know."""
    with pytest.raises(InputError, match=said):
        load(path, name, "jacobian")
