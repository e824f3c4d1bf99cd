"""Where the rows are that a calibration is fitted to: read here, or summed up elsewhere."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Protocol

import numpy as np

from softmax_cli.core.calibration.samples import Sample
from softmax_cli.core.gathered import AnySums, gathered, joined, sections
from softmax_cli.core.labelled import Labelled
from softmax_cli.errors import InputError


@dataclass(frozen=True, slots=True)
class Fold:
    """Every row of one part in so many, or of the others: row i of a section is in part i modulo them.

    Parameters
    ----------
    folds
        In how many parts the rows are cut.
    fold, inside
        Which one it is, and whether its rows are meant, or those of the others.
    """

    folds: int
    fold: int
    inside: bool

    def of(self, parts: Iterable[Labelled]) -> Iterator[Labelled]:
        """Yield the rows that are meant."""
        for _, section in groupby(sections(parts), key=itemgetter(0, 1)):
            first = 0
            for _, _, part in section:
                mine = (np.arange(first, first + len(part)) % self.folds == self.fold) == self.inside
                first += len(part)
                if mine.any():
                    yield part.part(mine)


class RowSource(Protocol):
    """All rows, however often they are asked for."""

    def head(self) -> Labelled:
        """Return the first rows, as many as a sample has at most.

        Raises
        ------
        InputError
            Where there are none.
        """

    def gather(self, empty: AnySums, *, sampled: bool = False) -> AnySums:
        """Return sums over all rows, and draw a sample of them meanwhile where it may be asked for."""

    def sample(self) -> Labelled:
        """Return some of the rows, chosen at random."""

    def only(self, fold: Fold) -> "RowSource":
        """Return the rows of a fold."""


def taken(parts: Iterable[Labelled]) -> list[Labelled]:
    """Take parts until they are as many rows as a sample has at most."""
    found: list[Labelled] = []
    for rows in parts:
        found.append(rows)
        if sum(map(len, found)) >= Sample.most(rows.k):
            break
    return found


def head_of(parts: Sequence[Labelled]) -> Labelled:
    """Return the first rows of parts, as many as a sample has at most."""
    return joined(parts).part(slice(Sample.most(parts[0].k)))


class Here:
    """Rows that are read here.

    Parameters
    ----------
    rows
        Gives all rows, in parts, each time it is called.
    start
        Some of them, chosen at random, to take for the head and the sample.
    """

    def __init__(self, rows: Callable[[], Iterable[Labelled]], start: Labelled | None = None) -> None:
        self.rows = rows
        self._start = start
        self._begun: Iterable[Labelled] | None = None
        self._sample: Sample | None = None

    def head(self) -> Labelled:
        """Return the first rows; `gather` goes on from there."""
        if self._start is not None:
            return self._start
        parts = iter(self.rows())
        waiting = deque(taken(parts))
        if not waiting:
            raise InputError("there are no rows")
        head = head_of(waiting)
        self._begun = _after(waiting, parts)
        return head

    def gather(self, empty: AnySums, *, sampled: bool = False) -> AnySums:
        """Return sums over all rows, which are read once."""
        parts, self._begun = self._begun or self.rows(), None
        if sampled and self._start is None:
            self._sample = Sample()
            parts = self._sample.watch(parts)
        return gathered(empty, parts)

    def sample(self) -> Labelled:
        """Return the rows that were drawn while they were last summed up."""
        if self._start is not None:
            return self._start
        assert self._sample is not None
        return self._sample.rows()

    def only(self, fold: Fold) -> "Here":
        """Return the rows of a fold, read again."""
        return Here(lambda: fold.of(self.rows()))


def _after(waiting: deque[Labelled], parts: Iterator[Labelled]) -> Iterator[Labelled]:
    """Yield what waits, which is let go of, and what follows."""
    while waiting:
        yield waiting.popleft()
    yield from parts
