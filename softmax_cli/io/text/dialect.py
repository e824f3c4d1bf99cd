"""The delimiter of a text, and whether its first line is a header."""

from __future__ import annotations

from collections.abc import Sequence

from softmax_cli.errors import InputError
from softmax_cli.io.cells.lists import bare_list_texts, list_texts
from softmax_cli.io.cells.numbers import is_meant_as_number, is_number, is_word
from softmax_cli.io.cells.wording import shown
from softmax_cli.io.formats import DELIMITERS
from softmax_cli.io.text.blocks import TextBlock
from softmax_cli.io.text.records import BLANKS, RecordSplitter

_CHARACTERS = {
    **dict(zip(DELIMITERS, (",", "\t", ";", "|", ":", BLANKS), strict=True)),
    **dict.fromkeys(("spaces", "blank", "blanks", "whitespace"), BLANKS),
    "\\t": "\t",
}
_CANDIDATES = (",", "\t", ";", "|", BLANKS)


def read_delimiter(text: str) -> str:
    """Return the delimiter that ``--delimiter`` gives, as a character or a word for one."""
    if text.lower() in _CHARACTERS:
        return _CHARACTERS[text.lower()]
    if len(text) != 1:
        raise InputError(
            f"{shown(text)} is not one character",
            where="--delimiter",
            hint=f"or one of the words {', '.join(DELIMITERS)}",
        )
    if text in '"\r\n\0#' or text.isalnum() or text in "+-._":
        raise InputError(
            f"{shown(text)} cannot be a delimiter: it has another part to play", where="--delimiter"
        )
    return text


def sniff_delimiter(
    sample: Sequence[str], *, prefer: str | None = None, decimal: str | None = None
) -> str | None:
    """Find the delimiter by the first line, or the first two; None if a second line is needed.

    It is the first of comma, tab, semicolon, pipe and blanks that cuts the first line into numbers alone.
    Otherwise it is the one that cuts both lines into the same number of cells, with the most numbers in the
    second. Blanks never delimit a line with a tab: the empty cell between two tabs would be lost.

    Parameters
    ----------
    sample
        The first one or two lines that are neither blank nor comments.
    prefer
        The delimiter that the file's ending promises, if any; it wins if the first line holds it.
    decimal
        The decimal sign, which never delimits.
    """
    first = sample[0]
    if prefer is not None and prefer in first:
        return prefer
    candidates = [sign for sign in _CANDIDATES if sign != decimal and not (sign == BLANKS and "\t" in first)]
    cut = {delimiter: _cells(first, delimiter) for delimiter in candidates}
    for delimiter, cells in cut.items():
        if len(cells) > 1 and all(map(is_meant_as_number, cells)):
            return delimiter
    if all(len(cells) == 1 for cells in cut.values()):
        return "," if decimal != "," else _quoted_commas(sample)
    if len(sample) < 2:
        return None
    same = [d for d, cells in cut.items() if len(cells) > 1 and len(cells) == len(_cells(sample[1], d))]
    if not same:  # a header that leaves the column of row names unnamed
        same = [d for d, cells in cut.items() if len(cells) > 1 and _names_rows(cells, _cells(sample[1], d))]
    if same:
        numeric = {d: sum(map(is_number, _cells(sample[1], d))) for d in same}
        return max(same, key=lambda d: (numeric[d], d != BLANKS, len(cut[d])))
    guess = guess_delimiter(first, decimal=decimal)
    one_column = guess == BLANKS and len(_cells(sample[1], BLANKS)) == 1  # under a name of several words
    return "," if one_column else guess


def _names_rows(header: Sequence[str], row: Sequence[str]) -> bool:
    """Return whether a row has one cell more than the header, in front of numbers."""
    return len(row) == len(header) + 1 and all(map(is_number, row[1:]))


def _quoted_commas(sample: Sequence[str]) -> str | None:
    """Return the delimiter of decimal commas that nothing else separates: a comma if cells are quoted."""
    if "," not in sample[0] or '"' in sample[0]:
        return "," if '"' in sample[0] else ";"
    if len(sample) < 2:
        return None
    return "," if '"' in sample[1] and len(_cells(sample[0], ",")) == len(_cells(sample[1], ",")) else ";"


def guess_delimiter(line: str, *, decimal: str | None = None) -> str:
    """Return the most frequent delimiter of a line of words; blanks only if it holds no other."""
    counts = {sign: len(_cells(line, sign)) for sign in _CANDIDATES[:-1] if sign != decimal}
    best = max(counts, key=lambda delimiter: counts[delimiter])
    if counts[best] > 1:
        return best
    one_cell = '"' in line or list_texts(line) or len(_cells(line, BLANKS)) == 1
    return "," if one_cell else BLANKS


def is_header(cells: Sequence[str]) -> bool:
    """Return whether a first line is a header: one of its cells is a word.

    An attempt at a number (``nan``, ``1e400``, ``1_000``, ``0x10``) is not a word, nor is an empty cell: such
    a line is data with an error, and taking it for a header would silently lose a row. But an empty cell
    before 0, 1, ... is the header of a data frame without names.
    """
    index_without_name = len(cells) > 1 and not cells[0].strip()
    return any(is_word(cell) and not (list_texts(cell) or bare_list_texts(cell)) for cell in cells) or (
        index_without_name and [cell.strip() for cell in cells[1:]] == list(map(str, range(len(cells) - 1)))
    )


def fitted(header: Sequence[str], first: Sequence[str]) -> list[str]:
    """Return a header with a name for each cell of the first row, which may have one cell more.

    That cell is the row's name, at the front, as R and printed data frames write it, or it is empty, after a
    delimiter at the end.

    Examples
    --------
    >>> fitted(["a", "b"], ["1", "0.5", "2"]), fitted(["a", "b"], ["0.5", "2", ""])
    (['', 'a', 'b'], ['a', 'b', ''])
    """
    names = [cell.strip() for cell in header]
    if not names[-1] and len(first) == len(names) - 1:
        names.pop()
    if len(first) != len(names) + 1 or "" in names:
        return names
    if not first[-1].strip():
        return [*names, ""]
    return ["", *names] if all(map(is_number, first[1:])) else names


def unused_columns(names: Sequence[str], first: Sequence[str]) -> tuple[int, ...]:
    """Return the columns at the end with neither a name nor a cell."""
    last = len(names)
    while last > 1 and last <= len(first) and not names[last - 1] and not first[last - 1].strip():
        last -= 1
    return tuple(range(last, len(names)))


def is_numbered(cells: Sequence[str]) -> bool:
    """Return whether a row is exactly 0 to k-1 or 1 to k, and thus probably a header."""
    words = [cell.strip() for cell in cells]
    k = len(words)
    return k > 1 and words in ([str(i) for i in range(k)], [str(i + 1) for i in range(k)])


def _cells(line: str, delimiter: str) -> list[str]:
    rows, _, error = RecordSplitter(delimiter, "").split(TextBlock(line, 1))
    return rows[0] if rows and error is None else [line]
