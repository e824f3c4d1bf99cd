"""`--steps`: how softmax is computed, for someone who meets it for the first time."""

from collections.abc import Iterable, Iterator

import numpy as np

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


def steps(results: Iterable[Long], screen: Screen) -> None:
    """Draw the steps of softmax as `views.steps` computed them: sentences once, numbers for each row.

    Parameters
    ----------
    results
        Batches of one computation, key ``steps``; drawn as they come.
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
                yield from _explanation(result, screen)
            first = False
            yield ""
            yield from row_heading(result.batch, i, screen)
            yield from _numbers(result, i, screen)
            yield from _remarks(result, i, screen)


def _explanation(result: Long, screen: Screen) -> Iterator[Line]:
    yield from title("softmax, step by step", result.temperature, screen)
    yield from paragraph(
        "Softmax turns logits z, which may be any numbers, into probabilities: all between 0 and 1, with sum 1. "
        "A larger logit gets a larger probability.",
        screen,
    )
    yield ""
    cold = result.temperature != 1
    sentences = [
        "Take the logits, one number a class.",
        "Subtract the maximum, so that the largest becomes 0. This keeps exp from overflowing and does not change "
        "the answer: every exponential shrinks by the same factor, which cancels when we divide.",
    ]
    if cold:
        warm = result.temperature > 1
        sentences.append(
            f"Divide by the temperature T = {number(result.temperature)}. "
            + (
                "Above 1 it brings the logits closer together: the probabilities become more even."
                if warm
                else "Below 1 it drives the logits apart: the largest takes more."
            )
        )
    sentences += [
        "Take the exponential of each. All are positive now, and the largest is exactly 1.",
        "Add them up.",
        "Divide each by the sum: these are the probabilities.",
    ]
    for place, sentence in enumerate(sentences, 1):
        yield from paragraph(sentence, screen, first=f"{place}. ", rest="   ")


def _numbers(result: Long, i: int, screen: Screen) -> Iterator[Line]:
    """Yield the table of row i: a column a step, the sums below."""
    columns = {name: floats(result.values[i, :, j]) for j, name in enumerate(result.columns)}
    p = columns["probability"]
    shown = positions_shown(p)
    hidden = sorted(set(range(len(p))) - set(shown))
    named = names(result.batch, screen, max(8, screen.width // 5))
    cold = "over_temperature" in columns
    labels = [named[j] for j in shown]
    feet = [f"other {len(hidden)}"] if hidden else []

    def numbers(name: str, *, near_one: bool = False, sums: float | None = None) -> list[str]:
        values = columns[name]
        texts = [number(values[j], near_one=near_one) for j in shown]
        if hidden:
            texts.append("" if sums is None else number(total(values[j] for j in hidden), near_one=near_one))
        return [*texts, "" if sums is None else number(sums)]

    step = 4 if cold else 3
    drawn = [
        Column("class", [*labels, *feet, "sum"], "left"),
        Column("1. z", numbers("logit")),
        Column("2. z - max", numbers("minus_max")),
    ]
    if cold:
        drawn.append(Column("3. over T", numbers("over_temperature")))
    whole = columns["sum"][0]
    drawn += [
        Column(f"{step}. exp", numbers("exponential", sums=whole)),
        Column(f"{step + 2}. exp / sum", numbers("probability", near_one=True, sums=1.0)),
    ]
    marks = is_largest(p)
    yield from table(drawn, screen, marks=[marks[j] for j in shown], footer=1)


def _remarks(result: Long, i: int, screen: Screen) -> Iterator[Line]:
    """Yield what needs a word: masked classes, an infinite logit, exponentials too small for a double."""
    logits = result.values[i, :, 0]
    exponentials = result.values[i, :, result.columns.index("exponential")]
    if np.isneginf(logits).any():
        yield from paragraph(
            "A logit of -inf masks its class: exp(-inf) is 0, and so is the probability, exactly.", screen
        )
    if np.isposinf(logits).any():
        yield from paragraph(
            "A logit of inf is larger than any other can be: its class takes all, and the others get exactly 0.",
            screen,
        )
    elif (np.isfinite(logits) & (exponentials == 0)).any():
        yield from paragraph(
            "An exponential of 0 here is one that is too small for the computer's numbers (below about 5e-324).",
            screen,
        )
