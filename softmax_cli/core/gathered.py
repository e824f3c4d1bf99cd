"""Sums over rows that come in parts, the same to the last bit wherever the parts are cut.

A sum of doubles depends on its order. Here the rows of each section of a file are summed up in slices of one
size; the sums of sections are added to that of their file, and those of files to the whole, in order. What
reads the files, how much of them at a time, and on how many machines, makes no difference.
"""

import copy
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace
from itertools import groupby
from typing import Any, ClassVar, Protocol, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from softmax_cli.core.labelled import Labelled

SLICE = 1 << 20
"""Logits of a slice: 8 MB."""
SECTION = 1 << 24
"""Logits of a section: 128 MB. Where it ends, rows that do not count are counted."""


class Parts(Protocol):
    """What is gathered over parts of the rows."""

    def merge(self, other: Self, /) -> None:
        """Add what was gathered over the rows that follow."""


class Sums(Parts, Protocol):
    """What is gathered over rows."""

    def add(self, rows: Labelled, /) -> None:
        """Add some rows."""


class Additive:
    """Base of a dataclass whose fields are sums over rows; those that `of` names say what they are of."""

    __slots__ = ()
    of: ClassVar[tuple[str, ...]] = ()

    def merge(self, other: Self, /) -> None:
        """Add the sums over the rows that follow; of what is ``first_``, that of the first rows stays."""
        for name in (field.name for field in fields(self) if field.name not in self.of):  # type: ignore[arg-type]
            mine, theirs = getattr(self, name), getattr(other, name)
            if name.startswith("first_"):
                setattr(self, name, theirs if mine is None else mine)
            elif hasattr(mine, "merge"):
                mine.merge(theirs)
            elif isinstance(mine, dict):
                _merge_into(mine, theirs)
            else:
                setattr(self, name, mine & theirs if isinstance(mine, bool) else mine + theirs)


def _merge_into(mine: dict[Any, Any], theirs: dict[Any, Any]) -> None:
    for key, sums in theirs.items():
        if key in mine:
            mine[key].merge(sums)
        else:
            mine[key] = sums


AnyParts = TypeVar("AnyParts", bound=Parts)
AnySums = TypeVar("AnySums", bound=Sums)


def gathered(empty: AnySums, parts: Iterable[Labelled]) -> AnySums:
    """Return sums over all rows.

    `empty` are sums over no rows, and left as they are; the parts are in the order of their files.
    """
    total = copy.deepcopy(empty)
    for _, file in groupby(sections(parts), key=lambda of: of[0]):
        of_file = copy.deepcopy(empty)
        for _, section in groupby(file, key=lambda of: of[1]):
            of_section = copy.deepcopy(empty)
            for rows in slices(rows for _, _, rows in section):
                of_section.add(rows)
            of_file.merge(of_section)
        total.merge(of_file)
    return total


def rows_of_section(k: int) -> int:
    """Return how many rows of k classes a section has."""
    return max(1, SECTION // k)


def sections(parts: Iterable[Labelled]) -> Iterator[tuple[int, int, Labelled]]:
    """Yield the rows cut where sections end, behind the 0-based numbers of their file and its section."""
    for rows in parts:
        size, rest = rows_of_section(rows.k), rows
        while len(rest):
            section = (rest.number(0) - 1) // size
            cut = (section + 1) * size + 1 - rest.first_row
            if rest.numbers is not None:
                others = np.flatnonzero((rest.numbers - 1) // size != section)
                cut = int(others[0]) if others.size else len(rest)
            yield rest.file, section, rest.part(slice(cut))
            rest = rest.part(slice(cut, None))


def slices(parts: Iterable[Labelled]) -> Iterator[Labelled]:
    """Yield rows in parts of `SLICE` logits, the last one smaller.

    Examples
    --------
    >>> rows = Labelled(np.zeros((300_000, 4)))
    >>> [len(part) for part in slices(rows.blocks(100_000))]
    [262144, 37856]
    """
    waiting: list[Labelled] = []
    size = 0
    for rows in parts:
        step = max(1, SLICE // rows.k)
        while size + len(rows) >= step:
            cut = step - size
            yield joined([*waiting, rows.part(slice(cut))])
            waiting, size, rows = [], 0, rows.part(slice(cut, None))  # noqa: PLW2901  what is left of it
        if len(rows):
            waiting.append(rows)
            size += len(rows)
    if waiting:
        yield joined(waiting)


def joined(parts: Sequence[Labelled]) -> Labelled:
    """Return parts as one."""
    if len(parts) == 1:
        return parts[0]

    def column(name: str) -> "NDArray[np.generic] | None":
        columns = [getattr(part, name) for part in parts]
        return None if columns[0] is None else np.concatenate(columns)

    columns = {name: column(name) for name in ("z", "target", "soft", "weights")}
    return replace(parts[0], **columns, numbers=_numbers(parts))  # type: ignore[arg-type]


def _numbers(parts: Sequence[Labelled]) -> "NDArray[np.intp] | None":
    """Return the numbers of the rows of several parts; None where they follow each other."""
    following = parts[0].first_row
    for part in parts:
        if part.numbers is not None or part.first_row != following:
            return np.concatenate(
                [
                    np.arange(part.first_row, part.first_row + len(part))
                    if part.numbers is None
                    else part.numbers
                    for part in parts
                ]
            )
        following += len(part)
    return None
