"""numpy's .npz: named arrays, of which one holds the logits; others of as many rows are kept."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from lzma import LZMAError
from typing import Any

import numpy as np
from numpy.typing import NDArray

from softmax_cli.errors import InputError
from softmax_cli.io.binary.npy_reader import kept_columns, logits_of, read_npy, refuse_type
from softmax_cli.io.cells.wording import piped
from softmax_cli.io.options import Note, ReadOptions
from softmax_cli.io.streams.source import STDIN, Source
from softmax_cli.io.streams.temporary import seekable
from softmax_cli.io.table.batch import Batch, numbered_rows
from softmax_cli.io.table.lay_out import lay_out
from softmax_cli.io.table.layout import Layout

EXPORT = "save what torch.load(FILE, weights_only=True) gives with numpy.save"


def read_npz(source: Source, options: ReadOptions, note: Note) -> Iterator[Batch]:
    """Yield the rows of an archive with one array, or with several of which ``--columns`` names one."""
    with seekable(source) as stream:
        try:
            archive = zipfile.ZipFile(stream)
            names = archive.namelist()
        except (zipfile.BadZipFile, NotImplementedError, ValueError):
            raise InputError("no .npz file, or a broken one", where=source.name) from None
        with archive:
            if any(name.endswith("data.pkl") for name in names):
                raise InputError("pickled Python, which is never loaded", where=source.name, hint=EXPORT)
            members = {name.removesuffix(".npy"): name for name in names if name.endswith(".npy")}
            if not members:
                command = piped("funzip" if source.name == STDIN else "unzip -p", source.name)
                hint = f"{command}, where it holds one file"
                raise InputError("a zip archive without arrays", where=source.name, hint=hint)
            if len(members) == 1 and options.columns is None:
                [member] = members.values()
                with _opened(archive, member, source.name) as array:
                    yield from read_npy(Source(source.name, array), options, note)
                return
            yield from _together(archive, members, source.name, options, note)


def _together(
    archive: zipfile.ZipFile, members: dict[str, str], source: str, options: ReadOptions, note: Note
) -> Iterator[Batch]:
    """Yield the rows of the array asked for, with the arrays that have one value for each row."""
    arrays = {name: _array(archive, member, source) for name, member in members.items()}
    names = list(arrays)
    matrices = [name for name, array in arrays.items() if array.ndim == 2]
    shapes = {array.shape for array in arrays.values()}
    is_table = len(shapes) == 1 and len(min(shapes)) == 1  # a column each
    if options.columns is None and len(matrices) != 1 and not is_table:
        raise InputError(
            f"{len(names)} arrays: {', '.join(names)}",
            where=source,
            hint=f"name the one that holds the logits: -c {(matrices or names)[0]}",
        )
    layout = _layout(arrays, options, source)
    n = len(arrays[names[layout.logits[0]]])
    left_out = [names[i] for i in layout.kept if arrays[names[i]].shape != (n,)]
    if left_out:
        note(f"{source}: left out: {', '.join(left_out)}, which do not hold one value for each of {n} rows")
        arrays = {name: array for name, array in arrays.items() if name not in left_out}
        names = list(arrays)
        layout = _layout(arrays, options, source)
    columns = [arrays[names[i]] for i in layout.logits]
    for i in layout.logits:
        refuse_type(arrays[names[i]].dtype, f"{source}: {names[i]}")
    chosen = columns[0] if layout.listed else np.stack(columns, axis=-1)
    kept = kept_columns((arrays[names[i]] for i in layout.kept), layout, source)
    yield Batch.of(layout, logits_of(chosen), kept, first_row=1, where=numbered_rows(source))


def _layout(arrays: dict[str, NDArray[Any]], options: ReadOptions, source: str) -> Layout:
    lists = {i: array.shape[1] for i, array in enumerate(arrays.values()) if array.ndim == 2}
    return lay_out(list(arrays), len(arrays), options, where=source, lists=lists)


def _array(archive: zipfile.ZipFile, member: str, source: str) -> NDArray[Any]:
    """Return an array; one of Python objects, which are never loaded, as an empty one."""
    with _opened(archive, member, source) as stream:
        try:
            array: NDArray[Any] = np.lib.format.read_array(stream, allow_pickle=False)
        except ValueError as error:
            if "Object arrays" in str(error):
                return np.empty((0, 0, 0), object)
            raise InputError(f"{member}: {error}", where=source) from None
        except Exception as error:  # numpy evaluates the header as a literal, which fails in many ways
            raise InputError(f"{member}: the header is broken", where=source) from error
    return array


def _opened(archive: zipfile.ZipFile, member: str, source: str) -> io.BytesIO:
    try:
        return io.BytesIO(archive.read(member))
    except (zipfile.BadZipFile, zlib.error, LZMAError, EOFError, RuntimeError, ValueError, OSError) as error:
        raise InputError(f"{member} cannot be read: {error}", where=source) from None
