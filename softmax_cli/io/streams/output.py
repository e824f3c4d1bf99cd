"""The outputs of bytes: standard output, a device, or a file that is written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from typing import Any

from softmax_cli.errors import InputError, ReadWriteError
from softmax_cli.io.formats import split_compression
from softmax_cli.io.streams.sink import STDOUT, Forwarding, Sink, write_failure
from softmax_cli.io.streams.source import failure, is_address

OWNER: ContextVar[str] = ContextVar("OWNER", default="")
"""The run that a temporary file on a worker of a cluster belongs to; empty for this process."""
_CREATE = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


@contextmanager
def open_output(output: str | None, *, binary_format: bool) -> Iterator[Sink]:
    """Open the output for one run.

    A regular file is all or nothing: the bytes go to a file beside it, which replaces it if the block ends
    well and is removed if it ends in any exception. Links are followed, an existing file's mode is kept, and
    a new one has the mode that the umask leaves. A device or FIFO is written directly.

    Parameters
    ----------
    output
        The path; None or ``-`` for standard output.
    binary_format
        Whether the bytes are not text, and must not be written to a terminal.

    Raises
    ------
    InputError
        If the path is a directory, its folder is missing, or binary bytes would go to a terminal.
    ReadWriteError
        If it cannot be written: no permission, no space.
    """
    ending = split_compression(output or "")[1]
    with _open_plain(output, binary_format) as plain:
        try:
            if not ending:
                yield plain
                return
            from softmax_cli.io.streams.compression import compressed

            with compressed(plain, ending) as packed:
                yield packed
        except BaseException:
            plain.shut()
            raise


def _open_plain(output: str | None, binary_format: bool) -> AbstractContextManager[Sink]:
    if output is None or output in ("-", "/dev/stdout"):
        return nullcontext(_standard_output(binary_format))
    if not output:
        raise InputError("the name of the file is empty", where="--output")
    if is_address(output):
        from softmax_cli.io.streams.store import open_object_for_writing

        return open_object_for_writing(output)
    try:
        mode = os.stat(output).st_mode  # of what is open, if it is a link to that
    except FileNotFoundError:
        mode = None
    except (OSError, ValueError) as error:
        raise failure(output, error) from error
    if output.endswith("/") or (mode is not None and stat.S_ISDIR(mode)):
        hint = f"name a file in it: -o {os.path.join(output, 'NAME')}"
        raise InputError("is a directory, not a file", where=output, hint=hint)
    is_file = mode is None or stat.S_ISREG(mode)
    return _open_beside(output, os.path.realpath(output), mode) if is_file else _open_device(output)


def _standard_output(binary_format: bool) -> Sink:
    if binary_format and sys.stdout.isatty():
        raise InputError(
            "a binary format is not written to a terminal",
            hint="write it to a file: -o FILE, or choose --format",
        )
    sys.stdout.flush()
    try:
        descriptor = sys.stdout.fileno()
    except (OSError, AttributeError):
        stream = sys.stdout.buffer  # a caller has put it in the place of a file

        def send(data: Any) -> None:
            stream.write(data)
            stream.flush()

        return Forwarding(STDOUT, send, terminal=stream.isatty())
    return Sink(STDOUT, descriptor)


@contextmanager
def _open_device(output: str) -> Iterator[Sink]:
    try:
        descriptor = os.open(output, os.O_WRONLY)
    except OSError as error:
        raise failure(output, error) from error
    try:
        yield Sink(output, descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _open_beside(output: str, path: str, mode: int | None) -> Iterator[Sink]:
    """Open a new file beside `path`; rename it over `path` at the end, or remove it."""
    may_write = os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)
    if mode is not None and not may_write:  # renaming over it would need no permission
        raise ReadWriteError("permission denied", where=output)
    folder = os.path.dirname(path)
    beside = os.path.join(folder, f".softmax-{OWNER.get() or os.getpid()}-{os.urandom(6).hex()}.part")
    try:
        try:
            descriptor = os.open(
                # What replaces a private file is private from the start.
                beside,
                _CREATE,
                0o666 if mode is None else 0o600,
            )
        except FileNotFoundError:
            raise InputError("the folder does not exist", where=output) from None
        except OSError as error:
            raise failure(output, error) from error
        try:
            yield Sink(output, descriptor, regular=True)
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


def removed(output: str) -> None:
    """Remove a file or an object that this run has written."""
    if is_address(output):
        from softmax_cli.io.streams.store import removed as removed_objects

        removed_objects(*os.path.split(output))
    else:
        with contextlib.suppress(OSError):
            os.unlink(output)


def _like(beside: str, path: str, mode: int) -> None:
    """Give the new file the mode and, if allowed, the owner of the one that it replaces."""
    old, new = os.stat(path), os.stat(beside)
    if (old.st_uid, old.st_gid) != (new.st_uid, new.st_gid):
        with contextlib.suppress(OSError):
            os.chown(beside, old.st_uid, old.st_gid)
    os.chmod(beside, stat.S_IMODE(mode))


def _close(name: str, descriptor: int) -> None:
    try:
        os.close(descriptor)
    except OSError as error:  # a network file system reports a full disk here
        raise write_failure(name, error) from error
