"""Exploring at a terminal: what keys do, what is drawn, and how much of it."""

import io

import numpy as np
import pytest

from softmax_cli.core.softmax import softmax
from softmax_cli.learning.exploration import Point, moved
from softmax_cli.render.layout.console import Line, Screen
from softmax_cli.render.layout.glyphs import cells
from softmax_cli.render.live.explore_frame import frame, slider_at
from softmax_cli.render.live.explorer import Explorer
from softmax_cli.render.live.sentences import sentence
from softmax_cli.render.live.terminal import Stage

UP, DOWN, RIGHT, LEFT = "\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D"


def explorer(k: int = 3, *, predicting: bool = False) -> Explorer:
    """Return an exploration of k classes."""
    logits = [1.43, -0.4, 0.23] if k == 3 else np.random.default_rng(1).normal(size=k).tolist()
    made = Explorer(Point(logits), [f"class {i + 1}" for i in range(k)])
    made.predicting = predicting
    return made


def text(lines: list[Line]) -> list[str]:
    """Return lines without their styles."""
    return [line if isinstance(line, str) else "".join(part for part, _ in line) for line in lines]


def press(made: Explorer, *keys: str) -> None:
    """Press keys, none of which leaves."""
    for key in keys:
        assert made.press(key)


def test_keys_move_what_they_say() -> None:
    """Arrows choose and move by 0.1, < and > by 1, t changes the temperature, r goes back."""
    made = explorer()
    press(made, DOWN, DOWN, RIGHT, ">")
    assert made.point.logits == [1.43, -0.4, 1.33]
    press(made, LEFT, "<", "t")
    assert made.point.logits == [1.43, -0.4, 0.23]
    assert made.point.temperature == 1.25
    press(made, "r", DOWN)
    assert (made.point, made.chosen) == (made.start, 0)
    assert not made.press("q")


def test_a_prediction_comes_before_the_move() -> None:
    """Nothing moves until a prediction, or none, is given; it is then judged against what became."""
    made = explorer(predicting=True)
    press(made, DOWN, DOWN, ">")
    assert made.point == made.start
    press(made, *"0.41", "\r")
    assert made.point.logits[2] == 1.23
    assert made.said.startswith(
        "You said 0.41: right. class 3, logit 0.23 to 1.23: slope 0.1636 says 0.3697;"
    )
    assert (made.close, made.rounds) == (1, 1)
    press(made, LEFT, "\r")
    assert made.said.startswith("class 3, logit 1.23 to 1.13")
    assert made.rounds == 1


def test_others_pay_in_proportion() -> None:
    """Each other class pays the same share of what it has, by any step."""
    move = moved(Point([1.0, 2.0, 3.0, -1.0]), 1, 5.0)
    before, after = np.array(move.before.p), np.array(move.after.p)
    np.testing.assert_allclose(1 - after[[0, 2, 3]] / before[[0, 2, 3]], move.share(), rtol=1e-12)


@pytest.mark.parametrize(
    ("j", "value", "said"),
    [
        (0, 1.43, "it stays at 0.6842"),
        (0, 9.0, "which is no probability"),
        (1, -np.inf, "masks its class"),
        (1, np.inf, "takes all"),
        (2, 0.2300001, "the slope held all the way"),
        (2, -2.0, "class 1 gained"),
    ],
)
def test_sentences(j: int, value: float, said: str) -> None:
    """Every kind of move has its words."""
    made = explorer()
    assert said in sentence(moved(made.point, j, value), made.names)


@pytest.mark.parametrize("k", [2, 3, 4, 8])
@pytest.mark.parametrize("size", [(24, 80), (40, 120), (16, 60)])
def test_frame_fits(k: int, size: tuple[int, int]) -> None:
    """A frame fills the window and no more; up to 8 classes all are there, at 24 x 80 the matrix too."""
    made = explorer(k)
    lines = text(frame(made, Screen(io.BytesIO(), width=size[1], interactive=True), size))
    assert len(lines) == size[0]
    assert max(map(cells, lines)) <= size[1]
    for i in range(k):
        assert any(line[2:].startswith(f"class {i + 1} ") for line in lines)
    if size != (16, 60):  # there the chosen column stands beside the sliders
        assert sum("dp/dz" in line for line in lines) == 1
        assert sum(line.startswith("class ") for line in lines) >= k


def test_many_classes_scroll() -> None:
    """Of 50 classes those around the chosen one are shown, with the column of the Jacobian beside them."""
    made = explorer(50)
    press(made, *[DOWN] * 30)
    lines = text(frame(made, Screen(io.BytesIO(), interactive=True), (24, 80)))
    [chosen] = [line for line in lines if line.startswith("▸ ")]
    assert chosen.startswith("▸ class 31 ")
    assert f"{made.point.column(30)[30]:+.4f}"[:6] in chosen


@pytest.mark.parametrize("k", [3, 8, 12])
def test_ascii_and_no_colour_keep_sign_and_size(k: int) -> None:
    """Without colours and Unicode the signs stand in front of the numbers, and the marks beside them."""
    screen = Screen(io.BytesIO(), interactive=True, unicode=False, encoding="ascii")
    made = explorer(k)
    shown = Stage(screen, lambda seconds: None)
    shown.draw(frame(made, screen, (24, 80)))
    assert isinstance(screen.stream, io.BytesIO)
    drawn = screen.stream.getvalue()
    assert b"\\x" not in drawn
    assert b"+0." in drawn
    assert b"-0." in drawn
    assert b"[38;5" not in drawn


def test_only_what_changed_is_written() -> None:
    """A move of one of 10 classes writes at most 3 kB, and a frame that is the same nothing."""
    screen = Screen(io.BytesIO(), width=100, colour=True, interactive=True)
    made, shown = explorer(10), Stage(screen, lambda seconds: None)
    assert isinstance(screen.stream, io.BytesIO)
    shown.draw(frame(made, screen, (24, 100)))
    for key in (RIGHT, DOWN, ">", "t"):
        before = screen.stream.tell()
        press(made, key)
        shown.draw(frame(made, screen, (24, 100)))
        assert 0 < screen.stream.tell() - before <= 3_000
    before = screen.stream.tell()
    shown.draw(frame(made, screen, (24, 100)))
    assert screen.stream.tell() == before


def test_the_mouse_hits_sliders() -> None:
    """A click on a slider is its class and logit: the ends are the ends of its range."""
    made = explorer()
    lines = text(frame(made, Screen(io.BytesIO(), interactive=True), (24, 80)))
    row, column = 2, lines[2].index("─")
    assert slider_at(made, row, column, (24, 80)) == (1, -8.0)
    assert slider_at(made, row, column + 16, (24, 80)) == (1, 8.0)
    assert slider_at(made, row, column - 1, (24, 80)) is None
    assert slider_at(made, 10, column, (24, 80)) is None
    made.aim_at(1, 3.0)
    np.testing.assert_allclose(made.point.p, softmax([1.43, 3.0, 0.23]))
