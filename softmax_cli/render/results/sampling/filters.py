"""Filters for people: what each filter of a chain leaves of the probabilities."""

from collections.abc import Iterable, Iterator

from softmax_cli.io.table.results.result import Long
from softmax_cli.render.layout.console import Line, Screen
from softmax_cli.render.layout.labels import ClassLabels
from softmax_cli.render.layout.numbers import floats, number
from softmax_cli.render.layout.rows import every_row, paragraph, positions_shown, row_heading, title
from softmax_cli.render.layout.table import Column, table

_MEANING = {
    "softmax": "softmax: the probabilities before any filter, at T = 1.",
    "temperature": "temperature: the logits that are left, divided by T.",
    "top_k": "top-k: the most probable classes, so many.",
    "top_p": "top-p: from the most probable down until they come to P; the class that crosses P stays.",
    "min_p": "min-p: at least P times the largest probability.",
}


def stages(results: Iterable[Long], screen: Screen) -> Iterator[Line]:
    """Yield the probabilities after each filter, a column each; what a filter cuts is 0 from there on."""
    told: set[str] = set()
    for result, i, first in every_row(results):
        if first:
            yield from title("softmax probabilities, filter by filter", result.temperature, screen)
        else:
            yield ""
        yield from row_heading(result.batch, i, screen)
        yield from _row(result, i, screen)
        told.update(result.columns[1:])
    if told:
        yield ""
        yield from paragraph(
            "Each filter sees the probabilities renormalised after the one before it.", screen
        )
    for name, meaning in _MEANING.items():
        if name in told:
            yield from paragraph(meaning, screen)


def _row(result: Long, i: int, screen: Screen) -> Iterator[Line]:
    last = floats(result.values[i, :, -1])
    shown = positions_shown(last)
    labels = ClassLabels.fit(result.batch, screen, shown, screen.width // 2)
    columns = [Column("class", [labels[j] for j in shown], "left")]
    for place, name in enumerate(result.columns):
        values = floats(result.values[i, :, place])
        columns.append(Column(name.replace("_", "-"), [number(values[j], near_one=place > 0) for j in shown]))
    yield from table(columns, screen, marks=[last[j] > 0 for j in shown])
    yield from labels.key(shown)
    kept = sum(value > 0 for value in last)
    yield from paragraph(f"Kept: {kept} of {len(last)} classes.", screen)
