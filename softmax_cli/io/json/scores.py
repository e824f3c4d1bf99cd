"""Scores by label, as Hugging Face's pipelines, OpenAI's API and vLLM return them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from softmax_cli.errors import InputError
from softmax_cli.io.cells.wording import shown
from softmax_cli.io.json.values import is_json_number
from softmax_cli.io.options import Note
from softmax_cli.io.table.columns import first_twin

_SCORED = (("label", "score"), ("token", "logprob"))
"""The keys of one class."""

Scores = dict[str, Any]


def scored(value: Any) -> list[Scores] | None:
    """Return the score of each class at each position in a JSON value, or None if it holds no scores.

    Examples
    --------
    >>> from softmax_cli.io.json.values import parse
    >>> scored(parse('[{"label": "yes", "score": 0.75}, {"label": "no", "score": 0.25}]'))
    [{'yes': '0.75', 'no': '0.25'}]
    >>> content = '[{"top_logprobs": [{"token": "a", "logprob": -1}]}]'
    >>> scored(parse(f'{{"choices": [{{"logprobs": {{"content": {content}}}}}]}}'))
    [{'a': '-1'}]
    >>> scored(parse('{"5": {"logprob": -1, "rank": 1, "decoded_token": "a"}}'))
    [{'a': '-1'}]
    """
    if isinstance(value, dict):
        return _of_object(value)
    if not isinstance(value, list) or not value or not all(isinstance(item, dict) for item in value):
        return None
    for label, score in _SCORED:
        if all(label in item and is_json_number(item.get(score)) for item in value) and (
            score == "logprob" or all(len(item) == 2 for item in value)
        ):
            return [_by_label([(str(item[label]), item[score]) for item in value])]
    return None


def scored_rows(document: Any) -> list[Scores] | None:
    """Return the scores of all rows of a document, or None if they are not all scores."""
    whole = scored(document)
    if whole is not None or not isinstance(document, list) or not document:
        return whole
    return _all(document)


def united(rows: list[Scores], name: str, note: Note) -> list[Scores]:
    """Give all rows the same classes: those that a row does not list are masked in it."""
    classes = list(dict.fromkeys(label for row in rows for label in row))
    if any(len(row) < len(classes) for row in rows):
        note(f"{name}: of {len(classes)} classes in all, those that a row does not list are masked in it")
        rows = [{label: row.get(label, "-inf") for label in classes} for row in rows]
    return rows


def note_scores(rows: Sequence[Mapping[str, Any]], name: str, note: Note) -> None:
    """Tell the user what the scores seem to be."""
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
    elif len(values) == 1 and all(0 <= value <= 1 for value in values[0]):
        note(f"{name}: are these the best classes of several texts? {_ALL_SCORES}")
    else:
        note(f"{name}: scores by label are read as the logits of one row")


_ALL_SCORES = "a pipeline called with top_k=None gives the scores of all classes"


def _by_label(pairs: list[tuple[str, Any]]) -> Scores:
    twin = first_twin([label for label, _ in pairs])
    if twin is not None:
        label = pairs[twin[0]][0]
        what = f"{shown(label)} is there twice: the best class of each text, not all classes of one"
        raise InputError(what, hint=_ALL_SCORES)
    return dict(pairs)


def _of_object(value: dict[str, Any]) -> list[Scores] | None:
    if isinstance(value.get("choices"), list):
        return _all([position for choice in value["choices"] for position in _positions(choice)])
    tops = value.get("top_logprobs")
    if isinstance(tops, list):
        return scored(tops) or _all(tops)
    if isinstance(tops, dict):
        return [tops]
    if isinstance(value.get("logprobs"), list) and (rows := _all(value["logprobs"])) is not None:
        return rows
    items = list(value.values())
    if not items or not all(isinstance(item, dict) and is_json_number(item.get("logprob")) for item in items):
        return None
    return [
        _by_label([(str(item.get("decoded_token", key)), item["logprob"]) for key, item in value.items()])
    ]


def _all(values: list[Any]) -> list[Scores] | None:
    """Return the scores of all values, or None if one has none."""
    found: list[Scores] = []
    for value in values:
        rows = scored(value)
        if rows is None:
            return None
        found += rows
    return found or None


def _positions(choice: Any) -> list[Any]:
    """Return the positions of a completion: a chat's content, or the older list of tokens."""
    logprobs = choice.get("logprobs") if isinstance(choice, dict) else None
    if not isinstance(logprobs, dict):
        return [None]
    content = logprobs.get("content")
    if isinstance(content, list):
        return content
    tops = logprobs.get("top_logprobs")
    return [{"top_logprobs": top} for top in tops] if isinstance(tops, list) else [None]
