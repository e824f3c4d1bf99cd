"""`--steps`: how softmax is computed, for someone who meets it for the first time."""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from operator import sub, truediv

import numpy as np

from softmax_cli.io.table.results.result import Long
from softmax_cli.render.layout.console import Line, Screen
from softmax_cli.render.layout.labels import Labels
from softmax_cli.render.layout.numbers import DIGITS, floats, number
from softmax_cli.render.layout.rows import (
    draw,
    is_largest,
    largest,
    paragraph,
    positions_shown,
    row_heading,
    title,
    total,
)
from softmax_cli.render.layout.table import GAP, Column, table

_EXACT = 17
"""Digits that tell any double from any other."""
_A_UNIT_OF_THE_LAST = 10.0 ** (1 - DIGITS)


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
    draw(results, screen, _one, _many)


def _one(result: Long, screen: Screen) -> Iterator[Line]:
    row = _Row(result, 0, screen)
    yield from _explanation(result, screen, _Worked(row))
    yield ""
    yield from row.lines()


def _many(results: Iterable[Long], screen: Screen) -> Iterator[Line]:
    first = True
    for result in results:
        if first:
            yield from _explanation(result, screen, None)
        first = False
        for i in range(len(result.batch)):
            yield ""
            yield from _Row(result, i, screen).lines()


class _Row:
    """The steps of one row: its numbers, the classes that are shown, and what they are called."""

    def __init__(self, result: Long, i: int, screen: Screen) -> None:
        self.numbers = {name: floats(result.values[i, :, j]) for j, name in enumerate(result.columns)}
        self.shown = positions_shown(self.numbers["probability"])
        self._hidden = sorted(set(range(result.batch.k)) - set(self.shown))
        self._place = 4 if "over_temperature" in self.numbers else 3
        self._screen = screen
        self._heading = list(row_heading(result.batch, i, screen))
        self._columns = list(self._steps())
        room = screen.width - 2 - sum(column.width() + GAP for column in self._columns)
        self.labels = Labels.fit(result.batch, screen, self.shown, max(8, screen.width // 5, room))

    def lines(self) -> Iterator[Line]:
        """Yield the table, a column a step and the sums below, and what needs a word."""
        marks = is_largest(self.numbers["probability"])
        others = [f"other {len(self._hidden)}"] if self._hidden else []
        texts = [*map(self.labels.__getitem__, self.shown), *others, f"{self._place + 1}. sum"]
        yield from self._heading
        yield from table(
            [Column("class", texts, "left"), *self._columns],
            self._screen,
            marks=[marks[j] for j in self.shown],
            footer=len(others) + 1,
        )
        yield from self.labels.key(self.shown)
        remarks = list(_remarks(self.numbers))
        if remarks:
            yield ""
        for remark in remarks:
            yield from paragraph(remark, self._screen)

    def _steps(self) -> Iterator[Column]:
        place = self._place
        yield self._column("1. z", "logit")
        yield self._column("2. z - max", "minus_max")
        if "over_temperature" in self.numbers:
            yield self._column("3. over T", "over_temperature")
        yield self._column(f"{place}. exp", "exponential", self.numbers["sum"][0])
        yield self._column(f"{place + 2}. exp / sum", "probability", 1.0)

    def _column(self, head: str, name: str, sum_of_all: float | None = None) -> Column:
        values, near_one = self.numbers[name], name == "probability"
        texts = [number(values[j], near_one=near_one) for j in self.shown]
        others = [total(values[j] for j in self._hidden)] if self._hidden else []
        if sum_of_all is None:
            feet = [""] * (len(others) + 1)
        else:
            feet = [*(number(x, near_one=near_one) for x in others), number(sum_of_all)]
        return Column(head, texts + feet)


@dataclass(frozen=True, slots=True)
class _Example:
    """One step of one class: what it computes, of which columns, and how that is written."""

    template: str
    result: str
    compute: Callable[..., float]
    inputs: tuple[str, ...]


class _Worked:
    """The numbers of one vector for the sentences: its maximum, its sum, and one class as the example.

    The example is the second largest class, if it is finite: the largest has the easy numbers 0 and 1.
    """

    def __init__(self, row: _Row) -> None:
        logits = row.numbers["logit"]
        position = largest(logits, 2)[-1]
        highest = max(logits)
        self.maximum = number(highest)
        self.sum = number(row.numbers["sum"][0])
        self.infinite = math.isinf(highest)
        self.positive = min(row.numbers["exponential"]) > 0
        self._name = row.labels.in_words(position)
        self._numbers = {name: column[position] for name, column in row.numbers.items()}
        self._numbers["maximum"] = highest
        self._useful = len(logits) > 1

    def words(self, example: _Example) -> str:
        """Return a step of the example in numbers; "" where what would be read were not true.

        That is where a number is infinite, or too small for a double. The numbers are written with as many
        digits as it takes for the result to follow from them, to a unit of its last.
        """
        inputs = [self._numbers[name] for name in example.inputs]
        result = self._numbers[example.result]
        vanished = result == 0 and inputs[0] != 0 and example.result != "minus_max"
        if not self._useful or vanished or not all(map(math.isfinite, (*inputs, result))):
            return ""
        shown = number(result, near_one=result > 0)
        for many in range(DIGITS, _EXACT + 1):
            texts = [number(x, digits=many) for x in inputs]
            followed = example.compute(*map(float, texts))
            if math.isclose(followed, result, rel_tol=_A_UNIT_OF_THE_LAST):
                texts[1:] = [f"({text})" if text.startswith("-") else text for text in texts[1:]]
                return f"{self._name}: {example.template.format(*texts)} = {shown}"
        return ""


def _explanation(result: Long, screen: Screen, worked: _Worked | None) -> Iterator[Line]:
    yield from title("softmax, step by step", result.temperature, screen)
    yield from paragraph(
        "Softmax turns logits z, which may be any numbers, into probabilities, which lie between 0 and 1 and "
        "sum to 1. "
        "The larger the logit, the larger the probability.",
        screen,
    )
    yield ""
    for place, (sentence, example) in enumerate(_sentences(result.temperature, worked), 1):
        yield from paragraph(sentence, screen, first=f"{place}. ", rest="   ")
        words = worked.words(example) if worked and example else ""
        if words:
            yield from paragraph(words, screen, first=" " * 6)
    yield ""
    yield from paragraph("Shown with 4 digits, computed with all.", screen)


def _sentences(temperature: float, worked: _Worked | None) -> Iterator[tuple[str, _Example | None]]:
    """Yield for each step a sentence and the example to compute; of one vector alone, with its numbers."""
    yield "Take the logits z, one number a class.", None
    yield _subtraction(temperature, worked), _Example("{} - {}", "minus_max", sub, ("logit", "maximum"))
    last = "minus_max"
    if temperature != 1:
        last = "over_temperature"
        yield (
            f"Divide by the temperature, T = {number(temperature)}: a T above 1 evens the probabilities out, "
            "one below 1 moves them apart.",
            _Example(
                f"{{}} / {number(temperature)}", last, lambda below: below / temperature, ("minus_max",)
            ),
        )
    sign = "all are positive now" if worked and worked.positive else "none is negative now"
    yield (
        f"Take the exponential of each: {sign}, and the largest is exactly 1.",
        _Example("exp({})", "exponential", math.exp, (last,)),
    )
    yield f"Add the exponentials up{f': the sum is {worked.sum}' if worked else ''}.", None
    yield (
        "Divide each by the sum: these are the probabilities.",
        _Example("{} / {}", "probability", truediv, ("exponential", "sum")),
    )


def _subtraction(temperature: float, worked: _Worked | None) -> str:
    if worked and worked.infinite:
        return (
            "Take how far each is below the maximum: beside one that is infinite, every other is -inf, and "
            "the infinite one itself is 0."
        )
    return (
        f"Subtract the maximum{f', {worked.maximum},' if worked else ''} from each: the largest becomes 0. "
        "The answer stays the same, because every exponential is multiplied by one common factor, which "
        f"cancels in step {5 if temperature == 1 else 6}; and exp can no longer overflow."
    )


def _remarks(numbers: dict[str, list[float]]) -> Iterator[str]:
    """Yield a word on masked classes, an infinite logit, and what a double cannot hold."""
    logits, below, exponentials = (np.array(numbers[name]) for name in ("logit", "minus_max", "exponential"))
    if np.isneginf(logits).any():
        yield "A logit of -inf masks its class: exp(-inf) is 0, and the probability exactly 0."
    if np.isposinf(logits).any():
        yield (
            "A logit of inf is above all others: its class gets exactly 1, as in the limit z -> inf. "
            "What inf - inf would be is taken as 0."
        )
        return
    if (np.isfinite(logits) & np.isneginf(below)).any():
        instead = "; there z / T - max / T is computed instead" if "over_temperature" in numbers else ""
        yield f"A finite logit less the maximum can be too large for a double, and is shown as -inf{instead}."
    if (np.isfinite(logits) & (exponentials == 0)).any():
        yield "An exponential of 0 was too small for a double, which ends near 5e-324."
