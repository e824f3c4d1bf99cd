"""The machine formats, byte for byte."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from softmax_cli.errors import InputError
from softmax_cli.io.table.results.drawn import Drawn
from softmax_cli.io.table.results.result import Long, Matrices, PerClass
from softmax_cli.io.write import format_for, write_document

Make = Callable[..., PerClass]
Written = Callable[..., bytes]


def test_csv_header(per_class: Make, written: Written) -> None:
    """There is always a header, except for bare class columns without names."""
    assert written(per_class([[0.5, 0.25]]), "csv") == b"0.5,0.25\n"
    assert written(per_class([[0.5, 0.25]], "a,b"), "csv") == b"a,b\n0.5,0.25\n"
    assert written(per_class([[0.5, 0.25]], kept={"id": ["x"]}), "csv") == b"id,1,2\nx,0.5,0.25\n"
    matrices = Matrices(
        per_class([[1, 2]], from_arguments=True).batch, "softmax", 1.0, "jacobian", np.ones((1, 2, 2))
    )
    assert written(matrices, "csv") == b"of,1,2\n1,1.0,1.0\n2,1.0,1.0\n"


def test_tables_follow_each_other(per_class: Make, written: Written) -> None:
    """The header is written once, whatever the number of batches."""
    results = [per_class([[1, 2]], "a,b"), per_class([[3, 4], [5, 6]], "a,b")]
    assert written(results, "tsv") == b"a\tb\n1.0\t2.0\n3.0\t4.0\n5.0\t6.0\n"


def test_row_numbers(per_class: Make, written: Written) -> None:
    """The lines of a file's Jacobian begin with the row's number, which continues across batches."""
    batch = per_class([[1, 2]], "a,b", kept={"id": ["x"]}, first_row=7).batch
    lines = written(Matrices(batch, "softmax", 1.0, "jacobian", np.zeros((1, 2, 2))), "csv")
    assert lines == b"row,id,of,a,b\n7,x,a,0.0,0.0\n7,x,b,0.0,0.0\n"


def test_quotes(per_class: Make, written: Written) -> None:
    """Cells are quoted where they must be, and only there; a first cell is never read back as a comment."""
    cells = ["plain", "a,b", 'say "x"', "two\nlines", "#1", " spaces ", "=1+1", "é"]
    data = written(per_class([[1]] * len(cells), "p", kept={"#c": cells}), "csv").decode()
    assert data.split("\n")[0] == '"#c",p'
    assert [row[0] for row in csv.reader(io.StringIO(data, newline=""))] == ["#c", *cells]
    assert data.endswith('"#1",1.0\n spaces ,1.0\n=1+1,1.0\né,1.0\n')
    assert written(per_class([[1]], "p", kept={"k": ["a,b\tc"]}), "tsv") == b'k\tp\n"a,b\tc"\t1.0\n'


def test_kept_values(per_class: Make, written: Written) -> None:
    """Kept JSON values keep their types in JSON, and are plain text in CSV."""
    kept = {"v": [1, 0.1, True, None, ["a", 1e-7], "t"]}
    rows = per_class([[1.0]] * 6, "p", kept=kept)
    assert written(rows, "csv").decode().split("\n")[1:-1] == [
        "1,1.0",
        "0.1,1.0",
        "true,1.0",
        ",1.0",
        '"[""a"", 1e-7]",1.0',
        "t,1.0",
    ]
    lines = written(rows, "jsonl").decode().splitlines()
    assert [json.loads(line)["v"] for line in lines] == kept["v"]


def test_json_document(per_class: Make, written: Written) -> None:
    """The document is valid JSON of the contract's shape, one row a line; infinities are strings."""
    results = [
        per_class([[0.1, -np.inf]], "a,b", kept={"id": ["x"]}),
        per_class([[1e-7, np.inf]], "a,b", kept={"id": ["ü"]}, first_row=2),
    ]
    data = written(results, "json").decode()
    assert data == (
        '{"function": "softmax", "classes": ["a", "b"], "temperature": 1.0, "rows": [\n'
        '{"row": 1, "logits": [0.1, "-inf"], "probabilities": [0.1, "-inf"], "id": "x"},\n'
        '{"row": 2, "logits": [1e-7, "inf"], "probabilities": [1e-7, "inf"], "id": "ü"}\n'
        "]}\n"
    )
    assert json.loads(data)["rows"][1]["row"] == 2


def test_json_of_matrices_and_lines(per_class: Make, written: Written) -> None:
    """A Jacobian is nested arrays; lines of a row are objects."""
    batch = per_class([[1, 2]], "a,b").batch
    cube = np.array([[[1, -1], [-0.0, 0.5]]])
    row = json.loads(written(Matrices(batch, "softmax", 1.0, "jacobian", cube), "json"))["rows"][0]
    assert row == {"row": 1, "logits": [1, 2], "jacobian": [[1, -1], [0, 0.5]]}
    top = Long(
        batch, "softmax", 1.0, "top", np.array([[[0.7]]]), {"rank": [1], "class": ["b"]}, ("probability",)
    )
    row = json.loads(written(top, "json", precision=1))["rows"][0]
    assert row["top"] == [{"rank": 1, "class": "b", "probability": 0.7}]
    assert written(top, "csv") == b"row,rank,class,probability\n1,1,b,0.7\n"


@pytest.mark.parametrize("key", ["row", "logits", "probabilities"])
def test_json_collision(per_class: Make, written: Written, key: str) -> None:
    """A kept column with the name of a key of the document is an error, not a lost cell."""
    with pytest.raises(InputError, match=f"the kept column '{key}' has the name of a key"):
        written(per_class([[1]], "p", kept={key: ["x"]}), "json")


def test_table_collisions(per_class: Make, written: Written) -> None:
    """Two columns of one name are an error, not a lost column."""
    with pytest.raises(InputError, match="two columns of the result would be called 'a'"):
        written(per_class([[1]], "a", kept={"a": ["x"]}), "csv")
    for name in ("row", "of"):
        batch = per_class([[1]], "a", kept={name: ["x"]}).batch
        with pytest.raises(InputError, match=f"two columns of the result would be called '{name}'"):
            written(Matrices(batch, "softmax", 1.0, "jacobian", np.ones((1, 1, 1))), "csv")
    batch = per_class([[1]], "a", kept={"class": ["x"]}).batch
    with pytest.raises(InputError, match="two columns of the result would be called 'class'"):
        written([Drawn(batch, "softmax", 1.0, "draws", np.zeros((1, 2), np.intp))], "csv")


def test_lone_surrogates(per_class: Make, written: Written) -> None:
    """Text that is no Unicode is written as an escape, which JSON reads back."""
    result = per_class([[1]], "p", kept={"k": ["\ud800"]})
    assert json.loads(written(result, "jsonl"))["k"] == "\ud800"
    assert written(result, "csv") == b"k,p\n\\ud800,1.0\n"


def test_lone_surrogates_in_a_document(tmp_path: Path) -> None:
    """A document holds them as JSON's escape too, as in the model of a class with such a name."""
    path = tmp_path / "model.json"
    write_document({"classes": ["\ud800"]}, str(path))
    assert json.loads(path.read_bytes()) == {"classes": ["\ud800"]}


def test_precision(per_class: Make, written: Written) -> None:
    """--precision rounds to that many significant digits, except the logits of a JSON document."""
    result = per_class([[2 / 3, 1.23456789e-7, 0.099999]], "a,b,c")
    assert written(result, "csv", precision=3) == b"a,b,c\n0.667,1.23e-7,0.1\n"
    row = json.loads(written(result, "json", precision=3))["rows"][0]
    assert (row["logits"][0], row["probabilities"][0]) == (2 / 3, 0.667)
    for precision in (0, 18, -1):
        with pytest.raises(InputError, match="--precision"):
            written(result, "csv", precision=precision)


def test_markdown(per_class: Make, written: Written) -> None:
    """Markdown rounds to 4 significant digits, shows 0 only for zero, and escapes."""
    data = written(per_class([[0.5, 3.21e-9, 0]], "a|b,<b>,c_1", kept={"id": ["*x*\ny"]}), "markdown")
    assert data.decode() == (
        "| id | a\\|b | \\<b\\> | c\\_1 |\n| :-- | --: | --: | --: |\n| \\*x\\* y | 0.5000 | 3.210e-9 | 0 |\n"
    )


def test_latex(per_class: Make, written: Written) -> None:
    """LaTeX needs no package, sets numbers in mathematics, and escapes."""
    data = written(
        per_class([[0.5, -3.21e-9], [-np.inf, 1]], "50%,a_1&", kept={"#": ["x^2", "[~*\\"]}), "latex"
    )
    assert data.decode() == (
        "\\begin{tabular}{lrr}\n\\hline\n"
        "\\# & 50\\% & a\\_1\\& \\\\\n\\hline\n"
        "x\\textasciicircum{}2 & $0.5000$ & $-3.210 \\times 10^{-9}$ \\\\\n"
        "{[}\\textasciitilde{}{*}\\textbackslash{} & $-\\infty$ & $1.000$ \\\\\n"
        "\\hline\n\\end{tabular}\n"
    )


@pytest.mark.parametrize(
    ("output", "format", "terminal", "chosen"),
    [
        (None, None, True, "table"),
        (None, None, False, "csv"),
        ("-", None, False, "csv"),
        ("p.CSV", None, True, "csv"),
        ("p.tsv", None, True, "tsv"),
        ("p.txt", None, True, "csv"),
        ("p.txt", "table", True, "table"),
        ("p.ndjson", None, True, "jsonl"),
        ("a.b/p.md", None, True, "markdown"),
        ("p.tex", None, True, "latex"),
        ("p.csv", "json", True, "json"),
        ("p.xyz", "json", True, "json"),
        ("/dev/null", None, True, "csv"),
    ],
)
def test_format(output: str | None, format: str | None, terminal: bool, chosen: str) -> None:
    """-f wins over the ending, the ending over the terminal."""
    assert format_for(output, format, terminal=terminal).name == chosen


@pytest.mark.parametrize(
    ("output", "format", "sentence"),
    [
        ("p.xyz", None, "--output: no format is known by the ending '.xyz'"),
        ("p.npz", None, "--output: no format is known by the ending '.npz'"),
        (None, "jsn", "--format: no format is called 'jsn'"),
    ],
)
def test_unknown_format(output: str | None, format: str | None, sentence: str) -> None:
    """An unknown format or ending is one line."""
    with pytest.raises(InputError) as caught:
        format_for(output, format, terminal=False)
    assert str(caught.value) == sentence
