"""`--steps`: how softmax is computed, for someone who meets it for the first time."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from softmax_cli.io.result import Long
from softmax_cli.render.console import Line, Screen
from softmax_cli.render.numbers import floats, number
from softmax_cli.render.rows import (
    draw,
    in_words,
    is_largest,
    largest,
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
    draw(results, screen, _one, _many)


def _one(result: Long, screen: Screen) -> Iterator[Line]:
    yield from _explanation(result, screen, _Worked(result, screen))
    yield ""
    yield from _row(result, 0, screen)


def _many(results: Iterable[Long], screen: Screen) -> Iterator[Line]:
    first = True
    for result in results:
        if first:
            yield from _explanation(result, screen, None)
        first = False
        for i in range(len(result.batch)):
            yield ""
            yield from _row(result, i, screen)


class _Worked:
    """The numbers of one vector for the sentences: its maximum, its sum, and one class as the example.

    The example is the second largest class, if it is finite: the largest has the easy numbers 0 and 1.
    """

    def __init__(self, result: Long, screen: Screen) -> None:
        self._numbers = {name: floats(result.values[0, :, j]) for j, name in enumerate(result.columns)}
        logits = self._numbers["logit"]
        order = largest(logits, 2)
        self._example = order[-1]
        self._useful = len(order) > 1 and all(np.isfinite(logits[i]) for i in order)
        self.name = in_words(result.batch, self._example, screen)
        self.maximum = number(logits[order[0]])
        self.sum = number(self._numbers["sum"][0])

    def words(self, template: str) -> str:
        """Return the example of a step, its column names replaced by numbers; "" where there is none."""
        if not self._useful:
            return ""
        values = {
            name: number(column[self._example], near_one=True) for name, column in self._numbers.items()
        }
        maximum = f"({self.maximum})" if self.maximum.startswith("-") else self.maximum
        return f"{self.name}: {template.format(**values, maximum=maximum)}"


def _explanation(result: Long, screen: Screen, worked: _Worked | None) -> Iterator[Line]:
    yield from title("softmax, step by step", result.temperature, screen)
    yield from paragraph(
        "Softmax turns logits z, which may be any numbers, into probabilities, which lie between 0 and 1 and "
        "sum to 1. "
        "The larger the logit, the larger the probability.",
        screen,
    )
    yield ""
    for place, (sentence, template) in enumerate(_sentences(result.temperature, worked), 1):
        yield from paragraph(sentence, screen, first=f"{place}. ", rest="   ")
        example = worked.words(template) if worked and template else ""
        if example:
            yield from paragraph(example, screen, first=" " * 6)
    yield ""
    yield from paragraph("Shown with 4 digits, computed with all.", screen)


def _sentences(temperature: float, worked: _Worked | None) -> Iterator[tuple[str, str]]:
    """Yield for each step a sentence and the example to compute; of one vector alone, with its numbers."""
    maximum = f", {worked.maximum}," if worked else ""
    yield "Take the logits z, one number a class.", ""
    yield (
        f"Subtract the maximum{maximum} from each: the largest becomes 0. The answer stays the same, because "
        "every exponential shrinks by one common factor, which cancels in step "
        f"{5 if temperature == 1 else 6}; and exp can no longer overflow.",
        "{logit} - {maximum} = {minus_max}",
    )
    last = "minus_max"
    if temperature != 1:
        last = "over_temperature"
        effect = "even out" if temperature > 1 else "move apart"
        yield (
            f"Divide by the temperature, T = {number(temperature)}: the probabilities {effect}.",
            f"{{minus_max}} / {number(temperature)} = {{over_temperature}}",
        )
    yield (
        "Take the exponential of each: all are positive now, and the largest is exactly 1.",
        f"exp({{{last}}}) = {{exponential}}",
    )
    yield f"Add the exponentials up{f': the sum is {worked.sum}' if worked else ''}.", ""
    yield "Divide each by the sum: these are the probabilities.", "{exponential} / {sum} = {probability}"


def _row(result: Long, i: int, screen: Screen) -> Iterator[Line]:
    """Yield the table of row i, a column a step and the sums below, and what needs a word."""
    columns = {name: floats(result.values[i, :, j]) for j, name in enumerate(result.columns)}
    p = columns["probability"]
    shown = positions_shown(p)
    marks = is_largest(p)
    yield from row_heading(result.batch, i, screen)
    yield from table(
        _columns(result, columns, shown, screen),
        screen,
        marks=[marks[j] for j in shown],
        footer=1 if len(shown) == len(p) else 2,
    )
    yield from _remarks(columns, screen)


def _columns(
    result: Long, columns: dict[str, list[float]], shown: Sequence[int], screen: Screen
) -> Iterator[Column]:
    named = names(result.batch, screen, max(8, screen.width // 5))
    hidden = sorted(set(range(result.batch.k)) - set(shown))
    place = 4 if "over_temperature" in columns else 3

    def texts(name: str) -> list[str]:
        return [number(columns[name][j], near_one=name == "probability") for j in shown]

    def feet(name: str, sums: float) -> list[str]:
        near_one = name == "probability"
        others = [number(total(columns[name][j] for j in hidden), near_one=near_one)] if hidden else []
        return [*others, number(sums)]

    others = [f"other {len(hidden)}"] if hidden else []
    blank = [""] * (len(others) + 1)
    yield Column("class", [*(named[j] for j in shown), *others, f"{place + 1}. sum"], "left")
    yield Column("1. z", texts("logit") + blank)
    yield Column("2. z - max", texts("minus_max") + blank)
    if "over_temperature" in columns:
        yield Column("3. over T", texts("over_temperature") + blank)
    yield Column(f"{place}. exp", texts("exponential") + feet("exponential", columns["sum"][0]))
    yield Column(f"{place + 2}. exp / sum", texts("probability") + feet("probability", 1.0))


def _remarks(columns: dict[str, list[float]], screen: Screen) -> Iterator[Line]:
    """Yield a word on masked classes, an infinite logit, and exponentials too small for a double."""
    logits = np.array(columns["logit"])
    tiny = np.array(columns["exponential"]) == 0
    remarks = []
    if np.isneginf(logits).any():
        remarks.append("A logit of -inf masks its class: exp(-inf) is 0, and the probability exactly 0.")
    if np.isposinf(logits).any():
        remarks.append(
            "A logit of inf is above all others: its class gets exactly 1, as in the limit z -> inf."
        )
    elif (np.isfinite(logits) & tiny).any():
        remarks.append("An exponential of 0 was too small for a double, which ends near 5e-324.")
    if remarks:
        yield ""
    for remark in remarks:
        yield from paragraph(remark, screen)
