"""The box at the end of the board: what each case comes to, both in one formula, and what that says."""

from collections.abc import Callable, Iterator, Sequence

from softmax_cli.core.formula.tree import Derivative
from softmax_cli.render.derivation.column import CaseColumn
from softmax_cli.render.derivation.drawing import Drawing
from softmax_cli.render.layout.console import Line, Screen
from softmax_cli.render.layout.glyphs import cells, left, right, wrap
from softmax_cli.tutor.evaluated_derivation import Lesson

_COUNTS = {2: "both", 3: "all three", 4: "all four", 9: "all nine"}
_FOOTER = " every line is proved; the reasons: --all "
_GAP = 3


def box(columns: Sequence[CaseColumn], summary: Sequence[Lesson], screen: Screen) -> Iterator[Line]:
    """Yield the box, no wider than the screen."""
    room = screen.width - 4
    rows = list(_results(columns, room))
    last = columns[-1]
    if len(columns) > 1:
        rows += wrap(_one_formula(last), room)
    if last.derivation.meaning:
        rows += wrap(last.drawing.words(last.derivation.meaning), room)
    rows += _summary(summary, last, room)
    width = max(map(cells, rows))
    footer = _FOOTER if len(_FOOTER) <= room else " all lines proved "
    width = max(width, len(footer))
    across, down = ("─", "│") if screen.unicode else ("-", "|")
    corners = "╭╮╰╯" if screen.unicode else "++++"
    yield corners[0] + across * (width + 2) + corners[1]
    for row in rows:
        bold = row in rows[: len(columns)]
        yield ((f"{down} ", ""), (left(row, width), "strong plus" if bold else ""), (f" {down}", ""))
    yield corners[2] + footer.center(width + 2, across) + corners[3]


def _results(columns: Sequence[CaseColumn], room: int) -> Iterator[str]:
    if len(columns) == 1:
        yield from wrap(columns[0].result, room, rest="  ")
        return
    for column in columns:
        yield from wrap(column.result, room, first=f"{column.case}:  ", rest="  ")


def _one_formula(column: CaseColumn) -> str:
    """Write both cases as one, for any classes i and j."""
    end = column.derivation.steps[-1]
    formula = f"{column.in_letters(end.lhs)} = {column.in_letters(end.rhs)}"
    delta = column.drawing.line.delta
    where = f", where {delta}_ij is 1 if i = j and 0 if not" if delta in formula else ", for every class j"
    return f"in one formula:  {formula}{where}"


def _summary(lessons: Sequence[Lesson], column: CaseColumn, room: int) -> list[str]:
    """Lay out all the derivatives as a table: in numbers where there are any, else in symbols."""
    if not lessons:
        return []
    across = column.derivation.k
    manner = column.drawing.manner
    drawings = [CaseColumn(Drawing(lesson, column.drawing.screen, manner)) for lesson in lessons]
    numbers = lessons[0].numbers is not None
    texts = [
        one.value(one.steps[-1].rhs) if numbers else one.drawing.formula(one.steps[-1].rhs)
        for one in drawings
    ]
    sides = [one.sides for one in drawings]
    heads = [column.drawing.formula(wrt) for _, wrt in sides[:across]]
    names = [column.drawing.formula(of) for of, _ in sides[::across]]
    corner = column.in_letters(Derivative(*column.sides))
    table = [[f"{_COUNTS.get(len(texts), 'all')} {corner}", *heads]]
    table += [[name, *texts[n * across : (n + 1) * across]] for n, name in enumerate(names)]
    for lines in (table, [row[1:] for row in table]):  # each entry begins with the name of its row
        drawn = list(_laid_out(lines, right if numbers else left))
        if max(map(cells, drawn)) <= room:
            return drawn
    return []


def _laid_out(table: Sequence[Sequence[str]], pad: Callable[[str, int], str]) -> Iterator[str]:
    widths = [max(map(cells, texts)) for texts in zip(*table, strict=True)]
    for row in table:
        padded = [left(row[0], widths[0]), *map(pad, row[1:], widths[1:])]
        yield (" " * _GAP).join(padded).rstrip()
