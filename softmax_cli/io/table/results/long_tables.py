"""What ``--top``, ``--steps`` and ``--compare`` show, as several lines a row: to draw or to write."""

import numpy as np

from softmax_cli.core import steps as worked
from softmax_cli.io.table.batch import Array, Batch
from softmax_cli.io.table.indexed import Picked, tiled
from softmax_cli.io.table.results.result import Long, PerClass


def top(result: PerClass, n: int) -> Long:
    """Return the `n` largest of each row (all, where there are fewer); ties in the order of the classes.

    Parameters
    ----------
    result
        Probabilities or log-probabilities, shape (rows, k).
    n
        How many, at least 1.

    Returns
    -------
    Long
        Key ``top``; labels ``rank`` and ``class``; values (rows, n, 1), the column called ``probability`` or
        ``log_probability``.
    """
    order = worked.largest(result.values, min(n, result.batch.k))
    rows, count = order.shape
    return Long(
        batch=result.batch,
        function=result.function,
        temperature=result.temperature,
        key="top",
        labels={
            "rank": tiled(range(1, count + 1), rows),
            "class": Picked(result.batch.classes, order.ravel()),
        },
        values=np.take_along_axis(result.values, order, axis=-1)[..., np.newaxis],
        columns=("log_probability" if result.key == "log_probabilities" else "probability",),
    )


def steps(batch: Batch, temperature: float = 1.0) -> Long:
    """Return `core.steps.steps` of the logits, a line a class: key ``steps``, label ``class``."""
    return _by_class(batch, temperature, "steps", worked.steps(batch.values, temperature=temperature))


def compare(batch: Batch, temperature: float = 1.0) -> Long:
    """Return `core.steps.relatives` of the logits, a line a class: key ``compare``, label ``class``."""
    return _by_class(batch, temperature, "compare", worked.relatives(batch.values, temperature=temperature))


def _by_class(batch: Batch, temperature: float, key: str, columns: dict[str, Array]) -> Long:
    return Long(
        batch=batch,
        function="softmax",
        temperature=temperature,
        key=key,
        labels={"class": tiled(batch.classes, len(batch))},
        values=np.stack(list(columns.values()), axis=-1),
        columns=tuple(columns),
    )
