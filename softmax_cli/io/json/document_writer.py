"""Results as one JSON document."""

from __future__ import annotations

from collections.abc import Iterable

from softmax_cli.errors import InputError
from softmax_cli.io.cells.json_text import RESULT_KEYS, json_text, number_texts, string_text
from softmax_cli.io.cells.wording import shown
from softmax_cli.io.streams.sink import Sink
from softmax_cli.io.table.batch import Batch
from softmax_cli.io.table.results.result import Result


def write_json(results: Iterable[Result], sink: Sink, precision: int | None = None) -> None:
    """Write ``{"function", "classes", "temperature", "rows": [...]}`` as the results come, one row a line."""
    begun = False
    for result in results:
        before = ",\n"
        if not begun:
            begun = True
            before = _head(result)
        sink.write_text(before + ",\n".join(_rows(result, precision)))
    sink.write_text("\n]}\n")


def _head(result: Result) -> str:
    function = string_text(result.function)
    classes = json_text(result.batch.classes)
    temperature = json_text(result.temperature)
    return f'{{"function": {function}, "classes": {classes}, "temperature": {temperature}, "rows": [\n'


def _rows(result: Result, precision: int | None) -> Iterable[str]:
    batch = result.batch
    _refuse_collision(batch, result)
    kept = [
        [f", {string_text(name)}: {json_text(cell)}" for cell in cells]
        for name, cells in batch.beside_numbers.items()
    ]
    k, numbers = batch.k, batch.row_numbers
    logits = number_texts(batch.values)
    for i in range(len(batch)):
        own = result.row(i)
        parts = [f'{{"row": {numbers[i]}, "logits": [{", ".join(logits[i * k : i * k + k])}]']
        for key, value in own.items():
            parts.append(f", {string_text(key)}: {json_text(value, precision)}")
        parts += [cells[i] for cells in kept]
        yield "".join(parts) + "}"


def _refuse_collision(batch: Batch, result: Result) -> None:
    own = RESULT_KEYS | result.row(0).keys()
    twin = next((name for name in batch.beside_numbers if name in own), None)
    if twin is not None:
        raise InputError(
            f"the kept column {shown(twin)} has the name of a key of the JSON document",
            hint="rename it in the input, or choose --format jsonl or csv",
        )
