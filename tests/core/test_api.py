"""The Python API, and the table of functions."""

import inspect
import re
import subprocess
import sys
from collections import Counter

import pytest

import softmax_cli
from softmax_cli.core.functions import FUNCTIONS, Function


def test_everything_public_is_there() -> None:
    """Each name of __all__ loads, dir() lists it, and any other name is an AttributeError."""
    for name in softmax_cli.__all__:
        assert getattr(softmax_cli, name)
        assert name in dir(softmax_cli)
    with pytest.raises(AttributeError, match="sofmax"):
        _ = softmax_cli.sofmax


def test_a_parameter_is_explained_once() -> None:
    """No two public functions explain a parameter in the same words: one refers to the other."""
    functions = (getattr(softmax_cli, name) for name in softmax_cli.__all__ if name[0] != "_")
    sections = [(inspect.getdoc(function) or "").split("Returns\n-------")[0] for function in functions]
    told = Counter(
        " ".join(words.split())
        for section in sections
        for words in re.findall(r"^\w[\w, ]*\n((?:    .+\n)+)", section, re.MULTILINE)
    )
    assert told["As for `softmax`."] > 1
    assert [words for words, count in told.items() if count > 1 and not words.startswith("As for")] == []


def test_importing_the_package_imports_no_numpy() -> None:
    """Numpy is loaded by the first function that is asked for; the table of functions needs none."""
    code = (
        "import sys, softmax_cli, softmax_cli.core.functions; assert 'numpy' not in sys.modules;"
        "softmax_cli.softmax; assert 'numpy' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_softmax_does_not_import_masked_arrays() -> None:
    """To refuse masked arrays the core does not import them, which every start of the program would pay."""
    code = "import sys, softmax_cli; softmax_cli.softmax([1, 2]); assert 'numpy.ma' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=lambda function: function.name)
def test_modules_of_the_table_hold_what_it_promises(function: Function) -> None:
    """Every function has its value, its derivative and both products."""
    module = function.load()
    for name in ("value", "gradient" if function.scalar else "jacobian", "jvp", "vjp"):
        assert callable(getattr(module, name))
