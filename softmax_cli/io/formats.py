"""The names of the formats; imports nothing, so that ``--help`` can list them at once."""

FORMATS = ("table", "csv", "tsv", "json", "jsonl", "npy", "parquet", "arrow", "markdown", "latex")
"""What results are written as; ``table`` is drawn by render."""

INPUT_FORMATS = ("csv", "tsv", "json", "jsonl", "npy", "parquet", "arrow")
"""What logits are read from."""

TEXT_FORMATS = ("csv", "tsv")
"""Those of them that are delimited text, with a delimiter and perhaps a header."""

ENDINGS = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".txt": "csv",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".npy": "npy",
    ".parquet": "parquet",
    ".arrow": "arrow",
    ".feather": "arrow",
}
"""The format of a file by its ending, read or written; a table for people is asked for by ``--format``."""

DELIMITERS = ("comma", "tab", "semicolon", "pipe", "colon", "space")
"""The words that ``--delimiter`` takes beside a character."""

COMPRESSIONS = (".gz", ".zst")
"""The endings of compressed text."""


def split_compression(path: str) -> tuple[str, str]:
    """Split a path before the ending of its compression.

    Examples
    --------
    >>> split_compression("x.csv.GZ"), split_compression("x.csv")
    (('x.csv', '.gz'), ('x.csv', ''))
    """
    for ending in COMPRESSIONS:
        if path.lower().endswith(ending):
            return path[: -len(ending)], ending
    return path, ""
