"""``softmax sampled`` for people: why the sum is expensive, and what each objective learns."""

import math
from collections.abc import Iterator, Sequence

from softmax_cli.core.arrays import Float64
from softmax_cli.core.sampling.comparison import Compared
from softmax_cli.core.softmax import softmax
from softmax_cli.io.noise import NoiseInput
from softmax_cli.render.layout.console import Line, Screen
from softmax_cli.render.layout.numbers import number
from softmax_cli.render.layout.rows import largest, paragraph, title
from softmax_cli.render.layout.table import GAP, Column, room_beside, table

_CLASS = 7
"""Cells of a class's column; the most frequent labels are shown."""
_ALIKE = 0.01
"""What is learned counts as the data if no probability is further from it than this."""


def sampled(
    found: NoiseInput, negatives: int, compared: Sequence[Compared], screen: Screen
) -> Iterator[Line]:
    """Yield the comparison of the objectives, at m = `negatives` draws a step."""
    k = len(found.classes)
    yield from title(f"{k:,} classes, {negatives:,} negatives a step", 1.0, screen)
    saved = number(k / (negatives + 1), digits=2)
    dear = f", about {saved} times the work" if k > negatives + 1 else ""
    yield from paragraph(
        f"The full gradient p - y sums over all {k:,} classes at every step{dear}. A sampled objective looks "
        f"at the label and {negatives:,} negatives drawn from q. It meets a class m q times; subtracting "
        "log(m q) from the logit makes up for that.",
        screen,
    )
    yield ""
    yield from _table(found, compared, screen)
    yield ""
    yield from paragraph(
        "bias: how far the mean gradient is from the full one; sd: how far one step scatters; both in "
        "lengths of the full gradient. cosine: 1 the same direction, below 0 uphill. On the right: what "
        "free logits converge to, as probabilities.",
        screen,
    )
    yield ""
    yield from _verdict(found, compared, screen)


def _table(found: NoiseInput, compared: Sequence[Compared], screen: Screen) -> Iterator[Line]:
    """Yield the given distributions, then a line for each objective, with what it learns."""
    given = (("label", found.label), ("noise q", found.noise), ("softmax p now", softmax(found.z)))
    blank = [""] * len(given)
    columns = [
        Column("", [*(name for name, _ in given), *(one.method for one in compared)], "left"),
        Column("loss", [*blank, *(number(one.loss) for one in compared)]),
        Column("bias", [*blank, *(_share(one.bias) for one in compared)]),
        Column("cosine", [*blank, *(_share(one.cosine) for one in compared)]),
        Column("sd", [*blank, *(_share(one.sd) for one in compared)]),
    ]
    rows = [*(values for _, values in given), *(one.learns for one in compared)]
    room = room_beside(columns, screen)
    for i in sorted(largest(found.label.tolist(), max(1, room // _CLASS))):
        cells = ["-" if row is None else number(float(row[i]), digits=2) for row in rows]
        columns.append(Column(screen.shorten(found.classes[i], _CLASS - GAP), cells))
    yield from table(columns, screen)


def _verdict(found: NoiseInput, compared: Sequence[Compared], screen: Screen) -> Iterator[Line]:
    right = [one.method for one in compared if _is_label(one, found.label)]
    wrong = [one.method for one in compared if one.learns is not None and one.method not in right]
    uphill = [one for one in compared if one.cosine < 0.0]
    if right:
        yield from paragraph(f"These learn the label's distribution: {', '.join(right)}.", screen)
    if wrong:
        yield from paragraph(
            f"These do not: {', '.join(wrong)}. Uncorrected logits learn p / q in place of p.", screen
        )
    for one in uphill:
        yield from paragraph(
            f"{one.method}: its cosine of {number(one.cosine)} is below 0, so that a step raises the loss.",
            screen,
        )


def _is_label(one: Compared, label: Float64) -> bool:
    return one.learns is not None and bool(abs(one.learns - label).max() < _ALIKE)


def _share(value: float) -> str:
    return "-" if math.isnan(value) else number(value, digits=3)
