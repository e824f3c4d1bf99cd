"""What to do about a text that is not quite JSON: after each hint, it is read."""

from __future__ import annotations

import re

from softmax_cli.io.cells.json_text import Literal
from softmax_cli.io.cells.numbers import is_number
from softmax_cli.io.cells.wording import opened, piped, python_command
from softmax_cli.io.json.values import NotJsonError

_LONGEST = 1 << 20
"""The longest text that is tried as Python."""

MASK = 'write "-inf" to mask the class, or leave the row out'


def document_hint(text: str, name: str, error: NotJsonError) -> str | None:
    """Return what to do about a document that is not JSON."""
    if error.followed_by in ("[", "{"):
        if "\n" in text.strip():
            return "is it JSON lines? --input-format jsonl"
        apart = r"sed 's/} *{/}\n{/g; s/\] *\[/]\n[/g'"
        return f"one value a line: {piped(apart, name)}"
    if re.search(r"^\s*//", text, re.MULTILINE):
        without_comments = "sed '/^ *[/][/]/d'"
        return f"JSON has no comments: {piped(without_comments, name)}"
    if error.line is not None and len(text) <= _LONGEST and _is_python(text):
        program = f"import ast, json; print(json.dumps(ast.literal_eval({opened(name)}.read())))"
        return f"is it Python? {python_command(program)} | softmax probs"
    return None


def line_hint(line: str, name: str, error: NotJsonError) -> str | None:
    """Return what to do about a line that is not JSON."""
    if error.followed_by == "," and line.rstrip().endswith(","):
        without_commas = "sed 's/, *$//'"
        return f"leave the commas between lines out: {piped(without_commas, name)}"
    if error.followed_by in ("[", "{"):
        return "one array or object a line"
    if line.strip() in ("[", "{") or line.rstrip().endswith((",", "[", "{")):
        return f"one array or object a line: {piped('jq -c .', name)}"
    return None


def value_hint(value: object, where: str) -> str | None:
    """Return what to do about a value that is not a logit."""
    if value is None or (isinstance(value, str) and value == "NaN"):
        return MASK
    if isinstance(value, str) and not isinstance(value, Literal) and is_number(value):
        name = re.sub(r":(?: row )?[0-9]+$", "", where)
        without_quotes = r"""sed -E 's/"([-+.0-9eE]+)"/\1/g'"""
        return f"write numbers without quotes: {piped(without_quotes, name)}"
    return None


def _is_python(text: str) -> bool:
    """Return whether a text is a Python list or dict made only of literals."""
    import ast

    try:
        return isinstance(ast.literal_eval(text.strip()), list | dict | tuple)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return False
