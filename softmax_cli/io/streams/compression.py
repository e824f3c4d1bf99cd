"""gzip and Zstandard, streamed in and out."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

from softmax_cli.errors import InputError
from softmax_cli.io.streams.sink import Forwarding, Sink
from softmax_cli.io.streams.source import CHUNK, PieceStream, Source

_GZIP = b"\x1f\x8b"
_ZSTANDARD = (b"\x28\xb5\x2f\xfd", *(bytes((first, 0x2A, 0x4D, 0x18)) for first in range(0x50, 0x60)))
"""The first bytes of a frame; of one to skip, as pzstd writes them, the others."""
_GZIP_WINDOW = 31  # zlib's way to ask for gzip's header and checksum
_LEVEL = 2
"""isal's level 2: the size of zlib's level 2, at four times the speed of zlib's level 1."""


def decompressed(source: Source) -> Source:
    """Return a source of the decompressed bytes; by its first bytes, an uncompressed source itself."""
    if source.starts_with(_GZIP):
        return Source(source.name, PieceStream(_gunzipped(source)))
    if source.starts_with(*_ZSTANDARD):
        return Source(source.name, PieceStream(_unzstandard(source)))
    return source


def _gunzipped(source: Source) -> Iterator[bytes]:
    """Yield the decompressed bytes of all members of gzip data."""
    fastest = _fastest_zlib()
    begun, rest = False, b""
    while data := _past_padding(rest, source):
        if begun and not _GZIP.startswith(data[:2]):
            raise InputError("something else follows the gzip data", where=source.name)
        begun, member = True, fastest.decompressobj(_GZIP_WINDOW)
        while not member.eof:
            if not data:
                raise InputError("the gzip data ends before its end", where=source.name)
            try:
                plain = member.decompress(data, CHUNK)
            except fastest.error as error:
                raise InputError("the gzip data is broken", where=source.name) from error
            if plain:
                yield plain
            data = member.unconsumed_tail or (b"" if member.eof else source.read_some())
        rest = member.unused_data


def _past_padding(data: bytes, source: Source) -> bytes:
    """Return the next bytes after the zeros that may pad members, or none at the end."""
    while not (data := data.lstrip(b"\0")):
        data = source.read_some()
        if not data:
            break
    return data


def _unzstandard(source: Source) -> Iterator[bytes]:
    """Yield the decompressed bytes of all frames of Zstandard data."""
    import pyarrow as pa

    stream = pa.CompressedInputStream(pa.PythonFile(source.raw(), mode="r"), "zstd")
    try:
        while data := stream.read(CHUNK):
            yield data
    except OSError as error:
        what = "ends before its end" if "truncated" in str(error).lower() else "is broken"
        raise InputError(f"the Zstandard data {what}", where=source.name) from error


@contextmanager
def compressed(sink: Sink, ending: str) -> Iterator[Sink]:
    """Open a sink that compresses, by the ending ``.gz`` or ``.zst``."""
    if ending == ".gz":
        packer = _fastest_zlib().compressobj(_LEVEL, zlib.DEFLATED, _GZIP_WINDOW)
        yield Forwarding(sink.name, lambda data: sink.write(packer.compress(data)))
        sink.write(packer.flush())
    else:
        import pyarrow as pa

        stream = pa.CompressedOutputStream(pa.PythonFile(sink, mode="w"), "zstd")
        yield Forwarding(sink.name, stream.write)
        stream.close()


def _fastest_zlib() -> ModuleType:
    """Return isal's zlib if this machine has it: it is much faster than the standard library's."""
    try:
        from isal import isal_zlib
    except ImportError:
        return zlib
    return isal_zlib
