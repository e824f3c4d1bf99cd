"""What is on a real screen: a pseudo-terminal, read back with pyte."""

import os
import re
import sys
from pathlib import Path

import pytest

pexpect = pytest.importorskip("pexpect")
pyte = pytest.importorskip("pyte")

ROOT = Path(__file__).parents[2]
PROGRAM = """
import sys, numpy
from softmax_cli.core import softmax
from softmax_cli.io.table.batch import Batch
from softmax_cli.io.table.results.result import Matrices, PerClass
from softmax_cli.io.table.results import long_tables
from softmax_cli.render.results.compare import compare
from softmax_cli.render.layout.console import Screen
from softmax_cli.render.results.jacobian import jacobians
from softmax_cli.render.results.probabilities import probabilities
from softmax_cli.render.results.steps import steps

what, k = sys.argv[1], int(sys.argv[2])
logits = numpy.array([[1.43, -0.4, 0.23]]) if k == 3 else numpy.random.default_rng(k).normal(size=(1, k)) * 3
names = ("setosa", "versicolor", "日本語のé") if k == 3 else tuple(map(str, range(1, k + 1)))
batch = Batch(logits, names, from_arguments=True)
screen = Screen.for_output(sys.stdout)
if what == "probs":
    result = PerClass(batch, "softmax", 1.0, "probabilities", softmax.softmax(logits))
    screen.show(probabilities([result], screen))
elif what == "jacobian":
    screen.show(jacobians([Matrices(batch, "softmax", 1.0, softmax.jacobian(logits))], screen))
elif what == "steps":
    screen.show(steps([long_tables.steps(batch)], screen))
else:
    screen.show(compare([long_tables.compare(batch)], screen))
"""


def look(what: str, k: int, width: int, **variables: str) -> tuple[list[str], bytes]:
    """Run the drawing in a terminal of that width."""
    return in_terminal(["-c", PROGRAM, what, str(k)], width, **variables)


def in_terminal(arguments: list[str], width: int, **variables: str) -> tuple[list[str], bytes]:
    """Run Python in a terminal of that width; return what stands on the screen, and the bytes."""
    environment = {"PATH": os.environ["PATH"], "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", **variables}
    child = pexpect.spawn(
        sys.executable,
        arguments,
        cwd=str(ROOT),
        env=environment,
        dimensions=(200, width),
        timeout=60,
    )
    data: bytes = child.read()
    child.close()
    assert child.exitstatus == 0, data.decode()
    screen = pyte.Screen(width, max(200, data.count(b"\n") + 2))
    pyte.ByteStream(screen).feed(data)
    return [line.rstrip() for line in screen.display], data


def run(arguments: list[str], width: int) -> tuple[list[str], bytes]:
    """Run the command itself in a terminal of that width."""
    return in_terminal(["-m", "softmax_cli", *arguments], width)


def used(lines: list[str]) -> int:
    """Return how many lines of the screen are used."""
    return max(i for i, line in enumerate(lines) if line) + 1


@pytest.mark.parametrize("k", [3, 1000])
@pytest.mark.parametrize("width", [40, 80, 200])
@pytest.mark.parametrize("what", ["probs", "jacobian", "steps", "compare"])
def test_lines_stand_on_the_screen_as_they_were_drawn(what: str, width: int, k: int) -> None:
    """At its own width nothing wraps: as many lines are used as were written, wide names included."""
    lines, data = look(what, k, width)
    assert used(lines) == data.count(b"\n")
    assert not any("\x1b" in line for line in lines)


def test_probabilities_use_the_width() -> None:
    """Bars grow with the terminal; the numbers stay in their column."""
    bars = []
    for width in (40, 80, 200):
        lines, _ = look("probs", 3, width)
        row = next(line for line in lines if line.startswith("▸ setosa"))
        assert "0.6842" in row
        bars.append(row.count("█"))
    assert bars[0] < bars[1] < bars[2]


def test_signs_have_colours_that_differ() -> None:
    """On the screen plus and minus of a Jacobian are of two colours, neither black, white, red nor green."""
    _, data = look("jacobian", 3, 80)
    assert re.search(rb"38;5;32m *\+0\.2161", data)
    assert re.search(rb"38;5;166m *-0\.07509", data)


@pytest.mark.parametrize(
    "variables", [{"NO_COLOR": "1"}, {"TERM": "dumb"}, {"NO_COLOR": "1", "FORCE_COLOR": "1"}]
)
def test_colour_can_be_refused(variables: dict[str, str]) -> None:
    """NO_COLOR and a dumb terminal get no escape character at all."""
    _, data = look("jacobian", 3, 80, **variables)
    assert b"\x1b" not in data


@pytest.mark.parametrize(
    "variables",
    [{"LC_ALL": "C"}, {"LC_ALL": "", "LANG": "C"}, {"LC_ALL": "POSIX"}, {"PYTHONIOENCODING": "ascii"}],
)
@pytest.mark.parametrize("what", ["probs", "jacobian", "steps", "compare"])
def test_a_terminal_without_unicode_gets_ascii(what: str, variables: dict[str, str]) -> None:
    """Bars, rules and marks have ASCII forms, and names that cannot be printed are escaped."""
    lines, data = look(what, 3, 80, **variables, NO_COLOR="1")
    assert data.isascii()
    assert any("\\u65e5" in line for line in lines)
    assert used(lines) == data.count(b"\n")


def test_latin_1_keeps_its_letters() -> None:
    """A terminal of Latin-1 has no blocks, but it has its accents."""
    _, data = look("probs", 3, 80, PYTHONIOENCODING="latin-1", NO_COLOR="1")
    assert "é".encode("latin-1") in data
    assert b"####" in data


@pytest.mark.parametrize("width", [40, 80, 200])
@pytest.mark.parametrize(
    "arguments",
    [
        ["probs", "tests/data/iris_logits.csv", "-c", "3-5"],
        ["probs", "tests/data/digits_logits.csv", "-c", "digit_*", "--top", "2"],
        ["jacobian", "setosa=1.43", "versicolor=-0.4", "virginica=0.23"],
        ["jacobian", "1.43", "-0.4", "0.23", "--function", "cross-entropy", "--target", "1"],
    ],
)
def test_commands_fit_their_terminal(arguments: list[str], width: int) -> None:
    """What a person types shows a table that no terminal wraps."""
    lines, data = run(arguments, width)
    assert data.count(b"\n") > 3
    assert used(lines) == data.count(b"\n")
