"""A random sample of rows that come in parts: bounded, and the same however they are cut."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from softmax_cli.core.arrays import Float64
from softmax_cli.core.labelled import Labelled

ROWS = 1 << 19
"""Rows of a sample, at most,"""
NUMBERS = 1 << 21
"""and numbers in it: 16 MB;"""
LEAST = 1 << 8
"""but not fewer rows."""

SEED = 0x50F7AC
"""Not 0: that is what many simulations start from, and their rows would not be independent of the draw."""


@dataclass(slots=True)
class Sample:
    """The rows with the smallest of random numbers, one drawn for each row.

    Source: Vitter, Random sampling with a reservoir (1985); by random sort keys.
    """

    kept: list[Labelled] = field(default_factory=list)
    keys: list[Float64] = field(default_factory=list)
    threshold: float = 1.0
    _rng: np.random.Generator = field(init=False)

    def __post_init__(self) -> None:
        self._rng = np.random.default_rng(SEED)

    @staticmethod
    def most(k: int) -> int:
        """Return how many rows of k classes a sample has, at most."""
        return max(LEAST, min(ROWS, NUMBERS // k))

    def add(self, rows: Labelled) -> None:
        """Offer some rows."""
        keys = self._rng.random(len(rows))
        chosen = np.flatnonzero(keys < self.threshold)
        if chosen.size:
            self.kept.append(rows.part(chosen))
            self.keys.append(keys[chosen])
        if sum(map(len, self.kept)) > 2 * self.most(rows.k):
            self._thin(self.most(rows.k))

    def rows(self) -> Labelled:
        """Return the sample."""
        k = self.kept[0].k
        if sum(map(len, self.kept)) > self.most(k):
            self._thin(self.most(k))
        return joined(self.kept)

    def _thin(self, most: int) -> None:
        rows, keys = joined(self.kept), np.concatenate(self.keys)
        chosen = np.sort(np.argpartition(keys, most - 1)[:most])
        self.kept, self.keys = [rows.part(chosen)], [keys[chosen]]
        self.threshold = float(keys[chosen].max())


def joined(parts: Sequence[Labelled]) -> Labelled:
    """Return parts as one."""
    if len(parts) == 1:
        return parts[0]

    def column(name: str) -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]] | None":
        columns = [getattr(part, name) for part in parts]
        return None if columns[0] is None else np.concatenate(columns)

    z = np.concatenate([part.z for part in parts])
    return Labelled(z, column("target"), column("soft"), column("weights"), parts[0].first_row)  # type: ignore[arg-type]
