"""The names of the formats; imports nothing, so that ``--help`` can list them at once."""

FORMATS = ("table", "csv", "tsv", "json", "jsonl", "npy", "markdown", "latex")
"""What results are written as; ``table`` is drawn by render."""

INPUT_FORMATS = ("csv", "tsv", "json", "jsonl", "npy")
"""What logits are read from."""
