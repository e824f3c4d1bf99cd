"""Gradients, jvps and vjps: signed numbers with signed bars, or a line a row."""

from collections.abc import Iterable, Iterator

from softmax_cli.io.result import PerClass
from softmax_cli.render.bars import relative, signed_bar
from softmax_cli.render.console import Line, Screen
from softmax_cli.render.grid import grid
from softmax_cli.render.numbers import floats, number
from softmax_cli.render.rows import MANY, SHOWN, draw, largest, names, paragraph, row_heading, title
from softmax_cli.render.table import GAP, Column, table

_WIDEST_BAR = 30


def per_class(results: Iterable[PerClass], screen: Screen) -> None:
    """Draw a gradient, a jvp or a vjp: signed numbers with signed bars, or a line a row.

    Parameters
    ----------
    results
        Batches of one computation, key ``gradient``, ``jvp`` or ``vjp``; drawn as they come.
    screen
        Where.

    Raises
    ------
    OSError
        As the stream raises it.
    """
    draw(results, screen, _vector, lambda many, on: grid(many, on, _title))


def _title(result: PerClass) -> str:
    return {
        "gradient": f"gradient of {result.function}: how the loss moves when each logit is nudged",
        "jvp": f"J v of {result.function}: how each output moves when the logits move along v",
        "vjp": f"v^T J of {result.function}: how v . f(z) moves when each logit is nudged",
    }.get(result.key, f"{result.key} of {result.function}")


def _vector(result: PerClass, screen: Screen) -> Iterator[Line]:
    values = floats(result.values[0])
    sizes = [abs(x) for x in values]
    shown = list(range(len(values))) if len(values) <= MANY else largest(sizes, SHOWN)
    yield from title(_title(result), result.temperature, screen)
    yield from row_heading(result.batch, 0, screen)
    named = names(result.batch, screen, screen.width // 3)
    styles = ["plus" if values[i] > 0 else "minus" if values[i] < 0 else "" for i in shown]
    columns = [
        Column("class", [named[i] for i in shown], "left"),
        Column(result.key, [number(values[i], signed=True, near_one=True) for i in shown], style=styles),
    ]
    room = screen.width - 2 - sum(column.width() + GAP for column in columns)
    half = min((room - 1) // 2, _WIDEST_BAR)
    if half > 1:
        bars = [signed_bar(x, half, unicode=screen.unicode) for x in relative([values[i] for i in shown])]
        columns.append(Column("", bars, "left", styles))
    yield from table(columns, screen)
    if result.key == "gradient":
        yield ""
        yield from paragraph(
            "To lower the loss, raise the logits with a minus and lower those with a plus: gradient descent.",
            screen,
        )
    hidden = len(values) - len(shown)
    if hidden:
        yield ""
        classes = "class is" if hidden == 1 else "classes are"
        yield from paragraph(f"{hidden} more {classes} not shown, none of them further from 0.", screen)
