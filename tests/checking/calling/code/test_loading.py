"""A .py file: run, its names found, and what cannot be checked refused in one line."""

from pathlib import Path

import pytest

from softmax_cli.checking.calling.code.loading import load, split_name
from softmax_cli.errors import InputError

SOURCE = """
import numpy as np
LIMIT = 3
def softmax(z): return np.exp(z) / np.exp(z).sum()
def send_mail(address): raise RuntimeError("other code is not called")
def relu_grad(z): return (z > 0) * 1.0
def mse_loss(y_true, y_pred): return np.mean((y_true - y_pred) ** 2)
class Layer:
    def forward(self, x): return softmax(x)
    def backward(self, grad): return grad
class Dense:
    def __init__(self, weights): self.weights = weights
    def forward(self, x): return x
"""


@pytest.fixture
def path(tmp_path: Path) -> str:
    """Write the file."""
    file = tmp_path / "loaded_under_test.py"
    file.write_text(SOURCE)
    return str(file)


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("a.py:f", ("a.py", "f")),
        ("a.py", ("a.py", None)),
        ("a.py:Softmax.backward", ("a.py", "Softmax.backward")),
        ("a.csv", None),
        ("C:/x/a.py:f", ("C:/x/a.py", "f")),
        ("-", None),
    ],
)
def test_a_function_is_named_by_its_file(word: str, parts: tuple[str, str | None] | None) -> None:
    """FILE.py:NAME is a function, anything else a file of numbers."""
    assert split_name(word) == parts


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("sofmax", "has no"),
        ("LIMIT", "not a function"),
        ("np", "not a function"),
        ("Layer.bakward", "has no 'bakward'"),
        ("Dense", "is made with 'weights'"),
    ],
)
def test_a_name_that_is_none_is_refused(name: str, said: str, path: str) -> None:
    """A name that the file has not, what is no function, a constructor that wants what is not known."""
    with pytest.raises(InputError, match=said):
        load(path, name)


def test_a_whole_file_is_what_speaks_of_softmax(path: str) -> None:
    """Functions and the methods of classes; others are not called."""
    assert [subject.name for subject in load(path, None)] == ["softmax", "Layer.forward", "Layer.backward"]


def test_a_file_that_raises_is_one_line(tmp_path: Path) -> None:
    """With the line of the file that raised."""
    file = tmp_path / "raises_under_test.py"
    file.write_text("import numpy as np\nnp.zeros(-1)\n")
    with pytest.raises(InputError) as caught:
        load(str(file), "f")
    assert "raises_under_test.py:2: does not import: ValueError" in str(caught.value)
