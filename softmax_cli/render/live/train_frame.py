"""What a training looks like: the loss, a map of decisions, a row's p, and the confusion matrix."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from softmax_cli.learning.experiment import Experiment
from softmax_cli.render.layout.bars import bar
from softmax_cli.render.layout.console import Line, Screen, Span, joined, side_by_side
from softmax_cli.render.layout.glyphs import cells, cut, left, right
from softmax_cli.render.layout.numbers import fitted, number
from softmax_cli.render.live.player import Player

KEYS = "space pause · arrows step · + - speed · q leave"
_STYLES = ("plus", "minus", "", "faint plus", "faint minus", "head")
_MARKS = "123456789abcdefghijklmnopqrstuvwxyz"
"""What a class is called on the map, and in the lines below it."""

_REGIONS = "·:-'~=,;"
"""What fills the map where a class wins, distinct even without colours."""

_MOST_BARS = 5
_BLOCKS = " ▁▂▃▄▅▆▇█"


def frame(player: Player, screen: Screen, size: tuple[int, int]) -> list[Line]:
    """Return the lines of a window of this size: its lines and columns."""
    height, width = size
    below = list(_probabilities(player, screen, width))
    room = height - 2 - len(below)
    half = width // 2
    matrix = list(_confusion(player, screen, half - 2))
    if len(matrix) > room - 5:
        matrix = []
    curve = _curve(player, half - 2, room - len(matrix) - bool(matrix))
    sides = side_by_side(
        [*curve, *[""] * bool(matrix), *matrix], _map(player, screen, width - half, room), half, room
    )
    return [_title(player, screen, width), *sides, *below, ((screen.spell(KEYS)[:width], "bar"),)]


def _title(player: Player, screen: Screen, width: int) -> Line:
    state, step = player.step.state, player.step
    how = "done" if player.finished and not player.playing else "paused" if not player.playing else ""
    text = (
        f"step {step.number} of {player.experiment.plan.steps} · loss {number(state.loss)} · "
        f"right {step.accuracy:.1%} · |gradient| {number(state.grad_norm)}" + (f" · {how}" if how else "")
    )
    return ((screen.spell(text)[:width], "title"),)


def _curve(player: Player, width: int, height: int) -> list[Line]:
    """Return the loss of every step so far; a column is a step or the mean of several."""
    rows = max(2, height - 1)
    losses = np.array(player.losses[: player.step.number + 1])
    room = max(10, width - 9)
    total = player.experiment.plan.steps + 1
    per = max(1, -(-total // room))
    means = [float(losses[i : i + per].mean()) for i in range(0, len(losses), per)]
    highest = max(player.losses[0], *means) or 1.0
    lines: list[Line] = [(("loss", "head"),)]
    levels = np.array(means) / highest * rows * 8
    for row in range(rows - 1, -1, -1):
        label = number(highest, digits=2) if row == rows - 1 else "0" if row == 0 else ""
        glyphs = "".join(_BLOCKS[int(np.clip(round(level) - 8 * row, 0, 8))] for level in levels)
        lines.append(((right(label, 7) + " ", ""), (glyphs, "bar")))
    return lines


def _confusion(player: Player, screen: Screen, width: int) -> Iterator[Line]:
    """Yield the confusion matrix: a line for each true class."""
    table = player.experiment.table
    counts = player.step.confusion
    cell = max(len(str(counts.max())), 2) + 1
    front = width - cell * table.k
    if front < 8 or table.k > len(_MARKS):
        return
    yield ((left("taken for", front) + "".join(right(_MARKS[j], cell) for j in range(table.k)), "head"),)
    for i, name in enumerate(table.classes):
        spans: list[Span] = [(left(screen.shorten(f"{_MARKS[i]} {name}", front - 1), front), "")]
        for j in range(table.k):
            style = "" if not counts[i, j] else "strong plus" if i == j else "strong minus"
            spans.append((right(str(counts[i, j]), cell), style))
        yield tuple(spans)


def _map(player: Player, screen: Screen, width: int, height: int) -> list[Line]:
    """Return which class wins where, over the two most telling features, with the others at their means.

    Every cell is one point; a row of the table shows the mark of its true class there.
    """
    experiment = player.experiment
    across, up = axes(experiment)
    x = experiment.problem.x
    rows, columns = max(3, height - 2), max(8, width - 1)
    if up is None:
        rows = 3
    grid = np.zeros((rows * columns, x.shape[1]))
    low, high = x.min(axis=0) - 0.3, x.max(axis=0) + 0.3
    grid[:, across] = np.tile(np.linspace(low[across], high[across], columns), rows)
    if up is not None:
        grid[:, up] = np.repeat(np.linspace(high[up], low[up], rows), columns)
    with np.errstate(over="ignore", invalid="ignore"):
        z = experiment.problem.network.logits(player.step.state.flat, grid)
    winners = z.argmax(axis=1).reshape(rows, columns)
    column = np.rint((x[:, across] - low[across]) / (high[across] - low[across]) * (columns - 1)).astype(int)
    row = np.full(len(x), rows // 2)
    if up is not None:
        row = np.rint((high[up] - x[:, up]) / (high[up] - low[up]) * (rows - 1)).astype(int)
    places: dict[tuple[int, int], list[int]] = {}
    for i, place in enumerate(zip(row.tolist(), column.tolist(), strict=True)):
        places.setdefault(place, []).append(i)
    names = experiment.table.features
    title = f"{names[across]} →" if up is None else f"{names[up]} ↑  {names[across]} →"
    lines: list[Line] = [
        ((screen.spell(screen.clean(title) if screen.unicode else title)[:columns], "head"),)
    ]
    for r in range(rows):
        here = [places.get((r, c)) for c in range(columns)]
        lines.append(_map_row(winners[r], here, player.watched, experiment.table.labels))
    return [*lines, ((f"marks: true classes, ● {experiment.noun} {player.watched + 1}"[:columns], ""),)]


def axes(experiment: Experiment) -> tuple[int, int | None]:
    """Return the two features whose means differ most between the classes, in standard deviations."""
    x, labels = experiment.problem.x, experiment.table.labels
    means = np.array([x[labels == c].mean(axis=0) for c in range(experiment.table.k)])
    first, *others = np.argsort(-means.var(axis=0), kind="stable").tolist()
    return first, others[0] if others else None


def _map_row(
    winners: "NDArray[np.intp]", places: Sequence[list[int] | None], watched: int, labels: "NDArray[np.intp]"
) -> Line:
    spans: list[Span] = []
    for winner, here in zip(winners.tolist(), places, strict=True):
        if here is None:
            spans.append((_REGIONS[winner % len(_REGIONS)], _STYLES[winner % len(_STYLES)]))
        elif watched in here:
            spans.append(("●", "strong minus"))
        else:
            own = int(labels[here[0]])
            spans.append((_MARKS[own % len(_MARKS)], "largest" if own == winner else "strong minus"))
    return joined(spans)


def _probabilities(player: Player, screen: Screen, width: int) -> Iterator[Line]:
    """Yield the watched row: each class's probability, and what the derivative promised for this step."""
    table, row = player.experiment.table, player.watched
    p, promised = player.step.probabilities(row), player.step.promised(row)
    own = int(table.labels[row])
    head = screen.shorten(f"{player.experiment.noun} {row + 1}, {table.classes[own]}", width)
    yield (
        (head, "head"),
        (cut("   p, and what the derivative promised for this step", width - cells(head)), ""),
    )
    shown = np.argsort(-p, kind="stable")[:_MOST_BARS] if table.k > _MOST_BARS else np.arange(table.k)
    for j in shown.tolist():
        name = left(screen.shorten(f"{_MARKS[j % len(_MARKS)]} {table.classes[j]}", 14), 15)
        numbers = (
            f"{right(fitted(float(p[j]), 8, near_one=True), 8)} {right(fitted(float(promised[j]), 9), 9)} "
        )
        room = max(1, width - 15 - 19)
        yield (
            (name, "largest" if j == own else ""),
            (numbers, ""),
            (bar(float(p[j]), room, unicode=screen.unicode), "bar"),
        )
