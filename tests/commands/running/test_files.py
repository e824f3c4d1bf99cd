"""Files that are read separately give the same bits as when they are read one after the other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from softmax_cli.commands.running import passes
from softmax_cli.core.calibration import samples
from softmax_cli.core.calibration.source import Here
from tests.commands.running.elsewhere import run_elsewhere
from tests.in_process import in_process

LABELS = "--target-column label -q -f json"


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write files of different sizes, one of them unlike the first, one with all rows left out."""
    run_elsewhere(monkeypatch)
    rng = np.random.default_rng(3)
    for i, (n, spread) in enumerate([(400, 1.0), (3, 2.0), (1_000, 4.0), (50, 0.5)]):
        z = spread * rng.normal(size=(n, 3))
        labels = np.argmax(z / 2.0 + rng.gumbel(size=z.shape), axis=1)
        lines = [f"{'abc'[y]},{','.join(map(str, row))}" for y, row in zip(labels, z.tolist(), strict=True)]
        (tmp_path / f"x{i}.csv").write_text("\n".join(["label,a,b,c", *lines, ""]))
    (tmp_path / "x3a.csv").write_text("label,a,b,c\nnone,1,2,3\n")
    return tmp_path


def both(command: str, folder: Path) -> None:
    """Run a command here and elsewhere, and compare the outputs."""
    here = in_process(f"softmax {command}", folder)
    there = in_process(f"softmax {command} --cluster elsewhere", folder)
    assert (there.stderr, there.code) == (here.stderr, here.code)
    if here.stdout:
        unlike = {"passes": 0}  # here small files stay in memory
        assert json.loads(there.stdout) | unlike == json.loads(here.stdout) | unlike


@pytest.mark.parametrize("most", [200, 10_000])
@pytest.mark.parametrize(
    "command",
    [
        "calibrate",
        "calibrate --method mix --cross-validate 2 --steps",
        "calibrate --method vector",
        "reliability --measure all --resamples 5",
        "reliability --scope 2 --resamples 0",
        "loss --class-weights a=2,b=1,c=1 --top 2",
    ],
)
def test_the_last_bit(files: Path, monkeypatch: pytest.MonkeyPatch, command: str, most: int) -> None:
    """Samples and sums are the same, even if a file holds more than its share of a sample."""
    monkeypatch.setattr(samples, "ROWS", most)
    monkeypatch.setattr(samples, "LEAST", 1)
    both(f"{command} x0.csv x1.csv x2.csv x3a.csv x3.csv {LABELS} --ignore none", files)


@pytest.mark.parametrize(
    ("command", "exact"),
    [
        ("calibrate --cross-validate 2", 10_000),
        ("calibrate --method vector", 10_000),
        ("reliability --measure ece_15,classwise_15 --resamples 5", 10_000),
        ("reliability --scope classes --resamples 0", 500),
        ("loss --top 2", 10_000),
    ],
)
def test_large_files_in_sections(
    files: Path, monkeypatch: pytest.MonkeyPatch, command: str, exact: int
) -> None:
    """The sections of large files are gathered separately to the same bits, even if rows are left out."""
    for place, value in {
        "core.gathered.SLICE": 300,
        "core.gathered.SECTION": 1_500,
        "core.reliability.pairs._EXPONENTS": 2,
        "core.reliability.pairs._CODES": 2 << 16,
        "core.reliability.pairs.EXACT": exact,
        "core.calibration.samples.ROWS": 250,
        "io.parts.PART": 1 << 13,
        "io.parts.MARK": 1 << 11,
        "io.parts.CHUNK": 1 << 10,
    }.items():
        monkeypatch.setattr(f"softmax_cli.{place}", value)
    table = pl.read_csv(files / "x2.csv")
    table.write_parquet(files / "x4.parquet", row_group_size=150)
    (files / "x5.csv").write_text("# of\n\n" + (files / "x2.csv").read_text().replace("\nb,", "\n\nnone,"))
    both(f"{command} x2.csv x0.csv x4.parquet x5.csv {LABELS} --ignore none", files)


@pytest.mark.parametrize(
    "words", ["x3a.csv --ignore none", "x0.csv other.csv", "x1.csv bad.csv", "x0.csv missing.csv"]
)
def test_errors(files: Path, words: str) -> None:
    """Errors are the same as on one machine."""
    (files / "other.csv").write_text("label,a,b\na,1,2\n")
    (files / "bad.csv").write_text("label,a,b,c\na,1,2,nan\n")
    for command in ("calibrate", "reliability", "loss"):
        both(f"{command} {words} {LABELS}", files)


def test_a_file_that_changes_between_two_readings(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that changes between two passes is refused."""
    monkeypatch.setattr(passes, "MEMORY", 0)
    gather = Here.gather

    def changing(self: Any, *given: Any, **how: Any) -> Any:
        found = gather(self, *given, **how)
        with open(files / "x2.csv", "a") as file:
            file.write("a,1,2,3\n")
        return found

    monkeypatch.setattr(Here, "gather", changing)
    ended = in_process(f"softmax calibrate x0.csv x2.csv --method mix {LABELS}", files)
    says = "softmax: x2.csv: it changed while it was read\nhint: run it again when nobody writes to it\n"
    assert (ended.stderr, ended.code) == (says, 74)
