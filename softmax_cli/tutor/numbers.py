"""Numbers for symbols: every line evaluated at the user's logits, from the expressions themselves."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from mpmath import MPContext, mpf

from softmax_cli.core.formula.exact.arithmetic import Arithmetic, Definitions
from softmax_cli.core.formula.tree import Node, Number, Symbol
from softmax_cli.tutor.derivation import Derivation
from softmax_cli.tutor.notation import SHIFT, T

__all__ = ["CrossCheck", "Reals", "check", "mpf", "reals"]

_FAR, _FAR_ENOUGH = 10_000.0, 2_000.0
"""For logits farther apart than _FAR, 1 - p counts as 0 below e to minus _FAR_ENOUGH."""
_GUARD = 160
"""Bits beyond those that cancellation can take."""


class Reals(Arithmetic[mpf]):
    """Numbers of as many digits as the logits ask for, so that 1 - p keeps them where p is almost 1.

    Parameters
    ----------
    definitions
        What the names stand for.
    values
        The logits and T.
    """

    def __init__(self, definitions: Definitions, values: Mapping[Symbol, float]) -> None:
        super().__init__(definitions)
        self._mp = _context(_bits(values))
        self._values = {name: self._mp.mpf(value) for name, value in values.items()}
        self._cleared: dict[Node, mpf] = {}

    def cleared(self, x: Node) -> mpf:
        """Return the value of an expression, computed once, or the whole number that rounding missed."""
        if x not in self._cleared:
            self._cleared[x] = self._clear(self.value(x))
        return self._cleared[x]

    def _clear(self, value: mpf) -> mpf:
        """Return a value, or the whole number that rounding missed: no other value is within 2^-80 of one."""
        whole = self._mp.nint(value)
        least = self._mp.ldexp(1, _GUARD // 2 - self._mp.prec)
        if not whole:  # a derivative has the factor 1/T, or 1/T^2
            least /= max(self._mp.mpf(1), self._values[T]) ** 2
        return value if abs(value - whole) > least else whole

    def integer(self, n: int) -> mpf:
        """Return a whole number."""
        return self._mp.mpf(n)

    def variable(self, name: Symbol) -> mpf:
        """Return a logit, or T."""
        return self._values[name]

    def exponential(self, argument: Node) -> mpf:
        """Return e to the argument."""
        x = self.value(argument)
        if abs(x) <= _FAR:
            return self._mp.exp(x)
        # mpmath squares e for each bit of a whole number, a thousand times for 1e308; a third is seldom one.
        with self._mp.extraprec(self._mp.mag(x) + 2):
            power = self._mp.exp(x / 3) ** 3
        return +power

    def irreducible_logarithm(self, value: mpf) -> mpf:
        """Return the natural logarithm."""
        return self._mp.log(value)


@lru_cache(maxsize=4)  # a context takes a millisecond to make
def _context(bits: int) -> MPContext:
    context = MPContext()
    context.prec = bits
    return context


def _bits(values: Mapping[Symbol, float]) -> int:
    """Return the precision: 1 - p can be as small as e to minus the spread of the logits."""
    logits = [value for name, value in values.items() if name not in (T, SHIFT)]
    spread = (max(logits) - min(logits) + max(map(abs, logits))) / values.get(T, 1.0)
    bits = (spread if spread <= _FAR else _FAR_ENOUGH) / math.log(2)
    return _GUARD + 2 * math.ceil(bits)


def reals(derivation: Derivation, logits: Sequence[float], temperature: float) -> Reals:
    """Return the numbers in which a derivation for k classes is evaluated at k logits.

    Examples
    --------
    >>> from softmax_cli.tutor.derive import derive
    >>> d = derive("softmax", 2, 0, 1)
    >>> float(reals(d, [0.0, 0.0], 1.0).value(d.result))
    -0.25
    """
    names = (Symbol("z", (Number(m),)) for m in range(1, derivation.k + 1))
    values = *zip(names, logits, strict=True), (T, temperature), (SHIFT, 1.0)
    return _reals(tuple(derivation.definitions.items()), values)


@lru_cache(maxsize=1)  # all derivatives of one target have the same definitions
def _reals(definitions: tuple[tuple[Symbol, Node], ...], values: tuple[tuple[Symbol, float], ...]) -> Reals:
    return Reals(dict(definitions), dict(values))


@dataclass(frozen=True)
class CrossCheck:
    """The answer, computed in another way.

    Parameters
    ----------
    complex_step
        The complex-step derivative, Im f(z + i h e_j) / h (Squire and Trapp 1998).
    difference
        The value of the derivation minus it.
    """

    complex_step: float
    difference: float


def check(
    derivation: Derivation, value: float, logits: Sequence[float], temperature: float
) -> CrossCheck | None:
    """Return the complex-step derivative beside the value, or None if there is none."""
    of = derivation.target if derivation.of is None else derivation.of
    if of is None or derivation.wrt is None:
        return None
    from softmax_cli.core.numerical.columns import COLUMNS
    from softmax_cli.core.numerical.derivative import derivative

    if derivation.function not in COLUMNS:
        return None
    scalar = derivation.of is None
    found = derivative(
        logits, function=derivation.function, temperature=temperature, target=of if scalar else None
    )
    row = found.dense() if scalar else found.dense(of, of + 1)[0]
    step = float(row[derivation.wrt]) + 0.0  # never -0.0
    return CrossCheck(step, value - step)
