"""The names on the board: z_k, e_k, p_k, y_k, their sum s, f, g, L and T."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from sympy import Expr, Integer, Symbol

from softmax_cli.tutor.nodes import (
    At,
    Delta,
    Exp,
    Frac,
    Label,
    Log,
    Neg,
    Plus,
    SumOver,
    Times,
    times,
    total,
)

F, G, L, S, T = (Symbol(name) for name in "fgLsT")
"""f and g: the parts of a rule; L: the cross-entropy; s, shown as S: the sum of exponentials; T."""
SHIFT = Symbol("z_0")
"""What is added to every logit, shown as c: named z_0, for it is as free as a logit, but no class's."""


class Notation:
    """The names for k classes; 0-based here, 1-based on the board.

    Parameters
    ----------
    k
        The number of classes.
    temperature
        True if T is written; False if it is 1 and left out.
    """

    def __init__(self, k: int, temperature: bool) -> None:
        self.k = k
        self.temperature = temperature
        self.z, self.e, self.p, self.y = (
            tuple(Symbol(f"{letter}_{m}") for m in range(1, k + 1)) for letter in "zepy"
        )
        self.label = tuple(Label(m) for m in range(1, k + 1))

    def over_t(self, x: Expr) -> Expr:
        """Return x / T, or x if the temperature is left out."""
        return Frac(x, T) if self.temperature else x

    def scaled(self, x: Expr) -> Expr:
        """Return (1/T) x, or x if the temperature is left out (and -(1/T) x for -x)."""
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
        return _cross_entropy(self, target)


@lru_cache(maxsize=4)  # successive derivatives have the same target
def _cross_entropy(names: Notation, target: int) -> Mapping[Symbol, Expr]:
    terms = tuple(Times(y, Log(p)) for y, p in zip(names.y, names.p, strict=True))
    return {
        **names.softmax,
        **{y: Integer(int(m == target)) for m, y in enumerate(names.y)},
        L: Neg(total(terms)),
    }


@lru_cache(maxsize=16)
def notation(k: int, temperature: bool) -> Notation:
    """Return the names for k classes, made once."""
    return Notation(k, temperature)


@dataclass(frozen=True)
class Member:
    """One class of a sum over the classes.

    Parameters
    ----------
    z, e, p, y
        Its logit, exponential, probability and target.
    own
        1 if it is class j, else 0; a Kronecker delta if its number is a letter.
    """

    z: Expr
    e: Expr
    p: Expr
    y: Expr
    own: Expr

    def if_own(self, x: Expr) -> Expr:
        """Return x if this is class j, else 0."""
        return _times_delta(self.own, x)


@dataclass(frozen=True)
class Case:
    """One derivative that is asked for: of output i with respect to logit j.

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

    @property
    def general(self) -> bool:
        """True where i and j are letters."""
        return False

    @property
    def kronecker(self) -> Expr:
        """The Kronecker delta of i and j, as a sign."""
        return Delta(self.i + 1, self.j + 1)

    @property
    def output(self) -> Member:
        """Class i."""
        return self.classes[self.i]

    @property
    def wrt(self) -> Member:
        """Class j."""
        return self.classes[self.j]

    @property
    def running(self) -> Member:
        """The class whose term of a sum remains in the derivative."""
        return self.wrt

    @property
    def label_i(self) -> Expr | str:
        """What class i is called in a sentence."""
        return self.names.label[self.i]

    @property
    def label_j(self) -> Expr | str:
        """What class j is called in a sentence."""
        return self.names.label[self.j]

    @cached_property
    def classes(self) -> Sequence[Member]:
        """All the classes, in order."""
        n = self.names
        return [
            Member(*parts, Integer(int(m == self.j)))
            for m, parts in enumerate(zip(n.z, n.e, n.p, n.y, strict=True))
        ]

    def sum_over(self, term: Callable[[Member], Expr]) -> Expr:
        """Return the sum of a term over the classes."""
        return total(tuple(map(term, self.classes)))

    def if_same(self, x: Expr) -> Expr:
        """Return x if i = j, else 0; times a Kronecker delta if both are letters."""
        return _times_delta(self.output.own, x)

    def said(self, same: str, other: str, general: str) -> str:
        """Return the words for this case: i = j, i != j, or i and j any classes."""
        return same if self.same else other


class GeneralCase(Case):
    """Any classes of any number of them: i and j are letters, and sums run over k from 1 to K."""

    def __init__(self, *, temperature: bool) -> None:
        super().__init__(notation(0, temperature), -1, -2)

    @property
    def general(self) -> bool:
        """True: i and j are any classes."""
        return True

    @property
    def kronecker(self) -> Expr:
        """The Kronecker delta of i and j."""
        return self.output.own

    @property
    def output(self) -> Member:
        """Class i."""
        return _lettered("i")

    @property
    def wrt(self) -> Member:
        """Class j."""
        return _lettered("j")

    @property
    def running(self) -> Member:
        """Class k, which sums run over."""
        return _lettered("k")

    @property
    def label_i(self) -> str:
        """What class i is called."""
        return "class i"

    @property
    def label_j(self) -> str:
        """What class j is called."""
        return "class j"

    def sum_over(self, term: Callable[[Member], Expr]) -> Expr:
        """Return the sum of a term over k."""
        return SumOver(term(self.running), Symbol("k"))

    def said(self, same: str, other: str, general: str) -> str:
        """Return the words for any classes."""
        return general

    def definitions(self) -> Mapping[Symbol, Expr]:
        """Return what the names stand for; t is the target."""
        members = (self.output, self.wrt, self.running)
        return {
            **{m.e: Exp(self.names.over_t(m.z)) for m in members},
            S: self.sum_over(lambda m: m.e),
            **{m.p: Frac(m.e, S) for m in members},
            **{m.y: Delta(Symbol(letter), Symbol("t")) for m, letter in zip(members, "ijk", strict=True)},
            L: Neg(self.sum_over(lambda m: Times(m.y, Log(m.p)))),
            F: self.output.e,
            G: S,
        }


def _times_delta(delta: Expr, x: Expr) -> Expr:
    if isinstance(delta, Delta):
        return delta if x == 1 else times(delta, x)
    return x if delta == 1 else Integer(0)


@lru_cache
def _lettered(letter: str) -> Member:
    e, p, y = (Symbol(f"{name}_{letter}") for name in "epy")
    return Member(At(Symbol("z"), Symbol(letter)), e, p, y, Delta(Symbol(letter), Symbol("j")))
