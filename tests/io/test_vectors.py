"""Tangents and cotangents: in the option itself, or in a file."""

from pathlib import Path

import numpy as np
import pytest

from softmax_cli.errors import InputError
from softmax_cli.io.vectors import read_vector


def test_in_the_option() -> None:
    """A tangent or cotangent is k finite numbers between commas."""
    assert read_vector("1, -.5,1e3", 3, where="--jvp").tolist() == [1, -0.5, 1000]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1,2", "--jvp: 2 numbers for 3 classes"),
        ("1,x,2", "--jvp: entry 2: 'x' is not a number"),
        ("1,inf,2", "--jvp: entry 2: inf is not finite"),
        ("1,,2", "--jvp: entry 2: an empty cell is not a number"),
        ("1,0,nan", "--jvp: entry 3: 'nan' is not a number"),
        ("-NaN ,1", "--jvp: entry 1: '-NaN' is not a number"),
        ("x,1", "--jvp: entry 1: 'x' is not a number"),
        ("", "--jvp: entry 1: an empty cell is not a number"),
        ("nosuch.csv", "--jvp: no such file: 'nosuch.csv'"),
        ("-", "--jvp: '-' is no vector: standard input is for the logits"),
    ],
)
def test_bad_vectors(text: str, sentence: str) -> None:
    """A vector that is wrong is an error that names the entry."""
    with pytest.raises(InputError) as caught:
        read_vector(text, 3, where="--jvp")
    assert str(caught.value) == sentence


def test_in_a_file(tmp_path: Path) -> None:
    """A file may hold the vector as one row, one column, JSON or .npy: there is no limit to its length."""
    (tmp_path / "row.csv").write_text("1,0,-2\n")
    (tmp_path / "column.txt").write_text("1\n0\n-2\n")
    (tmp_path / "v.json").write_text("[1, 0, -2]")
    np.save(tmp_path / "v.npy", np.array([1.0, 0.0, -2.0]))
    for name in ("row.csv", "column.txt", "v.json", "v.npy"):
        assert read_vector(str(tmp_path / name), 3, where="--vjp").tolist() == [1, 0, -2], name


def test_options_of_the_logits_are_no_help(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error in the vector's file names it as the user did, and hints at no option for the logits' file."""
    monkeypatch.chdir(data)
    with pytest.raises(InputError) as caught:
        read_vector("iris_logits.csv", 3, where="--vjp")
    assert str(caught.value) == "iris_logits.csv:2: column 2 (label): 'setosa' is not a number"
    assert caught.value.hint is None


def test_bad_files(tmp_path: Path) -> None:
    """A file of several rows, of a wrong length, or with a bad cell is an error."""
    file = tmp_path / "v.csv"
    for text, sentence in (
        ("1,2,3\n4,5,6\n", "holds 2 rows, not one vector"),
        ("1,2\n", "--vjp: 2 numbers for 3 classes"),
        ("1,-inf,3\n", "--vjp: entry 2: -inf is not finite"),
        ("a,b,c\n1,x,3\n", "column 2 (b): 'x' is not a number"),
    ):
        file.write_text(text)
        with pytest.raises(InputError) as caught:
            read_vector(str(file), 3, where="--vjp")
        assert sentence in str(caught.value)
