"""Where bytes go: standard output, a device, or a file that is written whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Protocol

from softmax_cli.errors import InputError, ReadWriteError, SoftmaxError
from softmax_cli.io.source import failure

STDOUT = "<stdout>"


class Sink(Protocol):
    """What a writer writes to; a failure is a ReadWriteError with the path, a closed pipe apart."""

    def write(self, data: bytes) -> None:
        """Write all of the data."""

    def rewrite_start(self, data: bytes) -> bool:
        """Overwrite the first bytes, and return True; False where what is written cannot be taken back."""


class _Descriptor:
    """Unbuffered bytes to a file descriptor, so that nothing is left to fail when the interpreter ends."""

    def __init__(self, name: str, descriptor: int, *, regular: bool) -> None:
        self.name = name
        self.descriptor = descriptor
        self.regular = regular

    def write(self, data: bytes) -> None:
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[_write_some(self.descriptor, rest) :]
        except BrokenPipeError:
            raise  # the reader of our output went away: main() ends in silence
        except OSError as error:
            raise write_failure(self.name, error) from error

    def rewrite_start(self, data: bytes) -> bool:
        if not self.regular:
            return False
        try:
            os.lseek(self.descriptor, 0, os.SEEK_SET)
            self.write(data)
            os.lseek(self.descriptor, 0, os.SEEK_END)
        except OSError as error:
            raise write_failure(self.name, error) from error
        return True


class _Stream:
    """Bytes to a standard output that is no file descriptor: one that a test has put in its place."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream

    def write(self, data: bytes) -> None:
        self.stream.write(data)
        self.stream.flush()

    def rewrite_start(self, data: bytes) -> bool:
        return False


@contextmanager
def open_output(output: str | None, *, binary_format: bool) -> Iterator[Sink]:
    """Open the output for one run.

    A regular file is all or nothing: the bytes go to a file beside it, which takes its place when the block
    ends well and is removed when it ends in any exception. Links are followed, an existing file's mode is
    kept, and a new one has the mode that the umask leaves. A device or FIFO is written directly.

    Parameters
    ----------
    output
        The path; None or ``-`` for standard output.
    binary_format
        Whether the bytes are no text: they are not written to a terminal.

    Raises
    ------
    InputError
        Where the path is a directory or its folder is missing, or bytes would meet a terminal.
    ReadWriteError
        Where it cannot be written: no permission, no space.
    """
    if output is None or output == "-":
        yield _standard_output(binary_format)
        return
    path = os.path.realpath(output)
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        mode = None
    except (OSError, ValueError) as error:
        raise failure(output, error) from error
    if mode is not None and stat.S_ISDIR(mode):
        raise InputError("is a directory, not a file", where=output)
    if mode is not None and not stat.S_ISREG(mode):
        with _open_device(output) as sink:
            yield sink
        return
    with _open_beside(output, path, mode) as sink:
        yield sink


def write_failure(name: str, error: OSError) -> SoftmaxError:
    """Return the sentence for a write that failed."""
    if error.errno == errno.ENOSPC:
        return ReadWriteError("no space left on the device", where=name)
    return failure(name, error)


def _standard_output(binary_format: bool) -> Sink:
    if sys.stdout is None:
        raise ReadWriteError("standard output is closed", where=STDOUT)
    if binary_format and sys.stdout.isatty():
        raise InputError(
            "a binary format is not written to a terminal",
            hint="write it to a file: -o FILE, or choose --format",
        )
    sys.stdout.flush()
    try:
        descriptor = sys.stdout.fileno()
    except (OSError, AttributeError):
        return _Stream(sys.stdout.buffer)
    return _Descriptor(STDOUT, descriptor, regular=False)


@contextmanager
def _open_device(output: str) -> Iterator[Sink]:
    try:
        descriptor = os.open(output, os.O_WRONLY)
    except OSError as error:
        raise failure(output, error) from error
    try:
        yield _Descriptor(output, descriptor, regular=False)
    finally:
        os.close(descriptor)


@contextmanager
def _open_beside(output: str, path: str, mode: int | None) -> Iterator[Sink]:
    """Open a new file beside `path`; rename it over `path` at the end, or remove it."""
    if mode is not None and not os.access(path, os.W_OK):  # renaming over it would need no permission
        raise ReadWriteError("permission denied", where=output)
    folder = os.path.dirname(path)
    beside = os.path.join(folder, f".softmax-{os.getpid()}-{os.urandom(6).hex()}.part")
    try:
        try:
            descriptor = os.open(
                beside, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666
            )
        except FileNotFoundError:
            raise InputError("the folder does not exist", where=output) from None
        except OSError as error:
            raise failure(output, error) from error
        try:
            yield _Descriptor(output, descriptor, regular=True)
        finally:
            _close(output, descriptor)
        try:
            if mode is not None:
                _like(beside, path, mode)
            os.replace(beside, path)
        except OSError as error:
            raise write_failure(output, error) from error
    except BaseException:  # Ctrl-C and SIGTERM too
        with contextlib.suppress(OSError):
            os.unlink(beside)
        raise


def _like(beside: str, path: str, mode: int) -> None:
    """Give the new file the owner, where we may, and the mode of the one whose place it takes."""
    old, new = os.stat(path), os.stat(beside)
    if (old.st_uid, old.st_gid) != (new.st_uid, new.st_gid):
        with contextlib.suppress(OSError):
            os.chown(beside, old.st_uid, old.st_gid)
    os.chmod(beside, stat.S_IMODE(mode))


def _close(name: str, descriptor: int) -> None:
    try:
        os.close(descriptor)
    except OSError as error:  # a network file system tells of a full disk here
        raise write_failure(name, error) from error


def _write_some(descriptor: int, data: memoryview) -> int:
    """Write what the descriptor takes; where it is non-blocking, wait until it takes some."""
    while True:
        try:
            return os.write(descriptor, data)
        except BlockingIOError:
            import select

            select.select([], [descriptor], [])
