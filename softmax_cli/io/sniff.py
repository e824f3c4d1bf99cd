"""Which format an input has: as ``--input-format`` says, else by its ending, else by its first bytes."""

from __future__ import annotations

import os

from softmax_cli.errors import InputError
from softmax_cli.io.cells.wording import did_you_mean, shown
from softmax_cli.io.formats import ENDINGS, INPUT_FORMATS, split_compression
from softmax_cli.io.options import ReadOptions
from softmax_cli.io.streams.source import STDIN, Source

_FIRST_BYTES = {b"\x93NUMPY": "npy", b"PAR1": "parquet", b"ARROW1": "arrow"}
_BINARY = {b"\x93NUMPY": "npy", b"PAR1\x15": "parquet", b"ARROW1\0\0": "arrow"}
"""First bytes that no text has."""

_NOT_READ = {
    b"BZh": "bzip2",
    b"\xfd7zXZ\0": "xz",
    b"PK\x03\x04": "zip",
}


def input_format(source: Source, options: ReadOptions) -> str:
    """Return one of INPUT_FORMATS.

    Raises
    ------
    InputError
        Where it is a format that softmax does not read.
    """
    if options.input_format is not None:
        if options.input_format not in INPUT_FORMATS:
            raise InputError(
                f"no format is called {shown(options.input_format)}",
                where="--input-format",
                hint=did_you_mean(options.input_format, INPUT_FORMATS, "formats"),
            )
        return options.input_format
    name = "" if source.name == STDIN else split_compression(source.name)[0]
    ending = os.path.splitext(name)[1].lower()
    known = ENDINGS.get(ending)
    if known is not None and known not in _BINARY.values():
        _refuse_binary(source)
    return known or _by_first_bytes(source)


def _refuse_binary(source: Source) -> None:
    for magic, name in _BINARY.items():
        if source.starts_with(magic):
            raise InputError(
                f"this is {name}, whatever its ending says", where=source.name, hint=f"--input-format {name}"
            )


def _by_first_bytes(source: Source) -> str:
    for magic, name in _FIRST_BYTES.items():
        if source.starts_with(magic):
            return name
    for magic, name in _NOT_READ.items():
        if source.starts_with(magic):
            raise InputError(f"{name} files are not read", where=source.name, hint="uncompress it first")
    head = _first_line(source)
    if head[:1] not in (b"[", b"{"):
        return "csv"
    return "jsonl" if _is_flat(head) else "json"


def _first_line(source: Source) -> bytes:
    """Return the first line that is not blank, as far as it has come, and give the bytes back."""
    taken: list[bytes] = []
    while data := source.read_some():
        taken.append(data)
        if taken[0][:3] != b"\xef\xbb\xbf"[: len(taken[0])] and data.lstrip()[:1] not in (b"[", b"{", b""):
            break
        if b"\n" in data and b"".join(taken).removeprefix(b"\xef\xbb\xbf").strip():
            break
    whole = b"".join(taken)
    source.put_back(whole)
    return whole.removeprefix(b"\xef\xbb\xbf").lstrip().partition(b"\n")[0]


def _is_flat(line: bytes) -> bool:
    """Tell whether a line is one whole array or object without another in it: then it is a JSON line."""
    from softmax_cli.io.json.values import NotJsonError, parse

    try:
        value = parse(line.decode())
    except (NotJsonError, UnicodeDecodeError):
        return False
    items = value.values() if isinstance(value, dict) else value
    return not any(isinstance(item, (list, dict)) for item in items)
