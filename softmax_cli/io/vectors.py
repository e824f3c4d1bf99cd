"""The vector of ``--jvp`` and ``--vjp``: numbers in the option itself, or in a file."""

from __future__ import annotations

import os

import numpy as np

from softmax_cli.errors import InputError
from softmax_cli.io.cells.numbers import NotANumberError, is_number, is_word, read_number
from softmax_cli.io.cells.wording import counted, shown
from softmax_cli.io.options import ReadOptions
from softmax_cli.io.table.batch import Array

_HINT = "numbers, as in 1,0,0, or a file of them"


def read_vector(text: str, k: int, *, where: str) -> Array:
    """Return a tangent or cotangent, shape (k,): finite numbers, ``1,0,0``, or a file of one row or column.

    Errors name the option, `where`.

    Examples
    --------
    >>> read_vector("1, 0, -.5", 3, where="--jvp").tolist()
    [1.0, 0.0, -0.5]
    """
    return of_length(numbers_of(text, where=where), k, where=where)


def numbers_of(text: str, *, where: str) -> Array:
    """Return the numbers of a vector of any length, for when its right length is not known yet."""
    if _is_file(text, where):
        from softmax_cli.io.read import read_whole

        rows = read_whole(text, ReadOptions()).values
        if len(rows) != 1:
            raise InputError(f"{shown(text)} holds {counted(len(rows), 'row')}, not one vector", where=where)
        return np.array(rows[0])
    values: list[float] = []
    for position, cell in enumerate(text.split(","), 1):
        try:
            values.append(read_number(cell))
        except NotANumberError as error:
            hint = None if "," in text else _HINT
            raise InputError(f"entry {position}: {error}", where=where, hint=hint) from None
    return np.array(values)


def of_length(vector: Array, k: int, *, where: str) -> Array:
    """Return a vector of k finite numbers, or refuse it as `read_vector` does."""
    if len(vector) != k:
        raise InputError(f"{counted(len(vector), 'number')} for {counted(k, 'class')}", where=where)
    infinite = np.flatnonzero(~np.isfinite(vector))
    if infinite.size:
        raise InputError(f"entry {infinite[0] + 1}: {vector[infinite[0]]} is not finite", where=where)
    return vector


def _is_file(text: str, where: str) -> bool:
    if is_number(text.partition(",")[0]):
        return False
    if text == "-":
        raise InputError("'-' is no vector: standard input is for the logits", where=where, hint=_HINT)
    if os.path.exists(text):
        return True
    if "," not in text and is_word(text):
        raise InputError(f"no such file: {shown(text)}", where=where, hint=_HINT)
    return False
