"""Slides: the keys turn them, nothing scrolls away, and on the last only q leaves."""

import io
import itertools

import pytest

from softmax_cli.render.derivation import slides
from softmax_cli.render.layout.console import Screen
from softmax_cli.tutor.answer import lessons
from softmax_cli.tutor.question import Question
from tests.program import environment
from tests.terminal import spawn

CLEAR = "\x1b[H\x1b[2J"
QUESTION = Question(
    "softmax", ("setosa", "versicolor", "virginica"), True, logits=(1.43, -0.4, 0.23), of=0, wrt=1
)


def shown(monkeypatch: pytest.MonkeyPatch, keys: list[str], height: int = 16, width: int = 60) -> list[str]:
    """Return what the screen shows after each key, the first slide first."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(Screen, "height", height)
    stream = io.BytesIO()
    pressed = itertools.chain(keys, ["q"])
    slides.walk(list(lessons(QUESTION)), Screen(stream, width=width), lambda: next(pressed))
    return stream.getvalue().decode().split(CLEAR)[1:]


def test_the_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enter, space, PageDown and the arrows go on, b and PageUp go back, a number jumps, ? opens the why."""
    keys = ["\r", " ", "\x1b[6~", "\x1b[C", "b", "\x1b[5~", "9", "?", "?"]
    found = shown(monkeypatch, keys)
    titles = [screen.splitlines()[0].split("   ")[0] for screen in found[1:]]
    assert titles == [
        *["1.  Definition", "2.  Name parts", "3.  Quotient rule", "4.  Top, f'", "3.  Quotient rule"],
        *["2.  Name parts", "9.  Recognise p", "9.  Recognise p", "9.  Recognise p"],
    ]


def test_on_the_last_slide_only_q_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    """Going on from the last slide shows the last slide."""
    found = shown(monkeypatch, ["\r"] * 40)
    assert "╭" in found[-1]
    assert "13/13" in found[-1]
    assert found[-1].rstrip() == found[-2].rstrip()


@pytest.mark.parametrize(("height", "width"), [(16, 60), (24, 80), (12, 40)])
def test_nothing_scrolls_away(monkeypatch: pytest.MonkeyPatch, height: int, width: int) -> None:
    """No slide, with its reasons open or not, is higher than the screen."""
    for key in ("", "?"):
        keys = [press for _ in range(14) for press in ("\r", key) if press]
        for screen in shown(monkeypatch, keys, height, width):
            rows = screen.rstrip("\n").split("\n")
            assert len(rows) <= height
            assert max(map(len, rows)) <= width


def test_stopped_and_continued() -> None:
    """After Ctrl-Z and fg, and when the window is resized, the slide is drawn again; keys work as before."""
    process = spawn("bash", "--norc", "-i", env=environment(TERM="xterm-256color", PS1="> "))
    process.sendline("softmax derive --step")
    process.expect_exact("1/25")
    process.send("\x1a")
    process.expect_exact("Stopped")
    process.sendline("fg")
    process.expect_exact("1/25")
    process.send(" ")
    process.expect_exact("2/25")
    process.setwinsize(24, 50)
    process.expect_exact("2/25  Enter next  b back  ? why  1-9 step  q quit"[:49])
    process.send("q")
    process.sendline("echo left; exit")
    process.expect_exact("left")
    process.read()
