"""The names on the board: z_k, e_k, p_k, y_k, their sum s, f, g, L and T."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from sympy import Expr, Integer, Symbol

from softmax_cli.tutor.nodes import At, Delta, Exp, Frac, Label, Log, Neg, Plus, SumOver, Times, times, total

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
        """Return x if this is class j, else 0; times the Kronecker delta if its number is a letter."""
        if isinstance(self.own, Delta):
            return self.own if x == 1 else times(self.own, x)
        return x if self.own == 1 else Integer(0)


@dataclass(frozen=True)
class Case:
    """One derivative that is asked for: of output i with respect to logit j.

    Parameters
    ----------
    names
        The names on the board.
    i, j
        Of which output, and with respect to which logit, 0-based; of a scalar function, i is its target.
    output, wrt
        Classes i and j.
    running
        The class whose term of a sum remains in the derivative; k if i and j are letters.
    label_i, label_j
        What the two are called in a sentence.
    kronecker
        The Kronecker delta of i and j, as a sign.
    classes
        All the classes, in order; none if i and j are letters: any classes of any number of them.
    """

    names: Notation
    i: int
    j: int
    output: Member
    wrt: Member
    running: Member
    label_i: Expr | str
    label_j: Expr | str
    kronecker: Expr
    classes: tuple[Member, ...]

    @classmethod
    def of(cls, names: Notation, i: int, j: int) -> "Case":
        """Return the case of two classes, or of one twice."""
        members = enumerate(zip(names.z, names.e, names.p, names.y, strict=True))
        classes = tuple(Member(*parts, Integer(int(m == j))) for m, parts in members)
        labels = names.label[i], names.label[j]
        return cls(names, i, j, classes[i], classes[j], classes[j], *labels, Delta(i + 1, j + 1), classes)

    @classmethod
    def lettered(cls, *, temperature: bool) -> "Case":
        """Return the case of any classes i and j of any number of them; sums run over k from 1 to K."""
        i, j, k = map(_lettered, "ijk")
        return cls(notation(0, temperature), -1, -2, i, j, k, "class i", "class j", i.own, ())

    @property
    def same(self) -> bool:
        """True where i = j."""
        return self.i == self.j

    @property
    def general(self) -> bool:
        """True where i and j are letters."""
        return not self.classes

    def sum_over(self, term: Callable[[Member], Expr]) -> Expr:
        """Return the sum of a term over the classes, or over k."""
        if self.general:
            return SumOver(term(self.running), Symbol("k"))
        return total(tuple(map(term, self.classes)))

    def if_same(self, x: Expr) -> Expr:
        """Return x if i = j, else 0; times a Kronecker delta if both are letters."""
        return self.output.if_own(x)

    def said(self, same: str, other: str, general: str) -> str:
        """Return the words for this case: i = j, i != j, or i and j any classes."""
        return general if self.general else same if self.same else other


@lru_cache
def _lettered(letter: str) -> Member:
    e, p, y = (Symbol(f"{name}_{letter}") for name in "epy")
    return Member(At(Symbol("z"), Symbol(letter)), e, p, y, Delta(Symbol(letter), Symbol("j")))
