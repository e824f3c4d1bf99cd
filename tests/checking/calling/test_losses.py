"""Functions that return a loss, and what they return beside it."""

from pathlib import Path

import pytest

from softmax_cli.checking.calling.binding import Binding, Given, Layout
from softmax_cli.checking.calling.call import Invocation
from softmax_cli.checking.calling.code.loading import load
from softmax_cli.checking.calling.losses import has_gradient_beside
from softmax_cli.checking.inputs import Inputs

SOURCE = """
import numpy as np
def gradient(z, y):
    p = np.exp(z) / np.exp(z).sum()
    return -np.log(p[y]), p - np.eye(len(z))[y]
def probabilities(z, y):
    p = np.exp(z) / np.exp(z).sum()
    return -np.log(p[y]), p
def nothing(z, y):
    return -z[y] + np.log(np.exp(z).sum())
def of_a_batch(z, y):
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    return -np.log(p[np.arange(len(y)), y]).mean(), (p - np.eye(z.shape[1])[y]) / len(y)
"""
ROWS = Inputs.of([[1.0, 2.0, 0.5], [0.3, -1.0, 0.2]], target=[1, 0])


@pytest.mark.parametrize(
    ("name", "layout", "beside"),
    [
        ("gradient", "vector", True),
        ("probabilities", "vector", False),
        ("nothing", "vector", False),
        ("of_a_batch", "batch", True),
    ],
)
def test_a_gradient_beside_a_loss_is_seen(name: str, layout: Layout, *, beside: bool, tmp_path: Path) -> None:
    """Of a row or of a batch; the probabilities, which a loss is made from, are no gradient."""
    path = tmp_path / "losses_under_test.py"
    path.write_text(SOURCE)
    (subject,) = load(str(path), name)
    given = (Given(0, "z", "z"), Given(0, "y", "index"))
    call = Invocation(subject, Binding("cross-entropy", "loss", given, layout, loss="mean"))
    assert has_gradient_beside(call, ROWS) == beside
