"""`reliability`: the measures beside their reference, and the diagram: blocks, band and diagonal."""

import math
from collections.abc import Iterator, Sequence

from softmax_cli.core.reliability.results import DiagramBlock, Measure, Reliability
from softmax_cli.render.layout.bars import size_mark
from softmax_cli.render.layout.console import Line, Screen, Span
from softmax_cli.render.layout.numbers import number, percent
from softmax_cli.render.layout.rows import paragraph, row_count
from softmax_cli.render.layout.table import Column, table

HEIGHT, LOW = 11, 7  # lines of the diagram, and of one on a small screen
_AXIS = 6
_WIDEST = 66

_TITLES = {
    "brier": "Brier score",
    "log": "log score",
    "_mcb": "  miscalibration",
    "_dsc": "  discrimination",
    "_unc": "  uncertainty",
}


def reliability(found: Reliability, scope: str, screen: Screen) -> Iterator[Line]:
    """Yield the measures and the diagram; `scope` is ``top``, ``classes``, or the name of a class."""
    yield ((screen.shorten(heading(found, scope), screen.width), "title"),)
    yield ""
    yield from _measures(found.measures, screen)
    yield ""
    yield from _diagram(found, screen)
    yield ""
    yield from paragraph(verdict(found), screen)


def heading(found: Reliability, scope: str) -> str:
    """Say in one line what the diagram is of."""
    of = {"top": "the predicted class", "classes": "every class"}.get(scope, f"class {scope}")
    t = "" if found.temperature == 1.0 else f", T = {number(found.temperature)}"
    return f"reliability of {of}, {row_count(found.rows)}{t}"


def verdict(found: Reliability) -> str:
    """Say in plain words what the diagram shows."""
    gap = found.mean_confidence - found.accuracy
    said, true = percent(found.mean_confidence), percent(found.accuracy)
    mcb = found["brier_mcb"]
    start = f"Said with {said} confidence on average, true in {true}"
    if mcb.p is None:
        return f"{start}."
    if mcb.p > 0.05:
        return f"{start}: no more off than chance makes a calibrated model (p = {number(mcb.p, digits=2)})."
    how = f"{'too sure' if gap > 0 else 'not sure enough'}, and not by chance (p = {number(mcb.p, digits=2)})"
    return f"{start}: {how}. softmax calibrate fits a temperature that mends it."


def _diagram(found: Reliability, screen: Screen) -> Iterator[Line]:
    """Yield the diagram: confidence to the right, what came true upwards."""
    width = min(_WIDEST, screen.width - _AXIS - 2)
    height = HEIGHT if screen.width >= 70 else LOW
    canvas = _Canvas(width, height, screen)
    canvas.draw(found.diagram)
    for line, spans in enumerate(canvas.lines()):
        share = 1.0 - line / (height - 1)
        label = f"{100 * share:3.0f} %" if share in {0.0, 0.5, 1.0} else ""
        yield ((f"{label:>{_AXIS - 1}} ", ""), (screen.spell("│"), ""), *spans)
    yield " " * _AXIS + screen.spell("│") + "".join(canvas.counts(found.diagram))
    marks = [f"{percent_mark} %" for percent_mark in (0, 25, 50, 75, 100)]
    axis = [" "] * width
    for mark, share in zip(marks, (0.0, 0.25, 0.5, 0.75, 1.0), strict=True):
        place = min(round(share * (width - 1)), width - len(mark))
        axis[place : place + len(mark)] = mark
    yield " " * (_AXIS + 1) + "".join(axis).rstrip()
    key = (
        "Across: confidence, as said. Up: how often it came true, █; · is where the two agree, ░ where "
        "95 % of calibrated models lie. Below: how many rows."
    )
    yield from paragraph(key if screen.unicode else _ascii(key), screen)


def _ascii(text: str) -> str:
    return text.replace("█", "#").replace("░", ":").replace("·", ".")


class _Canvas:
    """The cells of the diagram; its columns are steps of confidence."""

    def __init__(self, width: int, height: int, screen: Screen) -> None:
        self.width, self.height, self.screen = width, height, screen
        self.cells: list[list[Span]] = [[(" ", "")] * width for _ in range(height)]

    def line(self, share: float) -> int:
        """Return the line of a share from 0 to 1."""
        return min(self.height - 1, max(0, round((1.0 - share) * (self.height - 1))))

    def column(self, confidence: float) -> int:
        """Return the column of a confidence."""
        return min(self.width - 1, max(0, round(confidence * (self.width - 1))))

    def draw(self, blocks: Sequence[DiagramBlock]) -> None:
        """Draw the bands, the diagonal, and the blocks above them."""
        for block in blocks:
            if block.band_low is not None and block.band_high is not None:
                for line in range(self.line(block.band_high), self.line(block.band_low) + 1):
                    self._put(line, block, "░", "faint plus")
        for column in range(self.width):
            self.cells[self.line(column / (self.width - 1))][column] = ("·", "")
        for block in blocks:
            off = block.band_low is not None and not block.band_low <= block.observed <= (
                block.band_high or 0
            )
            self._put(self.line(block.observed), block, "█", "strong minus" if off else "strong plus")

    def _put(self, line: int, block: DiagramBlock, glyph: str, style: str) -> None:
        for column in range(self.column(block.confidence_low), self.column(block.confidence_high) + 1):
            self.cells[line][column] = (glyph, style)

    def lines(self) -> Iterator[tuple[Span, ...]]:
        """Yield the lines."""
        for cells in self.cells:
            if self.screen.unicode:
                yield tuple(cells)
            else:
                yield tuple((_ascii(text), style) for text, style in cells)

    def counts(self, blocks: Sequence[DiagramBlock]) -> list[str]:
        """Return a mark for each column's number of rows, on a logarithmic scale."""
        rows = [0.0] * self.width
        for block in blocks:
            first, last = self.column(block.confidence_low), self.column(block.confidence_high)
            for column in range(first, last + 1):
                rows[column] += block.rows / (last - first + 1)
        most = math.log1p(max(rows))
        return [size_mark(math.log1p(n) / most if most else 0.0, unicode=self.screen.unicode) for n in rows]


def _measures(measures: Sequence[Measure], screen: Screen) -> Iterator[Line]:
    names = [_TITLES.get(name[-4:], _TITLES.get(name, name)) for name in (one.measure for one in measures)]
    values = Column("", [number(measure.value) for measure in measures])
    columns = [Column("", names, "left"), values]
    if any(measure.expected is not None for measure in measures):
        columns.append(Column("calibrated", [_or_blank(measure.expected) for measure in measures]))
        interval = Column("95 % of them", [_interval(measure) for measure in measures], "left")
        if columns[0].width() + interval.width() < screen.width - _AXIS:
            columns.append(interval)
        columns.append(Column("p", [_or_blank(measure.p, digits=2) for measure in measures]))
    yield from table(columns, screen)
    yield ""
    yield from paragraph(
        "A score (lower is better) = miscalibration, what recalibration would gain, - discrimination, what "
        "telling cases apart gains, + uncertainty, that of one confidence for all. calibrated: what models "
        "with these confidences, and outcomes drawn from them, show; p: how many of them show as much.",
        screen,
    )


def _or_blank(value: float | None, digits: int = 4) -> str:
    return "" if value is None else number(value, digits=digits)


def _interval(measure: Measure) -> str:
    if measure.low is None or measure.high is None:
        return ""
    return f"{number(measure.low, digits=3)} to {number(measure.high, digits=3)}"
