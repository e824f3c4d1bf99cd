"""The `derive` command that `check` prints runs, and derives the worst entry."""

import json
import shlex
from pathlib import Path

import pytest

from tests.program import DATA, shell

LAYER = """
import numpy as np

def wrong(z, temperature=1.0):
    p = np.exp((z - z.max()) / temperature)
    p /= p.sum()
    return np.diag(p) - 2.0 * np.outer(p, p)

def gradient(z, target):
    p = np.exp(z - z.max())
    p /= p.sum()
    p[target] += 1.0
    return p

def product(z, g):
    return 0.0 * z
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with logits, wrong derivatives and awkward names."""
    (tmp_path / "layer.py").write_text(LAYER)
    (tmp_path / "iris.csv").write_bytes((DATA / "iris_logits.csv").read_bytes())
    (tmp_path / "digits.csv").write_bytes((DATA / "digits_logits.csv").read_bytes())
    (tmp_path / "my logits.csv").write_text(
        "id;truth;great white;it's;-x\n1;it's;1.5;-0.4;0.2\n2;-x;0.1;2;-1\n"
    )
    (tmp_path / "bare.txt").write_text("0.1 1 2\n0.5 -1 2.25\n")
    (tmp_path / "masked.csv").write_text("a,b,c\n1,-inf,2\n0.3,0.1,-inf\n")
    return tmp_path


@pytest.mark.parametrize(
    "words",
    [
        "1.43 -0.4 0.23",
        "1.43,-0.4,0.23 -T 0.1234567890123",
        "1.43 -0.4 0.23 --function log-softmax",
        "1.43 -0.4 0.23 --function sigmoid -T 2.5",
        "1.43 -0.4 0.23 --function cross-entropy --target 2",
        "'great white=1.5' it\\'s=-0.4 x=0.2 --against layer.py:wrong",
        "1 2 3 --classes=-a,--b,c --against layer.py:wrong",
        "1 2 3 --classes=-a,--b,c --function cross-entropy --target=--b",
        "1 2 3 4 5 6 7 8 9 10 11 12 --against layer.py:wrong -T 3",
        "iris.csv -c 3-5",
        "iris.csv -c 3-5 --against layer.py:wrong",
        "iris.csv -c 3-5 --function cross-entropy --target-column label --against layer.py:gradient",
        "digits.csv -c 'digit_*' -T 2",
        "'my logits.csv' -c 3-5 --delimiter ';'",
        "'my logits.csv' --columns=-x,3,4 --target-column truth --function cross-entropy",
        "bare.txt --no-header --classes a,b,c",
        "- < iris.csv -c 3-5 --against layer.py:wrong",
        "masked.csv",
        "masked.csv --against layer.py:wrong",
        "--against layer.py:wrong",
        "--against layer.py:gradient --as gradient",
        "--function cross-entropy",
    ],
)
def test_the_printed_command_derives_the_worst_entry(words: str, folder: Path) -> None:
    """It runs, is about that entry's classes, and comes to the value that was expected."""
    report = shell(f"softmax check {words} --verbose", cwd=folder)
    assert report.stderr == ""
    command = report.stdout.splitlines()[-1].strip()
    assert shlex.split(command)[:2] == ["softmax", "derive"]
    found = json.loads(shell(f"softmax check {words} -f json", cwd=folder).stdout)
    derived = shell(f"{command} -f json", cwd=folder)
    assert derived.code == 0, derived.stderr
    lesson = json.loads(derived.stdout)
    assert any(
        lesson["value"] == pytest.approx(entry["expected"], rel=1e-9, abs=1e-300)
        and entry["of"] in (None, lesson["of"])
        and lesson["wrt"] == entry["wrt"]
        for entry in found["worst"]
    )


@pytest.mark.parametrize(
    "words", ["--against layer.py:product --as vjp", "1 2 3 --against layer.py:product --as jvp"]
)
def test_a_product_s_command_derives_the_matrix(words: str, folder: Path) -> None:
    """For a product with a vector, which has no single entry, the command derives both cases."""
    command = shell(f"softmax check {words} --verbose", cwd=folder).stdout.splitlines()[-1].strip()
    assert len(json.loads(shell(f"{command} -f json", cwd=folder).stdout)) == 2


def test_what_cannot_be_derived_has_no_command(folder: Path) -> None:
    """There is no command for one class, for a class that is certain, or for probabilities."""
    for words in ("1", "1 inf 3", "--against layer.py:wrong --as probabilities"):
        assert "softmax derive" not in shell(f"softmax check {words}", cwd=folder).stdout


def test_many_classes_show_the_same_case_with_three(folder: Path) -> None:
    """For thousands of classes the command derives the case of three."""
    numbers = ",".join(str(i % 7) for i in range(1500))
    (folder / "wide.csv").write_text(numbers + "\n")
    command = shell("softmax check wide.csv", cwd=folder).stdout.splitlines()[-1].strip()
    assert shell(command, cwd=folder).code == 0
