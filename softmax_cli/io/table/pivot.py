"""Long tables, one line a class, turned into rows of logits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from softmax_cli.errors import InputError
from softmax_cli.io.cells.kept import cell_texts
from softmax_cli.io.cells.wording import plain, shown
from softmax_cli.io.options import Note, ReadOptions
from softmax_cli.io.table.batch import Batch
from softmax_cli.io.table.class_lookup import name_classes
from softmax_cli.io.table.columns import first_twin


@dataclass(slots=True)
class _Vector:
    """The lines of one vector, with the kept cells of the first."""

    key: str
    where: str
    cells: dict[str, Any]
    classes: list[str] = field(default_factory=list)
    logits: list[float] = field(default_factory=list)
    varied: set[str] = field(default_factory=set)
    """The kept columns whose cells differ from line to line."""


def pivoted(batches: Iterable[Batch], options: ReadOptions, note: Note) -> Iterator[Batch]:
    """Yield a row of logits for each vector of a long table, whose lines hold one logit each.

    The first vector gives the classes and their order; the others may have them in any order. Kept are the
    columns that are constant within the first vector; a note names the others.

    Raises
    ------
    InputError
        If a vector has a class twice, or other classes than the first.
    """
    table = _Pivot(options, note)
    for batch in batches:
        yield from table.rows(table.ended(batch), batch)
    if table.open is not None:
        yield from table.rows([table.open], batch)


class _Pivot:
    def __init__(self, options: ReadOptions, note: Note) -> None:
        self.open: _Vector | None = None
        """The vector that may go on in the next batch."""
        self._options = options
        self._note = note
        self._first: _Vector | None = None
        self._kept: list[str] = []
        self._noted: set[str] = set()
        self._count = 0

    def ended(self, batch: Batch) -> list[_Vector]:
        """Return the vectors that end within a batch of lines, and leave the last one open."""
        name, *row = batch.layout.long
        words = cell_texts(list(batch.kept[name]))
        keys = cell_texts(list(batch.kept[row[0]])) if row else [""] * len(batch)
        others = {other: list(cells) for other, cells in batch.kept.items() if other != name}
        logits = batch.values[:, 0].tolist()
        ended: list[_Vector] = []
        for i, key in enumerate(keys):
            vector = self.open
            if vector is None or vector.key != key:
                if vector is not None:
                    ended.append(vector)
                vector = _Vector(key, batch.where(i), {other: cells[i] for other, cells in others.items()})
                self.open = vector
            vector.classes.append(words[i])
            vector.logits.append(logits[i])
            vector.varied.update(other for other, cells in others.items() if cells[i] != vector.cells[other])
        return ended

    def rows(self, vectors: Sequence[_Vector], like: Batch) -> Iterator[Batch]:
        """Yield complete vectors as one batch."""
        if not vectors:
            return
        values = np.array([self._logits(vector, like) for vector in vectors], like.values.dtype)
        assert self._first is not None
        classes, named = name_classes(len(self._first.classes), self._first.classes, self._options)
        places = [vector.where for vector in vectors]
        yield replace(
            like,
            values=values,
            classes=classes,
            named=named,
            kept={name: [vector.cells[name] for vector in vectors] for name in self._kept},
            first_row=self._count + 1,
            where=places.__getitem__,
            label=None,
            layout=like.layout._replace(long=()),
        )
        self._count += len(vectors)

    def _logits(self, vector: _Vector, like: Batch) -> list[float]:
        """Return the logits in the order of the classes."""
        twin = first_twin(vector.classes)
        if twin is not None:
            raise InputError(
                f"the class {shown(vector.classes[twin[0]])} is there twice in one vector",
                where=vector.where,
                hint=None
                if len(like.layout.long) > 1
                else "name the column that tells vectors apart: --long CLASS,LOGIT,ROW",
            )
        first = self._first = self._first or self._begin(vector)
        for name in vector.varied.intersection(self._kept) - self._noted:
            self._noted.add(name)
            self._note(f"{vector.where}: {plain(name)} differs from class to class: each row keeps its first")
        if vector.classes == first.classes:
            return vector.logits
        if set(vector.classes) != set(first.classes):
            odd = min(set(vector.classes) ^ set(first.classes))
            has = "has a class" if odd in vector.classes else "lacks the class"
            raise InputError(
                f"this vector {has} {shown(odd)}, unlike the first",
                where=vector.where,
                hint="the lines of one vector stand together: sort the table by its row column",
            )
        logit = dict(zip(vector.classes, vector.logits, strict=True))
        return [logit[name] for name in first.classes]

    def _begin(self, vector: _Vector) -> _Vector:
        """Decide which columns are kept, by the first vector, and return it."""
        left_out = [name for name in vector.cells if name in vector.varied]
        self._kept = [name for name in vector.cells if name not in vector.varied]
        if left_out:
            self._note(f"left out: {', '.join(map(plain, left_out))}, which differ from class to class")
        return vector
