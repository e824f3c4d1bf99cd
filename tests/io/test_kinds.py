"""Kinds of files that people have: each gives its logits, or an error whose hint leads to them."""

from __future__ import annotations

import bz2
import io
import json
import lzma
import re
import shlex
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest

from softmax_cli.errors import SoftmaxError
from softmax_cli.io.options import ReadOptions
from softmax_cli.io.read import read, read_source
from softmax_cli.io.streams.source import Source
from softmax_cli.io.table.batch import joined
from tests.io.reading import npy, said, streamed
from tests.io.test_inputs import options_of

Z = [[1.43, -0.4, 0.23], [0.5, 2.0, -1.25], [-3.0, 0.75, 12.5]]
A = np.array(Z)
CSV = "a,b,c\n1.43,-0.4,0.23\n0.5,2.0,-1.25\n-3.0,0.75,12.5\n"
ROWS = CSV.partition("\n")[2]
NAMES = ("a", "b", "c")
RECORDS = [dict(zip(NAMES, row, strict=True)) for row in Z]


def lines(rows: list[Any]) -> str:
    """Return JSON lines."""
    return "\n".join(map(json.dumps, rows))


def npz(**arrays: Any) -> bytes:
    """Return a .npz file."""
    return streamed(lambda stream: np.savez(stream, **arrays))


def parquet(**columns: Any) -> bytes:
    """Return a Parquet file."""
    return streamed(lambda stream: pyarrow.parquet.write_table(pa.table(columns), stream))


def ipc(new: Callable[[Any, pa.Schema], Any], columns: dict[str, Any]) -> bytes:
    """Return what an Arrow writer makes of a table."""

    def write(to: Any) -> None:
        table = pa.table(columns)
        with new(to, table.schema) as writer:
            writer.write_table(table)

    return streamed(write)


def arrow(**columns: Any) -> bytes:
    """Return an Arrow file."""
    return ipc(pa.ipc.new_file, columns)


def stream(**columns: Any) -> bytes:
    """Return an Arrow stream."""
    return ipc(pa.ipc.new_stream, columns)


def tensors(array: Any) -> Any:
    """Return a column of tensors."""
    return pa.FixedShapeTensorArray.from_numpy_ndarray(array.copy())


def barred(rows: str) -> str:
    """Return lines of cells between bars."""
    return "".join(f"| {line.replace(',', ' | ')} |\n" for line in rows.splitlines())


def zipped(text: str) -> bytes:
    """Return an archive of one text."""

    def write(stream: Any) -> None:
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("x.csv", text)

    return streamed(write)


READ: list[tuple[str, str | bytes, str, list[str]]] = [
    # encodings
    ("utf16.csv", CSV.encode("utf-16"), "", []),
    ("utf16-big.csv", b"\xfe\xff" + CSV.encode("utf-16-be"), "", []),
    ("utf32.csv", CSV.encode("utf-32"), "", []),
    ("utf16.jsonl", lines(Z).encode("utf-16"), "", []),
    ("mark-crlf.csv", b"\xef\xbb\xbf" + CSV.replace("\n", "\r\n").encode(), "", []),
    ("returns.csv", CSV.replace("\n", "\r"), "", []),
    # lines that end with a delimiter, and rows with names
    ("trailing.csv", CSV.replace("\n", ",\n"), "", []),
    ("trailing-many.csv", CSV.replace("\n", ",,,\n"), "", []),
    ("trailing-rows.csv", "a,b,c\n" + ROWS.replace("\n", ",\n"), "", []),
    ("trailing.tsv", CSV.replace(",", "\t").replace("\n", "\t\n"), "", []),
    ("r-csv.csv", '"","a","b","c"\n"1",1.43,-0.4,0.23\n"2",0.5,2,-1.25\n"3",-3,0.75,12.5\n', "", [""]),
    (
        "r-csv2.csv",
        '"";"a";"b";"c"\n"1";1,43;-0,4;0,23\n"2";0,5;2;-1,25\n"3";-3;0,75;12,5\n',
        "--decimal ,",
        [""],
    ),
    ("r-table.txt", '"a" "b" "c"\n"1" 1.43 -0.4 0.23\n"2" 0.5 2 -1.25\n"3" -3 0.75 12.5\n', "", [""]),
    (
        "r-frame.txt",
        "     a     b     c\n1  1.43 -0.40  0.23\n2  0.50  2.00 -1.25\n3 -3.00  0.75 12.50\n",
        "",
        [""],
    ),
    (
        "r-matrix.txt",
        "     [,1] [,2]  [,3]\n[1,] 1.43 -0.4  0.23\n[2,] 0.50  2.0 -1.25\n[3,] -3.0 0.75 12.5\n",
        "",
        [""],
    ),
    (
        "two-indexes.csv",
        ",Unnamed: 0,a,b,c\n0,0,1.43,-0.4,0.23\n1,1,0.5,2.0,-1.25\n2,2,-3.0,0.75,12.5\n",
        "",
        ["", "Unnamed: 0"],
    ),
    ("trailing-header.csv", CSV.replace("c\n", "c,\n"), "", []),
    (
        "saved-twice.csv",
        "Unnamed: 0.1,Unnamed: 0,a,b,c\n0,0,1.43,-0.4,0.23\n1,1,0.5,2.0,-1.25\n2,2,-3.0,0.75,12.5\n",
        "",
        ["Unnamed: 0.1", "Unnamed: 0"],
    ),
    # lists in cells
    ("bars.csv", "id,z\n1,1.43|-0.4|0.23\n2,0.5|2.0|-1.25\n3,-3|0.75|12.5\n", "-c z", ["id"]),
    ("slashes.csv", "id,z\n1,1.43/-0.4/0.23\n2,0.5/2.0/-1.25\n3,-3/0.75/12.5\n", "-c z", ["id"]),
    ("curly.csv", 'id,z\n1,"{1.43,-0.4,0.23}"\n2,"{0.5,2.0,-1.25}"\n3,"{-3,0.75,12.5}"\n', "", ["id"]),
    (
        "commas.csv",
        'id;z\n1;"[1,43; -0,4; 0,23]"\n2;"[0,5; 2,0; -1,25]"\n3;"[-3; 0,75; 12,5]"\n',
        "--decimal , -c z",
        ["id"],
    ),
    (
        "over-lines.csv",
        'id,z\n1,"[ 1.43 -0.4\n  0.23]"\n2,"[ 0.5  2.\n -1.25]"\n3,"[-3. 0.75\n12.5]"\n',
        "",
        ["id"],
    ),
    # arrays as they are printed
    ("numpy.txt", str(A), "", []),
    ("numpy-repr.txt", repr(A), "", []),
    ("numpy-floats.txt", str([[np.float64(x) for x in row] for row in Z]), "", []),
    (
        "torch.txt",
        f"tensor({Z}, device='cuda:0', grad_fn=<AddmmBackward0>)".replace("], [", "],\n        ["),
        "",
        [],
    ),
    ("output.txt", f"SequenceClassifierOutput(loss=None, logits=tensor({Z}), hidden_states=None)", "", []),
    ("tf.txt", f"tf.Tensor(\n{A}, shape=(3, 3), dtype=float64)", "", []),
    ("matlab.txt", "A = [1.43 -0.4 0.23; 0.5 2.0 -1.25; -3.0 0.75 12.5];", "", []),
    # numpy's files
    ("one-batch.npy", npy(A[None]), "", []),
    ("positions.npy", npy(A[:, None, :]), "", []),
    ("fortran.npy", npy(np.asfortranarray(A)), "", []),
    ("big.npy", npy(A.astype(">f8")), "", []),
    ("field.npy", npy(np.array([("x", row) for row in Z], [("id", "U3"), ("z", "f8", (3,))])), "", ["id"]),
    ("columns.npz", npz(a=A[:, 0], b=A[:, 1], c=A[:, 2]), "", []),
    ("trainer.npz", npz(predictions=A, label_ids=np.array([0, 1, 2])), "", ["label_ids"]),
    ("objects.npz", npz(logits=A, meta=np.array({"x": 1}, object)), "-c logits", []),
    # Parquet and Arrow
    ("texts.parquet", parquet(id=["x", "y", "z"], logits=list(map(str, Z))), "", ["id"]),
    (
        "numbers-as-text.parquet",
        parquet(**{name: list(map(str, A[:, j])) for j, name in enumerate(NAMES)}),
        "",
        [],
    ),
    ("matrices.parquet", parquet(id=["p", "q"], logits=[Z[:2], Z[2:]]), "", ["id"]),
    ("records.parquet", parquet(id=["x", "y", "z"], logits=RECORDS), "", ["id"]),
    ("views.arrow", arrow(logits=pa.array(Z, pa.list_view(pa.float64()))), "", []),
    ("tensors.arrow", arrow(logits=tensors(A)), "", []),
    ("matrix-tensors.arrow", arrow(logits=tensors(A[None])), "", []),
    # JSON
    (
        "trainer.json",
        json.dumps({"predictions": Z, "label_ids": [0, 1, 2], "metrics": {"acc": 0.5}}),
        "",
        ["label_ids", "metrics"],
    ),
    ("batch.json", json.dumps([Z]), "", []),
    ("deep.json", json.dumps({"result": {"logits": Z}}), "", []),
    ("deep.jsonl", lines([{"id": i, "output": {"logits": row}} for i, row in enumerate(Z)]), "", ["id"]),
    ("records.jsonl", lines([{"id": i, "logits": record} for i, record in enumerate(RECORDS)]), "", ["id"]),
    ("texts.jsonl", lines([{"id": i, "logits": str(row)} for i, row in enumerate(Z)]), "", ["id"]),
]


@pytest.mark.parametrize(("name", "data", "arguments", "kept"), READ, ids=[case[0] for case in READ])
def test_read(name: str, data: str | bytes, arguments: str, kept: list[str], tmp_path: Path) -> None:
    """The file gives its numbers, and its other columns are kept."""
    batch, _ = opened(tmp_path / name, data, options_of(shlex.split(arguments)))
    np.testing.assert_array_equal(batch.values, A)
    assert list(batch.kept) == kept


TEXT_LISTS = [list(map(str, row)) for row in Z]
REFUSED: list[tuple[str, bytes, str, str]] = [
    ("lists.parquet", parquet(z=TEXT_LISTS), "", "column 1 (z) holds lists or records, not numbers"),
    ("lists.arrow", arrow(x=[1.0, 2.0, 3.0], t=["a", "b", "c"], z=TEXT_LISTS), "", "column 2 (t) holds text"),
    ("two.arrows", stream(a=[1.0], b=[2.0]) * 2, "", "two.arrows: more bytes follow the end of the stream"),
    ("column.npy", npy(A[..., None]), "", "array.squeeze()"),
    ("cube.npy", npy(np.ones((2, 3, 4))), "", "array.reshape(-1, array.shape[-1])"),
]


@pytest.mark.parametrize(("name", "data", "arguments", "sentence"), REFUSED, ids=[c[0] for c in REFUSED])
def test_refused(name: str, data: bytes, arguments: str, sentence: str, tmp_path: Path) -> None:
    """The file is refused with what is wrong and what to do."""
    with pytest.raises(SoftmaxError) as refused:
        opened(tmp_path / name, data, options_of(shlex.split(arguments)))
    assert sentence in said(refused.value)


HINTED: list[tuple[str, str | bytes]] = [
    ("colon.csv", CSV.replace(",", ":")),
    ("tilde.csv", CSV.replace(",", "~")),
    ("control.csv", CSV.replace(",", "\x01")),
    ("slash.csv", CSV.replace(",", "/")),
    ("blanks-and-tabs.txt", "1.43  -0.4\t0.23\n0.5\t2.0   -1.25\n-3.0 0.75 12.5\n"),
    ("trailing.txt", ROWS.replace(",", ";").replace("\n", ";\n")),
    ("latin1.csv", CSV.replace("a,", "\xe4,").encode("latin1")),
    ("utf16.csv", CSV.encode("utf-16-le")),
    ("twins.csv", CSV.replace("a,b,c", "a,b,a")),
    ("levels.csv", "l,l,l\n" + CSV),
    ("units.csv", "a,b,c\nnats,nats,nats\n" + ROWS),
    ("title.csv", "Results of the run\n\n" + CSV),
    ("percent.txt", "% made by octave\n" + ROWS),
    ("total.csv", CSV + "total,,\n"),
    ("end.csv", CSV + "\x1a"),
    ("empty-rows.csv", CSV + ",,\n,,\n"),
    ("bars.csv", "id,z\n1,1.43|-0.4|0.23\n2,0.5|2.0|-1.25\n3,-3|0.75|12.5\n"),
    ("comments.csv", "a,b,c\n1.43,-0.4,0.23 # first\n0.5,2.0,-1.25\n-3.0,0.75,12.5 # last\n"),
    ("blanks-before-quotes.csv", "".join(f'"{line}"\n'.replace(",", '", "') for line in CSV.split())),
    ("wide-commas.csv", CSV.replace(",", "\N{FULLWIDTH COMMA}")),
    ("commas-alone.csv", "a,b,c\n1,43,-0,4,0,23\n0,5,2,0,-1,25\n-3,0,0,75,12,5\n"),
    ("markdown.md", "| a | b | c |\n|:--|--:|---|\n" + barred(ROWS)),
    ("psql.txt", " a | b | c \n---+---+---\n" + ROWS.replace(",", " | ")),
    ("mysql.txt", "+---+---+---+\n| a | b | c |\n+---+---+---+\n" + barred(ROWS) + "+---+---+---+\n"),
    ("xz.csv", lzma.compress(CSV.encode())),
    ("bzip2.csv", bz2.compress(CSV.encode())),
    ("decimals.csv", "a;b;c\n1,43;-0,4;0,23\n0,5;2,0;-1,25\n-3,0;0,75;12,5\n"),
    ("fields.npy", npy(np.array([("x", *row) for row in Z], [("id", "U3"), *((c, "f8") for c in NAMES)]))),
    ("two.npz", npz(logits=A, embeddings=np.ones((3, 5)))),
    ("words.parquet", parquet(id=["x", "y", "z"], a=A[:, 0], b=A[:, 1], c=A[:, 2])),
    ("quoted.jsonl", lines([[str(x) for x in row] for row in Z])),
    (
        "python.json",
        str(Z).replace("[[", "[ (").replace("[", "(").replace("]", ")").replace("( (", "[(")[:-1] + "]",
    ),
    ("comments.json", "// made by hand\n" + json.dumps(Z)),
    ("trailing.json", json.dumps(Z)[:-1] + ",]"),
    ("run-together.json", "".join(map(json.dumps, Z))),
    ("commas.jsonl", lines(Z).replace("\n", ",\n")),
    ("two-lists.jsonl", lines([{"logits": row, "probs": [0.2, 0.3, 0.5]} for row in Z])),
]


@pytest.mark.parametrize(("name", "data"), HINTED, ids=[case[0] for case in HINTED])
def test_hint_followed(name: str, data: str | bytes, tmp_path: Path) -> None:
    """The file is refused in one line, whose hint, followed to the letter, gives its numbers."""
    with pytest.raises(SoftmaxError) as refused:
        opened(tmp_path / name, data, ReadOptions())
    hint = refused.value.hint or ""
    assert "\n" not in f"{refused.value}{hint}"
    command = re.search(r"\b((?:bunzip2|grep|iconv|python|sed|tail|unxz) .*) \| softmax probs", hint)
    if command is not None:
        ran = subprocess.run(command[1], shell=True, check=True, capture_output=True, cwd=tmp_path)
        batch, _ = opened(tmp_path / "piped", ran.stdout, ReadOptions())
    else:
        option = re.search(r"(-c|--\w+) (\$'(\\x..)'|[^ ;]+)", hint)
        assert option is not None
        value = (
            json.loads(f'"{option[3]}"'.replace("\\x", "\\u00")) if option[3] else shlex.split(option[2])[0]
        )
        name_of = {"-c": "columns", "--delimiter": "delimiter", "--decimal": "decimal"}
        given: dict[str, Any] = {name_of[option[1]]: value}
        batch, _ = opened(tmp_path / name, data, ReadOptions(**given))
    np.testing.assert_array_equal(batch.values, A)


PIPED: list[tuple[str, bytes]] = [
    ("empty rows.csv", CSV.encode() + b",,\n"),
    ("my logits.csv.bz2", bz2.compress(CSV.encode())),
    ("my logits.csv.xz", lzma.compress(CSV.encode())),
    ("my logits.zip", zipped(CSV)),
    ("my logits.json", "".join(map(json.dumps, Z)).encode()),
]


@pytest.mark.parametrize("stdin", [False, True])
@pytest.mark.parametrize(("name", "data"), PIPED, ids=[case[0] for case in PIPED])
def test_hint_followed_to_a_file_and_in_a_pipe(name: str, data: bytes, stdin: bool, tmp_path: Path) -> None:
    """The command in a hint works as written, for a file with a blank in its name and for standard input."""
    (tmp_path / name).write_bytes(data)
    with pytest.raises(SoftmaxError) as refused, (tmp_path / name).open("rb") as stream:
        joined(read_source(Source("<stdin>" if stdin else name, stream), ReadOptions(), note=print))
    command = re.search(
        r"((?:bunzip2|funzip|grep|sed|unxz|unzip)\b.*) \| softmax probs", refused.value.hint or ""
    )
    assert command is not None
    if shutil.which(command[1].split()[0]) is None:
        pytest.skip("the machine does not have the command")
    ran = subprocess.run(
        command[1], shell=True, check=True, capture_output=True, cwd=tmp_path, input=data if stdin else b""
    )
    batch, _ = opened(tmp_path / "piped", ran.stdout, ReadOptions())
    np.testing.assert_array_equal(batch.values, A)


@pytest.mark.parametrize("name", ["my classes.txt", "<stdin>"])
def test_hint_of_lines_with_names(name: str, tmp_path: Path) -> None:
    """Lines of NAME=LOGIT are words for the command line, which the shell takes from the file or the pipe."""
    data = b"a=1.43\nb=-0.4\nc=0.23\n"
    (tmp_path / "my classes.txt").write_bytes(data)
    with pytest.raises(SoftmaxError) as refused:
        joined(read_source(Source(name, io.BytesIO(data)), ReadOptions(), note=print))
    hint = refused.value.hint or ""
    assert hint.startswith("softmax probs $(")
    words = subprocess.run(
        hint.replace("softmax probs", "echo"),
        shell=True,
        check=True,
        capture_output=True,
        cwd=tmp_path,
        input=data,
    )
    [batch] = read(words.stdout.decode().split(), ReadOptions(), note=print)
    assert (batch.classes, batch.values.tolist()) == (NAMES, [Z[0]])


SPELLED = [
    *[("1.43D+00", 1.43), ("\N{EN DASH}1.5", -1.5), ("1'921.5", 1921.5), ("$2.5", 2.5), ("(1.5)", -1.5)],
    *[("1.5-", -1.5), ("1.5e 3", 1500.0), ("1.5\N{MULTIPLICATION SIGN}10^3", 1500.0), ("'-1.5", -1.5)],
    *[("0x1.8p0", 1.5), ("1.5f", 1.5), ("np.float64(1.5)", 1.5), ("tensor(1.5)", 1.5), ("10%", 0.1)],
    *[("1\N{ZERO WIDTH SPACE}", 1.0), ("\N{LEFT-TO-RIGHT MARK}-1.5", -1.5), ("1\xa0921.5", 1921.5)],
    *[("-1.#INF", -np.inf), ("1_000", 1000.0), ("1,921.5", 1921.5), ("1 921,5", 1921.5), ("-1e400", -np.inf)],
]


@pytest.mark.parametrize(("cell", "number"), SPELLED)
def test_spellings(cell: str, number: float, tmp_path: Path) -> None:
    """A number in another spelling is refused with the spelling that is read."""
    with pytest.raises(SoftmaxError) as refused:
        opened(tmp_path / "x.csv", f"a;b\n{cell};2\n", ReadOptions())
    assert refused.value.hint is not None
    assert float(refused.value.hint.split()[-1]) == number


COUNTED = [
    ("id.csv", "id,a,b\n0,1.5,2.5\n1,0.5,-2.5\n2,3.5,0.25\n", "-c '!id'"),
    ("named.csv", "level_0,a,b\n7,1.5,2.5\n8,0.5,-2.5\n9,3.5,0.25\n", "-c '!level_0'"),
    ("comment.csv", "#,a,b\n1,1.5,2.5\n2,0.5,-2.5\n3,3.5,0.25\n", "-c '!1'"),
    ("two.csv", "epoch,a,b,step\n1,1.5,2.5,10\n1,0.5,-2.5,20\n1,3.5,0.25,30\n", "-c '!epoch,!step'"),
]


@pytest.mark.parametrize(("name", "text", "option"), COUNTED)
def test_whole_numbers_beside_fractions(name: str, text: str, option: str, tmp_path: Path) -> None:
    """A column that is probably a label or an index is read as a logit only with a note that says so."""
    _, [note] = opened(tmp_path / name, text, ReadOptions())
    assert option in note
    columns = shlex.split(option)[1]
    batch, notes = opened(tmp_path / name, text, ReadOptions(columns=columns))
    assert (batch.values.tolist(), notes) == ([[1.5, 2.5], [0.5, -2.5], [3.5, 0.25]], [])


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.npy", npy(A[:1].T)),
        ("x.parquet", parquet(z=A[0])),
        ("x.jsonl", "[1.43]\n[-0.4]\n[0.23]\n"),
        ("x.csv", "1.43\n-0.4\n0.23\n"),
    ],
)
def test_one_column_is_one_vector(name: str, data: str | bytes, tmp_path: Path) -> None:
    """An input of one column is one vector in every format, never a probability of 1 in each row."""
    batch, _ = opened(tmp_path / name, data, ReadOptions(classes="a,b,c"))
    assert (batch.values.tolist(), batch.classes) == ([Z[0]], NAMES)


CHAT = [
    [{"token": "a", "logprob": -0.1}, {"token": "b", "logprob": -2.5}],
    [{"token": "c", "logprob": -0.2}, {"token": "a", "logprob": -1.5}],
]
VLLM = [
    {str(i): {"logprob": item["logprob"], "decoded_token": item["token"]} for i, item in enumerate(top)}
    for top in CHAT
]
SCORES = [
    ("chat.json", {"choices": [{"logprobs": {"content": [{"top_logprobs": top} for top in CHAT]}}]}),
    ("vllm.json", [{"prompt": "p", "logprobs": [top]} for top in VLLM]),
]


@pytest.mark.parametrize(("name", "document"), SCORES)
def test_positions_with_classes_of_their_own(name: str, document: Any, tmp_path: Path) -> None:
    """A token that a position of a completion does not list is masked there, and a note says so."""
    batch, notes = opened(tmp_path / name, json.dumps(document), ReadOptions())
    assert (batch.classes, batch.values.tolist()) == (
        ("a", "b", "c"),
        [[-0.1, -2.5, -np.inf], [-1.5, -np.inf, -0.2]],
    )
    assert ["log-probabilities already" in notes[0], "masked" in notes[1]] == [True, True]


def test_best_classes_of_texts(tmp_path: Path) -> None:
    """A pipeline's best class of each text is an error, or gets a note if it may be a row of logits."""
    scores = [{"label": "A", "score": 0.75}, {"label": "A", "score": 0.6}]
    with pytest.raises(SoftmaxError, match="'A' is there twice"):
        opened(tmp_path / "x.json", json.dumps(scores), ReadOptions())
    scores[1]["label"] = "B"
    _, [note] = opened(tmp_path / "x.json", json.dumps(scores), ReadOptions())
    assert "the best classes of several texts?" in note


def test_a_column_that_varies_later(tmp_path: Path) -> None:
    """A kept column of a long table that differs within a later vector is noted once, with its line."""
    text = "r,c,z,t\n1,a,1,x\n1,b,2,x\n2,a,3,y\n2,b,4,w\n3,a,3,y\n3,b,4,w\n"
    batch, [note] = opened(tmp_path / "x.csv", text, ReadOptions(long="c,z,r"))
    assert "x.csv:4: t differs from class to class" in note
    assert batch.kept["t"] == ["x", "y", "y"]


def opened(path: Path, data: str | bytes, options: ReadOptions) -> tuple[Any, list[str]]:
    """Return the rows of a file and the notes about it."""
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    notes: list[str] = []
    return joined(read([str(path)], options, note=notes.append)), notes


@pytest.mark.filterwarnings("ignore:Stored array in format 3.0")
def test_fields_in_any_script(tmp_path: Path) -> None:
    """The names of an array's fields are read beyond Latin-1, for which numpy has a version of the format."""
    data = npy(np.array([tuple(Z[0])], [("é", "f8"), ("名", "f8"), ("\N{GREEK SMALL LETTER ALPHA}", "f8")]))
    batch, _ = opened(tmp_path / "x.npy", data, ReadOptions())
    assert (batch.classes, batch.values.tolist()) == (("é", "名", "\N{GREEK SMALL LETTER ALPHA}"), [Z[0]])
