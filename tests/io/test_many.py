"""Several files, as one table or with one result each."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from softmax_cli.io import many
from tests.program import shell


@pytest.fixture
def parts(tmp_path: Path) -> Path:
    """Give a folder with two files of logits."""
    (tmp_path / "part-1.csv").write_text("id,a,b\nx,1,1\ny,2,2\n")
    (tmp_path / "part-2.csv").write_text("id,a,b\nz,3,3\n")
    return tmp_path


def run(folder: Path, arguments: str) -> tuple[str, str, int]:
    """Run softmax probs in the folder."""
    ended = shell(f"softmax probs {arguments}", cwd=folder)
    return ended.stdout, ended.stderr, ended.code


@pytest.mark.parametrize("files", ["part-1.csv part-2.csv", "part-*.csv", "'part-*.csv'"])
def test_one_table(parts: Path, files: str) -> None:
    """The rows of all files follow each other, after the name of their file, numbered within each file."""
    lines = ["file,id,a,b", "part-1.csv,x,0.5,0.5", "part-1.csv,y,0.5,0.5", "part-2.csv,z,0.5,0.5", ""]
    assert run(parts, f"{files} -c a,b") == ("\n".join(lines), "", 0)
    long = run(parts, f"{files} -c a,b --top 1")[0].splitlines()
    assert long[-1] == "1,part-2.csv,z,1,a,0.5"


def test_one_result_each(parts: Path) -> None:
    """In a folder, which is made, each result has its file's name, with the ending of the format."""
    assert run(parts, "part-*.csv -c a,b -o out/") == ("", "", 0)
    assert (parts / "out/part-2.csv").read_text() == "id,a,b\nz,0.5,0.5\n"
    assert run(parts, "part-*.csv -c a,b -f jsonl -o out") == ("", "", 0)
    names = ["part-1.csv", "part-1.jsonl", "part-2.csv", "part-2.jsonl"]
    assert sorted(path.name for path in (parts / "out").iterdir()) == names


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("part-1.csv nix.csv -c a,b", "softmax: nix.csv: no such file\n"),
        ("part-1.csv part-1.csv -c a,b", "softmax: the file 'part-1.csv' is there twice\n"),
        ("part-1.csv 3 -c a,b", "softmax: numbers and the file 'part-1.csv'\nhint: give numbers, or files\n"),
        ("part-*.csv -c a,b -o .", "softmax: --output: the result of 'part-1.csv' would take its place\n"),
        ("part-*.csv -c a,b -o part-1.csv/", "softmax: part-1.csv/: is a file, not a folder\n"),
        ("part-1.csv odd.csv", "softmax: part-1.csv:2: column 1 (id): 'x' is not a number\n"),
        (
            "part-1.csv odd.csv -c a,b",
            "softmax: odd.csv: other kept columns than part-1.csv: none, where there are id\n",
        ),
        (
            "part-1.csv other.csv -c 2-3",
            "softmax: other.csv: other classes than part-1.csv: b, a, where there are a, b\n",
        ),
        (
            "part-1.csv sub/part-1.csv -c a,b -o out/",
            "softmax: the results of 'part-1.csv' and 'sub/part-1.csv' would both be out/part-1.csv\n",
        ),
    ],
)
def test_errors(parts: Path, arguments: str, sentence: str) -> None:
    """Files that do not go together are refused in one line."""
    (parts / "odd.csv").write_text("a,b\n1,2\n")
    (parts / "other.csv").write_text("id,b,a\nx,1,2\n")
    (parts / "sub").mkdir()
    (parts / "sub/part-1.csv").write_text("a,b\n1,2\n")
    _, stderr, code = run(parts, arguments)
    assert (stderr.split("hint")[0], code) == (sentence.split("hint", maxsplit=1)[0], 2)


def test_single_beside_double(tmp_path: Path) -> None:
    """float32 after float64 is widened; float64 after float32 is refused with a hint."""
    np.save(tmp_path / "double.npy", np.zeros((1, 2)))
    np.save(tmp_path / "single.npy", np.zeros((1, 2), np.float32))
    assert run(tmp_path, "double.npy single.npy -f csv")[0].splitlines()[2] == "single.npy,0.5,0.5"
    assert "hint: name a file of float64 first" in run(tmp_path, "single.npy double.npy -f csv")[1]


def test_a_folder_for_nothing(parts: Path) -> None:
    """A run that fails before its first result leaves no new folder; one that was there stays."""
    assert run(parts, "part-1.csv part-2.csv -o out/")[2] == 2
    assert not (parts / "out").exists()
    (parts / "old").mkdir()
    assert run(parts, "part-1.csv part-2.csv -o old/")[2] == 2
    assert (parts / "old").is_dir()


def test_standard_input_among_files(parts: Path) -> None:
    """Standard input has its name in the column of files."""
    ended = shell("softmax probs part-1.csv - -c a,b < part-2.csv", cwd=parts)
    assert ended.stdout.splitlines()[-1] == "<stdin>,z,0.5,0.5"


def test_a_column_of_that_name(tmp_path: Path) -> None:
    """A column called file is not overwritten."""
    for name in ("1.csv", "2.csv"):
        (tmp_path / name).write_text("file,a\nx,1\n")
    assert "there is a column 'file' already" in run(tmp_path, "1.csv 2.csv -c a")[1]


def test_no_file_is_asked_about_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each result is compared with its file; a file of several results is asked about once."""
    asked = []

    def modified(name: str) -> float | None:
        asked.append(name)
        return {"in": 2.0, "old": 1.0, "same": 2.0, "new": 3.0}.get(name)

    monkeypatch.setattr(many, "_modified", modified)
    pairs = [("old", "in"), ("same", "in"), ("new", "in"), ("none", "in"), ("new", "gone")]
    assert many.are_newer(pairs) == [False, True, True, False, False]
    assert sorted(asked) == ["gone", "in", "new", "none", "old", "same"]
