"""Numbers in spellings that are not read, and how to write them instead."""

from __future__ import annotations

import re
import unicodedata

from softmax_cli.io.cells.numbers import (
    DECIMAL_COMMA,
    EXCEL_ERROR,
    MISSING,
    THOUSANDS,
    is_number,
    without_blanks,
)

GROUPED = r"[+-]?[0-9]{1,3}(?:[ \u00a0\u2009\u202f][0-9]{3})+(?:[.,][0-9]+)?"
"""A number whose thousands are set apart by blanks."""
_NO_VALUE = (
    rf"(?i)(?:[+-]?(?:nan(?:\(.*\))?|1\.#(?:ind|[qs]nan)[0-9]*)|[-+?.]*|nil|missing|n\.a\.|{EXCEL_ERROR})"
)
_OTHER_SIGNS = str.maketrans({"\u2010": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2019": "'"})
_REWRITTEN = (
    (r"([+-]?)1\.#INF[0-9]*", r"\1inf"),
    (r"(?:\w+\.)*[A-Za-z_]\w*\((.*)\)", r"\1"),  # np.float64(1.5)
    (r"\((.*)\)", r"-\1"),  # as accountants write a negative number
    (r"=?[\"'\u201c\u201d\u2018\u2019]*([^\"'\u201c\u201d]*?)[\"'\u201c\u201d\u2019]*", r"\1"),
    (r"([+-]?) *[$\u20ac\u00a3\u00a5] *(.*)", r"\1\2"),
    (r"(.*?) *[$\u20ac\u00a3\u00a5]", r"\1"),
    (r"([^-]*)-", r"-\1"),
    (r"([+-]?[0-9.]+)[FfLl]", r"\1"),
    (r"([+-]?[0-9.]+) *[Dd] *([+-]?[0-9]+)", r"\1e\2"),
    (r"([+-]?[0-9.]+) *(?:[xX*\u00d7\u00b7] *10 *(?:\^|\*\*)?|[eE]) *([+-]?[0-9]+)", r"\1e\2"),
    (r"([+-]?[0-9]{1,3})((?:[ '_][0-9]{3})+)((?:[.,][0-9]+)?)", r"\1\2\3"),
    (r"([+-]?[0-9.]+) *%", r"\1e-2"),
)
"""Forms that programs write a number in, each matched against the whole cell, and a plainer form."""


def plain_spelling(text: str) -> str | None:
    """Return the number that a text stands for in a spelling that we read; None if it stands for none.

    Examples
    --------
    >>> [plain_spelling(word) for word in ("\u20131.5", "1.43D+00", "1'921.5", "$2", "(3)", "abc")]
    ['-1.5', '1.43e+00', '1921.5', '2', '-3', None]
    """
    seen = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")  # zero width, direction
    word = unicodedata.normalize("NFKC", without_blanks(seen)).translate(_OTHER_SIGNS)
    for pattern, other in _REWRITTEN:
        if re.fullmatch(pattern, word):
            word = re.sub(f"^(?:{pattern})$", other, word)
    word = re.sub(r"(?<=[0-9])[ '_](?=[0-9]{3})", "", word)
    if re.fullmatch(r"[+-]?0[xX][0-9a-fA-F]*\.?[0-9a-fA-F]*(?:[pP][+-]?[0-9]+)?", word) and len(word) < 40:
        word = repr(float.fromhex(word))
    word = word.replace("--", "")
    return word if is_number(word) and word != without_blanks(text) else None


def spelling_hint(text: str) -> str | None:
    """Return what to do about a number in another spelling, or a missing one.

    Examples
    --------
    >>> spelling_hint("1,43"), spelling_hint("1,921.5"), spelling_hint("abc")
    ('--decimal , reads decimal commas', 'write it without its thousands separators: 1921.5', None)
    """
    word = without_blanks(text)
    if word.lower() in MISSING or re.fullmatch(_NO_VALUE, word):
        return "write -inf to mask the class, or leave the row out"
    number = word.lstrip("+-")
    if re.fullmatch(r"[0-9.]+[eE][+]?[0-9]+", number):  # too large for a double
        return f"write {word[: len(word) - len(number)]}inf"
    thousands = re.fullmatch(THOUSANDS, number)
    if thousands is None:
        if re.fullmatch(DECIMAL_COMMA, number):
            return "--decimal , reads decimal commas"
        narrow = unicodedata.normalize("NFKC", word)
        compact = re.sub(r"(?<=[0-9])[ '](?=[0-9]{3})", "", narrow)
        if compact != narrow and (is_number(compact) or re.fullmatch(DECIMAL_COMMA, compact.lstrip("+-"))):
            return f"write it without its thousands separators: {compact.replace(',', '.')}"
        plain = plain_spelling(word)
        return None if plain is None else f"write it as {plain}"
    comma_last = number.rfind(".") < number.rfind(",") and "." in number
    digits = word.replace(".", "").replace(",", ".") if comma_last else word.replace(",", "")
    without = f"write it without its thousands separators: {digits}"
    one_comma = re.fullmatch(DECIMAL_COMMA, number)
    return f"--decimal , reads a decimal comma; {without}, if it is one of those" if one_comma else without
