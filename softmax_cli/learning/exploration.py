"""Moving one logit, or the temperature, and what happens to the probabilities.

Raising logit j moves the point of the probabilities straight at corner j: column j of the Jacobian is
p_j (e_j - p) / T. The others keep their proportions: each pays the same share of what it has.
"""

import math
from collections.abc import Sequence
from types import ModuleType
from typing import NamedTuple

from softmax_cli.core import one_vector


class Point:
    """Logits and a temperature, with what softmax makes of them.

    The first picture is there before numpy could be: where four digits of a number are certain without it,
    the number is Python's own; else it is the core's.

    Raises
    ------
    LogitsError
        Where the logits have no softmax.
    """

    __slots__ = ("logits", "p", "temperature")

    def __init__(self, logits: Sequence[float], temperature: float = 1.0) -> None:
        self.logits = logits
        self.temperature = temperature
        self.p: list[float] = (
            one_vector.softmax(logits, temperature)
            or _core("softmax").value(logits, temperature=temperature).tolist()
        )
        """The probabilities."""

    @property
    def jacobian(self) -> list[list[float]]:
        """The rows of J[i][j] = dp_i / dz_j."""
        return (
            one_vector.jacobian(self.logits, self.temperature)
            or _core("softmax").jacobian(self.logits, temperature=self.temperature).tolist()
        )

    @property
    def sigmoid(self) -> list[float]:
        """The sigmoid of each logit by itself."""
        return (
            one_vector.sigmoid(self.logits, self.temperature)
            or _core("sigmoid").value(self.logits, temperature=self.temperature).tolist()
        )

    def column(self, j: int) -> list[float]:
        """Return dp_i / dz_j for all i: where raising logit j (0-based) leads."""
        unit = [float(i == j) for i in range(len(self.logits))]
        return (
            one_vector.column(self.logits, j, self.temperature)
            or _core("softmax").jvp(self.logits, unit, temperature=self.temperature).tolist()
        )


def _core(function: str) -> ModuleType:
    """Return the module of the core that computes a function, in which numpy is."""
    from softmax_cli.core.functions import FUNCTIONS

    return FUNCTIONS[function].load()


class Move(NamedTuple):
    """From one point to another by one logit, or by the temperature.

    `j` is the logit that moved (0-based), or None where the temperature did.
    """

    before: Point
    after: Point
    j: int | None = None

    @property
    def amount(self) -> float:
        """How far the logit moved."""
        if self.j is None or self.after.logits[self.j] == self.before.logits[self.j]:  # infinite ones too
            return 0.0
        return self.after.logits[self.j] - self.before.logits[self.j]

    @property
    def slope(self) -> float:
        """The derivative of p_j by its own logit, before the move: p_j (1 - p_j) / T."""
        return self.before.column(self.j)[self.j] if self.j is not None else 0.0

    @property
    def promised(self) -> float:
        """What p_j would be, did the slope hold all the way; not bounded by 0 and 1."""
        return self.before.p[self.j] + self.slope * self.amount if self.j is not None else 0.0

    def share(self) -> float:
        """Return the share of what they had that the other classes pay (or, below 0, gain), all alike."""
        had, have = (
            math.fsum(p for i, p in enumerate(point.p) if i != self.j) for point in (self.before, self.after)
        )
        return 1.0 - have / had if had else 0.0


def moved(point: Point, j: int, value: float) -> Move:
    """Return the move of logit j (0-based) to a value.

    Raises
    ------
    LogitsError
        Where the new logits have no softmax.

    Examples
    --------
    >>> move = moved(Point([1.43, -0.4, 0.23]), 2, 1.23)
    >>> [round(x, 4) for x in (move.slope, move.promised, move.after.p[2], move.share())]
    [0.1636, 0.3697, 0.4137, 0.2615]
    """
    logits = [*point.logits[:j], value, *point.logits[j + 1 :]]
    return Move(point, Point(logits, point.temperature), j)


def heated(point: Point, temperature: float) -> Move:
    """Return the move to another temperature."""
    return Move(point, Point(point.logits, temperature))
