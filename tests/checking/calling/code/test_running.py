"""User code that hangs, exits, forks, prints or reads its input ends in one line, and never ends us."""

import contextlib
import os
import sys
import time
from collections.abc import Callable

import pytest

from softmax_cli.checking.calling.code.running import LIMITS, LateError, run
from softmax_cli.errors import InputError


def _forks() -> int:
    return os.fork() if hasattr(os, "fork") else 1


def _swallows() -> None:
    while True:
        with contextlib.suppress(Exception):
            time.sleep(0.01)


@pytest.mark.parametrize(
    ("what", "said"),
    [
        (lambda: sys.exit(4), "raised SystemExit: 4"),
        (lambda: os._exit(4), "raised SystemExit: 4"),
        (lambda: 1 / 0, "raised ZeroDivisionError: division by zero"),
        (input, "raised EOFError"),
    ],
)
def test_what_ends_a_program_is_one_line(what: Callable[[], object], said: str) -> None:
    """An exit, an exception, a question to somebody who is not there."""
    with pytest.raises(InputError, match=said):
        run(what, "f", "f.py")


def test_what_hangs_is_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where it swallows every exception."""
    monkeypatch.setattr(LIMITS, "seconds", 0.05)
    with pytest.raises(LateError, match=r"did not return within 0\.05 s"):
        run(_swallows, "f", "f.py")


def test_a_child_that_comes_back_is_ended() -> None:
    """A function that forks returns once, in the parent."""
    assert run(_forks, "f", "f.py") > 0


def test_a_print_goes_to_stderr_once(capfd: pytest.CaptureFixture[str]) -> None:
    """However often the function is called."""
    with LIMITS():
        for _ in range(3):
            run(lambda: print("loss 0.1"), "f", "f.py")
            run(lambda: print("step 7", file=sys.stderr), "f", "f.py")
        for _ in range(3):
            run(lambda: print("next? ", end=""), "f", "f.py")
    out, err = capfd.readouterr()
    assert out == ""
    assert [err.count(text) for text in ("loss 0.1", "step 7", "next?")] == [1, 1, 1]
