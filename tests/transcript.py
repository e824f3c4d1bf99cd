"""Comparing what a command prints with its transcript: all of it but the digits that rounding decides.

numpy's exp differs in the last place from processor to processor. So do the last digits of numbers that have
all of theirs, errors of a few units in the last place, and what hangs on such an error where nothing is
wrong: how its sentence wraps, which entry has the largest, and the branch of a plot of errors that is
rounding alone.
"""

import math
import re

_LONG_NUMBER = re.compile(r"-?\d+\.\d{12,}(?:e-?\d+)?")
_ULPS = r"-?(?:\d\.\de-1[5-9]|0)"
_AGREEMENT = re.compile(rf"\bto (?:the last digit|{_ULPS})(?= in \d|\.)|(?<=a difference of ){_ULPS}(?=\.)")
_ERROR_COLUMN = re.compile(rf"(?m)\s+{_ULPS}$")
_WORST_ENTRY = re.compile(r"(?<= --row )\S+|(?<= --of )\S+|(?<= --wrt )\S+")
_BEST_STEP = re.compile(r"(?<=smallest at h = )(\S+), where it is (\S+)(?=\.)")

_PLOT = re.compile(r"( *\S+ │.*\n| {7}│.*\n)+ +\+─+\n")


def alike(shown: str, expected: str) -> bool:
    """Tell whether two texts are the same but for what the last place of a double decides."""
    agrees = all(_AGREEMENT.search(_flat(text)) for text in (shown, expected))
    ours, theirs = shown.split("\n\n"), expected.split("\n\n")
    return len(ours) == len(theirs) and all(
        one == other or _alike_paragraphs(one, other, agrees=agrees)
        for one, other in zip(ours, theirs, strict=True)
    )


def _alike_paragraphs(shown: str, expected: str, *, agrees: bool) -> bool:
    texts = [shown, expected]
    if best := [match for text in texts if (match := _BEST_STEP.search(_flat(text)))]:
        texts = [_BEST_STEP.sub("...", _flat(text)) for text in texts]
        for group in (1, 2):
            numbers = [float(match[group]) for match in best]
            if max(numbers) > 10 * min(numbers):
                return False
    elif all(_AGREEMENT.search(_flat(text)) for text in texts):
        texts = [_AGREEMENT.sub("...", _flat(text)) for text in texts]
    elif _PLOT.match(shown) and _PLOT.match(expected):
        return _alike_plots(shown, expected)
    elif agrees and shown.startswith("Every entry:\n"):
        texts = [_ERROR_COLUMN.sub(" ...", text) for text in texts]
    elif agrees and shown.startswith("The formula, derived:\n"):
        texts = [_WORST_ENTRY.sub("...", text) for text in texts]
    return _alike_numbers(*texts)


def _flat(text: str) -> str:
    """Return the text on one line: where it wraps hangs on the length of its numbers."""
    return " ".join(text.split())


def _alike_numbers(shown: str, expected: str) -> bool:
    """Compare numbers with all their digits to 1e-14, and all else exactly."""
    if _LONG_NUMBER.split(shown) != _LONG_NUMBER.split(expected):
        return False
    pairs = zip(_LONG_NUMBER.findall(shown), _LONG_NUMBER.findall(expected), strict=True)
    return all(math.isclose(float(one), float(other), rel_tol=1e-14) for one, other in pairs)


def _alike_plots(shown: str, expected: str) -> bool:
    """Compare plots of error against step size: left of the smallest error, rounding moves the marks."""
    (ours, best), (theirs, expected_best) = _marks(shown), _marks(expected)
    return (
        re.sub(r"│.*", "", shown) == re.sub(r"│.*", "", expected)
        and abs(best - expected_best) <= 4
        and ours.keys() == theirs.keys()
        and all(
            abs(ours[column] - line) <= (2 if column <= max(best, expected_best) else 0)
            for column, line in theirs.items()
        )
    )


def _marks(plot: str) -> tuple[dict[int, int], int]:
    """Return the line of the mark in each column, and the column of the smallest error."""
    cells = [
        (column, line, mark)
        for line, text in enumerate(plot.split("\n"))
        for column, mark in enumerate(text.partition("│")[2])
        if mark != " "
    ]
    (best,) = (column for column, _, mark in cells if mark == "o")
    return {column: line for column, line, _ in cells}, best
