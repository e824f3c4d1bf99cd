"""Finding classes by name or number."""

import pytest

from softmax_cli.errors import InputError
from softmax_cli.io.table.class_lookup import find_class

CLASSES = ["cat", "2", "dog"]


def error(word: str) -> str:
    """Return the error that refuses a word."""
    with pytest.raises(InputError) as caught:
        find_class(word, CLASSES, where="--target")
    return f"{caught.value} / {caught.value.hint}"


def test_name_before_number() -> None:
    """A class is found by its exact name, else by its 1-based number."""
    assert [find_class(word, CLASSES, where="") for word in ("cat", "2", "1", "3", "dog")] == [0, 1, 0, 2, 2]


def test_unknown_classes() -> None:
    """An unknown class is an error that helps."""
    assert error("0") == "--target: there is no class 0 / classes are counted from 1"
    assert error("4") == "--target: there is no class 4 among 3 / None"
    assert error("dgo") == "--target: no class is called 'dgo' / did you mean 'dog'?"
    assert error("zebra") == "--target: no class is called 'zebra' / the classes are cat, 2, dog"
    assert error("-1") == "--target: no class is called '-1' / the classes are cat, 2, dog"
    assert "there is no class 99999" in error("9" * 5000)
