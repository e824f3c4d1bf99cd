"""What ``--top``, ``--steps`` and ``--compare`` show: several lines for each row, to draw or to write."""

from collections.abc import Mapping

import numpy as np

from softmax_cli.core import steps as worked
from softmax_cli.io.table.batch import Array, Batch
from softmax_cli.io.table.indexed import Picked, tiled
from softmax_cli.io.table.results.result import Long, PerClass


def top(result: PerClass, n: int) -> Long:
    """Return the `n` largest (log-)probabilities of each row, at most k; ties in the order of the classes.

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
        values=np.take_along_axis(result.values, order, axis=-1)[..., np.newaxis],
        labels={
            "rank": tiled(range(1, count + 1), rows),
            "class": Picked(result.batch.classes, order.ravel()),
        },
        columns=("log_probability" if result.key == "log_probabilities" else "probability",),
    )


def steps(batch: Batch, temperature: float = 1.0) -> Long:
    """Return `core.steps.steps` of the logits, one line for each class; key ``steps``."""
    return by_class(batch, temperature, "steps", worked.steps(batch.values, temperature=temperature))


def compare(batch: Batch, temperature: float = 1.0) -> Long:
    """Return `core.steps.relatives` of the logits, one line for each class; key ``compare``."""
    return by_class(batch, temperature, "compare", worked.relatives(batch.values, temperature=temperature))


def by_class(batch: Batch, temperature: float, key: str, columns: Mapping[str, Array]) -> Long:
    """Return named columns of shape (n, k) with one line for each class, under the label ``class``."""
    return Long(
        batch=batch,
        function="softmax",
        temperature=temperature,
        key=key,
        labels={"class": tiled(batch.classes, len(batch))},
        values=np.stack(list(columns.values()), axis=-1),
        columns=tuple(columns),
    )
