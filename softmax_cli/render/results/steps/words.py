"""The sentences about the steps, one each, with one class as the example."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from operator import sub, truediv

import numpy as np

from softmax_cli.render.layout.blocks import Block, Heading, Paragraph, Table, Title
from softmax_cli.render.layout.numbers import DIGITS, number
from softmax_cli.render.layout.rows import largest
from softmax_cli.render.results.steps.rows import RowSteps

_EXACT = 17
"""Digits that distinguish any two doubles."""
_A_UNIT_OF_THE_LAST = 10.0 ** (1 - DIGITS)
_MOST_ADDED = 5
"""The most classes whose sum is written out in numbers."""


@dataclass(frozen=True, slots=True)
class Example:
    """One step of one class: what it computes, from which columns, and how that is written."""

    template: str
    result: str
    compute: Callable[..., float]
    inputs: tuple[str, ...]


class Worked:
    """The numbers of one vector for the sentences: its maximum, its sum, and one class as the example.

    The example is the second largest class, if it is finite: the largest has the easy numbers 0 and 1.
    """

    def __init__(self, row: RowSteps) -> None:
        logits = row.numbers["logit"]
        position = largest(logits, 2)[-1]
        highest = max(logits)
        self.maximum = number(highest)
        self.sum = _added(row.numbers["e"], row.numbers["S"][0])
        self.infinite = math.isinf(highest)
        whole = row.numbers["S"][0]
        self.beyond = "" if 0 < whole < math.inf else "large" if whole else "small"
        self._name = row.labels.in_words(position).replace("`", "'")
        self._numbers = {name: column[position] for name, column in row.numbers.items()}
        self._numbers["maximum"] = highest
        self._useful = len(logits) > 1

    def words(self, example: Example) -> str:
        """Return a step of the example in numbers; "" if the equation would not be true.

        That is so if a number is infinite, or too small for a double. The numbers have as many digits as it
        takes for the result to follow from them, to a unit of its last digit.
        """
        inputs = [self._numbers[name] for name in example.inputs]
        result = self._numbers[example.result]
        vanished = result == 0 and inputs[0] != 0 and example.result != "minus_max"
        if not self._useful or vanished or not all(map(math.isfinite, (*inputs, result))):
            return ""
        shown = number(result, near_one=result > 0)
        for many in range(DIGITS, _EXACT + 1):
            texts = [number(x, digits=many) for x in inputs]
            try:
                followed = example.compute(*map(float, texts))
            except ZeroDivisionError:
                return ""
            if math.isclose(followed, result, rel_tol=_A_UNIT_OF_THE_LAST):
                texts[1:] = [f"({text})" if text.startswith("-") else text for text in texts[1:]]
                return f"{self._name}: `{example.template.format(*texts)} = {shown}`"
        return ""


def _added(terms: list[float], whole: float) -> str:
    """Return a sum in numbers, with its terms if they are few."""
    if len(terms) > _MOST_ADDED or len(terms) < 2 or not math.isfinite(whole):
        return number(whole)
    return f"{' + '.join(map(number, terms))} = {number(whole)}"


def explanation(
    temperature: float, worked: Worked | None, first: Table | None = None, second: Table | None = None
) -> Iterator[Block]:
    """Yield the sentences about the steps, with the numbers of one row or none, and its tables in between."""
    yield Title("softmax, step by step", temperature)
    yield Paragraph(
        "Softmax turns logits `z`, which may be any numbers, into probabilities `p`, which lie between 0 and "
        "1 and sum to 1. The larger the logit, the larger the probability."
    )
    for place, (sentence, example) in enumerate(_plain_steps(temperature, worked), 1):
        yield Paragraph(sentence, place, worked.words(example) if worked and example else "")
    if first is not None:
        yield first
    yield Heading("Why programs subtract the maximum first")
    yield Paragraph(_why(temperature, worked))
    for place, (sentence, example) in enumerate(
        _shifted_steps(temperature, worked), 4 if temperature == 1 else 5
    ):
        yield Paragraph(sentence, place, worked.words(example) if worked and example else "")
    if second is not None:
        yield second
    yield Paragraph("Shown with 4 digits, computed with all.")


def _sum(worked: Worked | None) -> str:
    if worked is not None and worked.infinite:
        return "Add the exponentials up, to `S`."
    if worked is not None and worked.beyond:
        return f"Add the exponentials up: here `S` is too {worked.beyond} for a double."
    return f"Add the exponentials up: `S`{f' = {worked.sum}' if worked else ''}."


def _plain_steps(temperature: float, worked: Worked | None) -> Iterator[tuple[str, Example | None]]:
    """Yield what the formula says, a sentence for each step, and the example to compute."""
    power, last = "e^z", "logit"
    if temperature != 1:
        power, last = "e^(z/T)", "z_over_t"
        t = number(temperature)
        yield (
            f"Divide each logit by the temperature, `T` = {t}: a `T` above 1 evens the probabilities "
            "out, one below 1 moves them apart.",
            Example(f"{{}} / {t}", last, lambda z: z / temperature, ("logit",)),
        )
    yield (
        f"Take the exponential of each, `{power}`: it is never negative, and the larger the logit, the "
        "larger it is.",
        Example("e^({})", "e", _exp, (last,)),
    )
    yield _sum(worked), None
    yield (
        f"Divide each by the sum, `p = {power} / S`: these are the probabilities.",
        Example("{} / {}", "probability", truediv, ("e", "S")),
    )


def _shifted_steps(temperature: float, worked: Worked | None) -> Iterator[tuple[str, Example | None]]:
    """Yield what programs do instead."""
    if worked is not None and worked.infinite:
        yield "Take how far each is below the maximum.", None
    else:
        example = Example("{} - {}", "minus_max", sub, ("logit", "maximum"))
        yield "Subtract the maximum: the largest becomes 0.", example
    last = "minus_max"
    if temperature != 1:
        last = "over_temperature"
        t = number(temperature)
        yield "Divide by `T`.", Example(f"{{}} / {t}", last, lambda z: z / temperature, ("minus_max",))
    yield "Take the exponentials: the largest is exactly 1.", Example("e^({})", "exponential", _exp, (last,))
    yield (
        "Divide by their sum: the same probabilities.",
        Example("{} / {}", "probability", truediv, ("exponential", "sum")),
    )


def _exp(x: float) -> float:
    try:
        return math.exp(x)
    except OverflowError:
        return math.inf


def _why(temperature: float, worked: Worked | None) -> str:
    if worked and worked.infinite:
        return (
            "Beside a logit that is infinite, every other is -inf below the maximum, and the infinite one "
            "itself is taken as 0."
        )
    too_large = "`e^710` is too large for a double"
    if worked and worked.beyond:
        nothing = "inf / inf" if worked.beyond == "large" else "0 / 0"
        too_large += f", `e^(-746)` too small; here `S` is too {worked.beyond}: {nothing} is no number (nan)"
    maximum = f", {worked.maximum}," if worked else ""
    most = "max" if worked is None else worked.maximum
    inside = most if temperature == 1 else f"{most}/T"
    power = f"e^{inside}" if inside.replace(".", "").isalnum() else f"e^({inside})"
    return (
        f"{too_large}. So subtract the maximum{maximum} from each logit first. Every exponential is then "
        f"divided by one number, `{power}`, and so is their sum: it cancels, the answer stays the same, and "
        "no exponential is above 1."
    )


def remarks(numbers: dict[str, list[float]]) -> Iterator[str]:
    """Yield remarks on masked classes, an infinite logit, and what a double cannot hold."""
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
