"""Softmax step by step for people, its relatives beside it, and the largest of many classes."""

import numpy as np
from numpy.typing import NDArray

from softmax_cli.core.arrays import Array
from softmax_cli.core.sigmoid import sigmoid
from softmax_cli.core.softmax import softmax


def steps(z: Array, *, temperature: float = 1.0) -> dict[str, Array]:
    """Return the computation of softmax(z / T), step by step, by the names of the steps, in order.

    ``minus_max`` is z - max(z), ``over_temperature`` that divided by T (where T is not 1), ``exponential``
    its exp, ``sum`` the sum of the exponentials of the vector (at every class), ``probability`` their
    quotient, which is `softmax` itself. A +inf is its own maximum, at distance 0; every other class is then
    -inf below.

    Parameters
    ----------
    z, temperature
        As for `softmax`.

    Returns
    -------
    dict
        Arrays of the shape of `z`.

    Examples
    --------
    >>> {name: values.round(3).tolist() for name, values in steps(np.array([2.0, 1.0])).items()}
    ... # doctest: +NORMALIZE_WHITESPACE
    {'logit': [2.0, 1.0], 'minus_max': [0.0, -1.0], 'exponential': [1.0, 0.368], 'sum': [1.368, 1.368],
     'probability': [0.731, 0.269]}
    """
    largest = z.max(axis=-1, keepdims=True)
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        below = np.where(z == largest, 0, z - largest)
        # z - max can overflow where (z - max) / T does not; dividing first is then exact enough.
        cold = np.where(
            np.isinf(below) & np.isfinite(z), z / temperature - largest / temperature, below / temperature
        )
        cold = np.where(z == largest, 0, cold)
        exponentials = np.exp(cold)
    found = {"logit": z, "minus_max": below}
    if temperature != 1:
        found["over_temperature"] = cold
    return found | {
        "exponential": exponentials,
        "sum": np.broadcast_to(exponentials.sum(axis=-1, keepdims=True), z.shape),
        "probability": softmax(z, temperature=temperature),
    }


def unshifted(z: Array, *, temperature: float = 1.0) -> dict[str, Array]:
    """Return the computation of softmax(z / T) exactly as its formula says, by the names of `derive`'s board.

    ``z_over_t`` is z / T, ``e`` its exponential, ``S`` the sum of the exponentials (at every class), ``p``
    their quotient: inf and nan where a double cannot hold them, which is why `steps` subtracts the maximum.

    Examples
    --------
    >>> {name: values.round(3).tolist() for name, values in unshifted(np.array([2.0, 1.0])).items()}
    {'z_over_t': [2.0, 1.0], 'e': [7.389, 2.718], 'S': [10.107, 10.107], 'p': [0.731, 0.269]}
    """
    with np.errstate(over="ignore", invalid="ignore", under="ignore", divide="ignore"):
        scaled = z / temperature
        e = np.exp(scaled)
        whole = np.broadcast_to(e.sum(axis=-1, keepdims=True), z.shape)
        return {"z_over_t": scaled, "e": e, "S": whole, "p": e / whole}


def relatives(z: Array, *, temperature: float = 1.0) -> dict[str, Array]:
    """Return softmax, sigmoid and argmax (1 for the largest, the first of equals, and 0) and their sums.

    Parameters
    ----------
    z, temperature
        As for `softmax`; the sigmoid, too, is taken of z / T.

    Returns
    -------
    dict
        Arrays of the shape of `z`: ``softmax``, ``sigmoid``, ``argmax``, and the sum of each over the classes
        of its vector (at every class), ``softmax_sum``, ``sigmoid_sum``, ``argmax_sum``.

    Examples
    --------
    >>> relatives(np.array([2.0, 1.0]))["sigmoid_sum"].round(3)
    array([1.612, 1.612])
    """
    winner = np.zeros_like(z)
    np.put_along_axis(winner, z.argmax(axis=-1, keepdims=True), 1, axis=-1)
    found = {
        "softmax": softmax(z, temperature=temperature),
        "sigmoid": sigmoid(z, temperature=temperature),
        "argmax": winner,
    }
    return found | {
        f"{name}_sum": np.broadcast_to(values.sum(axis=-1, keepdims=True), z.shape)
        for name, values in found.items()
    }


def largest(values: Array, count: int) -> NDArray[np.intp]:
    """Return the places of the `count` largest of each vector, largest first; ties in order of place.

    Examples
    --------
    >>> largest(np.array([[3.0, 5.0, 5.0]]), 2)
    array([[1, 2]])
    """
    if count == 1:
        return np.expand_dims(values.argmax(axis=-1), -1)
    return np.argsort(-values, axis=-1, kind="stable")[..., :count]
