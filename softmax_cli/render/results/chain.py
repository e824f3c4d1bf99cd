"""One row's way through the derivatives, link by link, to be followed with pen and paper."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

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
"""A step is called big from this difference of promise and outcome on."""

Section: TypeAlias = tuple[str, list[Column]]
"""What a link of the chain does, and its numbers."""


def chain_lines(
    chain: BackwardPass, rows: FeatureTable, row: int, noun: str, screen: Screen, *, measured: bool
) -> Iterator[Line]:
    """Yield the walk: forward, back, one step, and what became of the promise."""
    walk = _Walk(chain, rows, screen)
    start = "weights drawn with a seed" if chain.hidden else "weights 0"
    yield from title(f"{noun.capitalize()} {row + 1}, {walk.own}: one step of gradient descent", 1, screen)
    how = "as measured" if measured else "standardised"
    yield from paragraph(f"Rate {number(chain.rate)}, {start}, features {how}.", screen)
    for place, (sentence, columns) in enumerate([*walk.forward(), *walk.back(), *walk.step()], 1):
        first = f"{place}. "
        yield ""
        yield from paragraph(sentence, screen, first=first, rest=" " * len(first))
        yield from table(columns, screen)


class _Walk:
    """The links of one chain, with the names of its classes, features and hidden units."""

    def __init__(self, chain: BackwardPass, rows: FeatureTable, screen: Screen) -> None:
        self.chain = chain
        self.own = screen.clean(rows.classes[chain.label])
        self._classes = [screen.shorten(name, 20) for name in rows.classes]
        self._heads = [screen.shorten(name, 14) for name in rows.classes]
        self._inputs = [*(screen.shorten(name, 20) for name in rows.features), "bias"]
        self._units = [f"h{i + 1}" for i in range(chain.network.hidden)]

    def forward(self) -> Iterator[Section]:
        chain = self.chain
        x = [Column("feature", self._inputs, "left"), Column("x", [*_numbers(chain.x), "1"])]
        yield "What goes in: the features x, and a 1 for the biases.", x
        if chain.hidden is not None:
            values = Column(f"h = {chain.network.activation}(a)", _numbers(chain.hidden.values))
            columns = [Column("unit", self._units, "left"), Column("a", _numbers(chain.hidden.sums)), values]
            yield "The hidden layer: a = x V + biases, then the activation of each.", columns
        p = [number(float(value), near_one=True) for value in chain.probabilities]
        yield (
            f"The logits, z = {'h' if chain.hidden else 'x'} W + biases, and their softmax, p. The loss is "
            f"L = -log p of {self.own}: -log {p[chain.label]} = {number(chain.loss)}.",
            [self._of("class"), Column("z", _numbers(chain.logits)), Column("p", p)],
        )

    def back(self) -> Iterator[Section]:
        chain, own = self.chain, self.own
        by_p, p = number(chain.by_probabilities[chain.label]), number(chain.probabilities[chain.label])
        slopes = Column("dL/dp", _numbers(chain.by_probabilities))
        yield (
            f"Back through the loss: it looks at {own} alone. dL/dp = -1/p = -1/{p} = {by_p} there, 0 "
            "elsewhere.",
            [self._of("class"), slopes],
        )
        jacobian = map(Column, self._heads, map(_numbers, chain.jacobian.T))
        yield (
            "Back through softmax: dL/dp times the Jacobian, dp_i/dz_j = p_i (delta_ij - p_j). Such a "
            "product of a row with a Jacobian is a vjp, a vector-Jacobian product: "
            f"only the line of {own} is not multiplied by 0.",
            [self._of("of"), slopes, *jacobian],
        )
        yield (
            f"The product is p - y, y being 1 for {own} and 0 elsewhere: {by_p} times p_i (delta_ij - p_j) "
            "cancels its own p.",
            [
                self._of("class"),
                Column("dL/dp J", _numbers(chain.by_probabilities @ chain.jacobian)),
                Column("p", _numbers(chain.probabilities)),
                Column("y", ["1" if i == chain.label else "0" for i in range(chain.network.k)]),
                Column("p - y", _numbers(chain.by_logits)),
            ],
        )
        if chain.hidden is not None:
            yield from self._through_hidden(chain.hidden)
        behind = "p - y" if chain.hidden is None else "dL/da"
        inputs = [Column("from", self._inputs, "left"), Column("x", _numbers(np.append(chain.x, 1.0)))]
        yield (
            "Times x: the derivative by a weight is what went in times what comes back, dL/dW = x "
            f"({behind}). Held against the complex step: {_apart(chain.error)}.",
            [*inputs, *self._weights(chain.slopes[0], self._units or self._heads)],
        )

    def _through_hidden(self, hidden: Hidden) -> Iterator[Section]:
        entering = [Column("unit", [*self._units, "1"], "left"), Column("h", _numbers([*hidden.values, 1.0]))]
        yield (
            "The last layer's weights: dL/dW = h (p - y).",
            [*entering, *self._weights(self.chain.slopes[1], self._heads)],
        )
        yield (
            "Back into the hidden layer: dL/dh = (p - y) W^T, and through the activation dL/da = "
            "dL/dh f'(a).",
            [
                Column("unit", self._units, "left"),
                Column("dL/dh", _numbers(hidden.by_values)),
                Column("f'(a)", _numbers(hidden.slopes)),
                Column("dL/da", _numbers(hidden.by_sums)),
            ],
        )

    def step(self) -> Iterator[Section]:
        chain = self.chain
        yield (
            f"One step against the derivative: new weights = weights - {number(chain.rate)} dL/dW.",
            [
                Column("from", self._inputs, "left"),
                *self._weights(chain.moved[0], self._units or self._heads),
            ],
        )
        if chain.hidden is not None:
            front = Column("unit", [*self._units, "1"], "left")
            yield "And those of the last layer.", [front, *self._weights(chain.moved[1], self._heads)]
        yield (
            f"What the derivative promised, p + J dz, and what became of it. {_verdict(chain)}",
            [
                Column("", [*self._classes, "L"], "left"),
                Column("before", _numbers([*chain.probabilities, chain.loss])),
                Column("promised", _numbers([*chain.promised, chain.loss_promised])),
                Column("became", _numbers([*chain.became, chain.loss_became])),
            ],
        )

    def _of(self, head: str) -> Column:
        return Column(head, self._classes, "left")

    def _weights(self, layer: Layer, outputs: Sequence[str]) -> Iterator[Column]:
        numbers = np.vstack([layer.weights, layer.biases])
        return map(Column, [f"to {name}" for name in outputs], map(_numbers, numbers.T))


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


def _numbers(values: "NDArray[Any] | Sequence[float]") -> list[str]:
    return [number(float(value)) for value in values]
