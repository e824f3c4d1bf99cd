"""Labels and weights: the true class of each row, or a distribution over the classes, and its weight."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from softmax_cli.core.labelled import SUM_TO_ONE, Labelled
from softmax_cli.errors import InputError
from softmax_cli.io.cells.kept import cell_texts
from softmax_cli.io.cells.numbers import NotANumberError, read_cells
from softmax_cli.io.cells.wording import counted, plain, shown
from softmax_cli.io.options import LabelOptions, Note
from softmax_cli.io.table.batch import Array, Batch
from softmax_cli.io.table.class_lookup import HEAVIEST, class_word, find_class
from softmax_cli.io.table.indexed import distinct
from softmax_cli.io.table.probabilities import logarithms


class LabelledBatch(NamedTuple):
    """Rows of logits with their labels and weights; at least one row.

    Parameters
    ----------
    batch
        The rows, without those that ``--ignore`` leaves out.
    labels
        The 0-based index of each row's true class, shape (n,), or a distribution over the classes, float64
        of shape (n, k).
    weights
        The weight of each row, shape (n,), at least 0; None if all are equal.
    """

    batch: Batch
    labels: NDArray[Any]
    weights: Array | None

    def rows(self, *, from_probabilities: bool = False) -> Labelled:
        """Return them for the core; if they are probabilities, their logarithms are the logits."""
        z = logarithms(self.batch) if from_probabilities else self.batch.values
        soft = self.labels if self.labels.ndim == 2 else None
        weights = None if self.weights is None else np.asarray(self.weights, np.float64)
        target = self.labels if soft is None else None
        numbers = None if self.batch.numbers is None else np.asarray(self.batch.numbers, np.intp)
        return Labelled(z, target, soft, weights, self.batch.first_row, numbers)


class LabelReader:
    """Reads the labels and weights of one run, batch by batch.

    Unless it reads the `whole` input, the caller calls `finish` when all rows have been read.
    """

    def __init__(self, options: LabelOptions, note: Note, *, whole: bool = True) -> None:
        self.options = options
        self.seen = 0
        self.ignored = 0
        """The number of rows left out so far."""
        self._note = note
        self._whole = whole

    def read(self, batches: Iterable[Batch]) -> Iterator[LabelledBatch]:
        """Yield the rows that are not left out.

        Raises
        ------
        InputError
            For a label that is not a class, a distribution that does not sum to 1, or a weight that is not a
            number of at least 0, by its place; and if every row is left out.
        """
        for batch in batches:
            counts = self._without_ignored(batch)
            self.ignored += len(batch) - len(counts)
            self.seen += len(counts)
            if len(counts):
                yield LabelledBatch(counts, labels_of(counts, self.options), weights_of(counts))
        if self._whole:
            self.finish()

    def finish(self) -> None:
        """Say how many rows were left out; all of them are refused."""
        if self.ignored:
            labels = " or ".join(self.options.ignore)
            if not self.seen:
                raise InputError(f"every row has the label {labels}", where="--ignore")
            self._note(f"left out: {counted(self.ignored, 'row')} with the label {labels}")

    def _without_ignored(self, batch: Batch) -> Batch:
        if not self.options.ignore or batch.layout.target is None:
            return batch
        ignored = set(self.options.ignore)
        cells, order = distinct(batch.kept[batch.layout.target])
        counted_cells = np.array([class_word(cell) not in ignored for cell in cells], bool)
        counts = np.flatnonzero(counted_cells[order])
        return batch if len(counts) == len(batch) else batch.take(counts)


def labels_of(batch: Batch, options: LabelOptions) -> NDArray[Any]:
    """Return the labels of all rows, as in `LabelledBatch`; refuses what `LabelReader.read` does."""
    if options.soft is not None:
        return _distributions(batch)
    if batch.layout.target is not None:
        return _targets(batch, batch.layout.target)
    if options.target is None:
        raise InputError(
            "the true class of each row is needed", hint="--target-column COLUMN, or --target CLASS"
        )
    return np.full(len(batch), find_class(options.target, batch.classes, where="--target"), np.intp)


def _targets(batch: Batch, name: str) -> NDArray[np.intp]:
    """Return the 0-based index of the true class that a kept column gives for each row."""
    index = {word: i for i, word in enumerate(batch.classes)}
    cells, order = distinct(batch.kept[name])
    found = np.empty(len(cells), np.intp)
    for i, cell in enumerate(cells):
        word = class_word(cell)
        known = index.get(word)
        if known is None:
            row = int(np.argmax(order == i))
            where = f"{batch.where(row)}: {batch.kept_label(name)}"
            known = _class_of(cell, word, batch.classes, where=where)
        found[i] = known
    return found[order]


def _class_of(cell: object, word: str, classes: Sequence[str], *, where: str) -> int:
    """Find the class of a label that is not a class's name, or say how to mend it."""
    if not word:
        what = "null" if cell is None else "an empty cell"
        raise InputError(f"{what} names no class", where=where, hint="leave such rows out: --ignore ''")
    if word.strip() == "0":
        k = len(classes)
        names = ",".join(map(str, range(k))) if k < 6 else f"0,1,...,{k - 1}"
        hint = f"classes are counted from 1; where labels are counted from 0: --classes {names}"
        raise InputError("there is no class 0", where=where, hint=hint)
    whole, _, fraction = word.strip().partition(".")
    if isinstance(cell, str) and whole.isdecimal() and fraction.isdecimal() and not int(fraction):
        raise InputError(
            f"{shown(word)} is a number with a point, not the number of a class",
            where=where,
            hint=f"write class numbers as whole numbers: {whole}",
        )
    try:
        return find_class(word, classes, where=where)
    except InputError as error:
        if error.hint is not None:
            raise
        known = ", ".join(map(plain, classes[:10])) + (", ..." if len(classes) > 10 else "")
        hint = f"the logit columns are {known}: pick those of all classes with --columns"
        raise InputError(error.what, where=where, hint=hint) from None


def weights_of(batch: Batch) -> Array | None:
    """Return the weight of each row, finite and at least 0, or None if no column holds it."""
    if batch.layout.weight is None:
        return None
    weights = _numbers(batch, batch.layout.weight)
    able = (weights == 0) | ((weights >= 1 / HEAVIEST) & (weights <= HEAVIEST))
    bad = np.flatnonzero(~able)
    if len(bad):
        weight = float(weights[bad[0]])
        if 0 < weight < math.inf:
            what = f"{weight} is too {'heavy' if weight > 1 else 'light'} a weight: its square would be lost"
            hint = "multiply all weights by one number: only their ratios count"
        else:
            what = f"{weight} is no weight: a finite number of at least 0"
            hint = "a weight of 0 leaves a row out"
        raise InputError(
            f"{batch.kept_label(batch.layout.weight)}: {what}", where=batch.where(int(bad[0])), hint=hint
        )
    return weights


def _distributions(batch: Batch) -> Array:
    """Return the distribution of each row over the classes, shape (n, k)."""
    if len(batch.layout.soft) != batch.k:
        raise InputError(
            f"{counted(len(batch.layout.soft), 'column')} for {counted(batch.k, 'class')}",
            where="--soft",
            hint="name one column for each class, in their order",
        )
    values = np.stack([_numbers(batch, name) for name in batch.layout.soft], axis=-1)
    off = ~(np.abs(values.sum(axis=1) - 1.0) <= SUM_TO_ONE)
    bad = np.flatnonzero(off | (values < 0).any(axis=1))
    if len(bad):
        row = int(bad[0])
        what = "sum to" if off[row] else "hold a negative number and sum to"
        raise InputError(
            f"the columns of --soft {what} {float(values[row].sum())!r}: a distribution sums to 1",
            where=batch.where(row),
            hint="divide them by the sum of their row" if off[row] else None,
        )
    return values


def _numbers(batch: Batch, name: str) -> Array:
    """Return a kept column as numbers."""
    try:
        return read_cells(cell_texts(list(batch.kept[name])))
    except NotANumberError as error:
        where = batch.where(error.position)
        raise InputError(f"{batch.kept_label(name)}: {error}", where=where) from None
