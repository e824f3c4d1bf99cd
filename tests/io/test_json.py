"""JSON documents and JSON lines: what is read, and the errors of what is not."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from softmax_cli.io.cells.json_text import json_text
from softmax_cli.io.table.batch import Array, Batch
from softmax_cli.io.table.results.result import Long, Matrices, PerClass
from tests.io.reading import Reader, beginning


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("[1, 2]", [[1, 2]]),
        ("[[1, 2], [3, 4.5]]", [[1, 2], [3, 4.5]]),
        ('{"a": 1, "b": 2}', [[1, 2]]),
        ('[{"a": 1, "b": 2}, {"b": 4, "a": 3}]', [[1, 2], [3, 4]]),
        ('["-inf", 2, "inf"]', [[-np.inf, 2, np.inf]]),
        ("\ufeff \n [1,\n 2]\n", [[1, 2]]),
        ("[[9007199254740993, 1e-400]]", [[9007199254740992, 0]]),
    ],
)
@pytest.mark.parametrize("name", ["in.json", "<stdin>"])
def test_documents(reader: Reader, text: str, rows: list[list[float]], name: str) -> None:
    """A document is a vector, rows, an object or objects; keys are aligned by name."""
    batch = reader.all(text, name)
    assert batch.values.tolist() == rows
    assert batch.named == ("{" in text)
    assert batch.classes == (("a", "b") if "{" in text else tuple(map(str, range(1, batch.k + 1))))


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("[1, 2]\n[3, 4]\n", [[1, 2], [3, 4]]),
        ('{"a": 1, "b": 2}\n\n{"b": 4, "a": "-inf"}', [[1, 2], [-np.inf, 4]]),
        ("[1, 2]\r\n[3, 4]", [[1, 2], [3, 4]]),
    ],
)
@pytest.mark.parametrize("name", ["in.jsonl", "in.NDJSON", "<stdin>"])
def test_lines(reader: Reader, text: str, rows: list[list[float]], name: str) -> None:
    """JSON lines hold one array or object a line, also on standard input, where the first line tells."""
    assert reader.rows(text, name) == rows


def test_kept_values(reader: Reader) -> None:
    """With -c the other keys are kept with their JSON types."""
    text = '[{"id": 7, "a": 1, "b": 2, "ok": true, "w": 0.5, "no": null, "tags": ["x"], "big": 1e400}]'
    batch = reader.all(text, "in.json", columns="a,b")
    assert batch.kept == {
        "id": [7],
        "ok": [True],
        "w": [0.5],
        "no": [None],
        "tags": [["x"]],
        "big": ["1e400"],
    }
    assert reader.all("[[1, 2, 3]]", "in.json", columns="2-3").kept == {"column_1": [1]}


@pytest.mark.parametrize("name", ["in.json", "in.jsonl"])
@pytest.mark.parametrize(
    "number",
    ["7", "-0", "1.50", "1E2", "1e-05", "0.10000000000000000555", "9007199254740993", "1e400", "1" * 5000],
)
def test_kept_numbers(reader: Reader, written: Callable[..., bytes], name: str, number: str) -> None:
    """A kept number is written as it was, in every format, also inside a list or an object."""
    kept = f'"w": {number}, "in": [{{"x": [{number}]}}]'
    batch = reader.all(f'{{{kept}, "a": 1, "b": 2}}', name, columns="a,b")
    result = PerClass(batch, "softmax", 1.0, "probabilities", batch.values)
    compact = kept.replace(" ", "")
    assert written(result, "jsonl").decode() == f'{{{compact},"a":1.0,"b":2.0}}\n'
    assert f", {kept}}}\n]}}" in written(result, "json").decode()
    assert written(result, "csv").decode().splitlines()[1].startswith(f'{number},"[{{""x"": [{number}]}}]",')


@pytest.mark.parametrize("cell", ["NaN", "Infinity", "-Infinity"])
def test_kept_constants(reader: Reader, cell: str) -> None:
    """Constants that Python writes in JSON are kept as floats, and written as texts, since JSON has none."""
    batch = reader.all(f'{{"id": {cell}, "a": 1, "b": 2}}\n', "in.jsonl", columns="a,b")
    assert json_text(batch.kept["id"][0]) == f'"{cell.replace("Infinity", "inf").replace("NaN", "nan")}"'


def test_kept_depth(reader: Reader, written: Callable[..., bytes]) -> None:
    """Kept lists may nest only as deep as they can be written."""
    text = '{{"a": 1, "b": 2, "in": {}{}}}'
    batch = reader.all(text.format("[" * 100, "]" * 100), "in.jsonl", columns="a,b")
    result = PerClass(batch, "softmax", 1.0, "probabilities", batch.values)
    assert b"[" * 100 + b"]" * 100 in written(result, "jsonl")
    for depth in (101, 900, 100_000):
        error = reader.error(text.format("[" * depth, "]" * depth), "in.jsonl", columns="a,b")
        assert error.startswith("in.jsonl:1: ")
        assert error.endswith("nested too deeply")


def test_numbers_are_no_class_names(reader: Reader) -> None:
    """The classes of a document are texts."""
    text = '{"rows": [{"logits": [1, 2]}], "classes": [1, 2]}'
    assert reader.error(text, "in.json") == 'in.json: "classes" is not an array of names'


def test_target_key(reader: Reader) -> None:
    """The target key is kept, and the others are logits."""
    batch = reader.all('{"a": 1, "y": "b", "b": 2}\n', "in.jsonl", target_column="y")
    assert (batch.layout.target, batch.kept, batch.classes) == ("y", {"y": ["b"]}, ("a", "b"))


BAD: list[tuple[str, dict[str, Any], str]] = [
    ("[1, null]", {}, "in.json: column 2: null is not a number"),
    ("[[1, 2], [3, true]]", {}, "in.json: row 2: column 2: true is not a number"),
    ("[[1, 2], [3, [4]]]", {}, "in.json: row 2: column 2: a list is not a number"),
    ('[{"a": 1}, {"a": {"b": 2}}]', {}, "in.json: row 2: column 1 (a): an object is not a number"),
    ('[1, "2"]', {}, "in.json: column 2: the text '2' is not a number"),
    ('[1, "1e400inf"]', {}, "in.json: column 2: the text '1e400inf' is not a number"),
    ("[1, 1e400]", {}, "in.json: column 2: '1e400' is too large for a double"),
    (f"[1, 1{'0' * 400}]", {}, f"in.json: column 2: '1{'0' * 59}...' is too large for a double"),
    (f"[1, 1{'0' * 9000}]", {}, f"in.json: column 2: '1{'0' * 59}...' is too large for a double"),
    (
        "[1, NaN]",
        {},
        'in.json: column 2: NaN is not a number\nhint: write "-inf" to mask the class, or leave the row out',
    ),
    ("[[1, 2], [3]]", {}, "in.json: row 2: 1 value, where the first row has 2"),
    ("[[1, 2], 3]", {}, "in.json: row 2: a single number, where the first row is an array"),
    ('[[1, 2], {"a": 1}]', {}, "in.json: row 2: an object, where the first row is an array"),
    ('[{"a": 1}, [1]]', {}, "in.json: row 2: an array, where the first row is an object"),
    ('[{"a": 1, "b": 1}, {"a": 1}]', {}, "in.json: row 2: no 'b', which the first row has"),
    ('[{"a": 1}, {"a": 1, "c": 2}]', {}, "in.json: row 2: 'c', which the first row does not have"),
    ('{"a": 1, "a": 2}', {}, "in.json: the key 'a' is there twice in one object"),
    ("[]", {}, "in.json: no rows: the list is empty"),
    ("[[]]", {}, "in.json: row 1: an array without logits"),
    ("{}", {}, "in.json: an object without logits"),
    ("", {}, "in.json: no rows: the input is empty"),
    ("3", {}, "in.json: neither an array nor an object"),
    ("[1,\n 2", {}, "in.json:2: not JSON: expecting ',' delimiter at character 3"),
    ("[" * 200_000, {}, "in.json: nested too deeply"),
    ("[inf]", {}, "in.json:1: not JSON: expecting value at character 2"),
    ('["inf", "inf"]', {}, "in.json: column 1 and column 2: at most one logit of a row can be +inf"),
    ('{"rows": [{"row": 1}]}', {}, 'in.json: row 1: no array of "logits"'),
    ('{"rows": []}', {}, "in.json: no rows: the list is empty"),
    (
        '{"rows": [{"logits": [1, 2]}], "classes": ["a"]}',
        {},
        'in.json: "classes" has 1 names, where row 1 has 2 logits',
    ),
    (
        '{"rows": [{"logits": [1], "x": 1}, {"logits": [1]}]}',
        {},
        "in.json: row 2: the key 'x' is in some rows and not in others",
    ),
    ('{"a": 1, "b": 2}', {"columns": "c"}, "--columns: no column is called 'c'\nhint: the columns are a, b"),
    (
        '{"id": "x", "a": 1, "b": 2}',
        {},
        "in.json: column 1 (id): the text 'x' is not a number\n"
        "hint: pick the logit columns with --columns, e.g. -c 2-3",
    ),
]


@pytest.mark.parametrize(("text", "options", "sentence"), BAD)
def test_bad_documents(reader: Reader, text: str, options: dict[str, Any], sentence: str) -> None:
    """Each kind of bad document has one line with its place."""
    assert beginning(reader.error(text, "in.json", **options), sentence) == sentence


@pytest.mark.parametrize("value", ["1e400", '"2"', "null", '"NA"'])
def test_no_columns_hint(reader: Reader, value: str) -> None:
    """A missing or malformed number in the first row does not make a column of words."""
    assert "--columns" not in reader.error(f"[1, {value}]", "in.json")
    assert "--columns" in reader.error('[1, "x"]', "in.json")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[1, 2]\n[1, x]\n", "in.jsonl:2: not JSON: expecting value at character 5"),
        ("[1, 2]\n\n[1]\n", "in.jsonl:3: 1 value, where the first row has 2"),
        (
            "[1, 2]\n[1, 2] [3, 4]\n",
            "in.jsonl:2: not JSON: extra data at character 8\nhint: one array or object a line",
        ),
        ("1\n2\n", "in.jsonl:1: a single number, where an array or an object is expected"),
        ("\n\n", "in.jsonl: no rows: the input is empty"),
        (
            '[1, 2]\n["inf", "inf"]\n',
            "in.jsonl:2: column 1 and column 2: at most one logit of a row can be +inf",
        ),
    ],
)
def test_bad_lines(reader: Reader, text: str, sentence: str) -> None:
    """Each kind of bad line is reported with its line number, after the rows before it."""
    assert reader.error(text, "in.jsonl") == sentence
    assert sum(map(len, reader.before)) == (text.startswith("[1, 2]"))


def test_one_line_document_on_stdin(reader: Reader) -> None:
    """A document of rows on one line of standard input is not taken for a JSON line."""
    assert reader.rows("[[1, 2], [3, 4]]", "<stdin>") == [[1, 2], [3, 4]]
    text = '{"classes": ["a", "b"], "rows": [{"row": 1, "logits": [1, 2]}]}'
    assert reader.all(text, "<stdin>").classes == ("a", "b")


@pytest.mark.parametrize("kind", ["probs", "jacobian", "steps"])
@pytest.mark.parametrize("classes", ["a,b", ""])
def test_reads_what_is_written(
    reader: Reader, per_class: Callable[..., PerClass], written: Callable[..., bytes], kind: str, classes: str
) -> None:
    """What -f json writes is read back: logits, class names and kept columns, without the results."""
    kept = {"id": ["x", "y"], "n": [1, None], "list": [[1, {"k": 0.1}], []]}
    result: Any = per_class([[0.1, -np.inf], [1e300, 3]], classes, kept=kept)
    batch: Batch = result.batch
    cube: Array = np.arange(8.0).reshape(2, 2, 2)
    if kind == "jacobian":
        result = Matrices(batch, "softmax", 1.0, "jacobian", cube)
    if kind == "steps":
        result = Long(batch, "softmax", 1.0, "steps", cube, {"class": list(batch.classes) * 2}, ("u", "v"))
    back = reader.all(written(result, "json"), "in.json")
    assert back.values.tobytes() == batch.values.tobytes()
    assert (back.classes, back.named, back.kept) == (batch.classes, batch.named, kept)
