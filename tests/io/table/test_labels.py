"""Labels and weights, as every command reads them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from softmax_cli.errors import InputError
from softmax_cli.io.options import LabelOptions
from softmax_cli.io.table.batch import Batch
from softmax_cli.io.table.labels import LabelReader, labels_of
from softmax_cli.io.table.layout import Layout
from tests.io.reading import Reader, npy, said

TABLE = """id,label,w,qa,qb,a,b
1,a,1,0.25,0.75,0.5,2
2,b,0.5,1,0,1.5,-1
3,-100,2,0.5,0.5,0,0
4,2,0,0,1,3,1
"""
WEIGHED = {"weight_column": "w", "target": "a"}


def labelled(text: str = TABLE, *, name: str = "in.csv", columns: str = "a,b", **options: Any) -> Any:
    """Return the labelled rows, the reader and its notes."""
    labels = LabelOptions(**options)
    notes: list[str] = []
    reader = LabelReader(labels, notes.append)
    given = {
        "target_column": labels.target_column,
        "weight_column": labels.weight_column,
        "soft": labels.soft,
    }
    return list(reader.read(Reader().batches(text, name, columns=columns, **given))), reader, notes


def test_a_column_of_classes() -> None:
    """A label is a class's name first, then its 1-based number."""
    [(batch, labels, weights)], _, notes = labelled(
        target_column="label", ignore=("-100",), weight_column="w"
    )
    assert labels.tolist() == [0, 1, 1]
    assert weights.tolist() == [1, 0.5, 0]
    assert list(batch.row_numbers) == [1, 2, 4]
    assert (batch.values.tolist(), list(batch.kept["id"])) == ([[0.5, 2], [1.5, -1], [3, 1]], ["1", "2", "4"])
    assert batch.where(2) == "in.csv:5"
    assert notes == ["left out: 1 row with the label -100"]


def test_a_distribution_a_row() -> None:
    """The columns of --soft belong to the classes, in order; without --columns they are not logits."""
    [(batch, labels, weights)], _, _ = labelled(columns="a,b", soft="q*")
    assert labels.tolist() == [[0.25, 0.75], [1, 0], [0.5, 0.5], [0, 1]]
    assert weights is None
    rows = "p,q,a,b\n1,0,2,3\n"
    [(batch, labels, _)], _, _ = labelled(rows, columns="!1-2", soft="p,q")
    assert (batch.classes, labels.tolist()) == (("a", "b"), [[1, 0]])


def test_one_class_for_all_rows() -> None:
    """--target names the class of every row, of the command line's too."""
    [(_, labels, _)], _, _ = labelled(target="b")
    assert labels.tolist() == [1, 1, 1, 1]


@pytest.mark.parametrize("name", ["in.jsonl", "in.json"])
def test_numbers_of_typed_formats_are_labels(name: str) -> None:
    """The number 2 in JSON is the second class, and -100 is left out as the text is."""
    text = '{"y": 2, "w": 3, "a": 1, "b": 2}\n{"y": -100, "w": 1, "a": 3, "b": 4}\n'
    if name == "in.json":
        text = f"[{text.strip().replace(chr(10), ',')}]"
    [(_, labels, weights)], reader, _ = labelled(
        text, name=name, target_column="y", weight_column="w", ignore=("-100",)
    )
    assert (labels.tolist(), weights.tolist(), reader.ignored) == ([1], [3], 1)


@pytest.mark.parametrize(
    ("text", "options", "sentence"),
    [
        (TABLE, {"target_column": "label"}, "in.csv:4: column 2 (label): no class is called '-100'"),
        (TABLE, {"target_column": "nope"}, "--target-column: no column is called 'nope'"),
        (TABLE, {"target_column": "a"}, "--target-column: column 6 (a) is a logit column too"),
        (TABLE, {"weight_column": "b", "target": "a"}, "--weight-column: column 7 (b) is a logit column too"),
        (TABLE, {"weight_column": "label", "target": "a"}, "in.csv:2: column 2 (label): 'a' is not a number"),
        (
            "w,a,b\n1,2,3\n-1,2,3\n",
            {"weight_column": "w", "target": "a"},
            "in.csv:3: column 1 (w): -1.0 is no",
        ),
        ("w,a,b\n1e308,2,3\n", WEIGHED, "in.csv:2: column 1 (w): 1e+308 is too heavy a weight"),
        ("w,a,b\n1e-320,2,3\n", WEIGHED, "in.csv:2: column 1 (w): 1e-320 is too light a weight"),
        (
            "w,a,b\n1,2,3\n,2,3\n",
            {"weight_column": "w", "target": "a"},
            "in.csv:3: column 1 (w): an empty cell",
        ),
        (TABLE, {"soft": "qa"}, "--soft: 1 column for 2 classes"),
        (TABLE, {"soft": "qa,w"}, "in.csv:2: the columns of --soft sum to 1.25"),
        (
            "p,q,a,b\n1.5,-0.5,1,2\n",
            {"soft": "p,q"},
            "the columns of --soft hold a negative",
        ),
        (TABLE, {}, "the true class of each row is needed"),
        ("y,a,b\nx,1,2\n", {"target_column": "y", "ignore": ("x",)}, "--ignore: every row has the label x"),
    ],
)
def test_errors_have_their_place(text: str, options: dict[str, Any], sentence: str) -> None:
    """A wrong label or weight is reported with its line and column."""
    with pytest.raises(InputError) as caught:
        labelled(text, **options)
    assert sentence in said(caught.value)


def test_results_keep_the_numbers_of_their_rows() -> None:
    """A batch without the rows that are left out keeps the row numbers of the others."""
    [(batch, _, _)], _, _ = labelled(target_column="label", ignore=("-100", "a"))
    assert list(batch.rows(1, 2).row_numbers) == [4]


def test_labels_counted_from_zero_have_a_hint_that_works() -> None:
    """A label 0 is refused; naming the classes as the hint says reads the labels right."""
    text = "label,a,b\n0,5,0\n1,0,5\n"
    with pytest.raises(InputError) as refused:
        labelled(text, target_column="label")
    assert refused.value.hint is not None
    assert refused.value.hint.endswith("--classes 0,1")
    [batch] = Reader().batches(text, "in.csv", columns="a,b", target_column="label", classes="0,1")
    reader = LabelReader(LabelOptions(target_column="label"), print)
    [(_, labels, _)] = reader.read([batch])
    assert labels.tolist() == [0, 1]


@pytest.mark.parametrize(
    ("label", "what"), [("1.0", "'1.0' is a number with a point"), ("", "an empty cell names no class")]
)
def test_labels_that_are_nearly_right(label: str, what: str) -> None:
    """A float, a missing label and an unknown class have different errors, each with a hint."""
    with pytest.raises(InputError, match=what) as refused:
        labelled(f"id,label,a,b\n7,{label},1,0\n", target_column="label")
    assert refused.value.hint


CLASSES = ("cat", "2", "dog")
BY_Y = LabelOptions(target_column="y")


def batch(*cells: object) -> Batch:
    """Return rows whose kept column y holds the cells."""
    return Batch(
        np.zeros((len(cells), 3)),
        CLASSES,
        kept={"y": list(cells)},
        layout=Layout(target="y"),
        where=lambda i: f"f:{i + 2}",
    )


def test_targets() -> None:
    """The target of each row is read from the kept column, as text or as a number."""
    assert labels_of(batch("dog", "2", "1", 3, 1.0), BY_Y).tolist() == [2, 1, 0, 2, 0]


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("cow", "no class is called 'cow'"),
        (4, "there is no class 4 among 3"),
        (4.0, "there is no class 4 among 3"),
        (1.5, "no class is called '1.5'"),
        (None, "null names no class"),
        (True, "no class is called 'true'"),
        ("", "an empty cell names no class"),
    ],
)
def test_bad_target(cell: object, sentence: str) -> None:
    """A cell that is not a class is an error with its line and column."""
    with pytest.raises(InputError) as caught:
        labels_of(batch("dog", cell), BY_Y)
    assert str(caught.value) == f"f:3: column y: {sentence}"


@pytest.mark.parametrize(
    ("text", "name", "place"),
    [
        ("id,a,b\n1,0,0\n4,0,0\n", "in.csv", "in.csv:3: column 1 (id)"),
        ("1,0,0\n4,0,0\n", "in.csv", "in.csv:2: column 1"),
        ('[{"id": 4, "a": 0, "b": 0}]', "in.json", "in.json: row 1: column 1 (id)"),
        ("[1, 0, 0]\n[4, 0, 0]\n", "in.jsonl", "in.jsonl:2: column 1"),
        (npy(np.array([[4, 0, 0]])), "in.npy", "in.npy: row 1: column 1"),
    ],
)
def test_place_of_a_bad_target(reader: Reader, text: str | bytes, name: str, place: str) -> None:
    """Errors name the column of a bad target like that of a bad logit."""
    target = "id" if b"id" in (text if isinstance(text, bytes) else text.encode()) else "1"
    last = list(reader.batches(text, name, target_column=target))[-1]
    with pytest.raises(InputError) as caught:
        labels_of(last, LabelOptions(target_column=target))
    assert str(caught.value) == f"{place}: there is no class 4 among 2"
