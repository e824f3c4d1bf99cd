"""Running a command line in this process: like `program.shell`, without the time that an interpreter takes.

What it cannot show, start-up and the end of the process, is what test_startup.py and test_endings.py are for.
"""

import gc
import os
import shlex
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from softmax_cli.__main__ import end_of_run
from tests.program import Ended, environment

_SHELL = frozenset("|<>;&$`*?()")


def is_plain(command: str) -> bool:
    """Tell whether a command line is one run of softmax, with nothing in it that the shell does.

    Code of the user's, which would stay imported, does not count as plain.
    """
    return command.startswith("softmax ") and not _SHELL & set(command) and ".py" not in command


def in_process(
    command: str, folder: Path, capfd: pytest.CaptureFixture[str], variables: Mapping[str, str] | None = None
) -> Ended:
    """Run a plain command line in a folder, with some variables set, and return what it printed."""
    signals = {
        number: signal.getsignal(number)
        for number in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM))
    }
    threshold = gc.get_threshold()
    with pytest.MonkeyPatch.context() as patch, open(os.devnull, encoding="utf-8") as nothing:
        patch.chdir(folder)
        patch.setattr(sys, "stdin", nothing)
        patch.setattr(sys, "argv", shlex.split(command))
        plain = environment(**variables or {})
        for name in set(os.environ) - set(plain):
            patch.delenv(name)
        for name, value in plain.items():
            patch.setenv(name, value)
        capfd.readouterr()
        try:
            code = end_of_run()
        finally:
            gc.set_threshold(*threshold)
            for number, handler in signals.items():
                signal.signal(number, handler)
    printed = capfd.readouterr()
    return Ended(printed.out, printed.err, code)
