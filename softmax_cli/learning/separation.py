"""The proof that softmax regression has no best weights: a direction in which the loss falls without end.

Where directions v_1 ... v_k exist with (v_y - v_j) . x >= 0 for every row x of class y and every other class
j, and > 0 for one of them, weights can be moved along v without end, and the loss falls all the way (Albert
and Anderson, Biometrika 71 (1984) 1). Where Newton's method runs away it points in such a direction; here
the direction is made exact, in whole numbers, and tested on every row. What is returned is proved.
"""

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from softmax_cli.core.arrays import Float64
from softmax_cli.learning.network import Layer
from softmax_cli.learning.table import FeatureTable, Scale

_MOST_UNKNOWNS = 120
"""Weights up to which directions that only touch some rows are made exact."""

_TOUCHING = (1e-2, 1e-4, 1e-6)
"""Parts of the largest margin below which a row is taken to stay where it is, tried one after the other."""

Whole: TypeAlias = list[int]


@dataclass(frozen=True, slots=True)
class Separation:
    """A direction that separates, and what it tells apart.

    Parameters
    ----------
    directions
        v_j of each class: one number for each feature as measured, then one for the constant 1.
    apart
        Pairs of classes (0-based) of which every row of both is on its own side, with room to spare.
    """

    directions: tuple[tuple[Fraction, ...], ...]
    apart: tuple[tuple[int, int], ...]


class Separator:
    """Looks for a direction that separates the rows of a table.

    The rows are held as whole numbers: each column in a unit of its own, and the constant 1. `scale` is what
    standardised the features of the weights.
    """

    def __init__(self, table: FeatureTable, scale: Scale) -> None:
        self.table, self.scale = table, scale
        columns = [[Fraction(repr(x)) for x in column] for column in table.values.T.tolist()]
        units = [math.lcm(*{x.denominator for x in column}) for column in columns]
        whole = [[int(x * unit) for x in column] for column, unit in zip(columns, units, strict=True)]
        self.units = [*units, 1]
        self.rows: list[Whole] = [[*row, 1] for row in zip(*whole, strict=True)]

    def along(self, layer: Layer) -> Separation | None:
        """Return a direction close to that of weights and biases that separates, or None."""
        own = np.arange(len(self.table)), self.table.labels
        scores = self.scale.standardised(self.table.values) @ layer.weights + layer.biases
        margins = scores[own][:, None] - scores
        sizes = np.abs(margins)
        sizes[own] = np.inf
        measured = layer.weights / self.scale.deviation[:, None]
        v = np.vstack([measured, layer.biases - self.scale.mean @ measured]).T
        found, before = None, -1
        for part in (0.0, *_TOUCHING):
            touches = sizes <= part * margins.max()
            if (margins < 0)[~touches].any() or (held := int(touches.sum())) == before:
                continue
            before = held
            found = found or self._verified(self._made_exact(v, np.argwhere(touches)))
        return found

    def _made_exact(self, v: Float64, held: NDArray[np.intp]) -> list[Whole] | None:
        """Return the direction, moved a little so that the margins of the pairs `held` are exactly 0.

        The last class is at 0, since only differences matter. The equations of the pairs are eliminated; what
        they leave free stays as it is.
        """
        k, width = v.shape
        size = (k - 1) * width
        if len(held) and size > _MOST_UNKNOWNS:
            return None
        pivots: dict[int, Whole] = {}
        for equation in self._equations(held, k):
            _eliminate(equation, pivots)
            if len(pivots) == size:
                return None
        free = ((v[:-1] - v[-1]) / np.array(self.units, np.float64)).ravel().tolist()
        solution = [Fraction(c) for c in free]
        for place in sorted(pivots, reverse=True):
            first, *rest = pivots[place][place:]
            solution[place] = (
                -sum(map(Fraction.__mul__, map(Fraction, rest), solution[place + 1 :]), Fraction(0)) / first
            )
        unit = math.lcm(*(c.denominator for c in solution))
        whole = [int(c * unit) for c in solution]
        return [*(whole[start : start + width] for start in range(0, size, width)), [0] * width]

    def _equations(self, held: NDArray[np.intp], k: int) -> list[Whole]:
        """Return (v_y - v_j) . x of the pairs held, each once, as coefficients of the unknown."""
        found = {}
        for i, j in held.tolist():
            row, y = self.rows[i], int(self.table.labels[i])
            equation = [0] * (k * len(row))
            equation[y * len(row) : (y + 1) * len(row)] = row
            equation[j * len(row) : (j + 1) * len(row)] = [-c for c in row]
            found[(min(y, j), max(y, j), *row)] = equation[: (k - 1) * len(row)]
        return list(found.values())

    def _verified(self, directions: list[Whole] | None) -> Separation | None:
        """Check every row against the directions; None where one is on the wrong side, or none is apart."""
        if directions is None:
            return None
        labels, k = self.table.labels, self.table.k
        signs = self._signs(directions)
        if signs is None or not signs.any():
            return None
        strict = np.array([(signs[labels == y] > 0).all(axis=0) for y in range(k)])
        apart = [(a, b) for a in range(k) for b in range(a + 1, k) if strict[a, b] and strict[b, a]]
        exact = tuple(
            tuple(Fraction(c * unit) for c, unit in zip(direction, self.units, strict=True))
            for direction in directions
        )
        return Separation(exact, tuple(apart))

    def _signs(self, directions: list[Whole]) -> NDArray[np.int8] | None:
        """Return the sign of each margin (v_y - v_j) . x, shape (n, k), or None where one is below 0.

        Doubles decide where their error cannot matter, whole numbers elsewhere.
        """
        largest = max(map(abs, (c for direction in directions for c in direction)))
        rounded = np.array([[c / max(1, largest) for c in direction] for direction in directions])
        x = np.array(self.rows, np.float64)
        scores, sizes = x @ rounded.T, np.abs(x) @ np.abs(rounded).T
        own = np.arange(len(x)), self.table.labels
        margins = scores[own][:, None] - scores
        error = 4 * (x.shape[1] + 2) * np.finfo(float).eps * (sizes[own][:, None] + sizes)
        if (margins < -error).any():
            return None
        signs: NDArray[np.int8] = (margins > error).astype(np.int8)
        unsure = signs == 0
        unsure[own] = False
        for i, j in np.argwhere(unsure).tolist():
            pair = directions[int(self.table.labels[i])], directions[j]
            margin = sum((a - b) * c for a, b, c in zip(*pair, self.rows[i], strict=True))
            if margin < 0:
                return None
            signs[i, j] = margin > 0
        return signs


def _eliminate(equation: Whole, pivots: dict[int, Whole]) -> None:
    """Reduce an equation by the others, and add what is left of it."""
    for place in range(len(equation)):
        factor = equation[place]
        if not factor:
            continue
        known = pivots.get(place)
        if known is None:
            divisor = math.gcd(*equation)
            pivots[place] = [c // divisor for c in equation]
            return
        equation = [known[place] * c - factor * o for c, o in zip(equation, known, strict=True)]
