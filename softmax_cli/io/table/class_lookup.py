"""Classes and vectors that the command line asks for by name."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from softmax_cli.errors import InputError
from softmax_cli.io.cells.kept import cell_text
from softmax_cli.io.cells.numbers import NotANumberError, read_number
from softmax_cli.io.cells.wording import plain, shown, unknown
from softmax_cli.io.table.batch import Batch
from softmax_cli.io.table.indexed import distinct


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
    index = {word: i for i, word in enumerate(batch.classes)}
    cells, order = distinct(batch.kept[name])
    found = np.empty(len(cells), np.intp)
    for i, cell in enumerate(cells):
        word = class_word(cell)
        known = index.get(word)
        if known is None:
            row = int(np.argmax(order == i))
            where = f"{batch.where(row)}: {batch.kept_label(name)}"
            known = _class_of(cell, word, batch.classes, where=where)
        found[i] = known
    return found[order]


def _class_of(cell: object, word: str, classes: Sequence[str], *, where: str) -> int:
    """Find the class of a label that is no class's name, or say how to mend it."""
    if not word:
        what = "null" if cell is None else "an empty cell"
        raise InputError(f"{what} names no class", where=where, hint="leave such rows out: --ignore ''")
    if word.strip() == "0":
        k = len(classes)
        names = ",".join(map(str, range(k))) if k < 6 else f"0,1,...,{k - 1}"
        hint = f"classes are counted from 1; where labels are counted from 0: --classes {names}"
        raise InputError("there is no class 0", where=where, hint=hint)
    whole, _, fraction = word.strip().partition(".")
    if isinstance(cell, str) and whole.isdecimal() and fraction.isdecimal() and not int(fraction):
        raise InputError(
            f"{shown(word)} is a number with a point, not the number of a class",
            where=where,
            hint=f"write class numbers as whole numbers: {whole}",
        )
    try:
        return find_class(word, classes, where=where)
    except InputError as error:
        if error.hint is not None:
            raise
        known = ", ".join(map(plain, classes[:10])) + (", ..." if len(classes) > 10 else "")
        hint = f"the logit columns are {known}: pick those of all classes with --columns"
        raise InputError(error.what, where=where, hint=hint) from None


def class_word(cell: object) -> str:
    """Write a cell as a class would be asked for: a JSON or .npy file may hold it as a number."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell_text(cell)


def class_numbers(text: str, classes: Sequence[str], *, where: str) -> tuple[float, ...]:
    """Read ``a=1,b=2``: a number of at least 0 for each class, 1 where none is given.

    Raises
    ------
    InputError
        Where there is no such class, or what stands beside it is no such number.

    Examples
    --------
    >>> class_numbers("dog=2", ["cat", "dog"], where="--class-weights")
    (1.0, 2.0)
    """
    numbers = [1.0] * len(classes)
    for part in text.split(","):
        name, equals, value = part.rpartition("=")
        if not equals:
            raise InputError(f"{shown(part)} is not CLASS=NUMBER", where=where, hint=f"{where} a=1,b=2")
        try:
            number = read_number(value)
        except NotANumberError as error:
            raise InputError(str(error), where=where) from None
        if not 0.0 <= number < float("inf"):
            raise InputError(f"{value} is not a finite number of at least 0", where=where)
        numbers[find_class(name.strip(), classes, where=where)] = number
    return tuple(numbers)
