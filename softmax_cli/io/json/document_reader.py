"""The reader of a single JSON document: a vector, rows, or what ``-f json`` writes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from softmax_cli.errors import InputError
from softmax_cli.io.cells.json_text import RESULT_KEYS
from softmax_cli.io.cells.wording import shown
from softmax_cli.io.json.hints import document_hint
from softmax_cli.io.json.rows import JsonRows, unpacked
from softmax_cli.io.json.scores import note_scores, scored_rows, united
from softmax_cli.io.json.shapes import table_of
from softmax_cli.io.json.values import NotJsonError, parse
from softmax_cli.io.options import Note, ReadOptions
from softmax_cli.io.streams.source import Source
from softmax_cli.io.table.batch import Batch, Place, numbered_rows
from softmax_cli.io.table.class_lookup import numbered
from softmax_cli.io.table.lay_out import lay_out
from softmax_cli.io.table.layout import Layout
from softmax_cli.io.text.blocks import text_blocks

VALUES_AT_A_TIME = 1 << 17


def read_json(source: Source, options: ReadOptions, note: Note) -> Iterator[Batch]:
    """Yield the rows of a JSON document, all of which is held in memory."""
    text = "".join(block.text for block in text_blocks(source))
    if not text.strip():
        raise InputError("no rows: the input is empty", where=source.name)
    try:
        document = parse(text)
    except NotJsonError as error:
        where = source.name if error.line is None else f"{source.name}:{error.line}"
        raise InputError(str(error), where=where, hint=document_hint(text, source.name, error)) from None
    rows, place, layout = _rows_of(document, source.name, options, note)
    if not rows:
        raise InputError("no rows: the list is empty", where=source.name)
    reader = JsonRows(options, layout)

    def later(start: int) -> Place:
        return lambda i: place(start + i)

    step = max(1, VALUES_AT_A_TIME // max(1, len(rows[0]) if hasattr(rows[0], "__len__") else 1))
    for start in range(0, len(rows), step):
        yield from reader.batches(rows[start : start + step], later(start))


def _rows_of(
    document: Any, name: str, options: ReadOptions, note: Note
) -> tuple[Sequence[Any], Place, Layout | None]:
    """Return the document's rows, the place of each, and the columns if the document names them."""
    if options.answers is not None:
        if isinstance(document, dict) and isinstance(document.get("rows"), list):
            document = document["rows"]
        whole = isinstance(document, dict) or (isinstance(document, list) and not _holds_rows(document))
        rows, origins = unpacked([document] if whole else document, options.answers.keys)
        return rows, lambda i: f"{name}: row {origins[i] + 1}", None
    if isinstance(document, dict) and isinstance(document.get("rows"), list):
        rows, layout = _result_rows(document, name, options)
        return rows, numbered_rows(name), layout
    if options.long is None and options.columns is None:
        try:
            scores = scored_rows(document)
        except InputError as error:
            raise InputError(error.what, where=name, hint=error.hint) from None
        if scores is not None:
            note_scores(scores, name, note)
            document = united(scores, name, note)
    document = table_of(document, options.columns, note)
    if isinstance(document, dict) or (isinstance(document, list) and document and not _holds_rows(document)):
        return [document], lambda _: name, None
    if isinstance(document, list):
        return document, numbered_rows(name), None
    raise InputError("neither an array nor an object", where=name)


def _holds_rows(items: list[Any]) -> bool:
    return bool(items) and isinstance(items[0], (list, dict))


def _result_rows(
    document: dict[str, Any], name: str, options: ReadOptions
) -> tuple[list[list[Any]], Layout | None]:
    """Return the kept columns and the logits of a document that softmax wrote, without its results."""
    kept: list[str] | None = None
    rows: list[list[Any]] = []
    k = 0
    for i, row in enumerate(document["rows"], 1):
        where = f"{name}: row {i}"
        logits = row.get("logits") if isinstance(row, dict) else None
        if not isinstance(logits, list) or not logits:
            raise InputError('no array of "logits"', where=where)
        own = [key for key in row if key not in RESULT_KEYS]
        if kept is None:
            kept, k = own, len(logits)
        if set(own) != set(kept):
            odd = min(set(own) ^ set(kept))
            raise InputError(f"the key {shown(odd)} is in some rows and not in others", where=where)
        rows.append([*(row[key] for key in kept), *logits])
    if kept is None:
        return rows, None
    classes = _classes(document.get("classes"), k, name)
    names = [*kept, *classes]
    logits_at = range(len(kept), len(names))
    layout = lay_out(names, len(names), options, where=name, default=logits_at)
    if options.classes is None and layout.classes == numbered(k):
        layout = layout._replace(named=False)
    return rows, layout


def _classes(classes: Any, k: int, name: str) -> Sequence[str]:
    if classes is None:
        return numbered(k)
    if not isinstance(classes, list) or not all(type(word) is str for word in classes):
        raise InputError('"classes" is not an array of names', where=name)
    if len(classes) != k:
        raise InputError(f'"classes" has {len(classes)} names, where row 1 has {k} logits', where=name)
    return classes
