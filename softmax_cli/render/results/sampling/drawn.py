"""``softmax sample`` for people: the draws, or how often each class was drawn."""

from collections.abc import Iterable, Iterator

from softmax_cli.io.table.results.drawn import Drawn
from softmax_cli.render.layout.bars import bar
from softmax_cli.render.layout.console import Line, Screen
from softmax_cli.render.layout.labels import ClassLabels
from softmax_cli.render.layout.rows import every_row, positions_shown, row_heading
from softmax_cli.render.layout.table import GAP, Column, room_beside, table

_LONGEST_BAR = 50


def drawn(results: Iterable[Drawn], screen: Screen) -> Iterator[Line]:
    """Yield the draws, or the counts of the classes with their bars."""
    for result, i, _ in every_row(results):
        yield from row_heading(result.batch, i, screen)
        if result.key == "counts":
            yield from _counts(result, i, screen)
        else:
            yield from (screen.clean(result.batch.classes[j]) for j in result.values[i])


def _counts(result: Drawn, i: int, screen: Screen) -> Iterator[Line]:
    counts = result.values[i].tolist()
    shown = positions_shown(counts)
    labels = ClassLabels.fit(result.batch, screen, shown, screen.width // 2)
    columns = [
        Column("class", [labels[j] for j in shown], "left"),
        Column("count", [f"{counts[j]:,}" for j in shown], "right"),
    ]
    room = min(_LONGEST_BAR, room_beside(columns, screen))
    if room > GAP:
        bars = [bar(counts[j] / max(counts), room, unicode=screen.unicode) for j in shown]
        columns.append(Column("", bars, "left", "bar"))
    yield from table(columns, screen)
    yield from labels.key(shown)
