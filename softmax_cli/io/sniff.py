"""The format of an input: that of ``--input-format``, else by its ending, else by its first bytes."""

from __future__ import annotations

import re
from codecs import BOM_UTF8

from softmax_cli.errors import InputError
from softmax_cli.io.cells.wording import file_argument, unknown
from softmax_cli.io.formats import BY_NAME, INPUT_FORMATS, Format, by_ending, by_magic
from softmax_cli.io.options import ReadOptions
from softmax_cli.io.streams.source import CHUNK, STDIN, Source

_NUMPY = re.compile(rb"\[[\[ ]*[-+.\w]+ +[-+.\w]")
"""The beginning of an array as numpy prints it, with blanks for commas."""
_UNREADABLE = (
    (
        tuple(b"BZh%d1AY&SY" % level for level in range(1, 10)),
        (".bz2",),
        "bzip2 files are not read",
        "bunzip2 -c{file} | softmax probs",
    ),
    ((b"\xfd7zXZ\0",), (".xz",), "xz files are not read", "unxz -c{file} | softmax probs"),
    (
        tuple(bytes((0x80, protocol)) for protocol in range(2, 6)),
        (".pkl", ".pickle", ".joblib"),
        "pickled Python is never loaded: it can run any code",
        'if you trust it: python -c "import numpy, pandas; '
        "numpy.save('logits.npy', numpy.ma.filled(pandas.read_pickle('{0}'), -numpy.inf).astype(float))\"",
    ),
    (
        (),
        (".pt", ".pth", ".ckpt"),
        "a file of torch is pickled Python, which is never loaded",
        'python -c "import numpy, torch; '
        "numpy.save('logits.npy', torch.load('{0}', weights_only=True).double().numpy())\"",
    ),
    (
        (),
        (".safetensors",),
        "safetensors files are not read",
        'python -c "import numpy, safetensors.numpy as s; '
        "numpy.save('logits.npy', next(iter(s.load_file('{0}').values())))\"",
    ),
    (
        (b"FEA1\0",),
        (),
        "Feather's first version is not read",
        "python -c \"import pyarrow.feather as f; f.write_feather(f.read_table('{0}'), 'logits.arrow')\"",
    ),
    (
        (),
        (".orc",),
        "ORC files are not read",
        'python -c "import pyarrow.orc as o, pyarrow.feather as f; '
        "f.write_feather(o.read_table('{0}'), 'logits.arrow')\"",
    ),
    (
        (),
        (".tar", ".tar.gz", ".tgz"),
        "archives are not read",
        "tar -xOf{file} | softmax probs, where it holds one file",
    ),
    (
        (),
        (".yaml", ".yml"),
        "YAML is not read",
        "python -c \"import json, yaml; print(json.dumps(yaml.safe_load(open('{0}'))))\" | softmax probs",
    ),
    (
        (),
        (".html", ".htm"),
        "pages are not read",
        "python -c \"import pandas; print(pandas.read_html('{0}')[0].to_csv(index=False))\" | softmax probs",
    ),
    ((), (".arff",), "ARFF is not read", "sed '1,/^@data/Id'{file} | softmax probs"),
    ((b"\x89HDF",), (".h5", ".hdf5"), "HDF5 files are not read", "h5dump, or h5py and numpy.save"),
    ((b"\xd0\xcf\x11\xe0",), (".xlsx", ".xls", ".ods"), "spreadsheets are not read", "save the sheet as CSV"),
)
"""First bytes, endings, the error, and how to get at the numbers."""


def input_format(source: Source, options: ReadOptions) -> Format:
    """Return the format of an input, and refuse one that softmax does not read."""
    if options.input_format is not None:
        if options.input_format not in INPUT_FORMATS:
            raise unknown(options.input_format, INPUT_FORMATS, "format", where="--input-format")
        return BY_NAME[options.input_format]
    known = None if source.name == STDIN else by_ending(source.name)
    _refuse_unreadable(source, by_name=known is None)
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
    return found or _text(source, known)


def _text(source: Source, known: Format | None) -> Format:
    """Distinguish JSON lines, a JSON document and delimited text; `known` is what the ending promises."""
    if known is not None and known.name in ("jsonl", "tsv"):
        return known
    seen = _head(source, None if known is None else CHUNK)
    head = seen.removeprefix(BOM_UTF8).lstrip()
    first, _, rest = head.partition(b"\n")
    if first[:1] not in (b"[", b"{"):
        return known or BY_NAME["csv"]
    from softmax_cli.io.json.values import NotJsonError, parse

    try:
        value = parse(first.decode())
    except (NotJsonError, UnicodeDecodeError):
        is_printed = _NUMPY.match(first) or (first.startswith(b"[[") and b"np." in first)
        return known or BY_NAME["csv" if is_printed else "json"]
    items = value.values() if isinstance(value, dict) else value
    flat = not any(isinstance(item, (list, dict)) for item in items)
    more = (flat and known is None) or bool(rest.strip()) or _more_follows(source, len(seen))
    return BY_NAME["jsonl" if more else "json"]


def _refuse_unreadable(source: Source, *, by_name: bool) -> None:
    """Refuse an input that softmax does not read, by its first bytes and perhaps its ending."""
    name = source.name
    path = "/dev/stdin" if name == STDIN else name
    for magic, endings, what, hint in _UNREADABLE:
        if (magic and source.starts_with(*magic)) or (by_name and name.lower().endswith(endings or "\0")):
            raise InputError(what, where=name, hint=hint.format(path, file=file_argument(name)))


def _head(source: Source, most: int | None) -> bytes:
    """Return the input up to the end of its first line, or less if that is not JSON, and put it back."""
    taken = bytearray()
    begun = False
    while data := source.read_some():
        taken += data
        if not begun:
            data = bytes(taken).removeprefix(BOM_UTF8).lstrip()
            begun = data[:1] in (b"[", b"{")
            partial_mark = taken[:3] == BOM_UTF8[: len(taken)]
            if data and not begun and not partial_mark:
                break
        if b"\n" in data or (most is not None and len(taken) >= most):
            break
    source.put_back(bytes(taken))
    return bytes(taken)


def _more_follows(source: Source, seen: int) -> bool:
    """Return whether anything but blanks follows, on another line, after the bytes seen."""
    taken = [source.read(seen)]
    while data := source.read_some():
        taken.append(data)
        if data.strip():
            break
    whole = b"".join(taken)
    source.put_back(whole)
    return b"\n" in whole.removeprefix(BOM_UTF8).strip()
