"""`--compare`: softmax beside sigmoid and argmax, and why they differ."""

from collections.abc import Iterable, Iterator

from softmax_cli.io.result import Long
from softmax_cli.render.console import Line, Screen
from softmax_cli.render.numbers import floats, number
from softmax_cli.render.rows import (
    draw,
    is_largest,
    names,
    paragraph,
    positions_shown,
    row_heading,
    title,
    total,
)
from softmax_cli.render.table import Column, table

_WHY = (
    (
        "softmax",
        "The classes compete for a total of 1: raising one logit takes from all the others. "
        "For a choice of exactly one class.",
    ),
    (
        "sigmoid",
        "Each class is judged on its own, 1 / (1 + exp(-z)): the sum can be anything between 0 and the number "
        "of classes. For labels of which several may hold at once.",
    ),
    (
        "argmax",
        "The largest logit takes all: 1 for it, 0 for the others. A small nudge changes nothing, so its "
        "derivative is 0 and there is nothing to learn from; softmax is its smooth form.",
    ),
)


def compare(results: Iterable[Long], screen: Screen) -> None:
    """Draw softmax, sigmoid and argmax side by side, as `views.compare` computed them, and say why they differ.

    Parameters
    ----------
    results
        Batches of one computation, key ``compare``; drawn as they come.
    screen
        Where.

    Raises
    ------
    OSError
        As the stream raises it.
    """
    draw(results, screen, lambda result, on: _lines([result], on), _lines)


def _lines(results: Iterable[Long], screen: Screen) -> Iterator[Line]:
    first = True
    for result in results:
        for i in range(len(result.batch)):
            if first:
                yield from title("softmax beside sigmoid and argmax", result.temperature, screen)
                yield from _explanation(result, screen)
            first = False
            yield ""
            yield from row_heading(result.batch, i, screen)
            yield from _numbers(result, i, screen)


def _explanation(result: Long, screen: Screen) -> Iterator[Line]:
    for name, why in _WHY:
        sentence = why if result.temperature == 1 else why.replace("exp(-z)", "exp(-z / T)")
        yield from paragraph(sentence, screen, first=f"{name}: ", rest=" " * 9)


def _numbers(result: Long, i: int, screen: Screen) -> Iterator[Line]:
    columns = {name: floats(result.values[i, :, j]) for j, name in enumerate(result.columns)}
    logits = floats(result.batch.values[i])
    p = columns["softmax"]
    shown = positions_shown(p)
    hidden = sorted(set(range(len(p))) - set(shown))
    named = names(result.batch, screen, max(8, screen.width // 5))

    def numbers(name: str) -> list[str]:
        values = columns[name]
        texts = [number(values[j], near_one=True) for j in shown]
        if hidden:
            texts.append(number(total(values[j] for j in hidden), near_one=True))
        return [*texts, number(columns[f"{name}_sum"][0] if name == "sigmoid" else 1.0)]

    others = [f"other {len(hidden)}"] if hidden else []
    drawn = [
        Column("class", [*(named[j] for j in shown), *others, "sum"], "left"),
        Column("logit", [*(number(logits[j]) for j in shown), *([""] * (1 + len(others)))]),
        *(Column(name, numbers(name)) for name, _ in _WHY),
    ]
    marks = is_largest(p)
    yield from table(drawn, screen, marks=[marks[j] for j in shown], footer=1)
