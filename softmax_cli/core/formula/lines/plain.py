"""The quick way to cut a plain line, such as those that the project itself writes, into tokens."""

import re
from collections.abc import Sequence

from softmax_cli.core.formula.tokens import Token

_INDEX = r"_(?:\d+|[ijk])(?!\w)"
_PLAIN = re.compile(
    rf"(?:\s*(?:(?:[pzye]|delta)(?:{_INDEX})?|log|exp|[fgSLTd]|\d+(?![\d.eE])|[-+^()',]|\*\*|\*(?!\*)|/(?!/)|=(?!=)))+\s*"
)
_CUT = re.compile(r"\s*(delta|log|exp|[A-Za-z]|\d+|\*\*|[-+*/^_()',=])")


def plain_tokens(line: str, classes: Sequence[str]) -> list[Token] | None:
    """Return the tokens of a plain line, an "end" last, as `writing` gives them; None for any other line.

    Examples
    --------
    >>> [token.text for token in plain_tokens("p_1 (1 - p_1)", ("1", "2")) or ()]
    ['p', '_', '1', '(', '1', '-', 'p', '_', '1', ')', '']
    >>> plain_tokens("p₁", ("1", "2"))
    """
    if not _PLAIN.fullmatch(line):
        return None
    found: list[Token] = []
    at, last = 0, ""
    for match in _CUT.finditer(line):
        text, column = match[1], match.start(1)
        if last == "_" and text in classes:
            kind = "class"
        else:
            kind = "number" if text.isdigit() else "word" if text.isalpha() else "sign"
        found.append(Token(kind, text, column, column > at))
        at, last = match.end(), text
    found.append(Token("end", "", len(line), at < len(line)))
    return found
