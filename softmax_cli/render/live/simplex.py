"""The triangle of three probabilities with its arrows; for more classes, strips."""

import math
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import TypeAlias

from softmax_cli.core.one_vector import about
from softmax_cli.render.layout.console import Line, Screen, Span, joined
from softmax_cli.render.live.explorer import Explorer

Place: TypeAlias = tuple[float, float]
"""Column and row, from the left and from above."""

_EDGE = "·"
_PATH = ":"
_STYLES = ("plus", "minus", "faint plus", "faint minus")


def simplex(explorer: Explorer, screen: Screen, width: int, height: int) -> list[Line]:
    """Return the triangle, its point, and three arrows: column j of the Jacobian, straight at corner j.

    Corner 1 is at the lower left, 2 at the lower right, 3 at the top. Arrow j, drawn in the digit j, leads
    where one unit of logit j would, if the slope held; the dotted line is the path of the chosen logit.
    """
    height = min(height, 16)
    columns = min(width - 2, 2 * height + 6)
    grid = _Grid(columns, height - 2)
    corners = [(0.0, grid.height - 1.0), (grid.width - 1.0, grid.height - 1.0), ((grid.width - 1) / 2, 0.0)]
    for a, b in ((0, 1), (1, 2), (2, 0)):
        grid.line(corners[a], corners[b], _EDGE, "")
    p = explorer.point.p
    point = _mean(p, corners)
    rest = [0.0 if j == explorer.chosen else p[j] for j in range(3)]
    if any(rest):
        grid.line(_mean(rest, corners), corners[explorer.chosen], _PATH, "")
    for j in range(3):
        reach = min(1.0, p[j] / explorer.point.temperature)
        tip = _between(point, corners[j], reach)
        grid.line(point, tip, str(j + 1), "strong plus" if j == explorer.chosen else "plus")
    grid.put(point, "●", "strong minus")
    names = [screen.shorten(f"{j + 1} {name}", max(6, columns // 2)) for j, name in enumerate(explorer.names)]
    gap = max(1, columns - len(names[0]) - len(names[1]))
    return [names[2].center(columns).rstrip(), *grid.lines(), names[0] + " " * gap + names[1]]


def strips(explorer: Explorer, screen: Screen, width: int, height: int) -> list[Line]:
    """Return each class's probability as strips stacked to 1, a line for each value of the chosen logit.

    The line of its present value is marked, with as many around it as there is room for.
    """
    count = min(height - 1, 9)
    if count < 1:
        return []
    front = 9
    name = screen.shorten(explorer.names[explorer.chosen], 20)
    lines: list[Line] = []
    if height > count:
        lines.append(f"what each has, stacked to 1, as the logit of {name} moves")
    logits = list(explorer.point.logits)
    here = logits[explorer.chosen]
    for i in range(count):
        offset = float((count - 1) // 2 - i)
        logits[explorer.chosen] = here + offset
        p = about(logits, explorer.point.temperature) or explorer.point.p
        marker = "▸" if offset == 0 else " "
        spans: list[Span] = [(f"{marker}{here + offset:7.2f} ", "largest" if offset == 0 else "")]
        edges = [round(share * (width - front - 1)) for share in accumulate(p, initial=0.0)]
        for j, (begin, end) in enumerate(pairwise(edges)):
            style = "strong plus" if j == explorer.chosen else _STYLES[j % 4]
            spans.append((str((j + 1) % 10) * (end - begin), style))
        lines.append(tuple(spans))
    return lines


def _mean(weights: Sequence[float], corners: Sequence[Place]) -> Place:
    total = sum(weights)
    x, y = (sum(w * corner[i] for w, corner in zip(weights, corners, strict=True)) / total for i in (0, 1))
    return x, y


def _between(begin: Place, end: Place, share: float) -> Place:
    return begin[0] + share * (end[0] - begin[0]), begin[1] + share * (end[1] - begin[1])


class _Grid:
    """Characters at places, each with a style."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = max(3, width), max(3, height)
        self.cells: dict[tuple[int, int], Span] = {}

    def put(self, place: Place, glyph: str, style: str) -> None:
        """Put a glyph at a place."""
        x, y = place
        self.cells[round(y), round(x)] = (glyph, style)

    def line(self, begin: Place, end: Place, glyph: str, style: str) -> None:
        """Put a glyph at every place of a line."""
        steps = max(1, math.ceil(max(abs(end[0] - begin[0]), abs(end[1] - begin[1]))))
        for i in range(steps + 1):
            self.put(_between(begin, end, i / steps), glyph, style)

    def lines(self) -> list[Line]:
        """Return the lines, neighbours of one style together."""
        return [
            joined(self.cells.get((y, x), (" ", "")) for x in range(self.width)) for y in range(self.height)
        ]
