"""A mistake with one number in it, as a formula that takes the number."""

from collections.abc import Callable
from typing import Literal, NamedTuple, TypeAlias

from softmax_cli.checking.inputs import Array, Kind, Quantities

Number: TypeAlias = Array
"""One number a row, shape (n, 1)."""
Makes: TypeAlias = Literal["p", "p by the chain rule", "the answer", "a term", "differences"]


class Family(NamedTuple):
    """A formula with a number x in it.

    Parameters
    ----------
    id, title, formula, why, fix
        As a mistake's, with ``{x}`` where the number stands.
    value
        The formula's value with x, one number a row.
    makes
        What it is the value of: wrong probabilities that a right formula is built on (whose derivative may be
        divided by x besides), the whole answer, a term that is added to the right one, or differences with
        the step x, whose rounding is divided by it.
    low, high
        Where the size of x lies; that of a term may be negative.
    only
        The functions and kinds of answer that have it, as in ``softmax jacobian``; empty for all.
    """

    id: str
    title: str
    formula: str
    why: str
    fix: str
    value: Callable[[Quantities, Number], Array]
    makes: Makes
    low: float = 1e-17
    high: float = 1.0
    only: tuple[str, ...] = ()

    @property
    def in_p(self) -> bool:
        """Whether it makes wrong probabilities."""
        return self.makes.startswith("p")

    def has(self, function: str, kind: Kind) -> bool:
        """Return whether a kind of answer may belong to it."""
        if self.only:
            return f"{function} {kind}" in self.only
        return self.makes != "p by the chain rule" or kind not in ("probabilities", "log-probabilities")

    def of(self, q: Quantities, x: Number, base: Callable[[Quantities], Array]) -> Array:
        """Return the answer with x; `base` is the formula that it varies."""
        if self.in_p:
            built = base(q.with_p(self.value(q.whole, x)))
            return built if self.makes == "p" else built / x.reshape(-1, *[1] * (built.ndim - 1))
        answer = self.value(q, x)
        if self.makes != "a term":
            return answer
        plain = base(q)
        return plain + answer.reshape(len(answer), *[1] * (plain.ndim - answer.ndim), *answer.shape[1:])
