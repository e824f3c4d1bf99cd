"""The examples of the docstrings run."""

import doctest
import importlib

import pytest


@pytest.mark.parametrize("module", ["bars", "glyphs", "numbers", "table"])
def test_examples_run(module: str) -> None:
    """What a docstring shows is what happens."""
    results = doctest.testmod(importlib.import_module(f"softmax_cli.render.{module}"))
    assert results.attempted > 0
    assert results.failed == 0
