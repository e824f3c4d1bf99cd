"""Answers that a file holds: one row of numbers after the other -> an array of the shape that is meant."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from softmax_cli.checking.inputs import Array, Inputs, Kind
from softmax_cli.core.formula.functions import log_softmax, softmax
from softmax_cli.errors import InputError


def shaped(numbers: NDArray[np.floating[Any]], kind: Kind, inputs: Inputs, name: str) -> Array:
    """Return answers for all inputs: shape (n, k, k) for Jacobians, else (n, k).

    In `numbers`, (rows, columns), matrices lie below each other; `name` is that of the file, for the error.

    Raises
    ------
    InputError
        Where there are not as many numbers as are meant.
    """
    n, k = inputs.n, inputs.k
    matrix = kind == "jacobian"
    rows: Array = np.asarray(numbers, np.float64)
    if n == 1 and not matrix and rows.shape == (k, 1):
        rows = rows.T
    if rows.shape == (n * k if matrix else n, k):
        return rows.reshape((n, k, k) if matrix else (n, k))
    height, width = rows.shape
    hint = None
    if matrix and ((width == k and height in (1, n)) or (height, width) == (k, 1)):
        what = f"holds a vector of {k} for each row, not a matrix"
        hint = _kind_of(rows.reshape(-1, k), inputs)
    elif width == k and height % k == 0 and matrix:
        matrices = "1 matrix" if height == k else f"{height // k:,} matrices"
        what = f"holds {matrices} for {'1 row' if n == 1 else f'{n:,} rows'} of logits"
    elif width == k and height % k == 0:
        what, hint = "holds a matrix, not a vector", "--as jacobian"
    elif matrix and height == width:
        what = f"is a {height} x {width} matrix, for {k} classes"
    else:
        shape = f"not square: {height} x {width}" if matrix else f"{height} x {width}"
        wanted = ((n,) if n > 1 else ()) + ((k, k) if matrix else (k,))
        what = f"is {shape}; {' x '.join(map(str, wanted))} is meant"
    raise InputError(what, where=name, hint=hint)


def _kind_of(vectors: Array, inputs: Inputs) -> str:
    """Say which ``--as`` a vector would fit."""
    first, z = vectors[0], inputs.z[:1]
    known: tuple[tuple[str, Callable[[Array], Array]], ...] = (
        ("probabilities", softmax),
        ("log-probabilities", log_softmax),
    )
    for kind, function in known:
        if np.allclose(first, function(z)[0], rtol=1e-3):
            return f"these are {kind}: --as {kind}"
    if abs(float(first.sum())) < 1e-3 and (first < 0).sum() == 1:
        return "it looks like a gradient: --as gradient --target CLASS"
    return "--as gradient, vjp, jvp, probabilities or log-probabilities"
