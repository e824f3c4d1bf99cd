"""A random sample of rows that come in parts: bounded, and the same however they are cut."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from softmax_cli.core.arrays import Float64
from softmax_cli.core.gathered import joined, sections
from softmax_cli.core.labelled import Labelled

ROWS = 1 << 17
"""Rows of a sample, at most,"""
NUMBERS = 1 << 21
"""and numbers in it: 16 MB;"""
LEAST = 1 << 8
"""but not fewer rows."""

SEED = 0x50F7AC
"""Not 0: that is what many simulations start from, and their rows would not be independent of the draw."""


@dataclass(slots=True)
class Sample:
    """The rows with the smallest of random numbers, one drawn for each row, in each section from its start.

    Parameters
    ----------
    parts
        Of how many parts all rows come: of one of several only its share is held, and some more.
    threshold
        The largest number of a row that is held, once there were too many of them; or 1.

    Notes
    -----
    Source: Vitter, Random sampling with a reservoir (1985); by random sort keys.
    """

    parts: int = 1
    kept: list[Labelled] = field(default_factory=list)
    keys: list[Float64] = field(default_factory=list)
    threshold: float = 1.0
    _rng: np.random.Generator | None = None
    _section: tuple[int, int] = (-1, 0)

    @staticmethod
    def most(k: int) -> int:
        """Return how many rows of k classes a sample has, at most."""
        return max(LEAST, min(ROWS, NUMBERS // k))

    def watch(self, parts: Iterable[Labelled]) -> Iterator[Labelled]:
        """Yield rows, of which some are held."""
        for rows in parts:
            self.add(rows)
            yield rows

    def add(self, rows: Labelled) -> None:
        """Offer some rows."""
        for file, section, part in sections([rows]):
            if self._rng is None or (file, section) != self._section:
                self._rng, self._section = np.random.default_rng([SEED, file, section]), (file, section)
            keys = self._rng.random(len(part))
            chosen = np.flatnonzero(keys < self.threshold)
            if chosen.size:
                self._hold([part.part(chosen)], [keys[chosen]])

    def merge(self, other: "Sample") -> None:
        """Offer the rows that a sample of the rows that follow holds."""
        if other.kept:
            self._hold(other.kept, other.keys)

    def rows(self) -> Labelled:
        """Return the sample."""
        self.thin()
        return joined(self.kept)

    def thin(self) -> None:
        """Let go of the rows that are too many."""
        most = self._most() if self.kept else 0
        if sum(map(len, self.kept)) <= most:
            return
        rows, keys = joined(self.kept), np.concatenate(self.keys)
        chosen = np.sort(np.argpartition(keys, most - 1)[:most])
        self.kept, self.keys = [rows.part(chosen)], [keys[chosen]]
        self.threshold = float(keys[chosen].max())

    def _hold(self, rows: list[Labelled], keys: list[Float64]) -> None:
        self.kept += rows
        self.keys += keys
        if sum(map(len, self.kept)) > 2 * self._most():
            self.thin()

    def _most(self) -> int:
        most = self.most(self.kept[0].k)
        share = most / self.parts
        return most if self.parts == 1 else math.ceil(share + 10.0 * math.sqrt(share))
