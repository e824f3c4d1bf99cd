"""The examples of the docstrings, of every room."""

import doctest
import importlib
import pkgutil

import pytest

import softmax_cli

MODULES = [
    "softmax_cli",
    *(
        module.name
        for module in pkgutil.walk_packages(softmax_cli.__path__, "softmax_cli.")
        if not module.name.endswith("__main__")
    ),
]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    """Every example runs and prints what it says."""
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_there_are_examples() -> None:
    """The rooms that compute, read and draw show how they are used."""
    find = doctest.DocTestFinder().find
    examples = {
        room: sum(
            len(found.examples)
            for name in MODULES
            if name.startswith(f"softmax_cli.{room}")
            for found in find(importlib.import_module(name))
        )
        for room in ("core", "io", "render", "tutor")
    }
    assert all(examples.values()), examples
