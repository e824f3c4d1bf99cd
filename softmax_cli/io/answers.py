"""Somebody's answers from a file: what ``softmax jacobian`` writes, or a bare block of numbers."""

import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from softmax_cli.errors import InputError
from softmax_cli.io.streams.source import open_source

if TYPE_CHECKING:
    from softmax_cli.checking.inputs import Kind
    from softmax_cli.io.read import ReadOptions
    from softmax_cli.io.table.batch import Batch

Array = NDArray[np.float64]
_KEYS = ("jacobian", "gradient", "vjp", "jvp", "probabilities", "log_probabilities")
_OWN_COLUMNS = frozenset({"row", "of"})


def whole(batches: Iterable["Batch"]) -> "Batch":
    """Return all rows as one batch: answers of others are held in memory as a whole.

    Raises
    ------
    InputError
        Where there are none.
    """
    found = list(batches)
    if not found:
        raise InputError("no rows of logits")
    if len(found) == 1:
        return found[0]
    kept = {name: [cell for batch in found for cell in batch.kept[name]] for name in found[0].kept}
    return replace(found[0], values=np.concatenate([batch.values for batch in found]), kept=kept)


def read_answers(word: str, kind: "Kind", batch: "Batch", options: "ReadOptions") -> Array:
    """Read answers for the rows of a batch: (n, k, k) for a Jacobian, else (n, k).

    Raises
    ------
    InputError
        Where the file holds no numbers, or not as many as are meant; a nan is named by its place.
    """
    from softmax_cli.io.streams.compression import decompressed

    with open_source(word) as source:
        name, data = source.name, decompressed(source).read()
    if data.startswith(b"\x93NUMPY"):
        array = _npy(data, name)
    elif data.startswith((b"PAR1", b"ARROW1")):
        array = _numbers(_unwrapped(_records(data, name), kind, batch.classes), name)
    else:
        text = _decoded(data, name)
        array = (
            _json(text, name, kind, batch.classes)
            if text.lstrip()[:1] in ("[", "{")
            else _delimited(text, name, batch, options)
        )
    if not np.isfinite(array).all():
        place = tuple(int(i) + 1 for i in np.argwhere(~np.isfinite(array))[0])
        raise InputError(f"entry {place} is {array[tuple(i - 1 for i in place)]}, not a number", where=name)
    return _shaped(array, kind, batch, name)


def _decoded(data: bytes, name: str) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("is not UTF-8 text", where=name) from None
    if not text.strip():
        raise InputError("is empty", where=name)
    return text


def _npy(data: bytes, name: str) -> Array:
    try:
        array = np.load(io.BytesIO(data), allow_pickle=False)
    except (ValueError, EOFError, OSError):
        raise InputError("is no .npy file of numbers, or is cut short", where=name) from None
    if array.dtype.kind not in "fiu":
        raise InputError(f"holds {array.dtype}, not real numbers", where=name)
    return np.asarray(array, np.float64)


def _records(data: bytes, name: str) -> list[dict[str, Any]]:
    """Return the rows of a Parquet or Arrow table."""
    import pyarrow
    from pyarrow import feather, parquet

    try:
        read = parquet.read_table if data.startswith(b"PAR1") else feather.read_table
        table = read(io.BytesIO(data))
    except (pyarrow.ArrowException, OSError, ValueError):
        raise InputError("is no table, or is cut short", where=name) from None
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows


def _json(text: str, name: str, kind: "Kind", classes: Sequence[str]) -> Array:
    try:
        document = json.loads(text)
    except json.JSONDecodeError:
        document = _json_lines(text, name)
    return _numbers(_unwrapped(document, kind, classes), name)


def _json_lines(text: str, name: str) -> list[Any]:
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                found.append(json.loads(line))
            except json.JSONDecodeError as error:
                raise InputError(f"is no JSON: {error.msg}", where=f"{name}:{number}") from None
    return found


def _unwrapped(document: Any, kind: "Kind", classes: Sequence[str]) -> Any:
    """Return the nested lists of numbers within a document that softmax wrote, or the lists themselves."""
    if isinstance(document, dict) and isinstance(document.get("rows"), list):
        document = document["rows"]
    rows = [document] if isinstance(document, dict) else document
    if isinstance(rows, list) and rows and all(isinstance(row, dict) for row in rows):
        key = next((key for key in (kind.replace("-", "_"), *_KEYS) if key in rows[0]), None)
        if key is not None:
            return [row.get(key) for row in rows]
        if all(name in rows[0] for name in classes):
            return [[row.get(name) for name in classes] for row in rows]
        return [[value for name, value in row.items() if name not in _OWN_COLUMNS] for row in rows]
    return document


def _numbers(nested: Any, name: str) -> Array:
    try:
        return np.array(_as_floats(nested), np.float64)
    except (TypeError, ValueError):
        raise InputError("is no rectangle of numbers", where=name) from None


def _as_floats(nested: Any) -> Any:
    if isinstance(nested, list):
        return [_as_floats(item) for item in nested]
    if isinstance(nested, bool) or nested is None:
        raise TypeError
    return float(nested)


def _delimited(text: str, name: str, batch: "Batch", options: "ReadOptions") -> Array:
    import csv

    lines = [
        (number, line)
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    first = lines[0][1]
    delimiter = next((character for character in ",\t;|" if character in first), None)
    if delimiter is None:
        rows = [line.split() for _, line in lines]
    else:
        rows = list(csv.reader((line for _, line in lines), delimiter=delimiter, skipinitialspace=True))
    numbers = [number for number, _ in lines]
    wide = len(rows[0])
    picked = _picked(rows[0], batch)
    if picked is not None:
        rows, numbers = rows[1:], numbers[1:]
    return _parsed(rows, numbers, picked, wide, name)


def _picked(first: Sequence[str], batch: "Batch") -> list[int] | None:
    """Return the columns that hold numbers, by the header; None where the first line is no header."""
    if all(_is_number(cell) for cell in first):
        return None
    cells = [cell.strip() for cell in first]
    leading = cells.index("of") + 1 if "of" in cells else int(cells[:1] == ["row"])
    other = "of" in cells and len(cells) - leading != len(batch.classes)  # a matrix of other classes
    if not other and all(name in cells for name in batch.classes):
        return [len(cells) - 1 - cells[::-1].index(name) for name in batch.classes]
    return list(range(leading, len(cells)))


def _parsed(
    rows: Sequence[Sequence[str]], numbers: Sequence[int], picked: list[int] | None, wide: int, name: str
) -> Array:
    values = []
    for line, row in zip(numbers, rows, strict=True):
        if len(row) != wide:
            raise InputError(f"{len(row)} cells, but the first line has {wide}", where=f"{name}:{line}")
        cells = row if picked is None else [row[i] for i in picked]
        bad = next((cell for cell in cells if not _is_number(cell)), None)
        if bad is not None:
            raise InputError(f"{bad!r} is not a number", where=f"{name}:{line}")
        values.append([float(cell) for cell in cells])
    if not values:
        raise InputError("holds no numbers", where=name)
    return np.array(values, np.float64)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return "_" not in cell


def _shaped(array: Array, kind: "Kind", batch: "Batch", name: str) -> Array:
    n, k = batch.values.shape
    matrix = kind == "jacobian"
    wanted = (n, k, k) if matrix else (n, k)
    if array.shape == wanted or _fits(array.shape, wanted):
        return array.reshape(wanted)
    if matrix and ((array.shape[-1] == k and array.size in (k, n * k)) or array.shape == (k, 1)):
        raise InputError(
            f"holds a vector of {k} for each row, not a matrix",
            where=name,
            hint=_which_kind(array.reshape(-1, k), batch),
        )
    if not matrix and array.shape[-2:] == (k, k):
        raise InputError("holds a matrix, not a vector", where=name, hint="--as jacobian")
    if matrix and array.ndim >= 2 and array.shape[-1] == k and array.size % (k * k) == 0:
        found = array.size // (k * k)
        raise InputError(f"holds {_many(found, 'matrix')} for {_many(n, 'row')} of logits", where=name)
    if matrix and array.ndim == 2 and array.shape[0] == array.shape[1]:
        raise InputError(f"is a {array.shape[0]} x {array.shape[1]} matrix, for {k} classes", where=name)
    shape = " x ".join(map(str, array.shape)) or "a single number"
    square = "not square: " if matrix and array.ndim == 2 else ""
    raise InputError(
        f"is {square}{shape}; {' x '.join(map(str, wanted[0 if n > 1 else 1 :]))} is meant", where=name
    )


def _fits(shape: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    """Tell whether a shape is the wanted one without a leading 1, or with the rows of matrices stacked."""
    n, k = wanted[0], wanted[-1]
    if len(wanted) == 3:
        return (n == 1 and shape == (k, k)) or shape == (n * k, k)
    return n == 1 and shape in ((k,), (k, 1))


def _which_kind(array: Array, batch: "Batch") -> str:
    """Say which --as a vector would fit."""
    from softmax_cli.checking.inputs import log_softmax, softmax

    first = array[0]
    z = np.asarray(batch.values[:1], np.float64)
    if np.allclose(first, softmax(z)[0], rtol=1e-3):
        return "these are probabilities: --as probabilities"
    if np.allclose(first, log_softmax(z)[0], rtol=1e-3):
        return "these are log-probabilities: --as log-probabilities"
    if abs(float(first.sum())) < 1e-3 and (first < 0).sum() == 1:
        return "it looks like a gradient: --as gradient --target CLASS"
    return "--as gradient, vjp, jvp, probabilities or log-probabilities"


def _many(count: int, noun: str) -> str:
    plural = {"matrix": "matrices", "row": "rows"}[noun]
    return f"{count:,} {noun if count == 1 else plural}"
