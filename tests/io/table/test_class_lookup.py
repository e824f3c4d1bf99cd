"""Classes asked for by name."""

import io
from typing import Any

import numpy as np
import pytest

from softmax_cli.errors import InputError
from softmax_cli.io.table.batch import Batch
from softmax_cli.io.table.class_lookup import find_class, targets
from tests.io.reading import Reader

CLASSES = ["cat", "2", "dog"]


def saved(array: Any) -> bytes:
    """Return the .npy file of an array."""
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


def error(word: str) -> str:
    """Return what a word is refused with."""
    with pytest.raises(InputError) as caught:
        find_class(word, CLASSES, where="--target")
    return f"{caught.value} / {caught.value.hint}"


def test_name_before_number() -> None:
    """A class is asked for by its exact name, else by its number from 1."""
    assert [find_class(word, CLASSES, where="") for word in ("cat", "2", "1", "3", "dog")] == [0, 1, 0, 2, 2]


def test_unknown_classes() -> None:
    """An unknown class is an error that helps."""
    assert error("0") == "--target: there is no class 0 / classes are counted from 1"
    assert error("4") == "--target: there is no class 4 among 3 / None"
    assert error("dgo") == "--target: no class is called 'dgo' / did you mean 'dog'?"
    assert error("zebra") == "--target: no class is called 'zebra' / the classes are cat, 2, dog"
    assert error("-1") == "--target: no class is called '-1' / the classes are cat, 2, dog"
    assert "there is no class 99999" in error("9" * 5000)


def batch(*cells: object) -> Batch:
    """Return rows whose kept column y holds the cells."""
    return Batch(
        np.zeros((len(cells), 3)),
        tuple(CLASSES),
        kept={"y": list(cells)},
        target="y",
        where=lambda i: f"f:{i + 2}",
    )


def test_targets() -> None:
    """The target of each row is read from the kept column, as text or as a number."""
    assert targets(batch("dog", "2", "1", 3, 1.0), "y").tolist() == [2, 1, 0, 2, 0]


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("cow", "no class is called 'cow'"),
        (4, "there is no class 4 among 3"),
        (4.0, "there is no class 4 among 3"),
        (1.5, "no class is called '1.5'"),
        (None, "null names no class"),
        (True, "no class is called 'true'"),
        ("", "an empty cell names no class"),
    ],
)
def test_bad_target(cell: object, sentence: str) -> None:
    """A cell that is no class is an error with its line and column."""
    with pytest.raises(InputError) as caught:
        targets(batch("dog", cell), "y")
    assert str(caught.value) == f"f:3: column y: {sentence}"
    with pytest.raises(InputError, match="no column is called 'z'"):
        targets(Batch(np.zeros((1, 3)), tuple(CLASSES), kept={"y": ["cat"]}), "z")


@pytest.mark.parametrize(
    ("text", "name", "place"),
    [
        ("id,a,b\n1,0,0\n4,0,0\n", "in.csv", "in.csv:3: column 1 (id)"),
        ("1,0,0\n4,0,0\n", "in.csv", "in.csv:2: column 1"),
        ('[{"id": 4, "a": 0, "b": 0}]', "in.json", "in.json: row 1: column 1 (id)"),
        ("[1, 0, 0]\n[4, 0, 0]\n", "in.jsonl", "in.jsonl:2: column 1"),
        (saved(np.array([[4, 0, 0]])), "in.npy", "in.npy: row 1: column 1"),
    ],
)
def test_place_of_a_bad_target(reader: Reader, text: str | bytes, name: str, place: str) -> None:
    """The column of a bad target is called as the column of a bad logit is."""
    target = "id" if b"id" in (text if isinstance(text, bytes) else text.encode()) else "1"
    last = list(reader.batches(text, name, target_column=target))[-1]
    with pytest.raises(InputError) as caught:
        targets(last, target)
    assert str(caught.value) == f"{place}: there is no class 4 among 2"
