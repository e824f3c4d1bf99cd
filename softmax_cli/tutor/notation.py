"""The names on the board: z_k, e_k, p_k, y_k, their sum s, f, g, L and T."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from sympy import Expr, Integer, Symbol

from softmax_cli.tutor.nodes import Exp, Frac, Label, Log, Neg, Plus, Times, times, total

F, G, L, S, T = (Symbol(name) for name in "fgLsT")
"""f and g: the parts of a rule; L: the cross-entropy; s, shown as S: the sum of exponentials; T."""
SHIFT = Symbol("z_0")
"""What is added to every logit, shown as c. It is no class's logit, and as free as one: hence z_0."""


class Notation:
    """The names for k classes; 0-based here, 1-based on the board.

    Parameters
    ----------
    k
        The number of classes.
    temperature
        True where T is written; False where it is 1 and left out.
    """

    def __init__(self, k: int, temperature: bool) -> None:
        self.k = k
        self.temperature = temperature
        self.z, self.e, self.p, self.y = (
            tuple(Symbol(f"{letter}_{m}") for m in range(1, k + 1)) for letter in "zepy"
        )
        self.label = tuple(Label(m) for m in range(1, k + 1))

    def over_t(self, x: Expr) -> Expr:
        """Return x / T, or x where the temperature is left out."""
        return Frac(x, T) if self.temperature else x

    def scaled(self, x: Expr) -> Expr:
        """Return (1/T) x, or x where the temperature is left out (and -(1/T) x for -x)."""
        if isinstance(x, Neg):
            return Neg(self.scaled(x.args[0]))
        return times(Frac(1, T), x) if self.temperature else x

    @cached_property
    def softmax(self) -> Mapping[Symbol, Expr]:
        """What e_k, s and p_k stand for."""
        return {
            **{e: Exp(self.over_t(z)) for e, z in zip(self.e, self.z, strict=True)},
            S: total(self.e),
            **{p: Frac(e, S) for p, e in zip(self.p, self.e, strict=True)},
        }

    @cached_property
    def sigmoid(self) -> Mapping[Symbol, Expr]:
        """What e_k = exp(-z_k / T) and p_k stand for."""
        return {
            **{e: Exp(Neg(self.over_t(z))) for e, z in zip(self.e, self.z, strict=True)},
            **{p: Frac(1, Plus(1, e)) for p, e in zip(self.p, self.e, strict=True)},
        }

    def cross_entropy(self, target: int) -> Mapping[Symbol, Expr]:
        """Return what y_k and L stand for, besides the names of softmax."""
        terms = tuple(Times(y, Log(p)) for y, p in zip(self.y, self.p, strict=True))
        return {
            **self.softmax,
            **{y: Integer(int(m == target)) for m, y in enumerate(self.y)},
            L: Neg(total(terms)),
        }


@lru_cache(maxsize=16)
def notation(k: int, temperature: bool) -> Notation:
    """Return the names for k classes, made once."""
    return Notation(k, temperature)


@dataclass(frozen=True)
class Case:
    """One derivative that is asked for.

    Parameters
    ----------
    names
        The names on the board.
    j
        With respect to which logit, 0-based.
    i
        Of which output, 0-based; of a scalar function, its target.
    """

    names: Notation
    i: int
    j: int

    @property
    def same(self) -> bool:
        """True where i = j."""
        return self.i == self.j
