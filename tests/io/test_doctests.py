"""The examples of the docstrings."""

import doctest
import importlib
import pkgutil

import pytest

import softmax_cli.io

MODULES = [module.name for module in pkgutil.iter_modules(softmax_cli.io.__path__, "softmax_cli.io.")]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    """Every example runs and prints what it says."""
    assert doctest.testmod(importlib.import_module(name)).failed == 0
