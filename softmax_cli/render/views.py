"""What `--top`, `--steps` and `--compare` show, as numbers: a `Long` to draw or to write."""

import numpy as np
from numpy.typing import NDArray

from softmax_cli.core.sigmoid import sigmoid
from softmax_cli.core.softmax import softmax
from softmax_cli.io.batch import Array, Batch
from softmax_cli.io.result import Long, PerClass


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
    order = _largest(result.values, min(n, result.batch.k))
    rows, count = order.shape
    classes = result.batch.classes
    return Long(
        batch=result.batch,
        function=result.function,
        temperature=result.temperature,
        key="top",
        labels={
            "rank": list(range(1, count + 1)) * rows,
            "class": [classes[position] for position in order.ravel().tolist()],
        },
        values=np.take_along_axis(result.values, order, axis=-1)[..., np.newaxis],
        columns=("log_probability" if result.key == "log_probabilities" else "probability",),
    )


def _largest(values: Array, count: int) -> NDArray[np.intp]:
    if count == 1:
        return np.expand_dims(values.argmax(axis=-1), -1)
    return np.argsort(-values, axis=-1, kind="stable")[:, :count]


def steps(batch: Batch, temperature: float = 1.0) -> Long:
    """Return the computation of softmax(z / T), step by step, a line a class.

    ``minus_max`` is z - max(z), ``over_temperature`` that divided by T (where T is not 1), ``exponential``
    its exp, ``sum`` the sum of the exponentials of the row (on every line), ``probability`` their quotient,
    which is softmax as core computes it. A +inf is its own maximum, at distance 0; every other class is then
    -inf below.

    Parameters
    ----------
    batch
        Logits, shape (n, k).
    temperature
        T, finite and above 0.

    Returns
    -------
    Long
        Key ``steps``; label ``class``; values (n, k, 5), or (n, k, 6) where T is not 1.
    """
    logits = batch.values
    largest = logits.max(axis=-1, keepdims=True)
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        below = np.where(logits == largest, 0, logits - largest)
        # z - max can overflow where (z - max) / T does not; dividing first is then exact enough.
        cold = np.where(
            np.isinf(below) & np.isfinite(logits),
            logits / temperature - largest / temperature,
            below / temperature,
        )
        cold = np.where(logits == largest, 0, cold)
        exponentials = np.exp(cold)
    sums = np.broadcast_to(exponentials.sum(axis=-1, keepdims=True), logits.shape)
    columns = {"logit": logits, "minus_max": below}
    if temperature != 1:
        columns["over_temperature"] = cold
    columns |= {
        "exponential": exponentials,
        "sum": sums,
        "probability": softmax(logits, temperature=temperature),
    }
    return _by_class(batch, temperature, "steps", columns)


def compare(batch: Batch, temperature: float = 1.0) -> Long:
    """Return softmax, sigmoid and argmax (as 1 for the largest, the first of equals, and 0) side by side.

    Parameters
    ----------
    batch
        Logits, shape (n, k).
    temperature
        T, finite and above 0; both softmax and sigmoid are taken of z / T.

    Returns
    -------
    Long
        Key ``compare``; label ``class``; values (n, k, 6): ``softmax``, ``sigmoid``, ``argmax``, and the
        sum of each over the classes of its row (on every line), ``softmax_sum``, ``sigmoid_sum``,
        ``argmax_sum``.
    """
    logits = batch.values
    winner = np.zeros_like(logits)
    np.put_along_axis(winner, logits.argmax(axis=-1, keepdims=True), 1, axis=-1)
    columns = {
        "softmax": softmax(logits, temperature=temperature),
        "sigmoid": sigmoid(logits, temperature=temperature),
        "argmax": winner,
    }
    columns |= {
        f"{name}_sum": np.broadcast_to(values.sum(axis=-1, keepdims=True), logits.shape)
        for name, values in columns.items()
    }
    return _by_class(batch, temperature, "compare", columns)


def _by_class(batch: Batch, temperature: float, key: str, columns: dict[str, Array]) -> Long:
    return Long(
        batch=batch,
        function="softmax",
        temperature=temperature,
        key=key,
        labels={"class": list(batch.classes) * len(batch)},
        values=np.stack(list(columns.values()), axis=-1),
        columns=tuple(columns),
    )
