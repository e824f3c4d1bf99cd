"""The vector of ``--jvp`` and ``--vjp``: numbers in the option itself, or a file that holds them."""

from __future__ import annotations

import os
from functools import lru_cache

import numpy as np

from softmax_cli.errors import InputError
from softmax_cli.io.batch import Array
from softmax_cli.io.numbers import NotANumberError, is_number, read_number
from softmax_cli.io.options import ReadOptions
from softmax_cli.io.wording import counted, shown


@lru_cache(maxsize=1)
def read_vector(text: str, k: int, *, where: str) -> Array:
    """Return a tangent or cotangent: k finite numbers, ``1,0,0`` or a file of one row or one column.

    Parameters
    ----------
    text
        The numbers, comma separated; or, where that is no number but a file, its name.
    k
        How many there must be.
    where
        The option, for the error.

    Returns
    -------
    Array
        Shape (k,), read-only: every batch of a run shares it.

    Raises
    ------
    InputError
        Where a number is none or not finite, or there are not k of them.

    Examples
    --------
    >>> read_vector("1, 0, -.5", 3, where="--jvp").tolist()
    [1.0, 0.0, -0.5]
    """
    is_file = not is_number(text.partition(",")[0]) and os.path.isfile(text)
    vector = _from_file(text, where) if is_file else _from_text(text, where)
    if len(vector) != k:
        raise InputError(f"{counted(len(vector), 'number')} for {counted(k, 'class')}", where=where)
    infinite = np.flatnonzero(~np.isfinite(vector))
    if infinite.size:
        raise InputError(f"entry {infinite[0] + 1}: {vector[infinite[0]]} is not finite", where=where)
    vector.flags.writeable = False
    return vector


def _from_text(text: str, where: str) -> Array:
    values: list[float] = []
    for position, cell in enumerate(text.split(","), 1):
        try:
            values.append(read_number(cell))
        except NotANumberError as error:
            hint = None if "," in text else "numbers, as in 1,0,0, or a file of them"
            raise InputError(f"entry {position}: {error}", where=where, hint=hint) from None
    return np.array(values)


def _from_file(name: str, where: str) -> Array:
    from softmax_cli.io.read import read

    batches = read([os.path.join(".", name)], ReadOptions(), note=_ignore)
    rows = [row for batch in batches for row in batch.values]
    if len(rows) != 1:
        raise InputError(f"{shown(name)} holds {counted(len(rows), 'row')}, not one vector", where=where)
    return np.array(rows[0])


def _ignore(sentence: str) -> None:
    """Drop what is said of the shape of a file of logits."""
