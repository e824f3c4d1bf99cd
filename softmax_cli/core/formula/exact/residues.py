"""Exact values: a tree and its derivative at random points, modulo a prime.

Two expressions in logits, their exponentials and logarithms are equal everywhere exactly when they are equal
as rational functions of z_k, e^(z_k) and the logarithms that occur, which are independent of one another (Ax
1971, "On Schanuel's conjectures"). A rational identity of degree d that is false holds at a random point
modulo P = 2^61 - 1 with probability at most d / P (Schwartz 1980; Zippel 1979): two points decide.

A logarithm is taken apart by log(a b) = log a + log b and log e^x = x, an exponential by the like; what
remains, the logarithm of a sum, is one more independent variable, the same for the same sum. That is sound:
an identity that holds whatever its value holds for its true value.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import lru_cache
from hashlib import blake2b

from softmax_cli.core.formula.exact.arithmetic import LETTER, Arithmetic, Definitions
from softmax_cli.core.formula.tree import Binary, Call, Negative, Node, Number, Over, Symbol, terms, walk
from softmax_cli.errors import FormulaError

P = (1 << 61) - 1
_PARTS = 12
"""e^(z_k) is the 12th power of a random number, so that e^(z_k / 2) and the like have values too."""
_VARIABLES = "zT"
_ONE, _T = Number(1), Symbol("T")


@lru_cache(maxsize=4096)
def inverse(a: int) -> int:
    """Return 1 / a modulo P."""
    if not a % P:
        raise FormulaError("this divides by 0", column=0)
    return pow(a, -1, P)


class Residues(Arithmetic[int]):
    """A random point: whole numbers modulo P, a random one for every independent variable.

    Parameters
    ----------
    definitions, letters
        As in `Arithmetic`.
    seed
        What fixes the point.
    """

    def __init__(self, definitions: Definitions, seed: int, letters: Mapping[str, int] | None = None) -> None:
        super().__init__(definitions, letters)
        self.seed = seed
        self._independent: dict[object, int] = {}
        self._powers: dict[Node, int] = {}

    def integer(self, n: int) -> int:
        """Return n modulo P."""
        return n % P

    def add(self, a: int, b: int) -> int:
        """Return a + b modulo P."""
        return (a + b) % P

    def multiply(self, a: int, b: int) -> int:
        """Return a b modulo P."""
        return a * b % P

    def negative(self, a: int) -> int:
        """Return -a modulo P."""
        return -a % P

    def reciprocal(self, a: int) -> int:
        """Return 1 / a modulo P."""
        return inverse(a)

    def power(self, a: int, n: int) -> int:
        """Return a^n modulo P."""
        return pow(a, n, P)

    def sum(self, values: Iterable[int]) -> int:
        """Return a sum modulo P."""
        return sum(values) % P

    def variable(self, name: Symbol) -> int:
        """Return the random value of a variable."""
        return self.drawn(name)

    def drawn(self, key: object) -> int:
        """Return the random value of something independent of all else, whatever was drawn before."""
        value = self._independent.get(key)
        if value is None:
            drawn = blake2b(f"{self.seed} {key}".encode(), digest_size=16).digest()
            value = self._independent[key] = int.from_bytes(drawn) % (P - 1) + 1
        return value

    def irreducible_logarithm(self, value: int) -> int:
        """Return one more independent variable, the same for the same value; log 1 is 0."""
        if not value:
            raise FormulaError("this is the logarithm of 0", column=0)
        return 0 if value == 1 else self.drawn(("log", value))

    def exponential(self, argument: Node) -> int:
        """Return e to the argument: a product of independent powers of e, for a sum of logits."""
        power = self._powers.get(argument)
        if power is None:
            power = self._powers[argument] = self._power(argument, _PARTS, over=False)
        return power

    def _power(self, x: Node, parts: int, *, over: bool) -> int:
        """Return e to x, or to x / T where it is divided by T; x is counted in twelfths."""
        terms = self._summed(x)
        if terms is not None:
            return self._product(terms, parts, over=over)
        match x:
            case Symbol() if self.placed(x) in self.definitions:
                return self._power(self.definitions[self.placed(x)], parts, over=over)
            case Binary(operator="/") if x.right == _T and not over:
                return self._power(x.left, parts, over=True)
            case Call(function="log", arguments=(argument,)) if not over and not parts % _PARTS:
                return _raised(self.value(argument), parts // _PARTS)
        times, divisor, rest = _multiple(x)
        share, left = divmod(parts * times, divisor)
        if left:
            raise FormulaError("the exponent of e has a fraction that is too fine", column=0)
        if rest is not x:
            return self._power(rest, share, over=over)
        return _raised(self.drawn(("e", self.value(x), over)), share)

    def _summed(self, x: Node) -> list[tuple[str, Node]] | None:
        """Return the terms of a sum, with their signs; None for anything else."""
        if isinstance(x, Over):
            return [("+", term) for term in self.terms(x)]
        if isinstance(x, Negative):
            return [("-", x.operand)]
        found = terms(x)
        return found if len(found) > 1 else None

    def _product(self, terms: Iterable[tuple[str, Node]], parts: int, *, over: bool) -> int:
        product = 1
        for sign, term in terms:
            product = product * self._power(term, parts if sign == "+" else -parts, over=over) % P
        return product


class RandomPoint(Residues):
    """A random point for lines that people write: their only variables are the logits and T."""

    def __init__(self, definitions: Definitions, seed: int, letters: Mapping[str, int] | None = None) -> None:
        super().__init__(definitions, seed, letters)
        self._kept: dict[int, tuple[Node, int]] = {}

    def variable(self, name: Symbol) -> int:
        """Return the random value of a logit, or of T: there are no other variables."""
        if name.name not in _VARIABLES:
            raise FormulaError(f"{name.name} has no meaning for this function", column=0)
        if not all(isinstance(index, Number) for index in name.indices):
            raise FormulaError(LETTER, column=0)
        return self.drawn(name)

    def value(self, x: Node) -> int:
        """Return the value of a tree, which may be remembered."""
        kept = self._kept.get(id(x))
        return super().value(x) if kept is None else kept[1]

    def keep(self, tree: Node) -> None:
        """Remember the values of a tree's parts: trees that share them are evaluated faster."""
        for node, _ in walk(tree):
            with suppress(FormulaError):
                self.remembered(node)

    def remembered(self, tree: Node) -> int:
        """Return the value of a tree that is asked for again and again."""
        if id(tree) not in self._kept:
            self._kept[id(tree)] = tree, self.value(tree)
        return self._kept[id(tree)][1]


def _multiple(x: Node) -> tuple[int, int, Node]:
    """Return a tree as a fraction of another: 2 z / 3 is 2 / 3 of z, and a number that of 1."""
    match x:
        case Number(numerator=top, denominator=bottom) if x != _ONE:
            return top, bottom, _ONE
        case Binary(operator="*", left=Number(numerator=top, denominator=bottom), right=factor):
            return top, bottom, factor
        case Binary(operator="*", left=factor, right=Number(numerator=top, denominator=bottom)):
            return top, bottom, factor
        case Binary(operator="/", left=factor, right=Number(numerator=bottom, denominator=top)) if bottom:
            return top, bottom, factor
    return 1, 1, x


def _raised(base: int, n: int) -> int:
    return pow(base, n, P) if n >= 0 else pow(inverse(base), -n, P)
