"""A line of text, cut into numbers, words and signs."""

import re
from typing import NamedTuple

from softmax_cli.errors import FormulaError

LONGEST = 2000
"""Characters of a line that are read."""

_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<word>log2|log10|[^\W\d_]+)"
    r"|(?P<sign>\*\*|//|<=|>=|==|!=|[-+*/^_()\[\]{}|,.=<>])|(?P<end>$))"
)


class Token(NamedTuple):
    """A word, a number, a sign, or the end.

    Parameters
    ----------
    kind
        "number", "word", "sign" or "end".
    text
        What is written.
    column
        Where it begins, counted from 0.
    spaced
        Whether a space stands before it.
    """

    kind: str
    text: str
    column: int
    spaced: bool


def tokens(line: str) -> list[Token]:
    """Return the tokens of a line, an "end" last.

    Raises
    ------
    FormulaError
        If the line is too long, or has a character that no formula has.

    Examples
    --------
    >>> [token.text for token in tokens("p_i (d_ij - p_j)")]
    ['p', '_', 'i', '(', 'd', '_', 'ij', '-', 'p', '_', 'j', ')', '']
    """
    if len(line) > LONGEST:
        raise FormulaError(f"a formula of {len(line):,} characters: {LONGEST:,} are read", column=LONGEST)
    found: list[Token] = []
    at = 0
    for match in _TOKEN.finditer(line):
        if match.start() != at:
            break
        kind = str(match.lastgroup)
        column, end = match.span(kind)
        found.append(Token(kind, line[column:end], column, column > at))
        if kind == "end":
            return found
        at = end
    at += len(line[at:]) - len(line[at:].lstrip())
    raise FormulaError(f"{line[at]!r} has no meaning in a formula", column=at)
