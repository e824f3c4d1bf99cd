"""The shapes in which JSON holds a table: records, columns, matrices, pandas' orients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from softmax_cli.io.cells.json_text import Literal
from softmax_cli.io.cells.lists import list_texts
from softmax_cli.io.json.values import is_json_number
from softmax_cli.io.options import Note
from softmax_cli.io.table.columns import asked_for


def table_of(document: Any, columns: str | Sequence[str] | None = None, note: Note = lambda _: None) -> Any:
    """Return a document that holds a table in another shape as a list of rows, or else the document itself.

    Examples
    --------
    >>> table_of({"a": {"0": 1, "1": 2}, "b": {"0": 3, "1": 4}})
    [{'a': 1, 'b': 3}, {'a': 2, 'b': 4}]
    >>> table_of({"columns": ["a", "b"], "index": [0, 1], "data": [[1, 3], [2, 4]]})
    [{'a': 1, 'b': 3}, {'a': 2, 'b': 4}]
    """
    if isinstance(document, dict):
        [inner, *others] = document.values() if document else [None]
        if not others and isinstance(inner, dict) and any(map(_is_matrix, inner.values())):
            return table_of(inner, columns, note)
        objects = partial(_objects, note=note)
        for rows_of in (_split, objects, _lists, partial(spread, columns=columns)):
            rows = rows_of(document)
            if rows is not None:
                return rows
    if isinstance(document, list) and len(document) == 1 and _is_matrix(document[0]):
        return document[0]
    return document


def spread(row: Any, columns: str | Sequence[str] | None = None) -> list[Any] | None:
    """Return the rows of an object with a matrix of logits under one key; None for any other JSON value.

    A list of as many values as the matrix has rows has one for each of them; everything else is repeated. If
    `columns` asks for other keys, the matrix is kept whole.

    Examples
    --------
    >>> from softmax_cli.io.json.values import parse
    >>> spread(parse('{"id": 7, "logits": [[1, 2], [3, 4]]}'))
    [{'id': '7', 'logits': ['1', '2']}, {'id': '7', 'logits': ['3', '4']}]
    """
    if not isinstance(row, dict):
        return None
    matrices = [key for key, value in row.items() if _is_matrix(value)]
    if len(matrices) != 1 or (columns is not None and matrices[0] not in asked_for(columns)):
        return None
    n = len(row[matrices[0]])
    lists = [key for key, value in row.items() if list_lengths([value])]
    if any(key == "logits" or len(row[key]) != n for key in lists):
        return None  # the logits of one row, beside a matrix of something else
    cells = {
        key: value if isinstance(value, list) and len(value) == n else [value] * n
        for key, value in row.items()
    }
    return [dict(zip(cells, values, strict=True)) for values in zip(*cells.values(), strict=True)]


def _is_matrix(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(list_lengths([item]) for item in value)


def list_lengths(row: Sequence[Any]) -> dict[int, int]:
    """Return the lengths of a row's lists of numbers, by position."""
    return {
        i: len(value)
        for i, value in enumerate(row)
        if isinstance(value, list) and any(map(is_json_number, value)) and all(map(_may_be_number, value))
    }


def as_list(value: Any) -> tuple[list[Any], tuple[str, ...] | None] | None:
    """Return the numbers in a text or an object, and their names if they have any; None for other values.

    Examples
    --------
    >>> from softmax_cli.io.json.values import parse
    >>> as_list("[1.5, 2]"), as_list(parse('{"a": 1, "b": 2}')), as_list(parse('{"logits": [1, 2]}'))
    ((['1.5', '2'], None), (['1', '2'], ('a', 'b')), (['1', '2'], None))
    """
    if type(value) is str:
        texts = list_texts(value)
        return None if texts is None else (list(map(Literal, texts)), None)
    if not isinstance(value, dict) or not value:
        return None
    if all(map(is_json_number, value.values())):
        return list(value.values()), tuple(value)
    lists = [item for item in value.values() if list_lengths([item])]
    return (lists[0], None) if len(lists) == 1 else None


def packed_key(row: Any, columns: str | Sequence[str] | None) -> str | None:
    """Return the key of the text or object that holds a row's logits, or None.

    It is asked for, is called logits, or is the only one, beside at most one number.
    """
    if not isinstance(row, dict) or list_lengths(list(row.values())):
        return None
    found = [key for key, value in row.items() if as_list(value) is not None]
    if columns is not None:
        asked = asked_for(columns)
        found = [key for key in found if key in asked]
    elif "logits" in found:
        found = ["logits"]
    elif sum(map(is_json_number, row.values())) > 1:
        return None
    return found[0] if len(found) == 1 else None


def _may_be_number(value: object) -> bool:
    """Return whether a value is a number, or marks a missing one: NaN, or null."""
    return value is None or isinstance(value, Literal) or is_json_number(value)


def _split(document: dict[str, Any]) -> list[Any] | None:
    """Return the rows of pandas' orients "table" and "split"."""
    data, columns = document.get("data"), document.get("columns")
    if not isinstance(data, list):
        return None
    if "schema" in document:
        return _without_index(data, document["schema"])
    if not isinstance(columns, list) or not all(isinstance(row, list) for row in data):
        return None
    cells = zip(*data, strict=False)
    return _by_row(dict(zip(map(str, columns), cells, strict=False)), document.get("index"))


def _objects(document: dict[str, Any], note: Note) -> list[Any] | None:
    """Return the rows of pandas' orients "columns", its default, and "index"."""
    values = list(document.values())
    if not values or not all(isinstance(value, dict) and value for value in values):
        return None
    inner = list(values[0])
    if any(list(value) != inner for value in values):
        return None
    if _counts(list(document)) and not all(key.isdecimal() for key in inner):
        return _by_row({key: [value[key] for value in values] for key in inner}, None)
    if not _counts(inner):
        note(f"{', '.join(list(document)[:3])}, ... are read as columns, as pandas writes them by default")
    return _by_row({key: list(value.values()) for key, value in document.items()}, inner)


def _lists(document: dict[str, Any]) -> list[Any] | None:
    """Return the rows of columns that are lists of the same length; a single list is a row of logits."""
    values = list(document.values())
    if len(values) < 2 or not all(isinstance(value, list) and value for value in values):
        return None
    return _by_row(document, None) if len(set(map(len, values))) == 1 else None


def _by_row(columns: Mapping[str, Sequence[Any]], index: Sequence[Any] | None) -> list[dict[str, Any]]:
    """Turn columns into rows, after an index without a name, unless it only counts them."""
    rows = [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]
    if index is None or _counts(index):
        return rows
    return [{"": label, **row} for label, row in zip(index, rows, strict=False)]


def _without_index(rows: list[Any], schema: Any) -> list[Any]:
    """Return the records of pandas' "table" orient, after a nameless index unless it only counts them."""
    key = (schema.get("primaryKey") or [None])[0] if isinstance(schema, dict) else None
    if not all(isinstance(row, dict) and key in row for row in rows):
        return rows
    counts = _counts([row[key] for row in rows])
    return [({} if counts else {"": row[key]}) | {k: v for k, v in row.items() if k != key} for row in rows]


def _counts(index: Sequence[Any]) -> bool:
    return [str(label) if isinstance(label, str | Literal | int) else None for label in index] == list(
        map(str, range(len(index)))
    )
