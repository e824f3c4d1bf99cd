"""The names of classes, and the class that an option or a cell names."""

from __future__ import annotations

from collections.abc import Sequence

from softmax_cli.errors import InputError
from softmax_cli.io.cells.kept import cell_text
from softmax_cli.io.cells.numbers import NotANumberError, read_number
from softmax_cli.io.cells.wording import counted, shown, unknown
from softmax_cli.io.options import ReadOptions
from softmax_cli.io.table.columns import first_twin, numbered_in

HEAVIEST = 1e60
"""The largest weight, and one over the smallest: sums of squares of their products stay doubles."""


def numbered(k: int) -> tuple[str, ...]:
    """Return 1 to k, the names of classes that have none."""
    return tuple(map(str, range(1, k + 1)))


def find_class(word: str, classes: Sequence[str], *, where: str) -> int:
    """Return the 0-based index of a class, named exactly or, if there is no such name, by its 1-based number.

    `where` is the option, or the place of the cell, for the error.

    Examples
    --------
    >>> find_class("cat", ["cat", "dog"], where="--target"), find_class("2", ["cat", "dog"], where="--target")
    (0, 1)
    """
    if word in classes:
        return list(classes).index(word)
    digits = word.strip()
    if digits.isascii() and digits.isdecimal():
        return numbered_in(digits, len(classes), "class", where)
    raise unknown(word, classes, "class", where=where)


def class_word(cell: object) -> str:
    """Write a cell as the word for a class: JSON and .npy files may hold it as a number."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell_text(cell)


def class_numbers(text: str, classes: Sequence[str], *, where: str) -> tuple[float, ...]:
    """Read ``a=1,b=2``: a number of at least 0 for each class, 1 if none is given.

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
        if number and not 1 / HEAVIEST <= number <= HEAVIEST:
            hint = "multiply all weights by one number: only their ratios count"
            raise InputError(f"{value} is beyond the weights that can be squared", where=where, hint=hint)
        numbers[find_class(name.strip(), classes, where=where)] = number
    return tuple(numbers)


def name_classes(k: int, own: Sequence[str] | None, options: ReadOptions) -> tuple[tuple[str, ...], bool]:
    """Name the k classes by ``--classes``, else as in the input, else 1 to k (then they are not named)."""
    if options.classes is None:
        return (tuple(own), True) if own is not None else (numbered(k), False)
    classes = tuple(name.strip() for name in options.classes.split(","))
    if "" in classes:
        raise InputError(f"name {classes.index('') + 1} is empty", where="--classes")
    twin = first_twin(classes)
    if twin is not None:
        raise InputError(f"{shown(classes[twin[1]])} is there twice", where="--classes")
    if len(classes) != k:
        raise InputError(f"{counted(len(classes), 'name')} for {counted(k, 'class')}", where="--classes")
    return classes, True
