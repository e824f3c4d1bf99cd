"""Which rows of logits have a softmax, and which columns are probably not logits."""

from collections.abc import Callable, Iterator

import numpy as np

from softmax_cli.errors import LogitsError
from softmax_cli.io.cells.kept import cell_texts
from softmax_cli.io.cells.numbers import is_word
from softmax_cli.io.cells.wording import plain
from softmax_cli.io.options import Note, ReadOptions
from softmax_cli.io.table.batch import Array, Batch

_COUNTERS = ("id", "index", "row", "unnamed: 0")
_SEEN = 1_000
"""The rows that are examined."""
_FEW = 2
"""In this few rows, whole numbers prove nothing."""


def checked(batch: Batch) -> Iterator[Batch]:
    """Yield the rows of the batch before its first bad one, then raise the error of that one."""
    bad = _first_bad_row(batch.values)
    if bad is None:
        yield batch
        return
    if bad:
        yield batch.rows(0, bad)
    what, position = _complaint(batch.values[bad], batch.column)
    raise LogitsError(what, index=(bad,), position=position, where=batch.where(bad) or None)


def _first_bad_row(values: Array) -> int | None:
    """Return the index of the first row that has no softmax, or None."""
    if all_below(values, np.inf):
        return None
    bad = (
        np.isnan(values).any(axis=1) | ((values == np.inf).sum(axis=1) > 1) | (values == -np.inf).all(axis=1)
    )
    return int(bad.argmax()) if bad.any() else None


def all_below(values: Array, bound: float) -> bool:
    """Return whether all magnitudes are below a bound; most often by one pass: they are if sum v^2 < bound^2.

    Examples
    --------
    >>> all_below(np.array([[3.0, -4.0]]), 4.5), all_below(np.array([[3.0, -5.0]]), 4.5)
    (True, False)
    """
    numbers = values.ravel(order="K")
    return bool(np.vdot(numbers, numbers) < bound * bound or (np.abs(numbers) < bound).all())


def _complaint(row: Array, column: Callable[[int], str]) -> tuple[str, int | None]:
    nans = np.flatnonzero(np.isnan(row))
    if len(nans):
        j = int(nans[0])
        return f"{column(j)}: nan is not a number", j
    infinite = np.flatnonzero(row == np.inf)
    if len(infinite):
        first, second = int(infinite[0]), int(infinite[1])
        return f"{column(first)} and {column(second)}: at most one logit of a row can be +inf", second
    return "every logit is -inf: a row needs at least one class that is not masked", None


def note_suspicious(batch: Batch, options: ReadOptions, note: Note) -> None:
    """Warn if columns of an input's first batch are probably not logits.

    The only logit of a row has probability 1; a column that counts the rows is not a logit.
    """
    if batch.k == 1 and batch.kept and not (options.features or options.by_class):
        hint = _long_table(batch)
        note(
            f"one logit column, {plain(batch.classes[0])}: every probability is 1"
            + (f"; {hint}" if hint else "")
        )
    if options.columns is None and len(batch) > 1 and batch.k > 1 and batch.label and not batch.layout.listed:
        _note_counters(batch, options, note)


def _note_counters(batch: Batch, options: ReadOptions, note: Note) -> None:
    """Name the columns that count the rows, or hold only whole numbers beside fractions, as labels do."""
    columns = [batch.values[:_SEEN, j] for j in range(batch.k)]
    whole = list(map(_is_whole, columns))
    fractions = sum(bool((column != np.rint(column)).any()) for column in columns)
    among_fractions = len(batch) > _FEW and sum(whole) <= fractions and not options.features
    found = [
        j
        for j, name in enumerate(batch.classes)
        if (whole[j] and among_fractions) or (name.lower() in _COUNTERS and _counts(columns[j]))
    ]
    if not found or len(found) == batch.k:
        return
    labels = [batch.column(j) for j in found]
    names = [batch.classes[j] if batch.named else batch.column(j).split()[-1] for j in found]
    counts = all(_counts(columns[j]) for j in found)
    kind = "feature" if options.features else "logit"
    if len(found) > 1:
        what = f"{'count the rows' if counts else 'hold whole numbers alone'}, and are taken for {kind}s"
    else:
        what = f"{'counts the rows' if counts else 'holds whole numbers alone'}, and is taken for a {kind}"
    left_out = ",".join(f"!{name}" for name in names)
    note(f"{' and '.join(labels)} {what}: -c '{left_out}' leaves {'them' if len(found) > 1 else 'it'} out")


def _counts(values: Array) -> bool:
    """Return whether values count up: 0, 1, 2, ... or 1, 2, 3, ..."""
    return bool(values[0] in (0, 1) and (np.diff(values) == 1).all())


def _is_whole(values: Array) -> bool:
    """Return whether values are whole, and not all 0, as the logits of a reference class are."""
    return bool(np.isfinite(values).all() and (values == np.rint(values)).all() and values.any())


def _long_table(batch: Batch) -> str | None:
    """Suggest ``--long`` if the rows look like the classes of one vector, or of several."""
    texts = {name: cell_texts(list(column[:_SEEN])) for name, column in batch.kept.items()}
    words = [name for name, cells in texts.items() if all(map(is_word, cells))]
    for name in words:
        if len(set(texts[name])) == len(texts[name]) > 1:
            return f"are the rows the classes of one vector? --long {name},{batch.classes[0]}"
        for row, cells in texts.items():
            pairs = list(zip(texts[name], cells, strict=True))
            if row != name and len(set(pairs)) == len(pairs) > len(set(cells)):
                return f"are the rows classes? --long {name},{batch.classes[0]},{row}"
    return None
