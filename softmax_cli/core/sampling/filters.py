"""Filters of language models: top-k, top-p and min-p set the unlikely classes to 0, in an order that matters.

The rules are those that the named programs document, ties included:

``temperature``
    Logits are divided by T.
``top-k``
    The k largest stay. Equal to the k-th: all stay (transformers), or the first of them, up to k (llama.cpp).
``top-p``
    From the largest down, classes stay until their probabilities come to P: the class that crosses P is the
    last one kept. Among equals the last of them comes first (transformers), or the first (llama.cpp).
``min-p``
    Classes stay whose probability is at least P times the largest.

Each filter sees the probabilities renormalised after the one before it. At least one class always stays.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from softmax_cli.core.arrays import Array
from softmax_cli.core.softmax import softmax


@dataclass(frozen=True, slots=True)
class FilterChain:
    """An order of the filters, with the ties of the program that has it.

    Parameters
    ----------
    name
        As ``--chain`` writes it.
    order
        Names of filters, the first applied first; ``temperature`` among them.
    exact_ties
        Whether top-k keeps k classes exactly and equals count from the first, as llama.cpp has it; else as
        transformers has it.
    """

    name: str
    order: tuple[str, ...]
    exact_ties: bool = False


FILTERS = ("temperature", "top-k", "top-p", "min-p")
"""What a chain is made of, in transformers' order."""

CHAINS = {
    chain.name: chain
    for chain in (
        FilterChain("transformers", FILTERS),
        FilterChain("llama.cpp", ("top-k", "top-p", "min-p", "temperature"), exact_ties=True),
    )
}
"""The orders that have a name."""


@dataclass(frozen=True, slots=True)
class Filtering:
    """A chain and its numbers; a filter whose number is None is left out.

    Examples
    --------
    >>> first = Filtering(CHAINS["transformers"], temperature=0.5, top_p=0.8)
    >>> first.probabilities(np.array([[3.0, 2.0, 1.0]])).round(4).tolist()
    [[1.0, 0.0, 0.0]]
    >>> last = Filtering(CHAINS["llama.cpp"], temperature=0.5, top_p=0.8)
    >>> last.probabilities(np.array([[3.0, 2.0, 1.0]])).round(4).tolist()
    [[0.8808, 0.1192, 0.0]]
    """

    chain: FilterChain
    temperature: float = 1.0
    top_k: int | None = None
    top_p: float | None = None
    min_p: float | None = None

    def probabilities(self, z: Array) -> Array:
        """Return what is left, renormalised, shape (n, k); exactly 0 for what was cut."""
        return self.stages(z)[-1][1]

    def stages(self, z: Array) -> list[tuple[str, Array]]:
        """Return the probabilities (n, k) after each filter, by its name; ``softmax`` is before all."""
        logits, temperature = z, 1.0
        found = [("softmax", softmax(logits))]
        for name in self.chain.order:
            if name == "temperature":
                if self.temperature == 1.0:
                    continue
                temperature = self.temperature
            else:
                kept = self._kept(name, found[-1][1])
                if kept is None:
                    continue
                logits = np.where(kept, logits, -np.inf)
            found.append((name, softmax(logits, temperature=temperature)))
        return found

    def _kept(self, name: str, p: Array) -> NDArray[np.bool_] | None:
        """Return which classes a filter keeps, (n, k); None where it has no number."""
        if name == "top-k" and self.top_k is not None:
            return _top_k(p, self.top_k, exact=self.chain.exact_ties)
        if name == "top-p" and self.top_p is not None:
            return _top_p(p, self.top_p, first=self.chain.exact_ties)
        if name == "min-p" and self.min_p is not None:
            return np.asarray(p >= self.min_p * p.max(axis=1, keepdims=True))
        return None


def chain_of(names: Sequence[str]) -> FilterChain:
    """Return a chain of the user's own order, with transformers' ties; filters not named come last."""
    return FilterChain(",".join(names), (*names, *(name for name in FILTERS if name not in names)))


def _top_k(p: Array, count: int, *, exact: bool) -> NDArray[np.bool_]:
    if count >= p.shape[1]:
        return np.ones(p.shape, bool)
    if not exact:
        smallest = np.partition(p, -count, axis=1)[:, -count]
        return np.asarray(p >= smallest[:, None])
    kept = np.zeros(p.shape, bool)
    np.put_along_axis(kept, _descending(p, first=True)[:, :count], True, axis=1)
    return kept


def _top_p(p: Array, share: float, *, first: bool) -> NDArray[np.bool_]:
    order = _descending(p, first=first)
    sorted_p = np.take_along_axis(p, order, axis=1).astype(np.float64)
    before = np.cumsum(sorted_p, axis=1) - sorted_p
    within = before < share
    within[:, 0] = True
    kept = np.zeros(p.shape, bool)
    np.put_along_axis(kept, order, within, axis=1)
    return kept


def _descending(p: Array, *, first: bool) -> NDArray[np.intp]:
    """Return the classes of each row, the largest first; of equals the first, or the last, comes first."""
    if first:
        return np.argsort(-p, axis=1, kind="stable")
    return np.argsort(p, axis=1, kind="stable")[:, ::-1]
