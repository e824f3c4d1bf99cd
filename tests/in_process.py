"""Running a command line in this process: like `program.shell`, without the time that a process takes.

What it cannot show, start-up and the end of the process, is what test_startup.py and test_endings.py are for.
"""

import gc
import os
import shlex
import signal
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from softmax_cli.__main__ import end_of_run
from tests.fork_server import standard_streams
from tests.program import Ended, environment


def in_process(
    command: str, folder: Path, variables: Mapping[str, str] | None = None, stdin: bytes = b""
) -> Ended:
    """Run a plain command line in a folder, with some variables set, and return what it printed."""
    signals = {
        number: signal.getsignal(number)
        for number in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM))
    }
    threshold = gc.get_threshold()
    with pytest.MonkeyPatch.context() as patch, _piped(stdin) as printed:
        patch.chdir(folder)
        patch.setattr(sys, "argv", shlex.split(command))
        for name, stream in standard_streams().items():
            patch.setattr(sys, name, stream)
        plain = environment(**variables or {})
        for name in set(os.environ) - set(plain):
            patch.delenv(name)
        for name, value in plain.items():
            patch.setenv(name, value)
        try:
            code = end_of_run()
            for written in (sys.stdout, sys.stderr):
                written.flush()
        finally:
            gc.set_threshold(*threshold)
            for number, handler in signals.items():
                signal.signal(number, handler)
    stdout, stderr = (future.result().decode() for future in printed)
    return Ended(stdout, stderr, code)


@contextmanager
def _piped(given: bytes) -> Iterator[list[Future[bytes]]]:
    """Put pipes in the place of the standard files; yield what will have come out of the last two."""
    kept = [os.dup(number) for number in range(3)]
    (stdin, source), (stdout, out), (stderr, err) = (os.pipe() for _ in kept)
    for number, end in enumerate((stdin, out, err)):
        os.dup2(end, number)
        os.close(end)
    with ThreadPoolExecutor(3) as threads:
        threads.submit(_feed, source, given)
        try:
            yield [threads.submit(_drain, end) for end in (stdout, stderr)]
        finally:
            for number, old in enumerate(kept):
                os.dup2(old, number)
                os.close(old)


def _feed(descriptor: int, given: bytes) -> None:
    with suppress(BrokenPipeError), open(descriptor, "wb") as stream:
        stream.write(given)


def _drain(descriptor: int) -> bytes:
    with open(descriptor, "rb") as stream:
        return stream.read()
