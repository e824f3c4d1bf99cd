"""Which heavy libraries a command loads: they are what start-up costs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from softmax_cli.commands.table import COMMANDS
from tests.program import environment

_PROGRAM = """
import sys
sys.argv = ["softmax", *sys.argv[1:]]
from softmax_cli.__main__ import end_of_run
end_of_run()
heavy = ("typer", "numpy", "sympy", "rich", "mpmath", "polars", "pyarrow", "scipy", "pydantic")
print(*(name for name in heavy if name in sys.modules), file=sys.stderr)
"""


def printed(program: str, *arguments: str) -> set[str]:
    """Return the words that a program of Python prints to stderr, in a process of its own."""
    ended = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    return set(ended.stderr.split())


def loaded(*arguments: str) -> set[str]:
    """Return the heavy libraries that a piped run of `softmax ARGUMENTS` has imported."""
    return printed(_PROGRAM, *arguments)


@pytest.mark.parametrize(
    "arguments", [(), ("--help",), ("--version",), ("probs", "--help"), ("jacobian", "--help")]
)
def test_help_loads_nothing(arguments: tuple[str, ...]) -> None:
    """Help and the version load neither numpy, sympy nor rich."""
    assert loaded(*arguments) == {"typer"}


@pytest.mark.parametrize(
    "arguments",
    [
        ("probs", "1", "2", "3"),
        ("probs", "a=1", "b=-inf"),
        ("jacobian", "1", "2", "-3"),
        ("sample", "1", "2", "3"),
    ],
)
def test_plain_words_load_numpy_alone(arguments: tuple[str, ...]) -> None:
    """Piped results need numpy and nothing else that is heavy."""
    assert loaded(*arguments) == {"numpy"}


_BESIDE_NUMPY = """
import sys, numpy
with_numpy = set(sys.modules)
from softmax_cli.__main__ import end_of_run
end_of_run()
print(*set(sys.modules) - with_numpy, file=sys.stderr)
"""


@pytest.mark.parametrize("command", ["probs", "jacobian"])
def test_plain_words_load_little_beside_numpy(command: str) -> None:
    """Of the standard library none of what takes long, and of our own modules about fifty."""
    beside = printed(_BESIDE_NUMPY, command, "1", "2", "3")
    slow = "concurrent.futures csv difflib email json logging pathlib shutil subprocess tempfile threading"
    slow += " traceback urllib.parse numpy.typing numpy.ma"
    assert beside & set(slow.split()) == set()
    assert len([name for name in beside if name.startswith("softmax_cli")]) <= 60


@pytest.mark.parametrize(
    "arguments",
    [
        ("probs", "1", "2", "3", "--top", "2"),
        ("probs", "1", "2", "3", "--steps", "-f", "json"),
        ("jacobian", "1", "2", "3", "--vjp", "1,0,0"),
    ],
)
def test_options_load_typer_too(arguments: tuple[str, ...]) -> None:
    """Where there are options, Typer parses them."""
    assert loaded(*arguments) == {"numpy", "typer"}


@pytest.mark.parametrize("output", ["-", "probs.csv", "probs.jsonl", "probs.npy"])
def test_a_small_file_loads_numpy_alone(tmp_path: Path, output: str) -> None:
    """The libraries of large files stay where they are while a file is small."""
    (tmp_path / "logits.csv").write_text("a,b\n" + "1,2\n" * 1000)
    place = "-" if output == "-" else str(tmp_path / output)
    assert loaded("probs", str(tmp_path / "logits.csv"), "-o", place) == {"numpy", "typer"}


def test_a_large_file_loads_polars(tmp_path: Path) -> None:
    """From a megabyte on polars is worth its start, and pyarrow still is not."""
    (tmp_path / "logits.csv").write_text("a,b\n" + "1.25,2.5\n" * 200_000)
    assert loaded("probs", str(tmp_path / "logits.csv"), "-o", os.devnull) == {"numpy", "typer", "polars"}


def test_a_derivation_loads_no_sympy() -> None:
    """Deriving and proving take plain Python, and numbers mpmath."""
    assert loaded("derive") <= {"rich", "typer"}
    assert loaded("derive", "1", "2", "3") <= {"mpmath", "numpy", "rich", "typer"}


def test_a_table_loads_rich_and_no_sympy() -> None:
    """A table for people needs rich too, but no sympy."""
    assert loaded("probs", "1", "2", "3", "-f", "table") <= {"numpy", "rich", "typer"}


def test_the_first_picture_of_explore_loads_nothing() -> None:
    """It is drawn without numpy and rich, and without what takes as long to import as it takes to draw."""
    program = """
import io, sys
from softmax_cli.commands.app import without_options
explore = without_options(["explore", "setosa=1.43"])
module = sys.modules[explore.__module__]
values, classes, named = module._start(["setosa=1.43", "versicolor=-0.4"], module.Reading(), None)
from softmax_cli.learning.exploration import Point
from softmax_cli.render.layout.console import Screen
from softmax_cli.render.live.explore import Explorer, frame, stage
screen = Screen(io.BytesIO(), colour=True, interactive=True)
frame(Explorer(Point(values), list(classes)), screen, (24, 80))
heavy = {"numpy", "rich", "typer", "dataclasses", "inspect", "decimal"}
print(*(heavy & set(sys.modules)), file=sys.stderr)
"""
    assert printed(program) == set()


def test_the_package_itself_loads_nothing() -> None:
    """`import softmax_cli` is instant: the functions load on first use."""
    program = "import sys, softmax_cli; print('numpy' in sys.modules, file=sys.stderr)"
    assert printed(program) == {"False"}


def test_help_imports_no_command() -> None:
    """The list of commands is a table: their modules, however many, wait until they are called."""
    program = (
        "import sys; from softmax_cli.commands import app, table; app.run([]);"
        "print(*(n for n in sys.modules if n in {f'softmax_cli.commands.{c}' for c in table.COMMANDS}),"
        " file=sys.stderr)"
    )
    assert printed(program) == set()


def test_the_list_says_what_each_command_says() -> None:
    """A command's line in the list is the first line of its own help."""
    for command in COMMANDS.values():
        assert (command.function.__doc__ or "").startswith(f"{command.summary}\n")
