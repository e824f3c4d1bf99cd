"""Rows of JSON, arrays or objects, to batches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from softmax_cli.errors import InputError
from softmax_cli.io.cells.numbers import NotANumberError, is_word
from softmax_cli.io.cells.wording import counted, shown
from softmax_cli.io.json.hints import value_hint
from softmax_cli.io.json.shapes import as_list, list_lengths, packed_key
from softmax_cli.io.json.values import is_json_number, json_numbers, kept_value
from softmax_cli.io.options import ReadOptions
from softmax_cli.io.table.batch import Array, Batch, Place
from softmax_cli.io.table.columns import columns_hint
from softmax_cli.io.table.lay_out import lay_out
from softmax_cli.io.table.layout import Layout
from softmax_cli.io.text.two_paths import RowReader


class JsonRows(RowReader):
    """Turns blocks of JSON rows into batches; the first row decides the columns, unless they are given."""

    def __init__(self, options: ReadOptions, layout: Layout | None = None) -> None:
        super().__init__(options)
        if layout is not None:
            self.layout = layout
        self.other_keys_hint: str | None = None
        """What to do about a row with other keys than the first."""
        self._objects = False
        self._packed: str | None = None  # the key of the text or the object that holds a row's logits

    def batches(self, rows: Sequence[Any], place: Place) -> Iterator[Batch]:
        """Yield the rows before the first bad one as a batch, then raise its error, if there is one."""
        if not hasattr(self, "layout"):
            self.layout = self._begin(rows[0], place(0))
        if self._packed is not None:
            names = self.layout.classes if self.layout.named and self.options.classes is None else None
            rows = [_unpacked(row, self._packed, names) for row in rows]
        return super().batches(rows, place)

    def _begin(self, row: Any, where: str) -> Layout:
        """Decide on the columns by the first row."""
        self._packed = packed_key(row, self.options.columns)
        names = None if self._packed is None else (as_list(row[self._packed]) or ([], None))[1]
        self._objects = type(row) is dict
        layout = _layout_of(_unpacked(row, self._packed, names), self.options, where)
        if names is not None and layout.listed and self.options.classes is None:
            return layout._replace(classes=names, named=True)
        return layout

    def _shaped(self, rows: Sequence[Any], place: Place) -> tuple[Sequence[Any], InputError | None]:
        cells: list[list[Any]] = []
        names = self.layout.names
        known = set(names) if self._objects and names is not None else None
        if known is not None and self.options.missing is not None:
            rows = [dict.fromkeys(known) | row if isinstance(row, dict) else row for row in rows]
        for i, row in enumerate(rows):
            wrong = _wrong_shape(row, self.layout.width, known)
            if wrong is not None:
                return cells, InputError(wrong, where=place(i), hint=self.other_keys_hint)
            cells.append(row if known is None else [row[name] for name in names or ()])
        return cells, None

    def _kept(self, row: Sequence[Any]) -> dict[int, Any]:
        kept: dict[int, Any] = {}
        for position in self.layout.kept:
            try:
                kept[position] = kept_value(row[position])
            except NotANumberError as error:
                raise ValueError(f"{self.layout.column(position)}: {error}") from None
        return kept

    def _logits(self, row: Sequence[Any]) -> Sequence[Any]:
        layout = self.layout
        if not layout.listed:
            return [row[i] for i in layout.logits]
        value = row[layout.logits[0]]
        if isinstance(value, list) and len(value) == layout.k:
            return value
        not_a_list = f"{layout.column(layout.logits[0])}: {kind_of(value)}, where the first row has a list"
        raise ValueError(layout.unequal(len(value)) if isinstance(value, list) else not_a_list)

    def _numbers(self, cells: Sequence[Any]) -> Array:
        return json_numbers(cells)

    def _bad_number(
        self, refused: NotANumberError, j: int, rows: Sequence[Sequence[Any]], where: str, *, is_first: bool
    ) -> InputError:
        layout, row = self.layout, rows[0]
        position = layout.logits[0 if layout.listed else j]
        value = row[position][j] if layout.listed else row[position]
        hint = value_hint(value, where)
        if hint is None and is_first and self.options.columns is None:
            hint = self._first_row_hint(row, value, layout.names, position)
        return InputError(f"{layout.logit_column(j)}: {refused}", where=where, hint=hint)

    def _first_row_hint(
        self, row: Sequence[Any], value: Any, names: Sequence[str] | None, position: int
    ) -> str | None:
        """Return the columns to ask for if the first row has a value that is not a number."""
        if names is not None and as_list(value) is not None:
            return f"-c {names[position]} reads its numbers as the logits of the row"
        if len(row) < 2 or not isinstance(value, str) or not is_word(value):
            return None
        return columns_hint(list(map(is_json_number, row)), names, self.options)


def _unpacked(row: Any, key: str | None, names: Sequence[str] | None) -> Any:
    """Return a row with the list that a text or an object under a key holds, or else the row itself."""
    found = as_list(row.get(key)) if key is not None and isinstance(row, dict) else None
    if found is None or key is None:
        return row
    numbers, own = found
    if own is not None and names is not None:
        if set(own) != set(names):
            return row
        numbers = [row[key][name] for name in names]
    return {**row, key: numbers}


def unpacked(rows: Sequence[Any], keys: Sequence[str]) -> tuple[list[Any], list[int]]:
    """Return the rows of numbers in rows of answers, and the index of the row that each comes from.

    An object may hold its answers under one of the keys; a matrix is a list of rows.
    """
    found: list[Any] = []
    origins: list[int] = []
    for i, row in enumerate(rows):
        value = next((row[key] for key in keys if key in row), row) if isinstance(row, dict) else row
        is_matrix = isinstance(value, list) and value and isinstance(value[0], list)
        found += value if is_matrix else [value]
        origins += [i] * (len(value) if is_matrix else 1)
    return found, origins


def _layout_of(row: Any, options: ReadOptions, where: str) -> Layout:
    if type(row) is dict:
        if not row:
            raise InputError("an object without logits", where=where)
        lists = list_lengths(list(row.values()))
        return lay_out(list(row), len(row), options, where=where, lists=lists)
    if type(row) is not list:
        raise InputError(f"{kind_of(row)}, where an array or an object is expected", where=where)
    if not row:
        raise InputError("an array without logits", where=where)
    return lay_out(None, len(row), options, where=where, lists=list_lengths(row))


def _wrong_shape(row: Any, width: int, keys: set[str] | None) -> str | None:
    """Return how a row differs from the first, an object with these keys or an array, or None."""
    if keys is None:
        if not isinstance(row, list):
            return f"{kind_of(row)}, where the first row is an array"
        return None if len(row) == width else f"{counted(len(row), 'value')}, where the first row has {width}"
    if not isinstance(row, dict):
        return f"{kind_of(row)}, where the first row is an object"
    if missing := keys - row.keys():
        return f"no {shown(min(missing))}, which the first row has"
    if extra := row.keys() - keys:
        return f"{shown(min(extra))}, which the first row does not have"
    return None


def kind_of(value: Any) -> str:
    """Say what a JSON value is."""
    if type(value) is str:
        return "a text"
    return {list: "an array", dict: "an object", bool: "a truth value", type(None): "null"}.get(
        type(value), "a single number"
    )
