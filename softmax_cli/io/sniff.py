"""Which format an input has: as ``--input-format`` says, else by its ending, else by its first bytes."""

from __future__ import annotations

from softmax_cli.errors import InputError
from softmax_cli.io.cells.wording import unknown
from softmax_cli.io.formats import BY_NAME, INPUT_FORMATS, Format, by_ending, by_magic
from softmax_cli.io.options import ReadOptions
from softmax_cli.io.streams.source import STDIN, Source

_UNREADABLE = {
    b"BZh": "bzip2",
    b"\xfd7zXZ\0": "xz",
    b"PK\x03\x04": "zip",
}
_BOM = b"\xef\xbb\xbf"


def input_format(source: Source, options: ReadOptions) -> Format:
    """Return the format to read an input with.

    Raises
    ------
    InputError
        For a format that softmax does not read.
    """
    if options.input_format is not None:
        if options.input_format not in INPUT_FORMATS:
            raise unknown(options.input_format, INPUT_FORMATS, "format", where="--input-format")
        return BY_NAME[options.input_format]
    known = None if source.name == STDIN else by_ending(source.name)
    if known is not None and not known.reader:
        known = None
    if known is not None and known.binary:
        return known
    found = by_magic(source.starts_with)
    if known is not None and found is not None:
        raise InputError(
            f"this is {found.name}, whatever its ending says",
            where=source.name,
            hint=f"--input-format {found.name}",
        )
    return known or found or _by_content(source)


def _by_content(source: Source) -> Format:
    for magic, name in _UNREADABLE.items():
        if source.starts_with(magic):
            raise InputError(f"{name} files are not read", where=source.name, hint="uncompress it first")
    head = _first_line(source)
    if head[:1] not in (b"[", b"{"):
        return BY_NAME["csv"]
    return BY_NAME["jsonl" if _is_flat(head) else "json"]


def _first_line(source: Source) -> bytes:
    """Return the first line that is not blank, as far as it has come, and give the bytes back."""
    taken: list[bytes] = []
    while data := source.read_some():
        taken.append(data)
        if taken[0][:3] != _BOM[: len(taken[0])] and data.lstrip()[:1] not in (b"[", b"{", b""):
            break
        if b"\n" in data and b"".join(taken).removeprefix(_BOM).strip():
            break
    whole = b"".join(taken)
    source.put_back(whole)
    return whole.removeprefix(_BOM).lstrip().partition(b"\n")[0]


def _is_flat(line: bytes) -> bool:
    """Tell whether a line is one whole array or object without another in it: then it is a JSON line."""
    from softmax_cli.io.json.values import NotJsonError, parse

    try:
        value = parse(line.decode())
    except (NotJsonError, UnicodeDecodeError):
        return False
    items = value.values() if isinstance(value, dict) else value
    return not any(isinstance(item, (list, dict)) for item in items)
