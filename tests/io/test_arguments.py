"""Logits on the command line."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from softmax_cli.errors import InputError
from softmax_cli.io.read import ReadOptions, read


def vector(*words: str, **options: Any) -> tuple[tuple[str, ...], list[float]]:
    """Return the classes and logits that the words give."""
    [batch] = read(words, ReadOptions(**options), note=print)
    assert batch.from_arguments
    assert batch.values.shape == (1, batch.k)
    return batch.classes, batch.values[0].tolist()


def error(*words: str, **options: Any) -> str:
    """Return the error that refuses the words."""
    with pytest.raises(InputError) as caught:
        list(read(words, ReadOptions(**options), note=print))
    return str(caught.value)


@pytest.mark.parametrize(
    "words",
    [
        ["1.43", "-0.4", "0.23"],
        ["1.43,-0.4,0.23"],
        ["1.43,", "-0.4,", "0.23"],
        ["1.43,-0.4", ".23"],
        [" 1.43 ", "-.4", "+0.23"],
    ],
)
def test_numbers(words: list[str]) -> None:
    """Numbers, with or without commas, are one vector of classes without names."""
    assert vector(*words) == (("1", "2", "3"), [1.43, -0.4, 0.23])


@pytest.mark.parametrize("words", [["a=1", "b=-inf"], ["a=1,b=-inf"], ["a = 1", "b=-inf"]])
def test_names(words: list[str]) -> None:
    """A name before an equals sign names the class."""
    assert vector(*words) == (("a", "b"), [1.0, -np.inf])


def test_name_with_equals_sign() -> None:
    """The last equals sign separates the name from the number."""
    assert vector("x=y=1", "z=2") == (("x=y", "z"), [1.0, 2.0])


def test_one_class() -> None:
    """One number is a vector of one class, which has probability 1."""
    assert vector("5") == (("1",), [5.0])


def test_classes_option() -> None:
    """--classes names the classes, and wins over names in the words."""
    assert vector("1", "2", classes="cat, dog")[0] == ("cat", "dog")
    assert vector("a=1", "b=2", classes="cat,dog")[0] == ("cat", "dog")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["abc"], "'abc' is not a number, nor a file"),
        (["1", "abc"], "'abc' is not a number, nor a file"),
        (["1_000"], "'1_000' is not a number"),
        (["1", "0x10"], "'0x10' is not a number"),
        (["1e400", "1"], "'1e400' is too large for a double"),
        (["nan", "1"], "'nan' is not a number"),
        (["1,,2"], "'1,,2': an empty cell is not a number"),
        ([",1"], "',1': an empty cell is not a number"),
        (["a=", "c=2"], "'a=': an empty cell is not a number"),
        (["1", "2,,x"], "'2,,x': an empty cell is not a number"),
        (["1,x"], "'x' is not a number"),
        (["a=1", "b=x"], "'x' is not a number"),
        (["a=1", "2"], "'2' has no name, where other logits have one"),
        (["a=1", "a=2"], "classes 1 and 2 are both called 'a'"),
        (["=1", "b=2"], "'=1' gives a logit to a class without a name"),
        (["-inf", "-inf"], "every logit is -inf: a row needs at least one class that is not masked"),
        (["inf", "1", "inf"], "class 1 and class 3: at most one logit of a row can be +inf"),
        (["a=inf", "b=inf"], "class 1 (a) and class 2 (b): at most one logit of a row can be +inf"),
        (["missing.csv"], "missing.csv: no such file"),
        (["no/where"], "no/where: no such file"),
        ([""], "'' is not a number, nor a file"),
    ],
)
def test_bad_words(words: list[str], sentence: str) -> None:
    """Each kind of bad word has its own sentence, and the argument is named by itself."""
    assert error(*words) == sentence


def test_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A number is a number even if a file has that name; a word that names a file is a file."""
    monkeypatch.chdir(tmp_path)
    for name in ("1.5", "a.csv", "b.csv", "a=1.csv"):
        Path(name).write_text("3,4\n")
    assert vector("1.5")[1] == [1.5]
    for name in ("./1.5", "a.csv", "a=1.csv"):
        [batch] = read([name], ReadOptions(), note=print)
        assert batch.values.tolist() == [[3.0, 4.0]]
    assert error("a.csv", "a.csv") == "the file 'a.csv' is there twice"
    assert error("a.csv", "1") == "numbers and the file 'a.csv'"
    assert error("a.csv", "nix") == "'nix' is not a number, nor a file"
    assert error(".") == ".: is a directory, not a file"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            {"header": False},
            "--header/--no-header: there is no file or standard input that it could be about",
        ),
        ({"columns": "1"}, "--columns: there is no file or standard input that it could be about"),
        (
            {"target_column": "1"},
            "--target-column: there is no file or standard input that it could be about",
        ),
        ({"classes": "a"}, "--classes: 1 name for 2 classes"),
        ({"classes": "a,a"}, "--classes: 'a' is there twice"),
        ({"classes": "a,"}, "--classes: name 2 is empty"),
    ],
)
def test_bad_options(options: dict[str, Any], sentence: str) -> None:
    """Options that mean nothing for numbers on the command line are refused."""
    assert error("1", "2", **options) == sentence


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20))
def test_any_finite_logits(values: list[float]) -> None:
    """Any finite logits come through arguments bit for bit."""
    assert np.array(vector(*map(repr, values))[1]).tobytes() == np.array(values).tobytes()
    assert np.array(vector(",".join(map(repr, values)))[1]).tobytes() == np.array(values).tobytes()
