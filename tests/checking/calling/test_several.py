"""A whole file: what in it is a softmax, a derivative or a loss is told, and nothing else is called wrong."""

from pathlib import Path

import pytest

from softmax_cli.checking.calling.code.loading import load
from softmax_cli.checking.calling.hints.explicit import explicit
from softmax_cli.checking.calling.hints.readings import Wanted
from softmax_cli.checking.calling.several import check_all
from softmax_cli.checking.check import Conditions
from softmax_cli.errors import InputError

SOURCE = """
import numpy as np

def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)

def normalize(X): return (X - X.mean(0)) / X.std(0)
def predict_label(z): return softmax(z).argmax(axis=1)
def top_two(z): return np.sort(softmax(z), axis=1)[:, -2:]
def entropy(p): return -(p * np.log(p)).sum(axis=-1)
def grad_step(W, grad, lr=0.1): return W - lr * grad
def delta(p, y): return p - y
def turned(z, y): return y - softmax(z)

def every_row_of_one(z):
    p = softmax(z).reshape(-1, 1)
    return np.diagflat(p) - p @ p.T

class MLP:
    def __init__(self, n_in=3, n_out=3): self.W = np.random.normal(size=(n_in, n_out))
    def forward(self, X):
        self.p = softmax(X @ self.W)
        return self.p
    def backward(self, X, y): self.dW = X.T @ (self.p - y)

class Tanh:
    def forward(self, x): return np.tanh(x)
    def backward(self, g): return g
"""


def test_only_what_is_of_softmax_is_told(tmp_path: Path) -> None:
    """A label, a step and a network are not; what is right, or wrong by a known formula, is."""
    file = tmp_path / "train_under_test.py"
    file.write_text(SOURCE)
    outcomes = check_all(load(str(file), None), Wanted(), Conditions())
    told = {one.subject.name: one.found is not None and one.found.verdict.passed for one in outcomes}
    assert told == {"softmax": True, "delta": True, "turned": False, "every_row_of_one": False}


def test_a_file_with_nothing_of_softmax_is_an_error(tmp_path: Path) -> None:
    """At the file, in one line."""
    file = tmp_path / "other_under_test.py"
    file.write_text("import math\ndef up(x): math.exp(x[0])\ndef down(x): math.exp(-x[0])\n")
    subjects = load(str(file), None)
    assert len(subjects) == 2
    with pytest.raises(InputError, match="has nothing that is a softmax or a derivative of it") as caught:
        check_all(subjects, Wanted(call=explicit("up(g)")), Conditions())
    assert caught.value.where == str(file)
