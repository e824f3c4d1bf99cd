"""Live pictures on a real pseudo-terminal: it is given back as it was, however the run ends."""

import signal
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.program import environment
from tests.terminal import spawn

if TYPE_CHECKING:
    import pexpect

EXPLORE = "softmax explore setosa=1.43 versicolor=-0.4 virginica=0.23"
TRAIN = "softmax train --data iris --steps 400"


def drawn(command: str) -> "pexpect.spawn[str]":
    """Start a command on a terminal, and wait until its picture is there."""
    process = spawn("bash", "-c", f"stty -a | grep -o '.icanon'; exec {command}")
    process.expect_exact("\x1b[?2026l")
    return process


@pytest.mark.parametrize("command", [EXPLORE, TRAIN])
@pytest.mark.parametrize(
    ("end", "code"),
    [
        (lambda process: process.send("q"), 0),
        (lambda process: process.sendintr(), 130),
        (lambda process: process.kill(signal.SIGTERM), -signal.SIGTERM),
    ],
    ids=["q", "ctrl-c", "sigterm"],
)
def test_terminal_is_given_back(
    command: str, end: Callable[["pexpect.spawn[str]"], object], code: int
) -> None:
    """After q, Ctrl-C or a signal the cursor, the wrapping and the usual screen are back."""
    process = drawn(command)
    end(process)
    rest = process.read()
    process.close()
    assert "\x1b[?25h" in rest
    assert "\x1b[?1049l" in rest
    assert (process.exitstatus if process.signalstatus is None else -process.signalstatus) == code


def test_a_resized_window_is_drawn_anew_and_a_small_one_says_so() -> None:
    """A window that is made smaller than the picture says what it needs, and draws it again when larger."""
    process = drawn(EXPLORE)
    process.setwinsize(8, 40)
    process.expect_exact("60 x 12 at least")
    process.setwinsize(24, 80)
    process.expect_exact("dp/dz")
    process.send("q")
    process.read()


def test_stopped_and_continued() -> None:
    """Ctrl-Z gives the terminal back to the shell; fg takes it over again, and keys work as before."""
    process = spawn("bash", "--norc", "-i", env=environment(TERM="xterm-256color", PS1="> "))
    process.sendline(EXPLORE)
    process.expect_exact("\x1b[?2026l")
    process.send("\x1a")
    process.expect_exact("\x1b[?1049l")
    process.expect_exact("Stopped")
    process.sendline("fg")
    process.expect_exact("\x1b[?1049h")
    process.expect_exact("\x1b[?2026l")
    process.send("q")
    process.expect_exact("\x1b[?1049l")
    process.sendline("exit")
    process.read()


def test_train_ends_with_what_was_learned() -> None:
    """Leaving early still trains to the end, and tells it on the usual screen."""
    process = drawn("softmax train --data iris --steps 50 --hidden 2")
    time.sleep(0.1)
    process.send("q")
    process.expect_exact("\x1b[?1049l")
    process.expect_exact("Taken for:")
    process.expect_exact("Least sure: flower")
    process.read()
