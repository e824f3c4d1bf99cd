"""Where bytes come from: a file or standard input, read as they arrive."""

from __future__ import annotations

import errno
import io
import os
import re
import select
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, cast

from softmax_cli.errors import InputError, ReadWriteError, SoftmaxError

STDIN = "<stdin>"
CHUNK = 1 << 18
"""The most bytes taken at a time: about 40,000 numbers of text, small enough to stay in the cache."""

_BLINK = 0.02
"""Seconds to wait for more bytes before a block is passed on."""

_TICK = 0.5
_ADDRESS = re.compile(r"(?:s3|gs|az|https?)://", re.IGNORECASE)


def is_address(word: str) -> bool:
    """Tell whether a word is the address of an object in a store or on the web, not the path of a file.

    Examples
    --------
    >>> is_address("s3://bucket/logits.csv"), is_address("logits.csv")
    (True, False)
    """
    return _ADDRESS.match(word) is not None


class Source:
    """A stream of bytes with a name, from which one may look ahead.

    Parameters
    ----------
    name
        What errors call it: the path as given, or ``<stdin>``.
    stream
        A binary stream. Unbuffered, a thread that waits in it holds no lock that the program's end needs.
    """

    def __init__(self, name: str, stream: IO[bytes]) -> None:
        self.name = name
        self.stream = stream
        self.taken = 0
        self.size = _size(stream)
        """The size in bytes of a regular file when it was opened; None where nobody knows."""
        self._ahead: list[bytes] = []  # what was given back, the next piece last
        self._read: Callable[[int], bytes | None] = getattr(stream, "read1", stream.read)

    @property
    def at_least(self) -> int:
        """How many bytes there are in all, as far as is known yet."""
        return max(self.taken, self.size or 0)

    @property
    def path(self) -> str | None:
        """The path of a regular file; None for anything else."""
        name = self.stream.name if isinstance(self.stream, io.FileIO) else None
        return name if isinstance(name, str) and self.size is not None and name != STDIN else None

    def is_ready(self, seconds: float = _BLINK) -> bool:
        """Tell whether more has come, or will within some seconds."""
        if self._ahead or not isinstance(self.stream, io.FileIO):
            return True
        try:
            return bool(select.select([self.stream], [], [], seconds)[0])
        except (OSError, ValueError):  # a system that can wait for sockets only
            return True

    def read_some(self, most: int = CHUNK) -> bytes:
        """Return what is there, waiting only for the first byte; empty at the end."""
        data: bytes | None
        if self._ahead:
            piece = self._ahead.pop()
            self.put_back(piece[most:])
            return piece[:most]
        try:
            data = None
            while data is None:  # a descriptor that does not block, and has nothing
                while not self.is_ready(_TICK):
                    pass  # a signal that came just before the wait is heard now
                data = self._read(most)
        except OSError as error:
            raise failure(self.name, error) from error
        self.taken += len(data)
        if not data:
            self._refuse_to_shrink()
        return data

    def _refuse_to_shrink(self) -> None:
        """Raise where the file ends before the end that it had when it was opened: rows are lost."""
        if self.size is not None and self.taken < self.size:
            left = _size(self.stream)
            if left is not None and left < self.size:
                raise ReadWriteError("the file became shorter while it was read", where=self.name)

    def read(self, count: int = -1) -> bytes:
        """Return exactly `count` bytes, or all that are left where there are fewer or `count` is negative."""
        parts: list[bytes] = []
        missing = count
        while missing:
            data = self.read_some(CHUNK if count < 0 else min(missing, CHUNK))
            if not data:
                break
            parts.append(data)
            missing -= len(data) if count >= 0 else 0
        return b"".join(parts)

    def starts_with(self, *prefixes: bytes) -> bool:
        """Tell whether the bytes to come start with one of the prefixes, reading no further than it must."""
        ahead = b""
        try:
            while not ahead.startswith(prefixes):
                data = self.read_some() if any(prefix.startswith(ahead) for prefix in prefixes) else b""
                if not data:
                    return False
                ahead += data
            return True
        finally:
            self.put_back(ahead)

    def raw(self) -> IO[bytes]:
        """Return the bytes to come as a stream."""
        return cast(IO[bytes], _Stream(self))

    def advance(self, share: float) -> None:
        """Take note that a share of a file has been read, in whatever order."""
        if self.size is not None:
            self.taken = round(share * self.size)

    def position(self) -> int:
        """Return where in a seekable stream the next byte is."""
        return self.stream.tell() - sum(map(len, self._ahead))

    def seek(self, position: int) -> None:
        """Go to a place of a seekable stream."""
        self._ahead = []
        self.stream.seek(position)

    def put_back(self, data: bytes) -> None:
        """Give bytes back, to be read next."""
        pieces = [data[start : start + CHUNK] for start in range(0, len(data), CHUNK)]
        self._ahead += reversed(pieces)


def _size(stream: IO[bytes]) -> int | None:
    try:
        status = os.fstat(stream.fileno())
    except (OSError, AttributeError):  # a stream that is no file descriptor
        return None
    return status.st_size if stat.S_ISREG(status.st_mode) else None


class _Stream(io.RawIOBase):
    """A source as a library reads it."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return self._source.read(size) if size < 0 else self._source.read_some(size)


@contextmanager
def open_source(word: str) -> Iterator[Source]:
    """Open a file by its path, an object by its address, or standard input by ``-``.

    Raises
    ------
    InputError
        Where there is no such file, or it is a directory.
    ReadWriteError
        Where it cannot be read.
    """
    if word == "-":
        if sys.stdin is None:
            raise InputError("standard input is closed", where=STDIN)
        yield Source(STDIN, getattr(sys.stdin.buffer, "raw", sys.stdin.buffer))
        return
    if is_address(word):
        from softmax_cli.io.streams.store import open_object

        with open_object(word) as source:
            yield source
        return
    try:
        stream = open(word, "rb", buffering=0)  # noqa: SIM115 - closed below
    except (OSError, ValueError) as error:
        raise failure(word, error) from error
    with stream:
        yield Source(word, stream)


def changed(name: str) -> ReadWriteError:
    """Return the error of a file that is not what it was."""
    return ReadWriteError("it changed while it was read", where=name)


def failure(name: str, error: OSError | ValueError) -> SoftmaxError:
    """Return the sentence for a path that cannot be opened, read or written."""
    if isinstance(error, ValueError):  # a NUL in the name
        return InputError("not the name of a file", where=repr(name))
    match error.errno:
        case errno.ENOENT:
            return InputError("no such file", where=name, hint=near_file(name))
        case errno.ENOTDIR:
            return InputError("no such file: a part of the path is not a directory", where=name)
        case errno.EISDIR:
            return InputError("is a directory, not a file", where=name)
        case errno.ENAMETOOLONG:
            return InputError("too long for the name of a file", where=name[:60] + "...")
    reason = os.strerror(error.errno) if error.errno else str(error)
    return ReadWriteError(reason[:1].lower() + reason[1:], where=name)


def near_file(name: str) -> str | None:
    """Suggest the file of the same folder whose name is nearest, or nothing."""
    import difflib

    folder, base = os.path.split(name)
    try:
        names = [entry.name for entry in os.scandir(folder or ".") if entry.is_file()]
    except (OSError, ValueError):
        return None
    near = difflib.get_close_matches(base, names[:10_000], n=1, cutoff=0.75)
    return f"did you mean {os.path.join(folder, near[0])!r}?" if near else None
