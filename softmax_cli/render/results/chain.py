"""One row's way through the derivatives, link by link, for a person to follow with pen and paper."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from softmax_cli.learning.backward import BackwardPass, Hidden
from softmax_cli.learning.network import Layer
from softmax_cli.learning.table import FeatureTable
from softmax_cli.render.layout.console import Line, Screen
from softmax_cli.render.layout.numbers import number
from softmax_cli.render.layout.rows import paragraph, title
from softmax_cli.render.layout.table import Column, table

_BIG = 0.01
"""From a difference of promise and outcome this large on, a step is called big."""


def chain_lines(
    chain: BackwardPass, rows: FeatureTable, row: int, noun: str, screen: Screen, *, measured: bool
) -> Iterator[Line]:
    """Yield the walk: forward, back, one step, and what became of the promise."""
    own = screen.clean(rows.classes[chain.label])
    start = "weights drawn with a seed" if chain.hidden else "weights 0"
    yield from title(f"{noun.capitalize()} {row + 1}, {own}: one step of gradient descent", 1, screen)
    how = "as measured" if measured else "standardised"
    yield from paragraph(f"Rate {number(chain.rate)}, {start}, features {how}.", screen)
    sections = [*_forward(chain, rows, screen), *_back(chain, rows, screen), *_step(chain, rows, screen)]
    for place, (sentence, lines) in enumerate(sections, 1):
        first = f"{place}. "
        yield ""
        yield from paragraph(sentence, screen, first=first, rest=" " * len(first))
        yield from lines


Section = tuple[str, list[Line]]


def _forward(chain: BackwardPass, rows: FeatureTable, screen: Screen) -> Iterator[Section]:
    own = screen.clean(rows.classes[chain.label])
    x = [Column("feature", _inputs(rows.features, screen), "left"), Column("x", [*_numbers(chain.x), "1"])]
    yield "What goes in: the features x, and a 1 for the biases.", list(table(x, screen))
    entering = "x"
    if chain.hidden is not None:
        entering = "h"
        sums, values = _numbers(chain.hidden.sums), _numbers(chain.hidden.values)
        columns = [_units(chain), Column("a", sums), Column(f"h = {chain.network.activation}(a)", values)]
        yield "The hidden layer: a = x V + biases, then the activation of each.", list(table(columns, screen))
    p = [number(float(value), near_one=True) for value in chain.probabilities]
    columns = [_classes(rows, screen), Column("z", _numbers(chain.logits)), Column("p", p)]
    yield (
        f"The logits, z = {entering} W + biases, and their softmax, p. The loss is L = -log p of {own}: "
        f"-log {p[chain.label]} = {number(chain.loss)}.",
        list(table(columns, screen)),
    )


def _back(chain: BackwardPass, rows: FeatureTable, screen: Screen) -> Iterator[Section]:
    own = screen.clean(rows.classes[chain.label])
    by_p, p = number(chain.by_probabilities[chain.label]), number(chain.probabilities[chain.label])
    names = [screen.shorten(name, 14) for name in rows.classes]
    columns = [_classes(rows, screen), Column("dL/dp", _numbers(chain.by_probabilities))]
    yield (
        f"Back through the loss: it looks at {own} alone. dL/dp = -1/p = -1/{p} = {by_p} there, 0 elsewhere.",
        list(table(columns, screen)),
    )
    jacobian = [Column(name, _numbers(column)) for name, column in zip(names, chain.jacobian.T, strict=True)]
    yield (
        "Back through softmax: dL/dp times the Jacobian, dp_i/dz_j = p_i (delta_ij - p_j). Such a product of "
        "a row with a Jacobian is a vjp, a vector-Jacobian product: "
        f"only the line of {own} is not multiplied by 0.",
        list(table([_classes(rows, screen, "of"), Column("dL/dp", columns[1].texts), *jacobian], screen)),
    )
    y = ["1" if i == chain.label else "0" for i in range(chain.network.k)]
    both = [
        Column("p", _numbers(chain.probabilities)),
        Column("y", y),
        Column("p - y", _numbers(chain.by_logits)),
    ]
    product = Column("dL/dp J", _numbers(chain.by_probabilities @ chain.jacobian))
    yield (
        f"The product is p - y, y being 1 for {own} and 0 elsewhere: {by_p} times p_i (delta_ij - p_j) "
        "cancels its own p.",
        list(table([_classes(rows, screen), product, *both], screen)),
    )
    if chain.hidden is not None:
        yield from _through_hidden(chain, chain.hidden, rows, screen)
    inputs = [*chain.x.tolist(), 1.0]
    slopes = _weights(chain.slopes[0], _outputs(chain, rows, screen))
    behind = "p - y" if chain.hidden is None else "dL/da"
    yield (
        f"Times x: the derivative by a weight is what went in times what comes back, dL/dW = x ({behind}). "
        f"Held against the complex step: {_apart(chain.error)}.",
        list(table([_inputs_column(rows, screen), Column("x", _numbers(np.array(inputs))), *slopes], screen)),
    )


def _through_hidden(
    chain: BackwardPass, hidden: Hidden, rows: FeatureTable, screen: Screen
) -> Iterator[Section]:
    names = [screen.shorten(name, 14) for name in rows.classes]
    front = Column("unit", [*_units(chain).texts, "1"], "left")
    entering = Column("h", _numbers(np.append(hidden.values, 1.0)))
    yield (
        "The last layer's weights: dL/dW = h (p - y).",
        list(table([front, entering, *_weights(chain.slopes[1], names)], screen)),
    )
    columns = [
        _units(chain),
        Column("dL/dh", _numbers(hidden.by_values)),
        Column("f'(a)", _numbers(hidden.slopes)),
        Column("dL/da", _numbers(hidden.by_sums)),
    ]
    yield (
        "Back into the hidden layer: dL/dh = (p - y) W^T, and through the activation dL/da = dL/dh f'(a).",
        list(table(columns, screen)),
    )


def _step(chain: BackwardPass, rows: FeatureTable, screen: Screen) -> Iterator[Section]:
    rate = number(chain.rate)
    moved = _weights(chain.moved[0], _outputs(chain, rows, screen))
    yield (
        f"One step against the derivative: new weights = weights - {rate} dL/dW.",
        list(table([_inputs_column(rows, screen), *moved], screen)),
    )
    if chain.hidden is not None:
        names = [screen.shorten(name, 14) for name in rows.classes]
        front = Column("unit", [*_units(chain).texts, "1"], "left")
        yield "And those of the last layer.", list(table([front, *_weights(chain.moved[1], names)], screen))
    columns = [
        Column("", [*_classes(rows, screen).texts, "L"], "left"),
        Column("before", _numbers(np.append(chain.probabilities, chain.loss))),
        Column("promised", _numbers(np.append(chain.promised, chain.loss_promised))),
        Column("became", _numbers(np.append(chain.became, chain.loss_became))),
    ]
    yield (
        f"What the derivative promised, p + J dz, and what became of it. {_verdict(chain)}",
        list(table(columns, screen)),
    )


def _verdict(chain: BackwardPass) -> str:
    off = float(np.abs(chain.promised - chain.became).max())
    if off < _BIG:
        return f"They are within {number(off, digits=2)}: for so small a step the derivative is enough."
    return "A big step: the slopes at its start do not hold all the way. A smaller --rate comes closer."


def _apart(error: float) -> str:
    return (
        "the same within 1e-12"
        if error < 1e-12
        else f"no number is off by more than {number(error, digits=2)}"
    )


def _numbers(values: "NDArray[Any]") -> list[str]:
    return [number(float(value)) for value in values]


def _classes(rows: FeatureTable, screen: Screen, head: str = "class") -> Column:
    return Column(head, [screen.shorten(name, 20) for name in rows.classes], "left")


def _inputs(features: Sequence[str], screen: Screen) -> list[str]:
    return [*(screen.shorten(name, 20) for name in features), "bias"]


def _inputs_column(rows: FeatureTable, screen: Screen) -> Column:
    return Column("from", _inputs(rows.features, screen), "left")


def _units(chain: BackwardPass) -> Column:
    return Column("unit", [f"h{i + 1}" for i in range(chain.network.hidden)], "left")


def _outputs(chain: BackwardPass, rows: FeatureTable, screen: Screen) -> Sequence[str]:
    if chain.hidden is not None:
        return _units(chain).texts
    return [screen.shorten(name, 14) for name in rows.classes]


def _weights(layer: Layer, outputs: Sequence[str]) -> list[Column]:
    numbers = np.vstack([layer.weights, layer.biases])
    return [Column(f"to {name}", _numbers(column)) for name, column in zip(outputs, numbers.T, strict=True)]
