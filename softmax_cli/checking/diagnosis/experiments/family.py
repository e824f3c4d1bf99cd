"""A mistake with one number in it, as a formula that takes the number."""

from collections.abc import Callable
from typing import NamedTuple

from softmax_cli.checking.inputs import Array, Kind, Quantities

Number = Array
"""One number a row, shape (n, 1)."""


class Family(NamedTuple):
    """A formula with a number x in it.

    Parameters
    ----------
    id, title, formula, why, fix
        As a mistake's, with ``{x}`` where the number stands.
    answer
        The answer at the quantities with x, one a row.
    probabilities
        Where a right formula is built on wrong probabilities: these, of all rows and classes.
    low, high
        Where the size of x lies.
    added
        Whether `answer` is added to the base formula; x may then be negative.
    differences
        Whether x is the step of a difference, whose rounding is divided by it.
    chain
        Whether a derivative is divided by x.
    only
        The functions and kinds of answer that have it; empty for all.
    """

    id: str
    title: str
    formula: str
    why: str
    fix: str
    probabilities: Callable[[Quantities, Number], Array] | None = None
    answer: Callable[[Quantities, Number], Array] | None = None
    low: float = 1e-17
    high: float = 1.0
    only: tuple[tuple[str, Kind], ...] = ()
    added: bool = False
    differences: bool = False
    chain: bool = False

    def of(self, q: Quantities, x: Number, base: Callable[[Quantities], Array]) -> Array:
        """Return the answer with x; `base` is the formula that wrong probabilities are put into."""
        if self.probabilities is not None:
            built = base(q.with_p(self.probabilities(q, x)))
            return built / x.reshape(-1, *[1] * (built.ndim - 1)) if self.chain else built
        assert self.answer is not None
        answer = self.answer(q, x)
        if not self.added:
            return answer
        plain = base(q)
        return plain + answer.reshape(len(answer), *[1] * (plain.ndim - answer.ndim), *answer.shape[1:])
