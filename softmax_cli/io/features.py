"""Tables of features, to learn from or to turn into logits with a model."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from softmax_cli.errors import InputError
from softmax_cli.io.cells.numbers import is_missing
from softmax_cli.io.options import ReadOptions
from softmax_cli.io.read import read
from softmax_cli.io.streams.source import STDIN, open_source
from softmax_cli.io.table.batch import Batch
from softmax_cli.io.table.class_lookup import class_word
from softmax_cli.io.table.columns import find_column, pick
from softmax_cli.io.table.missing import MissingRows
from softmax_cli.io.table.results.result import PerClass
from softmax_cli.io.write import write_document
from softmax_cli.learning.model import Model
from softmax_cli.learning.table import FeatureTable

_INFINITE = "an infinite number is no feature"


def read_table(word: str, options: ReadOptions, *, note: Callable[[str], None]) -> FeatureTable:
    """Read a table to learn from: features, and the class of each row from ``options.target_column``.

    The features are ``options.columns``, or all columns except the target.

    Raises
    ------
    InputError
        For a cell that is neither a finite number nor missing, or fewer than two classes.
    """
    assert options.target_column is not None
    missing = MissingRows()
    try:
        read_batches = read([word], options._replace(missing=missing), note=note)
        batches = [missing.left(batch, _without_class(batch)) for batch in read_batches]
        for batch in batches:
            batch.refuse_infinite()
    except InputError as error:
        if missing.count and error.what.startswith("no rows"):
            raise _nothing_whole(missing, word) from None
        mend = "mend it, or leave the cell empty: rows with a missing value are left out"
        raise _about_features(error, mend) from None
    if not batches or batches[0].layout.target is None:
        raise InputError("holds no rows to learn from", where=word)
    words = [class_word(cell) for batch in batches for cell in batch.kept[batches[0].layout.target]]
    if not words:
        raise _nothing_whole(missing, word)
    if missing.count:
        note(missing.told())
    values = np.concatenate([np.asarray(batch.values, np.float64) for batch in batches])
    return FeatureTable.of_words(
        values, words, _feature_names(batches[0], options), target=batches[0].layout.target
    )


def logits_of(batches: Iterable[Batch], model: Model) -> Iterator[Batch]:
    """Yield the logits that a model computes for rows of features; kept columns stay."""
    try:
        for batch in batches:
            batch.refuse_infinite()
            values = model.logits(np.asarray(batch.values, np.float64))
            yield replace(batch, values=values, classes=model.classes, named=True, label=None)
    except InputError as error:
        if error.where == "--columns":
            raise InputError(error.what, where="--model", hint=error.hint) from None
        raise _about_features(error, "mend it, or leave the row out") from None


def read_model(name: str) -> Model:
    """Read a model from the JSON file that ``train -o`` wrote.

    Raises
    ------
    InputError
        Where it holds none.
    """
    with open_source(name) as source:
        content = source.read()
    try:
        given = json.loads(content)
    except (ValueError, RecursionError):
        given = None
    return Model.from_json(given, name)


def write_model(model: Model, output: str) -> None:
    """Write a model as a JSON file, all or nothing."""
    write_document(model.as_json(), output)


def trained_logits(table: FeatureTable, model: Model) -> Trained:
    """Return the class and the logits of every row of a model's training table."""
    names = [table.classes[label] for label in table.labels.tolist()]
    batch = Batch(model.logits(table.values), model.classes, kept={table.target: names})
    return Trained(batch, "softmax", 1.0, "logits", batch.values)


class Trained(PerClass):
    """The logits themselves as a result, beside the class of each row."""

    def row(self, i: int) -> Mapping[str, Any]:
        """Return nothing: the logits are in every row."""
        return {}


def _about_features(error: InputError, mend: str) -> InputError:
    """Turn an error about logits into one about features, with a hint for a cell that is not a number."""
    hint = error.hint
    if error.what.startswith("column ") and (hint is None or "mask the class" in hint):
        hint = mend
    return InputError(_of_features(error.what), where=error.where, hint=hint and _of_features(hint))


def _of_features(sentence: str) -> str:
    """Say of features what the reader of logits says of logits."""
    return (
        sentence.replace("every logit is -inf: a row needs at least one class that is not masked", _INFINITE)
        .replace("at most one logit of a row can be +inf", _INFINITE)
        .replace("pick the logit columns", "pick the features")
        .replace("logit column", "feature")
        .replace("for the logits", "for the features")
        .replace("an empty cell is not a number", "a missing value")
    )


def _nothing_whole(missing: MissingRows, word: str) -> InputError:
    what = f"no row has all its values ({missing.first} is missing)"
    return InputError(what, where=STDIN if word == "-" else word, hint="choose the features with --columns")


def _without_class(batch: Batch) -> dict[int, str]:
    """Return the rows whose class is missing, and the column of it."""
    if batch.layout.target is None:
        return {}
    label = batch.kept_label(batch.layout.target)
    return {row: label for row, cell in enumerate(batch.kept[batch.layout.target]) if is_missing(cell)}


def _feature_names(batch: Batch, options: ReadOptions) -> tuple[str, ...]:
    """Name the features as in a model file: by the header, else by the number of the column."""
    if batch.named:
        return batch.classes
    width = batch.k + len(batch.kept)
    if options.columns is not None:
        positions = pick(options.columns, None, width)
    else:
        target = find_column(options.target_column or "", None, width, option="--target-column")
        positions = tuple(i for i in range(width) if i != target)
    return tuple(str(position + 1) for position in positions)
