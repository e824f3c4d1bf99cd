"""The sources of bytes: files and standard input, read as the bytes arrive."""

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
from typing import IO

from softmax_cli.errors import InputError, ReadWriteError, SoftmaxError

STDIN = "<stdin>"
CHUNK = 1 << 18
"""The most bytes read at a time: about 40,000 numbers of text, which stay in the cache."""

_BLINK = 0.02
"""Seconds to wait for more bytes before a block is passed on."""

_TICK = 0.5
_ADDRESS = re.compile(r"(?:s3|gs|az|https?)://", re.IGNORECASE)


def is_address(word: str) -> bool:
    """Return whether a word is the address of an object in a store or on the web, not the path of a file.

    Examples
    --------
    >>> is_address("s3://bucket/logits.csv"), is_address("logits.csv")
    (True, False)
    """
    return _ADDRESS.match(word) is not None


def is_on_web(word: str) -> bool:
    """Return whether a word is an address on the web, which can only be read.

    Examples
    --------
    >>> is_on_web("HTTPS://example.org/x.csv"), is_on_web("s3://bucket/x.csv"), is_on_web("http.csv")
    (True, False, False)
    """
    return is_address(word) and word[:4].lower() == "http"


class Source:
    """A named stream of bytes that can look ahead.

    Parameters
    ----------
    name
        What errors call it: the path as given, or ``<stdin>``.
    stream
        A binary stream; unbuffered, so that a thread that waits in it holds no lock that the exit needs.
    """

    def __init__(self, name: str, stream: IO[bytes] | io.RawIOBase) -> None:
        self.name = name
        self.stream = stream
        self.taken = 0
        self.size = _size(stream)
        """The size in bytes of a regular file when it was opened; None if it is unknown."""
        self._ahead: list[bytes] = []  # bytes that were put back, the next piece last
        self._read: Callable[[int], bytes | None] = getattr(stream, "read1", stream.read)

    @property
    def at_least(self) -> int:
        """The least number of bytes that the stream has, as far as is known."""
        return max(self.taken, self.size or 0)

    @property
    def path(self) -> str | None:
        """The path of a regular file; None for anything else."""
        name = self.stream.name if isinstance(self.stream, io.FileIO) else None
        return name if isinstance(name, str) and self.size is not None and name != STDIN else None

    def is_ready(self, seconds: float = _BLINK) -> bool:
        """Return whether more bytes have come, or come within some seconds."""
        if self._ahead or not isinstance(self.stream, io.FileIO):
            return True
        try:
            return bool(select.select([self.stream], [], [], seconds)[0])
        except (OSError, ValueError):  # a system that can only wait for sockets
            return True

    def read_some(self, most: int = CHUNK) -> bytes:
        """Return the bytes that have come, waiting only for the first; empty at the end."""
        data: bytes | None
        if self._ahead:
            piece = self._ahead.pop()
            self.put_back(piece[most:])
            return piece[:most]
        try:
            data = None
            while data is None:  # from a non-blocking descriptor that has nothing yet
                while not self.is_ready(_TICK):
                    pass  # a signal that came just before the wait is handled now
                data = self._read(most)
        except OSError as error:
            raise failure(self.name, error) from error
        self.taken += len(data)
        if not data:
            self._refuse_to_shrink()
        return data

    def _refuse_to_shrink(self) -> None:
        """Refuse a file that ends before the size that it had when it was opened: rows are lost."""
        if self.size is not None and self.taken < self.size:
            left = _size(self.stream)
            if left is not None and left < self.size:
                raise ReadWriteError("the file became shorter while it was read", where=self.name)

    def read(self, count: int = -1) -> bytes:
        """Return exactly `count` bytes, or all that are left if there are fewer or `count` is negative."""
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
        """Return whether the next bytes start with one of the prefixes, reading no more than necessary."""
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

    def raw(self) -> io.RawIOBase:
        """Return the remaining bytes as a stream."""
        return _Stream(self)

    def advance(self, share: float) -> None:
        """Record that this share of a file has been read, in any order."""
        if self.size is not None:
            self.taken = round(share * self.size)

    def rewind(self) -> None:
        """Move a seekable stream back to the next byte to be read."""
        self.stream.seek(-sum(map(len, self._ahead)), os.SEEK_CUR)
        self._ahead = []

    def put_back(self, data: bytes) -> None:
        """Put bytes back, to be read next."""
        pieces = [data[start : start + CHUNK] for start in range(0, len(data), CHUNK)]
        self._ahead += reversed(pieces)


def _size(stream: IO[bytes] | io.RawIOBase) -> int | None:
    try:
        status = os.fstat(stream.fileno())
    except (OSError, AttributeError):  # a stream without a file descriptor
        return None
    return status.st_size if stat.S_ISREG(status.st_mode) else None


class _Stream(io.RawIOBase):
    """A source as a stream for libraries."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return self._source.read(size) if size < 0 else self._source.read_some(size)


class PieceStream(io.RawIOBase):
    """Pieces of bytes, none of them empty, as a stream."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = memoryview(b"")

    def read(self, size: int = -1) -> bytes:
        """Return at most `size` bytes; empty at the end."""
        if not self._rest:
            piece = next(self._pieces, b"")
            if not 0 <= size < len(piece):
                return piece
            self._rest = memoryview(piece)
        end = len(self._rest) if size < 0 else size
        data, self._rest = self._rest[:end], self._rest[end:]
        return bytes(data)


@contextmanager
def open_source(word: str) -> Iterator[Source]:
    """Open a file by its path, an object by its address, or standard input by ``-``.

    Raises
    ------
    InputError
        If there is no such file, or it is a directory.
    ReadWriteError
        If it cannot be read.
    """
    if word == "-":
        if sys.stdin is None:
            raise InputError("standard input is closed", where=STDIN)
        yield Source(STDIN, getattr(sys.stdin.buffer, "raw", sys.stdin.buffer))
        return
    if is_address(word):
        from softmax_cli.io.streams.store import open_object

        yield open_object(word)
        return
    try:
        stream = open(word, "rb", buffering=0)  # noqa: SIM115 - closed below
    except (OSError, ValueError) as error:
        raise failure(word, error) from error
    with stream:
        yield Source(word, stream)


def changed(name: str) -> ReadWriteError:
    """Return the error for a file that has changed."""
    hint = "run it again when nobody writes to it"
    return ReadWriteError("it changed while it was read", where=name, hint=hint)


def failure(name: str, error: OSError | ValueError) -> SoftmaxError:
    """Return the error for a path that cannot be opened, read or written."""
    if isinstance(error, ValueError):  # a NUL in the name
        return InputError("not the name of a file", where=repr(name))
    match error.errno:
        case errno.ENOENT:
            return InputError("no such file", where=name, hint=near_file(name))
        case errno.ENOTDIR:
            return InputError("no such file: a part of the path is not a directory", where=name)
        case errno.EISDIR:
            return InputError("is a directory, not a file", where=name, hint=_files_in(name))
        case errno.ENAMETOOLONG:
            return InputError("too long for the name of a file", where=name[:60] + "...")
    reason = os.strerror(error.errno) if error.errno else str(error)
    return ReadWriteError(reason[:1].lower() + reason[1:], where=name)


def near_file(name: str) -> str | None:
    """Suggest the file in the same folder with the nearest name, if there is one."""
    import difflib

    folder, base = os.path.split(name)
    try:
        names = [entry.name for entry in os.scandir(folder or ".") if entry.is_file()]
    except (OSError, ValueError):
        return None
    near = difflib.get_close_matches(base, names[:10_000], n=1, cutoff=0.75)
    return f"did you mean {os.path.join(folder, near[0])!r}?" if near else None


def _files_in(folder: str) -> str | None:
    """Suggest the glob of the most frequent ending of a folder's files."""
    from collections import Counter

    try:
        names = (entry.name for entry in os.scandir(folder) if entry.is_file() and entry.name[0] not in "._")
        endings = Counter(ending for name in names if (ending := os.path.splitext(name)[1]))
    except OSError:
        return None
    common = endings.most_common(1)
    return f"{os.path.join(folder, '*' + common[0][0])!r} stands for its files" if common else None
