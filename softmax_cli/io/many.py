"""Several files, read one after the other as one table or written to one result each."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import chain, starmap
from typing import Any, NamedTuple

import numpy as np

from softmax_cli.errors import InputError, ReadWriteError
from softmax_cli.io.cells.wording import shown
from softmax_cli.io.formats import BY_NAME, split_compression
from softmax_cli.io.options import Note
from softmax_cli.io.streams.source import is_address
from softmax_cli.io.table.batch import Batch
from softmax_cli.io.table.columns import first_twin
from softmax_cli.io.table.indexed import Picked

FILE = "file"
"""The kept column that holds the name of each row's file."""


def as_one(files: Mapping[str, Iterator[Batch]]) -> Iterator[Batch]:
    """Yield the rows of several files as one table, with the file's name in a kept column at the front.

    Rows are numbered within each file. float32 after float64 becomes float64.
    """
    first: Shape | None = None
    for name, batches in files.items():
        for batch in batches:
            shape = Shape.of(batch)
            first = first or shape
            refuse_difference(first, shape, name, next(iter(files)))
            column = Picked([name], np.zeros(len(batch), np.intp))
            values = batch.values.astype(first.dtype, copy=False)
            yield replace(batch, kept={FILE: column, **batch.kept}, values=values)


class Shape(NamedTuple):
    """What all files of one table have in common."""

    classes: tuple[str, ...]
    kept: tuple[str, ...]
    dtype: np.dtype[Any]

    @classmethod
    def of(cls, batch: Batch) -> Shape:
        """Return the shape of a batch."""
        return cls(batch.classes, tuple(batch.kept), batch.values.dtype)


def refuse_difference(first: Shape, shape: Shape, name: str, first_name: str) -> None:
    """Refuse a file whose rows do not fit into one table with those of the first."""
    if FILE in shape.kept:
        raise InputError(
            f"there is a column {FILE!r} already, which the names of the files would go by",
            where=name,
            hint="give one file at a time, or -o DIRECTORY/ for one result a file",
        )
    for what, mine, its in (
        ("classes", shape.classes, first.classes),
        ("kept columns", shape.kept, first.kept),
    ):
        if mine != its:
            raise InputError(
                f"other {what} than {first_name}: {_listed(mine)}, where there are {_listed(its)}",
                where=name,
                hint="-c NAME,NAME,... picks the same columns of each; -o DIRECTORY/ gives one result a file",
            )
    if shape.dtype.itemsize > first.dtype.itemsize:
        raise InputError(
            f"{shape.dtype}, where {first_name} holds {first.dtype}",
            where=name,
            hint="name a file of float64 first: what is narrower is widened",
        )


def _listed(names: Sequence[str]) -> str:
    most = 4
    text = ", ".join(names[:most]) + (", ..." if len(names) > most else "")
    return text or "none"


def is_folder(output: str | None) -> bool:
    """Return whether ``--output`` is a folder, for one result a file."""
    return output is not None and (output.endswith(("/", os.sep)) or os.path.isdir(output))


def results_in(folder: str, names: Sequence[str], format_name: str | None) -> dict[str, str]:
    """Return the path of each file's result: its own name, with the ending of the format if one is given.

    Raises
    ------
    InputError
        If two results would have the same path, or a result would replace its own input.
    """
    if format_name is not None and format_name not in BY_NAME:
        return dict.fromkeys(names, folder)  # refused when the first result is written
    paths = {name: os.path.join(folder, _result_name(name, format_name)) for name in names}
    twin = first_twin(list(paths.values()))
    if twin is not None:
        first, second = (list(paths)[i] for i in twin)
        raise InputError(
            f"the results of {shown(first)} and {shown(second)} would both be {paths[first]}",
            hint="give each run a folder of its own, or leave -o out for one table with a file column",
        )
    for name, path in paths.items():
        if path == name or (os.path.exists(path) and os.path.exists(name) and os.path.samefile(path, name)):
            raise InputError(f"the result of {shown(name)} would take its place", where="--output")
    return paths


def missing(results: Mapping[str, str], note: Note) -> dict[str, str]:
    """Return the results that do not exist yet, or are older than their file."""
    there = are_newer([(path, name) for name, path in results.items()])
    left = {name: path for (name, path), is_there in zip(results.items(), there, strict=True) if not is_there}
    if len(left) < len(results):
        note(f"there already: {len(results) - len(left)} of {len(results)} results")
    return left


def are_newer(pairs: Sequence[tuple[str, str]]) -> list[bool]:
    """Return whether each result exists and is newer than its file; none is asked about twice."""
    from softmax_cli.io.streams.prefetch import ordered

    names = dict.fromkeys(chain.from_iterable(pairs))
    times = dict(zip(names, ordered(_modified, names), strict=True))

    def is_newer(result: str, name: str) -> bool:
        written, made = times[result], times[name]
        return written is not None and made is not None and written >= made

    return list(starmap(is_newer, pairs))


def _modified(name: str) -> float | None:
    """Return when a file or an object was written, in seconds since 1970; None if there is none."""
    if is_address(name):
        from softmax_cli.io.streams.store import modified

        return modified(name)
    try:
        return os.stat(name).st_mtime
    except OSError:
        return None


@contextmanager
def made(folder: str) -> Iterator[None]:
    """Make the folder, and remove it again if the run fails and leaves it empty."""
    if is_address(folder):  # a store has no folders
        yield
        return
    is_new = not os.path.isdir(folder)
    try:
        os.makedirs(folder, exist_ok=True)
    except FileExistsError:
        raise InputError("is a file, not a folder", where=folder) from None
    except OSError as error:
        raise ReadWriteError(os.strerror(error.errno or 0).lower(), where=folder) from error
    try:
        yield
    except BaseException:
        if is_new:
            with suppress(OSError):  # a result is in it
                os.rmdir(folder)
        raise


def swept(folder: str, owner: str) -> None:
    """Remove the temporary files that a run's workers left in a folder because they were killed."""
    if is_address(folder):
        from softmax_cli.io.streams.store import removed

        removed(folder, f".softmax-{owner}-")
    else:
        import glob

        for left in glob.glob(os.path.join(glob.escape(folder), f".softmax-{owner}-*.part")):
            with suppress(OSError):
                os.unlink(left)


def _result_name(name: str, format_name: str | None) -> str:
    if is_address(name):
        from urllib.parse import urlsplit

        name = urlsplit(name).path
    base = "stdin.csv" if name == "-" else os.path.basename(name)
    if format_name is None:
        return base
    plain, compression = split_compression(base)
    format = BY_NAME[format_name]
    return f"{os.path.splitext(plain)[0]}{format.endings[0]}{'' if format.binary else compression}"
