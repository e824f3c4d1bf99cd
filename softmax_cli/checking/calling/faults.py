"""The faults of batches: functions that are right for one row and mix the rows of a batch."""

from collections.abc import Callable, Iterator

import numpy as np

from softmax_cli.checking.catalogue.mistake import right
from softmax_cli.checking.diagnosis.diagnosis import Cause
from softmax_cli.checking.inputs import Array, Inputs, Kind, Quantities
from softmax_cli.core.formula.functions import softmax

_EACH = "Each row is a sample of its own and sums to 1 by itself."


def faults(function: str, kind: Kind, inputs: Inputs, *, raises: bool) -> Iterator[tuple[Cause, Array]]:
    """Yield the known faults of batches, each with the answer that it gives.

    `raises` says whether the function raises where n is not k, as one without keepdims does.
    """
    formula = right(function, kind)
    q = Quantities(inputs)
    x = q.all_z / q.all_t
    for cause, probabilities in _PROBABILITIES:
        if raises or "keepdims" not in cause.id:
            with np.errstate(all="ignore"):
                yield cause, _with(formula, q, probabilities(x))
    if kind == "loss":
        yield _ALL_TARGETS, -q.log_p @ q.y.mean(axis=0)[:, None]
        yield _ALL_TARGETS, -q.log_p @ q.y.sum(axis=0)[:, None]
    if kind not in ("vjp", "jvp"):
        return
    for cause, total in _TOTALS:
        if function == "softmax":
            yield cause, q.p * (q.g - total(q.g * q.p)) / q.t
        elif function == "log-softmax":
            yield cause, (q.g - q.p * total(q.g)) / q.t


def _with(formula: Callable[[Quantities], Array], q: Quantities, p: Array) -> Array:
    try:
        return formula(q.with_p(p))
    except ValueError:
        return np.full(1, np.nan)


def _missing(e: Array) -> Array:
    """Divide each column by the sum of another row, as e / e.sum(axis=1) does where n = k."""
    return e / e.sum(axis=1) if e.shape[0] == e.shape[1] else np.full_like(e, np.nan)


def _shifted(x: Array) -> Array:
    return np.asarray(np.exp(x - x.max(axis=1, keepdims=True)))


def _by_column_maximum(x: Array) -> Array:
    e = np.exp(x - x.max(axis=0))
    return np.asarray(e / e.sum(axis=1, keepdims=True))


def _cause(name: str, title: str, why: str, fix: str, theirs: str) -> Cause:
    return Cause(name, title, why, fix, theirs, "p_i = exp(z_i / T) / sum_j exp(z_j / T), row by row")


_KEEPDIMS = _cause(
    "batch-keepdims-missing",
    "keepdims is missing: each column is divided by the sum of another row",
    "A sum over axis 1 has shape (n,), and (n, k) / (n,) lines it up with the columns: silent where "
    "n = k, an error elsewhere.",
    "np.sum(..., axis=1, keepdims=True)",
    "exp(z[n,i]) / sum_j exp(z[i,j])",
)
_PROBABILITIES: tuple[tuple[Cause, Callable[[Array], Array]], ...] = (
    (
        _cause(
            "batch-axis-0",
            "the normalisation runs over axis 0, down the batch, not over the classes",
            f"Axis 0 counts the samples. {_EACH}",
            "axis=-1, keepdims=True in max and in sum",
            "exp(z[n,i]) / sum_m exp(z[m,i])",
        ),
        lambda x: softmax(x, axis=0),
    ),
    (
        _cause(
            "batch-summed-whole",
            "the sum runs over everything: the whole batch sums to 1",
            f"Without an axis, sum takes all entries of the batch. {_EACH}",
            "axis=-1, keepdims=True",
            "exp(z[n,i]) / sum over all m and j of exp(z[m,j])",
        ),
        lambda x: softmax(x, axis=None),
    ),
    (_KEEPDIMS, lambda x: _missing(_shifted(x))),
    (_KEEPDIMS, lambda x: _missing(np.asarray(np.exp(x - x.max())))),
    (
        _cause(
            "batch-maximum-axis-0",
            "the maximum is taken down the column, over axis 0, while the sum runs along the row",
            "A shift leaves softmax as it is only where it is the same number for the whole row.",
            "z - z.max(axis=-1, keepdims=True)",
            "exp(z[n,i] - max_m z[m,i]) / sum_j exp(z[n,j] - max_m z[m,j])",
        ),
        _by_column_maximum,
    ),
    (
        _cause(
            "batch-keepdims-missing",
            "keepdims is missing: the maximum of another row is subtracted in each column",
            "A maximum over axis 1 has shape (n,), and (n, k) - (n,) lines it up with the columns: silent "
            "where n = k, an error elsewhere.",
            "np.max(..., axis=1, keepdims=True)",
            "exp(z[n,i] - max_j z[i,j]), normalised",
        ),
        lambda x: softmax(x - x.max(axis=1)) if x.shape[0] == x.shape[1] else np.full_like(x, np.nan),
    ),
)
_ALL_TARGETS = _cause(
    "targets-of-all-rows",
    "in every row the targets of all rows are picked: p[:, y]",
    "Each row has a target of its own; p[:, y] is a matrix (n, n).",
    "p[np.arange(n), y]",
    "-log p[n, y_m], of all m",
)
_TOTALS: tuple[tuple[Cause, Callable[[Array], Array]], ...] = (
    (
        Cause(
            "dot-over-batch",
            "the dot product g . p is summed over everything, the whole batch",
            "Without an axis, sum takes all entries of the batch; each row has a dot product of its own.",
            "(g * p).sum(axis=-1, keepdims=True)",
        ),
        lambda terms: np.asarray(terms.sum()),
    ),
    (
        Cause(
            "batch-dot-axis-0",
            "the dot product g . p runs over axis 0, down the rows",
            "Axis 0 counts the samples; the dot product is over the classes of one sample.",
            "(g * p).sum(axis=-1, keepdims=True)",
        ),
        lambda terms: np.asarray(terms.sum(axis=0)),
    ),
    (
        Cause(
            "batch-keepdims-missing",
            "keepdims is missing: the dot product of another row is subtracted in each column",
            "A sum over axis 1 has shape (n,), and (n, k) - (n,) lines it up with the columns: silent where "
            "n = k, an error elsewhere.",
            "(g * p).sum(axis=-1, keepdims=True)",
        ),
        lambda terms: terms.sum(axis=1) if terms.shape[0] == terms.shape[1] else np.full_like(terms, np.nan),
    ),
)
