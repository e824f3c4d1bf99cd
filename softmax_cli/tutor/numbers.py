"""Numbers beside symbols: every line evaluated at the user's logits, from the expressions themselves."""

import cmath
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mpmath import MPContext, mpf
from sympy import Expr, Symbol

from softmax_cli.tutor.derivation import Derivation
from softmax_cli.tutor.evaluate import Arithmetic, Definitions
from softmax_cli.tutor.notation import SHIFT, T, notation

__all__ = ["STEP", "Check", "Reals", "check", "mpf", "reals"]

STEP = 1e-20
"""The step of the complex-step derivative, in z / T. Its error is of the order STEP^2."""
_FAR, _FAR_ENOUGH = 10_000.0, 2_000.0
"""Logits that lie farther apart than _FAR are reckoned as if 1 - p were 0 below e to minus _FAR_ENOUGH."""
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
        self._mp = MPContext()
        self._mp.prec = _bits(values)
        self._values = {name: self._mp.mpf(value) for name, value in values.items()}

    def cleared(self, value: mpf) -> mpf:
        """Return a value, or the whole number that rounding missed: no line comes as near to one, by 2^80."""
        whole = self._mp.nint(value)
        least = self._mp.ldexp(1, _GUARD // 2 - self._mp.prec)
        if not whole:  # a derivative has the factor 1/T, or 1/T^2
            least /= max(self._mp.mpf(1), self._values[T]) ** 2
        return value if abs(value - whole) > least else whole

    def integer(self, n: int) -> mpf:
        """Return a whole number."""
        return self._mp.mpf(n)

    def add(self, a: mpf, b: mpf) -> mpf:
        """Return a + b."""
        return a + b

    def multiply(self, a: mpf, b: mpf) -> mpf:
        """Return a b."""
        return a * b

    def reciprocal(self, a: mpf) -> mpf:
        """Return 1 / a."""
        return 1 / a

    def variable(self, name: Symbol) -> mpf:
        """Return a logit, or T."""
        return self._values[name]

    def exponential(self, argument: Expr) -> mpf:
        """Return e to the argument."""
        return self._mp.exp(self.value(argument))

    def irreducible_logarithm(self, value: mpf) -> mpf:
        """Return the natural logarithm."""
        return self._mp.log(value)


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
    names = notation(derivation.k, derivation.temperature)
    values: dict[Symbol, float] = dict(zip(names.z, logits, strict=True))
    return Reals(derivation.definitions, {**values, T: temperature, SHIFT: 1.0})


@dataclass(frozen=True)
class Check:
    """The answer, worked out once more in another way.

    Parameters
    ----------
    complex_step
        The complex-step derivative, Im f(z + i h e_j) / h (Squire and Trapp 1998).
    difference
        The value of the derivation minus it.
    """

    complex_step: float
    difference: float


def check(derivation: Derivation, value: float, logits: Sequence[float], temperature: float) -> Check | None:
    """Return the complex-step derivative beside the value, or None where there is none."""
    of = derivation.target if derivation.of is None else derivation.of
    function = _FUNCTIONS.get(derivation.function)
    if of is None or derivation.wrt is None or function is None:
        return None
    step = function(list(logits), temperature, of, derivation.wrt)
    return Check(step, value - step)


def _shifted(z: list[float], t: float, of: int, wrt: int) -> list[complex]:
    """Return (z_k - z_of) / T with the imaginary step in z_wrt, without rounding the step away."""
    distances = [max(-_FAR, min(_FAR, (value - z[of]) / t)) for value in z]  # farther is 0 all the same
    return [complex(x, STEP * ((k == wrt) - (of == wrt))) for k, x in enumerate(distances)]


def _softmax(z: list[float], t: float, of: int, wrt: int) -> float:
    # p_i = 1 / (1 + sum of e^((z_k - z_i) / T)): nothing cancels, not even where p is almost 1.
    others = [x for k, x in enumerate(_shifted(z, t, of, wrt)) if k != of]
    top = max(0.0, *(x.real for x in others))
    scaled = [cmath.exp(complex(x.real - top, x.imag)) for x in others]
    own = math.exp(-top)
    rest = complex(math.fsum(x.real for x in scaled), math.fsum(x.imag for x in scaled))
    return (own / (own + rest)).imag / STEP / t


def _log_softmax(z: list[float], t: float, of: int, wrt: int) -> float:
    others = [x for k, x in enumerate(_shifted(z, t, of, wrt)) if k != of]
    top = max(0.0, *(x.real for x in others))
    scaled = [cmath.exp(complex(x.real - top, x.imag)) for x in others]
    whole = math.exp(-top) + math.fsum(x.real for x in scaled)
    return -cmath.log(complex(whole, math.fsum(x.imag for x in scaled))).imag / STEP / t


def _sigmoid(z: list[float], t: float, of: int, wrt: int) -> float:
    if of != wrt:
        return 0.0
    small = cmath.exp(complex(-abs(z[of]) / t, -math.copysign(STEP, z[of])))
    p = 1 / (1 + small) if z[of] >= 0 else small / (1 + small)
    return p.imag / STEP / t


def _cross_entropy(z: list[float], t: float, of: int, wrt: int) -> float:
    return -_log_softmax(z, t, of, wrt)


_FUNCTIONS = {
    "softmax": _softmax,
    "log-softmax": _log_softmax,
    "sigmoid": _sigmoid,
    "cross-entropy": _cross_entropy,
}
