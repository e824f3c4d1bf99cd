"""The names of the formats; imports nothing, so that ``--help`` can list them at once."""

FORMATS = ("table", "csv", "tsv", "json", "jsonl", "npy", "markdown", "latex")
"""What results are written as; ``table`` is drawn by render."""

INPUT_FORMATS = ("csv", "tsv", "json", "jsonl", "npy")
"""What logits are read from."""

TEXT_FORMATS = ("csv", "tsv")
"""Those of them that are delimited text, with a delimiter and perhaps a header."""

DELIMITERS = ("comma", "tab", "semicolon", "pipe", "colon", "space")
"""The words that ``--delimiter`` takes beside a character."""
