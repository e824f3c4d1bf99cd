"""The screen: where results go when nobody looks on, and what may go wrong there."""

import io
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from softmax_cli.render.layout.console import Screen

HOSTILE_ENVIRONMENT = {
    "COLUMNS": "33",
    "TERM": "xterm-256color",
    "COLORTERM": "truecolor",
    "FORCE_COLOR": "1",
    "CI": "true",
    "PYTHONIOENCODING": "ascii",
    "LC_ALL": "C",
}


@pytest.mark.parametrize("stream", [io.BytesIO, io.StringIO])
def test_a_pipe_is_eighty_columns_of_plain_utf8(stream: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the environment says, what is no terminal has width 80 and no colour."""
    for name, value in HOSTILE_ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    screen = Screen.for_output(stream())
    assert (screen.width, screen.colour, screen.unicode, screen.interactive) == (80, False, True, False)


@pytest.mark.parametrize("variables", [{}, HOSTILE_ENVIRONMENT, {"NO_COLOR": "1", "TERM": "dumb"}])
def test_piped_bytes_do_not_depend_on_the_environment(variables: dict[str, str]) -> None:
    """The same bytes come out of a pipe under every environment, without an escape character."""
    program = """
import sys, numpy
from softmax_cli.io.table.batch import Batch
from softmax_cli.io.table.results.result import PerClass
from softmax_cli.render.layout.console import Screen
from softmax_cli.render.results.probabilities import probabilities
batch = Batch(numpy.array([[1.0, 2.0]]), ("é", "日本"), from_arguments=True)
result = PerClass(batch, "softmax", 1.0, "probabilities", batch.values / 3)
screen = Screen.for_output(sys.stdout)
screen.show(probabilities([result], screen))
"""
    run = subprocess.run(
        [sys.executable, "-c", program], env={"PATH": "", **variables}, capture_output=True, check=True
    )
    assert b"\x1b" not in run.stdout
    assert run.stdout.decode().splitlines()[3:] == [
        "  é          1       0.3333  " + "█" * 17,
        "▸ 日本       2       0.6667  " + "█" * 34,
    ]


def test_binary_and_text_streams_get_the_same(make: SimpleNamespace) -> None:
    """Bytes or text, the stream of a test or of a program: the same drawing."""
    binary, text, layer = io.BytesIO(), io.StringIO(), io.BytesIO()
    wrapper = io.TextIOWrapper(layer, encoding="latin-1")
    for stream in (binary, text, wrapper):
        make.show("probs", [make.batch([[1, 2]])], Screen.for_output(stream))
    assert binary.getvalue().decode() == text.getvalue()
    assert layer.getvalue() == binary.getvalue()


def test_what_was_written_before_stays_in_front() -> None:
    """Text that waits in the stream comes out before the drawing."""
    layer = io.BytesIO()
    stream = io.TextIOWrapper(layer, encoding="utf-8")
    stream.write("before\n")
    Screen.for_output(stream).show(["after"])
    assert layer.getvalue() == b"before\nafter\n"


def test_a_reader_that_went_away_is_told_to_the_caller() -> None:
    """BrokenPipeError passes through, and so does a full disk."""

    class Closed(io.BytesIO):
        def flush(self) -> None:
            raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        Screen.for_output(Closed()).show(["line"])
    with open("/dev/full", "wb", buffering=0) as full, pytest.raises(OSError, match="No space"):
        Screen.for_output(full).show(["line"])


def test_drawing_without_colour_loads_little_of_rich() -> None:
    """Only what measures cells is imported: no console, no table, no Markdown."""
    program = """
import sys
import softmax_cli.io.table.results.long_tables
assert not [name for name in sys.modules if name.partition(".")[0] == "rich"]
from softmax_cli.render.results import jacobian, probabilities, steps
assert not {"rich.console", "rich.table", "rich.text", "rich.markdown"} & set(sys.modules)
assert "sympy" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True)
