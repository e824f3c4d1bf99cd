"""Tables that fit by construction: columns are laid out to the width, and those without room go below."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from softmax_cli.render.layout.console import Line, Screen, Span
from softmax_cli.render.layout.glyphs import cells, left, right
from softmax_cli.render.layout.numbers import point

GAP = 2


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Parameters
    ----------
    head
        Its heading.
    texts
        Its lines.
    align
        ``left``, ``right``, or ``point``: numbers, with their decimal points aligned.
    style
        The style of the texts, one for all or one for each.
    """

    head: str
    texts: Sequence[str]
    align: Literal["left", "right", "point"] = "point"
    style: str | Sequence[str] = ""

    def block(self) -> list[str]:
        """Return the texts, all of one width."""
        texts = list(self.texts)
        if self.align == "point":
            whole = max(map(point, texts), default=0)
            texts = [" " * (whole - point(text)) + text if text else "" for text in texts]
            inner = max(map(cells, texts), default=0)
            texts = [left(text, inner) for text in texts]
        width = max(map(cells, [self.head, *texts]))
        return [self.pad(text, width) for text in texts]

    def pad(self, text: str, width: int) -> str:
        """Return a text of the column, or its heading, in `width` cells."""
        return left(text, width) if self.align == "left" else right(text, width)

    def style_of(self, i: int) -> str:
        """Return the style of text i."""
        return self.style if isinstance(self.style, str) else self.style[i]

    def width(self) -> int:
        """Return its width in cells."""
        return max(map(cells, [self.head, *self.block()]))


def table(
    columns: Iterable[Column], screen: Screen, *, marks: Sequence[bool] = (), footer: int = 0
) -> Iterator[Line]:
    """Lay columns side by side, the first one in front; those that do not fit follow in a table below.

    The first column names the lines, and is repeated in each table. `marks` tells which lines are marked, as
    the largest; the last `footer` lines stand below a rule.
    """
    front, *rest = columns
    while rest:
        part = [front]
        room = screen.width - 2 - front.width()
        while rest and (len(part) == 1 or GAP + rest[0].width() <= room):
            room -= GAP + rest[0].width()
            part.append(rest.pop(0))
        yield from _part(part, screen, marks, footer)
        if rest:
            yield ""


def _part(columns: Sequence[Column], screen: Screen, marks: Sequence[bool], footer: int) -> Iterator[Line]:
    blocks = [column.block() for column in columns]
    widths = [column.width() for column in columns]
    if any(column.head for column in columns):
        heads = [column.pad(column.head, width) for column, width in zip(columns, widths, strict=True)]
        yield (("  ", ""), ((" " * GAP).join(heads).rstrip(), "head"))
    lines = len(blocks[0])
    for i in range(lines):
        if i >= lines - footer and not any(column.texts[i] for column in columns[1:]):
            continue
        if footer and i == lines - footer:
            yield _rule(columns, widths, screen, range(i, lines))
        marked = i < len(marks) and marks[i]
        spans: list[Span] = [(screen.spell("▸ " if marked else "  "), "largest" if marked else "")]
        for number, (column, block) in enumerate(zip(columns, blocks, strict=True)):
            gap = "" if number == 0 else " " * GAP
            spans += [(gap, ""), (block[i], column.style_of(i) or ("largest" if marked else ""))]
        yield tuple(spans)


def _rule(columns: Sequence[Column], widths: Sequence[int], screen: Screen, below: range) -> Line:
    drawn = [
        (screen.spell("─") if column.align != "left" and any(column.texts[i] for i in below) else " ") * width
        for column, width in zip(columns, widths, strict=True)
    ]
    return "  " + (" " * GAP).join(drawn)


def room_beside(columns: Iterable[Column], screen: Screen) -> int:
    """Return how many cells are left beside some columns."""
    return screen.width - 2 - sum(column.width() + GAP for column in columns)


def share(room: int, least: Sequence[int], most: Sequence[int]) -> list[int]:
    """Share `room` cells among columns: `least` each, then one by one to the narrowest below its `most`.

    >>> share(20, [4, 4], [6, 30])
    [6, 14]
    """
    widths = list(least)
    left_over = room - sum(widths)
    while left_over > 0:
        wanting = [i for i, width in enumerate(widths) if width < most[i]]
        if not wanting:
            break
        narrowest = min(wanting, key=widths.__getitem__)
        widths[narrowest] += 1
        left_over -= 1
    return widths
