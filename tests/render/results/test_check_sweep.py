"""The sweep of step sizes, drawn in the terminal and as a picture."""

import io
from importlib.util import find_spec
from unittest import mock

import pytest

from softmax_cli.checking.inputs import Inputs
from softmax_cli.checking.sweep import Sweep, sweep
from softmax_cli.errors import InputError
from softmax_cli.render.layout.console import Screen
from softmax_cli.render.results import check_sweep


@pytest.fixture
def found() -> Sweep:
    """Sweep central differences at one input."""
    return sweep("softmax", Inputs.of([1.43, -0.4, 0.23]), "central")


@pytest.mark.parametrize("width", [50, 80, 160])
def test_the_plot_is_a_v_with_its_lowest_point_marked(width: int, found: Sweep) -> None:
    """One o, below every other point, and no line wider than the screen."""
    stream = io.BytesIO()
    screen = Screen(stream, width=width)
    screen.show(check_sweep.sweep(found, screen))
    lines = stream.getvalue().decode().splitlines()
    plot = [line.partition("│")[2] for line in lines if "│" in line]
    assert [line.count("o") for line in plot].count(1) == 1
    last = max(i for i, line in enumerate(plot) if line.strip())
    assert "o" in plot[last]
    assert max(map(len, lines)) <= max(width, 78)


@pytest.mark.skipif(find_spec("matplotlib") is None, reason="the extra `plot` is not installed")
@pytest.mark.parametrize(("form", "start"), [("png", b"\x89PNG"), ("svg", b"<?xml")])
def test_the_picture_is_what_its_ending_says(form: str, start: bytes, found: Sweep) -> None:
    """A whole PNG or SVG."""
    stream = io.BytesIO()
    check_sweep.picture(found, stream, form)
    assert stream.getvalue().startswith(start)
    assert len(stream.getvalue()) > 5000


def test_without_matplotlib_one_line_says_how_to_get_it(found: Sweep) -> None:
    """The extra is named."""
    with mock.patch.dict("sys.modules", {"matplotlib": None}), pytest.raises(InputError) as caught:
        check_sweep.picture(found, io.BytesIO(), "png")
    assert "softmax-tutor[plot]" in str(caught.value.hint)
