"""Many rows, a line each, kept columns in front; the first batch fixes the widths, so that lines stream."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from softmax_cli.io.table.results.result import PerClass
from softmax_cli.render.layout.console import Line, Screen, Span, sign_style
from softmax_cli.render.layout.glyphs import cells, left
from softmax_cli.render.layout.kept import ROOM_OF_A_ROW_NUMBER, Kept
from softmax_cli.render.layout.labels import ClassLabels
from softmax_cli.render.layout.numbers import NARROWEST, Aligned, floats
from softmax_cli.render.layout.rows import is_largest, largest, paragraph, title, total
from softmax_cli.render.layout.table import GAP, share

_ROOM_OF_A_NUMBER = 9
_LONGEST_NUMBER = 11
_LONGEST_NAME = 16
_MOST_SLOTS = 5
_ROWS_MEASURED = 100
LOG = "log_probabilities"


def grid(
    results: Iterable[PerClass],
    screen: Screen,
    title_of: Callable[[PerClass], str],
    *,
    top: int | None = None,
) -> Iterator[Line]:
    """Yield a title and a line for each row: all classes if they fit, else the largest of each row.

    The first batch gives the title. With `top`, that many of the largest are shown even if all would fit.
    """
    layout: _All | _Largest | None = None
    by_number: ClassLabels | None = None
    numbered: set[int] = set()
    for result in results:
        if layout is None or layout.kept.outgrown(result.batch, screen):
            if layout is None:
                yield from title(title_of(result), result.temperature, screen)
            else:
                yield ""
            layout = _fit(result, screen, top)
            yield from layout.explanation()
            yield from _without(layout.kept.dropped, screen)
            yield layout.head()
        for i in range(len(result.batch)):
            yield layout.line(result, i)
            if layout.labels.numbered:
                by_number = layout.labels
                numbered.update(layout.classes(result, i))
    if by_number is not None:
        yield from by_number.key(numbered)


def _without(dropped: Sequence[str], screen: Screen) -> Iterator[Line]:
    if dropped:
        yield from paragraph("Without room here: " + ", ".join(map(screen.clean, dropped)), screen)
        yield ""


def slots(result: PerClass, screen: Screen, top: int) -> int:
    """Return how many of the `top` largest fit on a line."""
    return _Largest.fit(result, screen, _numbers(result), top).slots


def _fit(result: PerClass, screen: Screen, top: int | None) -> "_All | _Largest":
    numbers = _numbers(result)
    k, least = result.batch.k, 1 + NARROWEST
    if top is None:
        kept = Kept.fit(result.batch, screen, screen.width - k * (least + 1) + 1)
        room = screen.width - kept.width - (k - 1)
        if room >= k * least and not kept.dropped:
            return _All.fit(result, screen, kept, numbers, room)
    return _Largest.fit(result, screen, numbers, top)


def _numbers(result: PerClass) -> Aligned:
    near_one = result.key == "probabilities"
    values = (x for row in result.values[:_ROWS_MEASURED] for x in floats(row))
    found = Aligned.of(values, signed=not near_one and result.key != LOG, near_one=near_one)
    return found._replace(width=min(max(found.width, _ROOM_OF_A_NUMBER), _LONGEST_NUMBER))


@dataclass(frozen=True, slots=True)
class _All:
    """Every class in a column of its own."""

    screen: Screen
    kept: Kept
    numbers: Aligned
    labels: ClassLabels
    heads: tuple[str, ...]
    widths: tuple[int, ...]

    @classmethod
    def fit(cls, result: PerClass, screen: Screen, kept: Kept, numbers: Aligned, room: int) -> "_All":
        k = result.batch.k
        for most in (_LONGEST_NAME, screen.width, 0):
            labels = ClassLabels.fit(result.batch, screen, range(k), *([most] if most else []))
            wanted = [max(numbers.width, cells(labels[j])) + 1 for j in range(k)]
            widths = share(room, [1 + NARROWEST] * k, wanted)
            heads = [screen.shorten(labels[j], width - 1) for j, width in enumerate(widths)]
            if labels.tell_apart(range(k), heads):
                break
        return cls(screen, kept, numbers, labels, tuple(heads), tuple(widths))

    def explanation(self) -> Iterator[Line]:
        return iter(())

    def head(self) -> Line:
        cells = [" " + left(head, width - 1) for head, width in zip(self.heads, self.widths, strict=True)]
        return ((self.kept.head() + " ".join(cells).rstrip(), "head"),)

    def classes(self, result: PerClass, i: int) -> Iterable[int]:
        return range(result.batch.k)

    def line(self, result: PerClass, i: int) -> Line:
        values = floats(result.values[i])
        marks = [False] * len(values) if self.numbers.signed else is_largest(values)
        spans: list[Span] = [(self.kept.line(result.batch, i, self.screen), "")]
        for j, (x, width, marked) in enumerate(zip(values, self.widths, marks, strict=True)):
            text = self.screen.spell("▸" if marked else " ") + self.numbers.cell(x, width - 1)
            spans.append((text if j == 0 else " " + text, "largest" if marked else _style(self.numbers, x)))
        return tuple(spans)


@dataclass(frozen=True, slots=True)
class _Largest:
    """The largest classes of each row, each by name and number, and the sum of the others."""

    screen: Screen
    kept: Kept
    numbers: Aligned
    labels: ClassLabels
    name_width: int
    number_width: int
    slots: int
    others: int

    @classmethod
    def fit(cls, result: PerClass, screen: Screen, numbers: Aligned, top: int | None) -> "_Largest":
        k = result.batch.k
        width = numbers.width
        # Beside a name there must be room for its number, the sum of the others, and the row's own number.
        most = max(4, screen.width - 2 * (width + 2) - ROOM_OF_A_ROW_NUMBER - GAP)
        labels = ClassLabels.fit(result.batch, screen, range(k), min(most, _LONGEST_NAME), most)
        name_width = labels.width(range(k))
        kept = Kept.fit(result.batch, screen, screen.width - name_width - 2 * (width + 2))
        room = screen.width - kept.width
        most = min(k, _MOST_SLOTS if top is None else top)
        slots = max(1, min(most, (room - width) // (name_width + width + 3)))
        return cls(screen, kept, numbers, labels, name_width, width, slots, k - slots)

    def explanation(self) -> Iterator[Line]:
        if self.others:
            many = f"{self.slots} " if self.slots > 1 else "one "
            what = f"{many}furthest from 0" if self.numbers.signed else f"{many.removeprefix('one ')}largest"
            yield from paragraph(
                f"Of {self.slots + self.others} classes, each row shows the {what}.", self.screen
            )
            yield ""

    def head(self) -> Line:
        slot = self.name_width + 1 + self.number_width
        ranks = [left(_ordinal(rank, self.numbers.signed), slot) for rank in range(1, self.slots + 1)]
        if self.others and not self.numbers.signed:
            others = f"other {self.others}"
            ranks.append(others if len(others) <= self.number_width else "others")
        return ((self.kept.head() + "  ".join(ranks).rstrip(), "head"),)

    def classes(self, result: PerClass, i: int) -> Sequence[int]:
        values = floats(result.values[i])
        return largest([abs(x) for x in values] if self.numbers.signed else values, self.slots)

    def line(self, result: PerClass, i: int) -> Line:
        values = floats(result.values[i])
        shown = self.classes(result, i)
        spans: list[Span] = [(self.kept.line(result.batch, i, self.screen), "")]
        for rank, position in enumerate(shown):
            name = left(self.labels[position], self.name_width)
            text = f"{name} {self.numbers.cell(values[position], self.number_width)}  "
            spans.append((text, "largest" if rank == 0 else _style(self.numbers, values[position])))
        if self.others and not self.numbers.signed:
            rest = [value for position, value in enumerate(values) if position not in set(shown)]
            spans.append((self.numbers.cell(_together(rest, result.key), self.number_width), ""))
        return tuple(spans)


def _style(numbers: Aligned, x: float) -> str:
    return sign_style(x) if numbers.signed else ""


def _together(rest: list[float], key: str) -> float:
    if key != LOG:
        return total(rest)
    highest = max(rest)
    return highest if math.isinf(highest) else highest + math.log(total(math.exp(x - highest) for x in rest))


def _ordinal(rank: int, signed: bool) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(rank, "th")
    first = "furthest" if signed else "largest"
    return first if rank == 1 else f"{rank}{ending}"
