"""The table of formats, one entry each; imports nothing, so that ``--help`` can list them at once."""

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable


class Format(NamedTuple):
    """A format, with the paths of its reader and writer, which are imported when they are called.

    Parameters
    ----------
    name
        What ``--format`` and ``--input-format`` call it.
    endings
        The endings of its files; an ending that two formats share belongs to the first.
    magic
        The first bytes of its files, if it is binary.
    reader
        ``module:function`` within io; called with source, options and note, it yields batches.
    writer
        ``module:function`` within io; called with results, sink and precision.
    delimiter
        The delimiter of delimited text; None for every other format.
    """

    name: str
    endings: tuple[str, ...]
    magic: tuple[bytes, ...] = ()
    reader: str | None = None
    writer: str | None = None
    delimiter: str | None = None

    @property
    def binary(self) -> bool:
        """Whether its files are not text: recognised by their first bytes, never written to a terminal."""
        return bool(self.magic)


_ALL = (
    Format("csv", (".csv", ".txt"), (), "text.reader:read_csv", "text.writer:write_csv", ","),
    Format("tsv", (".tsv", ".tab"), (), "text.reader:read_tsv", "text.writer:write_tsv", "\t"),
    Format("json", (".json",), (), "json.document_reader:read_json", "json.document_writer:write_json"),
    Format(
        "jsonl", (".jsonl", ".ndjson"), (), "json.lines_reader:read_jsonl", "json.lines_writer:write_jsonl"
    ),
    Format("npy", (".npy",), (b"\x93NUMPY",), "binary.npy_reader:read_npy", "binary.npy_writer:write_npy"),
    Format("npz", (".npz",), (b"PK\x03\x04",), "binary.npz:read_npz"),
    Format(
        "parquet",
        (".parquet",),
        (b"PAR1\x15",),
        "binary.arrow_reader:read_parquet",
        "binary.arrow_writer:write_parquet",
    ),
    Format(
        "arrow",
        (".arrow", ".arrows", ".feather"),
        (b"ARROW1\0\0", b"\xff\xff\xff\xff"),
        "binary.arrow_reader:read_arrow",
        "binary.arrow_writer:write_arrow",
    ),
    Format("markdown", (".md", ".markdown"), (), None, "text.markup:write_markdown"),
    Format("latex", (".tex",), (), None, "text.markup:write_latex"),
)
TABLE = Format("table", (".txt",))
"""A table for people, which render draws; only ``--format`` selects it."""

BY_NAME = {entry.name: entry for entry in (TABLE, *_ALL)}
FORMATS = tuple(entry.name for entry in (TABLE, *_ALL) if entry.writer or entry is TABLE)
"""The formats of results."""

PAGES = {".md": "markdown", ".markdown": "markdown", ".tex": "latex", ".html": "html", ".htm": "html"}
"""The formats of the pages of `derive`, `probs --steps` and `jacobian`, by ending."""

REPORTS = ("text", "json")
"""What a report is written as: `check`'s."""

EVENTS = (*REPORTS, "jsonl")
"""What is written line by line as it happens: `train` and `practice`."""

DERIVATIONS = {".txt": "text", **PAGES, ".json": "json"}
"""The formats of a derivation, by ending."""

INPUT_FORMATS = tuple(entry.name for entry in _ALL if entry.reader)
"""The formats of logits."""

DELIMITERS = ("comma", "tab", "semicolon", "pipe", "colon", "space")
"""The words that ``--delimiter`` accepts besides a character."""

COMPRESSIONS = (".gz", ".zst")
"""The endings of compressed text."""


def by_ending(path: str) -> Format | None:
    """Return the format of a file by its ending, before that of a compression; None if it is unknown.

    Examples
    --------
    >>> by_ending("x.ndjson.gz").name, by_ending("x.doc")
    ('jsonl', None)
    """
    path = split_compression(path)[0].lower()
    return next((entry for entry in _ALL if path.endswith(entry.endings)), None)


def by_magic(starts_with: "Callable[..., bool]") -> Format | None:
    """Return the binary format of an input, given the function that tells what the input starts with."""
    return next((entry for entry in _ALL if entry.binary and starts_with(*entry.magic)), None)


def function(path: str) -> Any:
    """Import the reader or writer that an entry names."""
    from importlib import import_module

    module, _, name = path.partition(":")
    return getattr(import_module(f"softmax_cli.io.{module}"), name)


def split_compression(path: str) -> tuple[str, str]:
    """Split off the ending of a path's compression.

    Examples
    --------
    >>> split_compression("x.csv.GZ"), split_compression("x.csv")
    (('x.csv', '.gz'), ('x.csv', ''))
    """
    for ending in COMPRESSIONS:
        if path.lower().endswith(ending):
            return path[: -len(ending)], ending
    return path, ""
