"""A function under one binding: called as it wants, and its answers read or refused in one line."""

from pathlib import Path

import numpy as np
import pytest

from softmax_cli.checking.calling.binding import Binding, Given
from softmax_cli.checking.calling.call import Invocation
from softmax_cli.checking.calling.code.loading import load
from softmax_cli.checking.inputs import Inputs, Kind
from softmax_cli.errors import InputError

SOURCE = """
import numpy as np
def right(z, tau=1.0):
    p = np.exp(z / tau) / np.exp(z / tau).sum()
    return (np.diag(p) - np.outer(p, p)) / tau
def single(z): return right(z).astype(np.float32)
def whole(z): return right(z).astype(int)
def none(z): right(z)
def pair(z): return right(z)[0], 1
def ragged(z): return [[1.0], [1.0, 2.0]]
def complexes(z): return right(z) * 1j
def no_imaginary_part(z): return right(z) + 0j
def objects(z): return right(z).astype(object)
def words(z): return np.array(["a"] * len(z))
def stray(z): return np.ones((2, 3))
def column(z): return z[:, None]
def raises(z): raise KeyError("lost")
def leaves(z): raise SystemExit(3)
def dies(z):
    import os
    os._exit(3)
async def coroutine(z): return right(z)
def generator(z): yield right(z)
def in_place(z):
    z -= 1
    return right(z)
def batch(z, tau):
    e = np.exp(z / tau)
    return e / e.sum(axis=1, keepdims=True)
class Sparse:
    def __init__(self, dense): self.dense = dense
    def toarray(self): return self.dense
def sparse(z): return Sparse(right(z))
class Anew:
    def forward(self, z):
        self.p = np.exp(z) / np.exp(z).sum()
        return self.p
    def backward(self, g): return self.p * (g - g @ self.p)
class InPlace(Anew):
    def backward(self, g):
        self.p *= g - g @ self.p
        return self.p
"""
Z = Given(0, "z", "z")


@pytest.fixture
def path(tmp_path: Path) -> str:
    """Write the file of functions."""
    file = tmp_path / "theirs_under_test.py"
    file.write_text(SOURCE)
    return str(file)


def called(path: str, name: str, kind: Kind = "jacobian", *given: Given) -> Invocation:
    """Return a function of the file, called with z and what is given besides."""
    (subject,) = load(path, name)
    return Invocation(subject, Binding("softmax", kind, (Z, *given)))


def at(call: Invocation) -> np.ndarray:
    """Return its answers at one row."""
    return call.answers(Inputs.of([1.0, 2.0, 0.5], 2.0, 1, [1.0, 2.0, 3.0]))


def test_a_batch_is_called_once_for_each_run_of_a_temperature(path: str) -> None:
    """A function for batches takes T as a number: rows of another T are a batch of their own."""
    (subject,) = load(path, "batch")
    call = Invocation(subject, Binding("softmax", "probabilities", (Z, Given(0, "tau", "T")), "batch"))
    z, t = np.arange(10.0).reshape(5, 2) ** 1.5, np.array([2.0, 2.0, 1.0, 0.5, 0.5])
    got = call.answers(Inputs.of(z, t))
    np.testing.assert_allclose(
        got, np.exp(z / t[:, None]) / np.exp(z / t[:, None]).sum(axis=1, keepdims=True)
    )


def test_a_temperature_reaches_its_parameter(path: str) -> None:
    """By name, at each row's own T."""
    got = at(called(path, "right", "jacobian", Given(0, "tau", "T", by_name=True)))
    assert got[0].sum() == pytest.approx(0.0)
    p = np.exp([0.5, 1.0, 0.25]) / np.exp([0.5, 1.0, 0.25]).sum()
    np.testing.assert_allclose(got[0], (np.diag(p) - np.outer(p, p)) / 2.0)


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
        ("dies", "jacobian", "SystemExit"),
        ("coroutine", "jacobian", "is a coroutine"),
        ("generator", "jacobian", "is a generator"),
    ],
)
def test_an_answer_that_is_none_is_refused_in_one_line(name: str, kind: Kind, said: str, path: str) -> None:
    """The function's name, what it returned, and what was meant."""
    with pytest.raises(InputError) as caught:
        at(called(path, name, kind))
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
    call = called(path, name, kind)
    at(call)
    assert remark in " ".join(call.remarks)


def test_a_backward_that_overwrites_what_its_forward_returned_is_remarked(path: str) -> None:
    """Whoever still holds those probabilities would read gradients; one that makes a new array is not."""
    remarks = {}
    for name in ("InPlace", "Anew"):
        (subject,) = load(path, f"{name}.backward")
        given = (Given(0, "z", "z"), Given(1, "g", "g"))
        call = Invocation(subject, Binding("softmax", "vjp", given))
        at(call)
        remarks[name] = " ".join(call.remarks)
    assert "what forward returned" in remarks["InPlace"]
    assert remarks["Anew"] == ""


def test_a_coarse_type_is_noticed(path: str) -> None:
    """float32 answers are marked, so that their rounding is excused."""
    call = called(path, "single")
    at(call)
    assert call.coarse == "float32"


def test_an_array_of_objects_is_read_by_its_numbers(path: str) -> None:
    """As float64, where each is one."""
    found = at(called(path, "objects"))
    assert found.dtype == np.float64
    np.testing.assert_array_equal(found, at(called(path, "right")))


def test_a_sparse_matrix_is_filled(path: str) -> None:
    """What has toarray is read through it."""
    np.testing.assert_array_equal(at(called(path, "sparse")), at(called(path, "right")))
