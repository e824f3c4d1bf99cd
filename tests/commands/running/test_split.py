"""Large files in parts give the same bytes and errors as files that are read whole."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from softmax_cli.commands.running.parts import parts_of
from softmax_cli.errors import ReadWriteError
from softmax_cli.io import parts
from softmax_cli.io.options import LineMark, ReadOptions
from softmax_cli.io.parts import counted, cut, placed
from softmax_cli.io.read import read
from softmax_cli.io.streams import store
from softmax_cli.io.streams.store import open_object_for_writing
from tests.a_store import a_store
from tests.commands.running.elsewhere import run_elsewhere
from tests.in_process import in_process
from tests.program import Ended

ROWS = 2_000


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write texts and a Parquet file, once."""
    folder = tmp_path_factory.mktemp("made")
    rng = np.random.default_rng(1)
    z = rng.normal(size=(ROWS, 3))
    numbers = [",".join(map(repr, row)) for row in z.tolist()]
    head = "id,a,b,c"
    plain = [f"{i},{row}" for i, row in enumerate(numbers)]
    quoted = [f'"x, {i} ""y""",{row}' for i, row in enumerate(numbers)]
    commented = [
        line for i, row in enumerate(plain) for line in (["# so", "", row] if i % 50 == 0 else [row])
    ]
    excel = [f"#N/A,{row}" if i % 50 == 0 else f"{i},{row}" for i, row in enumerate(numbers)]
    over_lines = [f'"x\n{i}",{row}' for i, row in enumerate(numbers)]
    for name, lines in {
        "plain.csv": plain,
        "quoted.csv": quoted,
        "commented.csv": commented,
        "excel.csv": excel,
        "over_lines.csv": over_lines,
    }.items():
        (folder / name).write_text("\n".join([head, *lines]) + "\n")
    (folder / "bare.csv").write_text("\n".join(numbers))
    (folder / "vector.csv").write_text("\n".join(map(repr, z.ravel().tolist())))
    (folder / "v.csv").write_text("1,0,-0.5\n")
    table = {"id": [str(i) for i in range(ROWS)], "z": pa.array(list(z), pa.list_(pa.float64()))}
    pq.write_table(pa.table(table), folder / "rows.parquet", row_group_size=280)
    words = pa.array([f"w{i // 280}" for i in range(ROWS)]).dictionary_encode()
    table = {"kind": words, "a": z[:, 0], "b": z[:, 1]}
    pq.write_table(pa.table(table), folder / "kinds.parquet", row_group_size=280)
    return folder


@pytest.fixture
def files(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give copies of the files, which come in many parts."""
    run_elsewhere(monkeypatch)
    monkeypatch.setattr(parts, "PART", 1 << 14)
    return shutil.copytree(made, tmp_path, dirs_exist_ok=True)


def run(command: str, folder: Path, *, code: int = 0) -> str:
    """Run a command, and return what it writes."""
    ended = in_process(f"softmax {command}", folder)
    assert (ended.stdout, ended.code) == ("", code), ended.stderr
    return ended.stderr


def contents(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder, hidden ones included."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize(
    "command",
    [
        "probs plain.csv quoted.csv over_lines.csv commented.csv -c a,b,c",
        "probs bare.csv vector.csv",
        "jacobian plain.csv excel.csv -c a,b,c",
        "jacobian plain.csv -c a,b,c --jvp v.csv",
        "probs rows.parquet -c z --top 2",
        "probs kinds.parquet -c a,b",
        "probs rows.parquet -c z -f csv",
        "probs commented.csv -c a,b,c -f jsonl",
        "jacobian rows.parquet -c z",
        "probs 1.5 -0.5 0.25",
    ],
)
def test_joined_parts(files: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    """Joined parts have the bytes of one machine, and leave nothing behind; numbers are not files."""
    monkeypatch.setattr("softmax_cli.io.binary.arrow_reader.VALUES_AT_A_TIME", 512)
    monkeypatch.setattr("softmax_cli.io.binary.arrow_writer.ROW_GROUP", 1_200)
    run(f"{command} -o many/ --cluster elsewhere", files)
    run(f"{command} -o one/", files)
    assert contents(files / "many") == contents(files / "one")


def test_a_part_whose_rows_are_left_out(files: Path) -> None:
    """If rows are left out by their label, a stretch with no other rows is not an error."""
    (files / "sorted.csv").write_text("label,a,b,c\n" + "none,1,2,3\n" * ROWS + "a,1,2,3\n" * ROWS)
    command = "jacobian sorted.csv --function cross-entropy --target-column label --ignore none -q"
    run(f"{command} -o many/ --cluster elsewhere", files)
    run(f"{command} -o one/", files)
    assert contents(files / "many") == contents(files / "one")


def test_which_texts_are_split(files: Path) -> None:
    """Texts in which each line is certainly a record are split, at line ends."""
    for name in ("plain.csv", "quoted.csv", "commented.csv", "bare.csv", "over_lines.csv", "vector.csv"):
        some = cut(str(files / name))
        found = placed(some[0], [counted(str(files / name), one) for one in some])
        assert (not found) == (name in {"over_lines.csv", "vector.csv"})
        text = (files / name).read_bytes()
        for part in found:
            place, line, _ = part.begin
            assert text[:place].count(b"\n") == line
            assert place == 0 or text[place - 1 : place] == b"\n"


@pytest.mark.parametrize(
    "text",
    [
        b'a,b\n1,"2\n3",4\n',
        b'a,b\n5" x,1\n',
        b"a,b\r1,2\r",
        b"sep=;\n1;2\n",
        b"\xef\xbb\xbfsep=;\n1;2\n",
        b"1\n2\n",
        "a,b\n1,2\n".encode("utf-16"),
    ],
)
def test_what_is_not_surely_a_record_a_line(tmp_path: Path, text: bytes) -> None:
    """Text with line ends in quotes or wide characters, quotes in cells, CR or one column is not split."""
    path = tmp_path / "x.csv"
    path.write_bytes(text)
    [whole] = cut(str(path))
    assert counted(str(path), whole) is None
    assert placed(whole, [None]) == []


def test_a_byte_order_mark_is_no_text(tmp_path: Path) -> None:
    """A comment after the mark is not a record, so that the rows of later parts have their own numbers."""
    path = tmp_path / "x.csv"
    path.write_bytes(b"\xef\xbb\xbf# made by hand\na,b\n1,2\n")
    [whole] = cut(str(path))
    assert counted(str(path), whole) == [LineMark(), LineMark(path.stat().st_size, 3, 2)]


def test_an_ending_in_capitals(files: Path) -> None:
    """A Parquet file is cut by its rows however its ending is written."""
    path = (files / "rows.parquet").rename(files / "ROWS.PARQUET")
    found = parts_of("elsewhere", {"it": str(path)}, {"it": 800}, quiet=True)
    assert [one.rows for one in found["it"]] == [(0, 800), (800, 1_600), (1_600, ROWS)]


def test_a_column_of_numbers_is_not_cut(files: Path) -> None:
    """A Parquet file of one column is one vector, which no part of it could be."""
    path = files / "vector.parquet"
    pq.write_table(pa.table({"z": np.arange(2.0 * ROWS)}), path, row_group_size=280)
    assert parts_of("elsewhere", {"it": str(path)}, {"it": 800}, quiet=True) == {}
    run("probs vector.parquet -o many/ -f csv --cluster elsewhere", files)
    run("probs vector.parquet -o one/ -f csv", files)
    assert contents(files / "many") == contents(files / "one")


def test_parts_that_are_kept(files: Path) -> None:
    """With --keep-parts, parts stay as readable files; --resume skips existing ones."""
    run("probs plain.csv -c 2- -o one/", files)
    run("probs plain.csv -c 2- -o many/ --keep-parts --cluster elsewhere", files)
    kept = sorted((files / "many").iterdir())
    assert [path.name for path in kept] == [
        f"plain-{i:05d}-of-{len(kept):05d}.csv" for i in range(1, len(kept) + 1)
    ]
    whole = (files / "one" / "plain.csv").read_text().splitlines()
    assert [line for path in kept for line in path.read_text().splitlines()[1:]] == whole[1:]
    kept[3].unlink()
    before = kept[2].stat().st_mtime_ns
    run("probs plain.csv -c 2- -o many/ --keep-parts --cluster elsewhere --resume", files)
    assert kept[3].exists()
    assert kept[2].stat().st_mtime_ns == before


@pytest.mark.parametrize("name", ["plain.csv", "commented.csv", "rows.parquet"])
def test_a_bad_row_of_a_part(files: Path, name: str) -> None:
    """The place of a bad row is counted from the file's beginning, and no part is left."""
    path = files / name
    if name == "rows.parquet":
        table = pq.read_table(path)
        z = table["z"].to_pylist()
        z[1_432] = [1.0, None, 2.0]
        pq.write_table(
            table.set_column(1, "z", pa.array(z, pa.list_(pa.float64()))), path, row_group_size=280
        )
    else:
        lines = path.read_text().splitlines()
        lines[1_432] = "1431,1,nan,2"
        path.write_text("\n".join(lines) + "\n")
    here = run(f"probs {name} -c 2- -o one/", files, code=2)
    there = run(f"probs {name} -c 2- -o many/ --cluster elsewhere", files, code=2)
    assert there == here
    assert "143" in there
    assert not (files / "many").exists()


def test_a_file_that_changes_meanwhile(files: Path) -> None:
    """A part of a file that has changed is not read."""
    path = str(files / "plain.csv")
    [first, *_] = cut(path)
    Path(path).write_text("a,b\n" * 10_000)
    with pytest.raises(ReadWriteError, match="it changed while it was read"):
        counted(path, first)


@pytest.fixture(scope="module")
def login() -> Iterator[dict[str, str]]:
    """Start an S3."""
    pytest.importorskip("obstore")
    pytest.importorskip("moto.server")
    with a_store() as variables:
        yield variables


@pytest.fixture
def stored(files: Path, login: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Put the large files into a store too."""
    for name, value in login.items():
        monkeypatch.setenv(name, value)
    store._store.cache_clear()
    for name in ("plain.csv", "commented.csv", "rows.parquet"):
        with open_object_for_writing(f"s3://bucket/in/{name}") as sink:
            sink.write((files / name).read_bytes())
    yield files
    for folder in ("in", "joined", "full"):
        store.removed(f"s3://bucket/{folder}", "")
    store._store.cache_clear()


def objects(folder: str) -> dict[str, bytes]:
    """Return what a folder of the store holds, hidden objects too."""
    found: dict[str, bytes] = {}
    for address in store.matching(f"s3://bucket/{folder}/*"):
        if "*" not in address:
            found[address.rpartition("/")[2]] = store.open_object(address).read()
    return found


def test_large_objects(stored: Path, login: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """They are read in parts, rows or byte ranges, and joined to the bytes of one machine."""
    monkeypatch.setattr("softmax_cli.io.binary.arrow_reader.VALUES_AT_A_TIME", 512)
    monkeypatch.setattr("softmax_cli.io.binary.parquet_parts._FOOTER", 64)
    assert len(cut("s3://bucket/in/rows.parquet")) > 2
    for words in ("plain.csv commented.csv -c a,b,c", "rows.parquet -c z -f csv"):
        there = " ".join(f"s3://bucket/in/{word}" if "." in word else word for word in words.split())
        command = f"softmax probs {there} -o s3://bucket/joined/ --cluster elsewhere"
        assert in_process(command, stored, login) == Ended("", "", 0)
        run(f"probs {words} -o one/", stored)
    assert objects("joined") == contents(stored / "one")


def test_large_objects_with_labels(
    stored: Path, login: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their sections are gathered apart, to the bits of one machine."""
    monkeypatch.setattr("softmax_cli.core.gathered.SECTION", 3 * 410)
    command = "softmax reliability {0}rows.parquet -c z --target 2 --resamples 0 -f json"
    here = in_process(command.format(""), stored)
    there = in_process(command.format("s3://bucket/in/") + " --cluster elsewhere", stored, login)
    assert there == here
    assert (here.stderr, here.code) == ("", 0)


def test_a_part_is_read_without_asking_for_its_size(stored: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was found out about an object when it was cut is not asked again for each part."""
    address = "s3://bucket/in/rows.parquet"
    part = cut(address, 700)[1]

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr(store, "_head", refuse)
    [batch] = read([address], ReadOptions(part=part), note=print)
    assert (batch.first_row, len(batch)) == (701, 700)


def test_an_object_that_changes_while_it_is_read(stored: Path) -> None:
    """A part of an object that is another one by now is not read."""
    taken = {
        "rows.parquet": cut("s3://bucket/in/rows.parquet", 700)[1],
        "plain.csv": cut("s3://bucket/in/plain.csv")[1],
    }
    for name, part in taken.items():
        address = f"s3://bucket/in/{name}"
        with open_object_for_writing(address) as sink:
            sink.write((stored / name).read_bytes() + b"\n")
        with pytest.raises(ReadWriteError, match="it changed while it was read"):
            list(read([address], ReadOptions(part=part), note=print))


def test_a_store_that_is_full(stored: Path, login: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a part cannot be written, one line says so, and no object is left."""
    monkeypatch.setattr(store, "_PART", 1 << 12)
    command = "softmax probs s3://bucket/in/plain.csv -c 2- -o s3://bucket/full/ --cluster elsewhere"
    ended = in_process(command, stored, login)
    assert ended.stderr.endswith("the store failed (QuotaExceeded)\n")
    assert (ended.stderr.count("\n"), ended.code) == (1, 74)
    assert objects("full") == {}
