"""The sinks that writers write to."""

from __future__ import annotations

import errno
import io
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, cast

from softmax_cli.errors import ReadWriteError, SoftmaxError
from softmax_cli.io.streams.source import failure

if TYPE_CHECKING:
    from typing_extensions import Buffer

STDOUT = "<stdout>"


class Sink(io.RawIOBase):
    """An unbuffered binary stream, so that nothing is left to fail at exit.

    A write takes all of its bytes. A failure is a ReadWriteError with the path; a closed pipe is a
    BrokenPipeError, after which main() ends silently.

    Parameters
    ----------
    name
        What errors call it.
    descriptor
        The open file, which its opener closes; -1 if there is none.
    regular
        True for a file that was opened for this run, which can be rewound.
    """

    def __init__(self, name: str, descriptor: int, *, regular: bool = False) -> None:
        self.name = name
        self.regular = regular
        self._descriptor = descriptor
        self._is_open = True

    def shut(self) -> None:
        """Ignore further writes: a library may still end its stream after a failure."""
        self._is_open = False

    @property
    def stream(self) -> IO[bytes]:
        """Itself, with the type of the stream that a screen draws on."""
        return cast(IO[bytes], self)

    def writable(self) -> bool:
        """Return True."""
        return True

    def fileno(self) -> int:
        """Return the file descriptor."""
        if self._descriptor < 0:
            raise OSError("no file descriptor")
        return self._descriptor

    def isatty(self) -> bool:
        """Return whether it is a terminal."""
        return os.isatty(self._descriptor)

    def file(self) -> IO[bytes] | None:
        """Return the open file for a library to write to, within `failures`.

        None without a file, or for one that does not block, which a library would not wait for.
        """
        if self._descriptor < 0 or not _blocks(self._descriptor):
            return None
        return open(self._descriptor, "wb", buffering=0, closefd=False)

    @contextmanager
    def failures(self) -> Iterator[None]:
        """Turn a failed write into the sink's own error, and ignore what is written after it."""
        try:
            yield
        except BaseException as error:  # Ctrl-C and SIGTERM too
            self.shut()
            if not isinstance(error, OSError):
                raise
            failed = _numbered(error)
            if isinstance(failed, BrokenPipeError):
                raise failed from error
            raise write_failure(self.name, failed) from error

    def write(self, data: Buffer, /) -> int:
        """Write all of the data, and return its size."""
        rest = memoryview(data).cast("B")
        size = len(rest)
        with self.failures():
            while rest and self._is_open:
                rest = rest[_write_some(self._descriptor, rest) :]
        return size

    def write_text(self, text: str) -> None:
        """Write a text as UTF-8, a lone surrogate as JSON's escape for it."""
        self.write(text.encode(errors="backslashreplace"))

    def rewrite_start(self, data: bytes) -> bool:
        """Overwrite the first bytes, and return True; False if the sink cannot be rewound."""
        if not self.regular:
            return False
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        self.write(data)
        os.lseek(self._descriptor, 0, os.SEEK_END)
        return True


class Forwarding(Sink):
    """A sink without a file of its own, which passes on what is written."""

    def __init__(self, name: str, send: Callable[[Buffer], object], *, terminal: bool = False) -> None:
        super().__init__(name, -1)
        self._send = send
        self._is_terminal = terminal

    def isatty(self) -> bool:
        """Return whether it leads to a terminal."""
        return self._is_terminal

    def write(self, data: Buffer, /) -> int:
        """Pass on all of the data, and return its size."""
        self._send(data)
        return memoryview(data).nbytes


def write_failure(name: str, error: OSError) -> SoftmaxError:
    """Return the error for a write that failed."""
    if error.errno == errno.ENOSPC:
        return ReadWriteError("no space left on the device", where=name)
    return failure(name, error)


def _blocks(descriptor: int) -> bool:
    return hasattr(os, "get_blocking") and os.get_blocking(descriptor)


def _numbered(error: OSError) -> OSError:
    """Return the error with its system number, which a library in Rust only gives in the text."""
    number = re.search(r"\(os error (\d+)\)\Z", str(error))
    return error if number is None else OSError(int(number[1]), os.strerror(int(number[1])))


def _write_some(descriptor: int, data: memoryview) -> int:
    """Write what the descriptor takes; if it is non-blocking, wait until it takes some."""
    while True:
        try:
            return os.write(descriptor, data)
        except BlockingIOError:
            import select

            select.select([], [descriptor], [])
