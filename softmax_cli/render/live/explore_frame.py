"""What an exploration looks like: sliders and bars, the Jacobian, and the picture of where it moves."""

import math
from collections.abc import Iterator, Sequence
from itertools import chain

from softmax_cli.render.layout.bars import bar, size_mark
from softmax_cli.render.layout.console import Line, Screen, Span, plain, side_by_side, sign_style
from softmax_cli.render.layout.glyphs import cells, left, right, wrap
from softmax_cli.render.layout.numbers import fitted, number
from softmax_cli.render.live.explorer import Explorer
from softmax_cli.render.live.simplex import simplex, strips

WHOLE = 8
"""Up to this many classes the whole Jacobian is shown; of more, the column of the chosen class."""

_SLIDER = 17
_NUMBER = 8
_FRONT, _NARROWEST_CELL = 7, 9
"""Cells for a name and for a number of the Jacobian, so that 8 classes fit into 80."""
_STRIPS = 4
"""Lines of strips that take precedence over the table beside sigmoid and argmax."""

_TOLD = 3
"""Lines for what is said or asked."""

KEYS = "arrows: class, 0.1 · < > 1 · t T heat · Enter go · p predict · r reset · q leave"


def frame(explorer: Explorer, screen: Screen, size: tuple[int, int]) -> list[Line]:
    """Return the lines of a window of this size: its lines and columns."""
    height, width = size
    told = _told(explorer, width)
    room = height - 2 - len(told)
    lines: list[Line] = [_title(explorer, screen, width)]
    p = explorer.point.p
    first, last = _window(explorer, room)
    whole = _is_whole(explorer, size)
    column = None if whole else explorer.point.column(explorer.chosen)
    lines += [_slider(explorer, p, column, j, screen, width) for j in range(first, last)]
    room -= last - first
    if whole:
        lines += _below(explorer, screen, width, room)
    lines += [""] * (height - 1 - len(told) - len(lines))
    return [*lines[: height - 1 - len(told)], *told, ((screen.spell(KEYS)[:width], "bar"),)]


def slider_at(explorer: Explorer, row: int, column: int, size: tuple[int, int]) -> tuple[int, float] | None:
    """Return the class and the logit of the slider at a place of the window, counted from 0, or None."""
    height, width = size
    first, last = _window(explorer, height - 2 - _TOLD)
    j, place = first + row - 1, column - _slider_column(explorer, width)
    if not (first <= j < last and 0 <= place < _SLIDER):
        return None
    return j, (2 * place / (_SLIDER - 1) - 1) * explorer.reach


def _title(explorer: Explorer, screen: Screen, width: int) -> Line:
    temperature = f"temperature {number(explorer.point.temperature)}"
    mode = "prediction on" if explorer.predicting else "prediction off"
    score = f" · {explorer.close} of {explorer.rounds} close" if explorer.rounds else ""
    k = len(explorer.names)
    many = f" · class {explorer.chosen + 1} of {k}" if k > WHOLE else ""
    head = f"Who pays? · {temperature}{many} · {mode}{score}"
    return ((screen.spell(head)[:width], "title"),)


def _is_whole(explorer: Explorer, size: tuple[int, int]) -> bool:
    """Tell whether the whole Jacobian has room; otherwise its chosen column stands beside the sliders."""
    k, (height, width) = len(explorer.names), size
    return k <= WHOLE and 2 * k + 3 + _TOLD <= height and _FRONT + 1 + k * _NARROWEST_CELL <= width


def _window(explorer: Explorer, room: int) -> tuple[int, int]:
    """Return the first class shown and the one after the last; the chosen one is among them."""
    k = len(explorer.names)
    shown = min(k, room)
    first = min(max(0, explorer.chosen - shown // 2), max(0, k - shown))
    return first, min(k, first + shown)


def _name_width(explorer: Explorer, width: int) -> int:
    return max(5, min(max(map(len, explorer.names)), (width - 2 - _SLIDER - 2 * _NUMBER) // 3))


def _slider_column(explorer: Explorer, width: int) -> int:
    return 2 + _name_width(explorer, width) + 1 + _NUMBER + 1


def _slider(
    explorer: Explorer, p: Sequence[float], column: Sequence[float] | None, j: int, screen: Screen, width: int
) -> Line:
    """Return the line of a class: its logit, the slider, p, the bar; of many classes its slope too."""
    chosen = j == explorer.chosen
    style = "largest" if chosen else ""
    logit = round(explorer.point.logits[j] + explorer.pending, 9) if chosen else explorer.point.logits[j]
    name = left(screen.shorten(explorer.names[j], _name_width(explorer, width)), _name_width(explorer, width))
    room = width - _slider_column(explorer, width) - _SLIDER - 1 - _NUMBER - 1
    spans: list[Span] = [
        (f"{'▸' if chosen else ' '} {name} {right(fitted(logit, _NUMBER), _NUMBER)} ", style),
        (_track(logit, explorer.reach), "largest" if chosen else "faint plus"),
        (f" {right(fitted(p[j], _NUMBER, near_one=True), _NUMBER)} ", style),
    ]
    if column is not None:
        slope = column[j]
        spans.append((right(fitted(slope, 9, signed=True), 9) + " ", sign_style(slope)))
        room -= 10
    spans.append((left(bar(p[j], max(1, room), unicode=screen.unicode), room), "bar"))
    return tuple(spans)


def _track(logit: float, reach: float) -> str:
    place = round((min(reach, max(-reach, logit)) / reach + 1) / 2 * (_SLIDER - 1))
    return "─" * place + "●" + "─" * (_SLIDER - 1 - place)


def _below(explorer: Explorer, screen: Screen, width: int, room: int) -> Iterator[Line]:
    """Yield the Jacobian, and beside or below it the picture."""
    matrix = list(_jacobian(explorer, screen, width))
    k = len(explorer.names)
    if k != 3 or room < 9:
        yield from matrix[:room]
        more = ["", *_beside(explorer, screen), ""]
        free = room - len(matrix)
        if free >= len(more) + _STRIPS:
            yield from more
            free -= len(more)
        yield from strips(explorer, screen, width, free)
        return
    beside = [*matrix, "", *_beside(explorer, screen)]
    half = max(cells(plain(line)) for line in beside) + 2
    yield from side_by_side(beside, simplex(explorer, screen, width - half, room), half, room)


def _jacobian(explorer: Explorer, screen: Screen, width: int) -> Iterator[Line]:
    """Yield the matrix with sign and size; the column of the chosen logit is marked."""
    matrix, k = explorer.point.jacobian, len(explorer.names)
    front = min(max(_FRONT, width - 1 - 11 * k), max(map(len, explorer.names)), 20)
    cell = min(11, (width - front - 1) // k)
    largest = max(map(abs, chain.from_iterable(matrix))) or 1.0
    heads: list[Span] = [(left("dp/dz", front + 1), "head")]
    for j, name in enumerate(explorer.names):
        heads.append((right(screen.shorten(name, cell - 1), cell), "title" if j == explorer.chosen else ""))
    yield tuple(heads)
    for i in range(k):
        spans: list[Span] = [(left(screen.shorten(explorer.names[i], front), front + 1), "")]
        for j in range(k):
            value = matrix[i][j]
            mark = size_mark(abs(value) / largest, unicode=screen.unicode)
            style = sign_style(value)
            bold = f"strong {style}" if j == explorer.chosen and style else style
            spans.append((right(f"{fitted(value, max(7, cell - 2), signed=True)}{mark}", cell), bold))
        yield tuple(spans)


def _beside(explorer: Explorer, screen: Screen) -> Iterator[Line]:
    """Yield softmax beside sigmoid and argmax."""
    point = explorer.point
    p, s = point.p, point.sigmoid
    yield ((f"{left('', 11)}{right('softmax', 9)}{right('sigmoid', 9)}{right('argmax', 8)}", "head"),)
    for j, name in enumerate(explorer.names):
        both = (fitted(p[j], _NUMBER, near_one=True), fitted(s[j], _NUMBER, near_one=True))
        winner = "1" if j == p.index(max(p)) else "0"
        yield f"{left(screen.shorten(name, 10), 11)}{right(both[0], 9)}{right(both[1], 9)}{right(winner, 8)}"
    yield f"{left('sum', 11)}{right('1', 9)}{right(number(math.fsum(s)), 9)}{right('1', 8)}"


def _told(explorer: Explorer, width: int) -> list[Line]:
    """Return what is asked or said, always at the same height."""
    if explorer.pending:
        name = explorer.names[explorer.chosen]
        verb = "Raise" if explorer.pending > 0 else "Lower"
        p = number(explorer.point.p[explorer.chosen], near_one=True)
        text = (
            f"{name} has {p}. {verb} its logit by {number(abs(explorer.pending))}: what will it have then? "
            f"Type it, then Enter (Enter alone just moves): {explorer.guess}_"
        )
    else:
        asked = "before it goes, you are asked where its probability will be"
        told = "what its slope says, what becomes of it, and who pays is told here"
        text = explorer.said or f"Move a logit: {asked if explorer.predicting else told}."
    lines = wrap(text, width)[:_TOLD]
    return [*(((line, "largest"),) for line in lines), *[""] * (_TOLD - len(lines))]
