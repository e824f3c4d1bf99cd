"""A training that is watched: pace, back and forth, and what is drawn."""

import io

import pytest

from softmax_cli.learning.datasets import DATASETS
from softmax_cli.learning.experiment import Experiment
from softmax_cli.learning.training import Plan
from softmax_cli.render.layout.console import Screen
from softmax_cli.render.layout.glyphs import cells
from softmax_cli.render.live.player import Player
from softmax_cli.render.live.train_frame import frame


def player(data: str = "iris", plan: Plan | None = None) -> Player:
    """Return a training that has begun."""
    return Player(Experiment(DATASETS[data].load(), plan or Plan(steps=4)), 70)


def test_keys_pause_and_step() -> None:
    """Space pauses, arrows step on and back, + and - change the pace, q leaves."""
    shown = player()
    shown.forward()
    assert (shown.step.number, shown.playing) == (1, True)
    for key, number, playing in (
        (" ", 1, False),
        ("\x1b[C", 2, False),
        ("\x1b[D", 1, False),
        ("\x1b[D", 0, False),
        ("\x1b[D", 0, False),
        (" ", 0, True),
    ):
        assert shown.press(key)
        assert (shown.step.number, shown.playing) == (number, playing)
    pause = shown.pause
    assert shown.press("+")
    assert shown.pause == pause / 2
    assert shown.press("-")
    assert shown.pause == pause
    assert not shown.press("q")


def test_leaving_early_takes_the_steps_that_are_left() -> None:
    """What is learned is the same whether it was watched to its end or not."""
    watched = player()
    watched.finish()
    assert watched.finished
    assert watched.experiment.last is not None
    assert watched.experiment.last.number == 4


@pytest.mark.parametrize("data", list(DATASETS))
@pytest.mark.parametrize("hidden", [0, 3])
@pytest.mark.parametrize("size", [(24, 80), (40, 120), (12, 60)])
def test_frame_fits(data: str, hidden: int, size: tuple[int, int]) -> None:
    """A frame fills the window and no more, with the curve, the map, and the row's probabilities."""
    shown = player(data, Plan(steps=3, hidden=hidden))
    for _ in range(3):
        shown.forward()
    screen = Screen(io.BytesIO(), width=size[1], interactive=True)
    lines = [
        line if isinstance(line, str) else "".join(part for part, _ in line)
        for line in frame(shown, screen, size)
    ]
    assert len(lines) == size[0]
    assert max(map(cells, lines)) <= size[1]
    assert lines[0].startswith("step 3 of 3 · loss ")
    assert any("●" in line for line in lines)
    assert any(line.startswith(f"{shown.experiment.noun} 71, ") for line in lines)
    if size[0] >= 24:
        assert any(line.startswith("taken for") for line in lines)
