"""Moving one logit, or the temperature, and what becomes of the probabilities.

Raising logit j moves the point of the probabilities straight at corner j: column j of the Jacobian is
p_j (e_j - p) / T. The others keep their proportions: each pays the same share of what it has.
"""

from dataclasses import dataclass, replace

import numpy as np

from softmax_cli.core.arrays import Float64
from softmax_cli.core.softmax import jacobian, jvp, softmax


@dataclass(frozen=True, slots=True)
class Point:
    """Logits and a temperature, with what softmax makes of them.

    Parameters
    ----------
    logits
        Shape (k,).
    temperature
        Above 0.
    """

    logits: Float64
    temperature: float = 1.0

    @property
    def p(self) -> Float64:
        """The probabilities, shape (k,)."""
        return np.asarray(softmax(self.logits, temperature=self.temperature), np.float64)

    @property
    def jacobian(self) -> Float64:
        """J[i, j] = dp_i / dz_j, shape (k, k)."""
        return np.asarray(jacobian(self.logits, temperature=self.temperature), np.float64)

    def column(self, j: int) -> Float64:
        """Return dp_i / dz_j for all i, shape (k,): where raising logit j (0-based) leads."""
        unit = np.zeros(len(self.logits))
        unit[j] = 1.0
        return np.asarray(jvp(self.logits, unit, temperature=self.temperature), np.float64)

    def with_logit(self, j: int, value: float) -> "Point":
        """Return the point with logit j (0-based) at another value."""
        logits = self.logits.copy()
        logits[j] = value
        return replace(self, logits=logits)


@dataclass(frozen=True, slots=True)
class Move:
    """From one point to another by one logit, or by the temperature.

    Parameters
    ----------
    before, after
        The points.
    j
        The logit that moved (0-based), or None where the temperature did.
    """

    before: Point
    after: Point
    j: int | None = None

    @property
    def amount(self) -> float:
        """How far the logit moved."""
        if self.j is None or self.after.logits[self.j] == self.before.logits[self.j]:  # infinite ones too
            return 0.0
        return float(self.after.logits[self.j] - self.before.logits[self.j])

    @property
    def slope(self) -> float:
        """The derivative of p_j by its own logit, before the move: p_j (1 - p_j) / T."""
        return float(self.before.column(self.j)[self.j]) if self.j is not None else 0.0

    @property
    def promised(self) -> float:
        """What p_j would be, did the slope hold all the way; not bounded by 0 and 1."""
        return float(self.before.p[self.j]) + self.slope * self.amount if self.j is not None else 0.0

    def share(self) -> float:
        """Return the share of what they had that the other classes pay (or, below 0, gain), all alike."""
        assert self.j is not None
        others = np.arange(len(self.before.logits)) != self.j
        had = float(self.before.p[others].sum())
        return 1.0 - float(self.after.p[others].sum()) / had if had else 0.0


def moved(point: Point, j: int, value: float) -> Move:
    """Return the move of logit j (0-based) to a value.

    Raises
    ------
    LogitsError
        Where the new logits have no softmax.

    Examples
    --------
    >>> move = moved(Point(np.array([1.43, -0.4, 0.23])), 2, 1.23)
    >>> [round(x, 4) for x in (move.slope, move.promised, float(move.after.p[2]), move.share())]
    [0.1636, 0.3697, 0.4137, 0.2615]
    """
    after = point.with_logit(j, value)
    softmax(after.logits)
    return Move(point, after, j)


def heated(point: Point, temperature: float) -> Move:
    """Return the move to another temperature."""
    return Move(point, replace(point, temperature=temperature))
