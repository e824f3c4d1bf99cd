"""Classes and vectors that the command line asks for by name."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from softmax_cli.errors import InputError
from softmax_cli.io.cells.kept import cell_text
from softmax_cli.io.cells.wording import unknown
from softmax_cli.io.table.batch import Batch


def find_class(word: str, classes: Sequence[str], *, where: str) -> int:
    """Return the 0-based index of a class: by its exact name first, else by its 1-based number.

    Parameters
    ----------
    word
        What the user wrote.
    classes
        The names.
    where
        The option, or the place of the cell, for the error.

    Raises
    ------
    InputError
        Where there is no such class.

    Examples
    --------
    >>> find_class("cat", ["cat", "dog"], where="--target"), find_class("2", ["cat", "dog"], where="--target")
    (0, 1)
    """
    if word in classes:
        return list(classes).index(word)
    digits = word.strip()
    if digits.isascii() and digits.isdecimal():
        number = int(digits) if len(digits) < 10 else len(classes) + 1
        if number == 0:
            raise InputError("there is no class 0", where=where, hint="classes are counted from 1")
        if number > len(classes):
            raise InputError(f"there is no class {digits[:20]} among {len(classes)}", where=where)
        return number - 1
    raise unknown(word, classes, "class", where=where)


def targets(batch: Batch, column: str) -> NDArray[np.intp]:
    """Return the 0-based index of each row's target class, shape (n,).

    Parameters
    ----------
    batch
        Rows with the target column among the kept ones.
    column
        The column as ``--target-column`` has it; where ``batch.target`` is set, the reader has found it.

    Raises
    ------
    InputError
        Where a cell is no class; the place is its line and column.
    """
    name = batch.target if batch.target is not None else column
    if name not in batch.kept:
        raise unknown(column, list(batch.kept), "column", where="--target-column")
    label = batch.kept_label(name)
    index = {word: i for i, word in enumerate(batch.classes)}
    found = np.empty(len(batch), np.intp)
    for row, cell in enumerate(batch.kept[name]):
        word = class_word(cell)
        known = index.get(word)
        if known is None:
            where = f"{batch.where(row)}: {label}"
            if not word:
                what = "null" if cell is None else "an empty cell"
                raise InputError(f"{what} names no class", where=where)
            known = find_class(word, batch.classes, where=where)
            index[word] = known
        found[row] = known
    return found


def class_word(cell: object) -> str:
    """Write a cell as a class would be asked for: a JSON or .npy file may hold it as a number."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell_text(cell)
