"""The examples of the docstrings, of every room."""

import doctest
import importlib

import pytest

from tests.branches import PACKAGE, dotted

MODULES = sorted(dotted(path) for path in PACKAGE.rglob("*.py") if ">>> " in path.read_text("utf-8"))


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    """Every example runs and prints what it says."""
    runner = doctest.DocTestRunner()
    for example in doctest.DocTestFinder().find(importlib.import_module(name), name):
        if example.examples:
            runner.run(example)
    assert runner.failures == 0
    assert runner.tries > 0


def test_there_are_examples() -> None:
    """The rooms that compute, read and draw show how they are used."""
    rooms = {name.split(".")[1] for name in MODULES if "." in name}
    assert {"core", "io", "render", "tutor"} <= rooms
