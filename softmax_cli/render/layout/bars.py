"""Bars: lengths that can be compared at a glance."""

import math
import sys
from collections.abc import Sequence

from softmax_cli.render.layout.glyphs import spell

_EIGHTHS = " ▏▎▍▌▋▊▉"
MARKS = "▁▂▄▆█"
"""What `size_mark` puts beside a number, from small to large."""


def relative(values: Sequence[float]) -> list[float]:
    """Return each number divided by the largest size: an infinity gives 1, nan 0, and only 0 gives 0.

    >>> relative([2.0, -4.0, 0.0]), relative([math.inf, math.nan])
    ([0.5, -1.0, 0.0], [1.0, 0.0])
    """
    highest = max((abs(x) for x in values if not math.isnan(x)), default=0.0)
    unit = min(highest, sys.float_info.max)
    return [_beside(x, unit) if x and not math.isnan(x) else 0.0 for x in values]


def _beside(x: float, unit: float) -> float:
    smallest = sys.float_info.min  # the quotient may be too small for a double
    return math.copysign(max(smallest, min(abs(x) / unit, 1.0)), x)


def bar(fraction: float, width: int, *, unicode: bool = True) -> str:
    """Return a bar of `fraction` (0 to 1) of `width` cells, to an eighth of a cell; only zero is blank.

    >>> bar(0.5, 5), bar(1e-9, 5), bar(0.0, 5)
    ('██▌', '▏', '')
    >>> bar(0.5, 5, unicode=False), bar(1e-9, 5, unicode=False)
    ('###', '.')
    """
    if fraction <= 0:
        return ""
    eighths = max(1, round(min(fraction, 1.0) * width * 8))
    whole, part = divmod(eighths, 8)
    return spell("█" * whole + (_EIGHTHS[part] if part else ""), unicode=unicode)


def signed_bar(fraction: float, half: int, *, unicode: bool = True) -> str:
    """Return a bar from an axis in the middle: to the right if positive, to the left if negative.

    >>> signed_bar(0.5, 4), signed_bar(-0.5, 4), signed_bar(-0.4, 4)
    ('    │██', '  ██│', '  ▐█│')
    """
    axis = spell("│", unicode=unicode)
    if fraction >= 0:
        return " " * half + axis + bar(fraction, half, unicode=unicode)
    halves = round(min(-fraction, 1.0) * half * 2)
    whole, part = divmod(halves, 2)
    drawn = ("▐" if part else "") + "█" * whole or "▕"
    return " " * (half - len(drawn)) + spell(drawn, unicode=unicode) + axis


def size_mark(fraction: float, *, unicode: bool = True) -> str:
    """Return one character for a size between 0 and 1: blank for zero alone, then five steps.

    >>> [size_mark(size) for size in (0, 0.01, 0.5, 1)]
    [' ', '▁', '▄', '█']
    """
    if fraction <= 0:
        return " "
    return spell(MARKS[min(int(fraction * len(MARKS)), len(MARKS) - 1)], unicode=unicode)
