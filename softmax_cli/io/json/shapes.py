"""The shapes in which JSON holds a table: records, columns, matrices, pandas' orients, scores by label."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from softmax_cli.io.json.values import Literal, is_json_number
from softmax_cli.io.options import Note

_SCORED = (("label", "score"), ("token", "logprob"))
"""The keys of one class in what Hugging Face's pipelines and OpenAI's interface return."""


def table_of(document: Any, columns: str | Sequence[str] | None = None, note: Note = lambda _: None) -> Any:
    """Return a document as a list of rows where it holds a table in another shape; else the document.

    Examples
    --------
    >>> table_of({"a": {"0": 1, "1": 2}, "b": {"0": 3, "1": 4}})
    [{'a': 1, 'b': 3}, {'a': 2, 'b': 4}]
    >>> table_of({"columns": ["a", "b"], "index": [0, 1], "data": [[1, 3], [2, 4]]})
    [{'a': 1, 'b': 3}, {'a': 2, 'b': 4}]
    """
    if isinstance(document, dict):
        objects = partial(_objects, note=note)
        for rows_of in (_split, objects, _lists, partial(spread, columns=columns)):
            rows = rows_of(document)
            if rows is not None:
                return rows
    return document


def spread(row: Any, columns: str | Sequence[str] | None = None) -> list[Any] | None:
    """Return the rows of an object that holds a matrix of logits under one key; None for any other.

    Lists of as many values as the matrix has rows hold one for each, everything else goes with every row.

    Parameters
    ----------
    row
        A JSON value.
    columns
        What ``--columns`` says: a matrix under another key is kept as it is.

    Examples
    --------
    >>> from softmax_cli.io.json.values import parse
    >>> spread(parse('{"id": 7, "logits": [[1, 2], [3, 4]]}'))
    [{'id': '7', 'logits': ['1', '2']}, {'id': '7', 'logits': ['3', '4']}]
    """
    if not isinstance(row, dict) or any(list_lengths([value]) for value in row.values()):
        return None
    matrices = [key for key, value in row.items() if _is_matrix(value)]
    wanted = columns.split(",") if isinstance(columns, str) else columns
    if len(matrices) != 1 or (wanted is not None and matrices[0] not in wanted):
        return None
    n = len(row[matrices[0]])
    cells = {
        key: value if isinstance(value, list) and len(value) == n else [value] * n
        for key, value in row.items()
    }
    return [dict(zip(cells, values, strict=True)) for values in zip(*cells.values(), strict=True)]


def _is_matrix(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(list_lengths([item]) for item in value)


def list_lengths(row: Sequence[Any]) -> dict[int, int]:
    """Return the positions of a row's values that are lists of numbers, with their lengths."""
    return {
        i: len(value)
        for i, value in enumerate(row)
        if isinstance(value, list) and any(map(is_json_number, value)) and all(map(_may_be_number, value))
    }


def _may_be_number(value: object) -> bool:
    """Tell whether a value is a number, or a sign that one is missing: NaN, or null."""
    return value is None or isinstance(value, Literal) or is_json_number(value)


def scored(row: Any) -> dict[str, Any] | None:
    """Return the score of each class where a row lists them as objects; None for any other row.

    Examples
    --------
    >>> from softmax_cli.io.json.values import parse
    >>> scored(parse('[{"label": "yes", "score": 0.75}, {"label": "no", "score": 0.25}]'))
    {'yes': '0.75', 'no': '0.25'}
    """
    if isinstance(row, dict) and isinstance(row.get("top_logprobs"), list | dict):
        row = row["top_logprobs"]
        if isinstance(row, dict):
            return row
    if not isinstance(row, list) or not row or not all(isinstance(item, dict) for item in row):
        return None
    for label, score in _SCORED:
        if all(label in item and is_json_number(item.get(score)) for item in row) and (
            score == "logprob" or all(len(item) == 2 for item in row)
        ):
            return {str(item[label]): item[score] for item in row}
    return None


def scored_rows(document: Any) -> list[dict[str, Any]] | None:
    """Return the scores of all rows of a document, or None where it holds no such rows.

    Examples
    --------
    >>> from softmax_cli.io.json.values import parse
    >>> content = '[{"top_logprobs": [{"token": "a", "logprob": -1}]}]'
    >>> scored_rows(parse(f'{{"choices": [{{"logprobs": {{"content": {content}}}}}]}}'))
    [{'a': '-1'}]
    """
    if isinstance(document, dict) and isinstance(document.get("choices"), list):
        found = [
            scored(position)
            for choice in document["choices"]
            if isinstance(choice, dict)
            for position in _positions(choice.get("logprobs"))
        ]
        return None if None in found or not found else found  # type: ignore[return-value]
    one = scored(document)
    if one is not None:
        return [one]
    if not isinstance(document, list) or not document:
        return None
    rows = [scored(row) for row in document]
    return None if None in rows else rows  # type: ignore[return-value]


def note_scores(rows: Sequence[Mapping[str, Any]], name: str, note: Note) -> None:
    """Say what scores are, where they are no logits."""
    values = [[float(value) for value in row.values()] for row in rows[:1_000]]
    if all(min(row) >= 0 and abs(sum(row) - 1) < 1e-3 for row in values):
        note(
            f"{name}: the scores of a row sum to 1: they are probabilities already; a pipeline called with "
            "function_to_apply='none' gives logits"
        )
    elif all(max(row) <= 0 for row in values):
        note(
            f"{name}: these are log-probabilities already (p is exp of each); softmax lets the classes that "
            "are listed sum to 1"
        )
    else:
        note(f"{name}: scores by label are read as the logits of one row")


def _positions(logprobs: Any) -> list[Any]:
    """Return the positions of a completion: a chat's content, or the older list of tokens."""
    if not isinstance(logprobs, dict):
        return []
    content = logprobs.get("content")
    if isinstance(content, list):
        return content
    tops = logprobs.get("top_logprobs")
    return [{"top_logprobs": top} for top in tops] if isinstance(tops, list) else []


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
    """Return the rows of columns that are lists of one length; a list alone is a row of logits."""
    values = list(document.values())
    if len(values) < 2 or not all(isinstance(value, list) and value for value in values):
        return None
    return _by_row(document, None) if len(set(map(len, values))) == 1 else None


def _by_row(columns: Mapping[str, Sequence[Any]], index: Sequence[Any] | None) -> list[dict[str, Any]]:
    """Turn columns into rows; an index that does more than count comes first, without a name."""
    rows = [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]
    if index is None or _counts(index):
        return rows
    return [{"": label, **row} for label, row in zip(index, rows, strict=False)]


def _without_index(rows: list[Any], schema: Any) -> list[Any]:
    """Return the records of pandas' table orient with the index as it is named elsewhere, or left out."""
    key = (schema.get("primaryKey") or [None])[0] if isinstance(schema, dict) else None
    if not all(isinstance(row, dict) and key in row for row in rows):
        return rows
    counts = _counts([row[key] for row in rows])
    return [({} if counts else {"": row[key]}) | {k: v for k, v in row.items() if k != key} for row in rows]


def _counts(index: Sequence[Any]) -> bool:
    return [str(label) if isinstance(label, str | Literal | int) else None for label in index] == list(
        map(str, range(len(index)))
    )
