"""Which rows of logits have a softmax: no nan, at most one +inf, and something above -inf."""

from collections.abc import Callable, Iterator

import numpy as np

from softmax_cli.errors import LogitsError
from softmax_cli.io.table.batch import Array, Batch


def checked(batch: Batch) -> Iterator[Batch]:
    """Yield the rows of the batch that come before its first bad row, then raise that row's error."""
    bad = first_bad_row(batch.values)
    if bad is None:
        yield batch
        return
    if bad:
        yield batch.rows(0, bad)
    what, position = _complaint(batch.values[bad], batch.column)
    raise LogitsError(what, index=(bad,), position=position, where=batch.where(bad) or None)


def first_bad_row(values: Array) -> int | None:
    """Return the index of the first row that has no softmax, or None."""
    if np.isfinite(values).all():
        return None
    bad = (
        np.isnan(values).any(axis=1) | ((values == np.inf).sum(axis=1) > 1) | (values == -np.inf).all(axis=1)
    )
    return int(bad.argmax()) if bad.any() else None


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
