"""The input of ``softmax sampled``: a vector of logits, its noise, and the distribution of its label."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from softmax_cli.errors import InputError
from softmax_cli.io.cells.wording import counted, shown
from softmax_cli.io.table.class_lookup import find_class
from softmax_cli.io.table.labels import weights_of
from softmax_cli.io.vectors import read_vector

if TYPE_CHECKING:
    from softmax_cli.core.arrays import Float64
    from softmax_cli.io.table.batch import Batch

_ROUNDING = 1e-6
"""If the sum of a distribution is further from 1, a note says that it is divided by it."""


class NoiseInput(NamedTuple):
    """One vector: its classes and logits, the noise q, and the probability of each class as the label."""

    classes: Sequence[str]
    z: Float64
    noise: Float64
    label: Float64


def setting(
    batches: Iterator[Batch],
    noise: str | None,
    target: str | None,
    data: str | None,
    note: Callable[[str], None],
) -> NoiseInput:
    """Read the vector and its distributions.

    With `noise`, the batches are one row; without it, a table of one line for each class, whose
    ``batch.layout.weight`` is the noise.
    """
    whole = _read(batches)
    classes, z, q = _one_row(whole, noise) if noise is not None else _one_line_a_class(whole)
    where = "--noise" if noise is not None else "--noise-column"
    seen = z > -float("inf")
    if not seen.all():
        note(
            f"masked (-inf) and left out: {', '.join(n for n, s in zip(classes, seen, strict=True) if not s)}"
        )
    names = [name for name, is_there in zip(classes, seen, strict=True) if is_there]
    if (z == float("inf")).any():
        raise InputError("a logit is +inf: the gradient needs finite ones")
    if (q[seen] == 0).any():
        name = names[int((q[seen] == 0).argmax())]
        raise InputError(
            f"class {shown(name)} is never drawn: its q is 0, and log(m q) is not finite",
            where=where,
            hint="give every class a small share: counts are often raised by 1",
        )
    q = _distribution(q[seen], where, note)
    label = q
    if target is not None:
        label = (q * 0.0).copy()
        label[find_class(target, names, where="--target")] = 1.0
    elif data is not None:
        label = _distribution(read_vector(data, len(z), where="--data").astype("f8")[seen], "--data", note)
    else:
        note("no --data or --target: labels come as often as the noise")
    return NoiseInput(names, z[seen], q, label)


def _read(batches: Iterator[Batch]) -> list[Batch]:
    """Read everything; the column of weights is ``--noise-column`` here."""
    try:
        return list(batches)
    except InputError as error:
        if error.where == "--weight-column":
            error.where = "--noise-column"
        raise


def _one_row(whole: list[Batch], noise: str) -> tuple[Sequence[str], Float64, Float64]:
    rows = sum(map(len, whole))
    if rows != 1:
        raise InputError(
            f"{counted(rows, 'row')} of logits, where one vector is meant",
            hint="one row; or, for a table of one line a class, --noise-column NAME",
        )
    batch = next(batch for batch in whole if len(batch))
    z, q = batch.values[0].astype("f8"), read_vector(noise, batch.k, where="--noise")
    return batch.classes, z, q.astype("f8")


def _one_line_a_class(whole: list[Batch]) -> tuple[Sequence[str], Float64, Float64]:
    import numpy as np

    first = whole[0]
    if first.k != 1:
        raise InputError(
            f"{counted(first.k, 'logit column')} beside the noise, where a line is a class",
            where="--noise-column",
            hint="name the column of the logits: -c NAME",
        )
    z = np.concatenate([batch.values[:, 0].astype(np.float64) for batch in whole])
    q = np.concatenate([found for batch in whole if (found := weights_of(batch)) is not None])
    return _names(whole, len(z)), z, q.astype(np.float64)


def _names(whole: list[Batch], k: int) -> Sequence[str]:
    """Return the first kept column of distinct texts as the classes' names, or else their numbers."""
    columns: dict[str, list[object]] = {}
    for batch in whole:
        for name, cells in batch.kept.items():
            if name != batch.layout.weight:
                columns.setdefault(name, []).extend(cells)
    for cells in columns.values():
        if all(isinstance(cell, str) for cell in cells) and len(set(cells)) == k:
            return [str(cell) for cell in cells]
    return [str(i + 1) for i in range(k)]


def _distribution(values: Float64, where: str, note: Callable[[str], None]) -> Float64:
    if (values < 0).any():
        raise InputError(f"{values[values < 0][0]} is no share: shares are at least 0", where=where)
    total = float(values.sum())
    if total <= 0:
        raise InputError("every share is 0", where=where)
    if abs(total - 1.0) > _ROUNDING:
        note(f"{where} sums to {total:g}: divided by it")
    return values / total
