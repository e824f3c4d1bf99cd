"""Tasks on a cluster of this machine: the bytes, the errors and the sums of one machine."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from softmax_cli.commands.running.cluster import _client
from tests.in_process import in_process
from tests.program import environment, shell

pytest.importorskip("distributed")

PICK = "-c a,b,c"


@pytest.fixture(scope="module")
def cluster() -> Iterator[dict[str, Any]]:
    """Start a scheduler and two workers, as processes of their own."""
    started = subprocess.Popen(
        [sys.executable, str(Path(__file__).parent / "a_cluster.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment(),
        text=True,
    )
    assert started.stdout is not None
    assert started.stdin is not None
    about = json.loads(started.stdout.readline())
    yield about
    _client(about["address"]).close()
    _client.cache_clear()
    started.stdin.close()
    started.wait(60)
    started.stdout.close()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make six files of logits with labels."""
    folder = tmp_path_factory.mktemp("logits")
    for i in range(6):
        lines = (f"{j},{'aaabc'[j % 5]},{j % 7 + i}.25,{j % 5}.5,-{j % 3}" for j in range(5_000))
        (folder / f"x{i}.csv").write_text("id,label,a,b,c\n" + "\n".join(lines) + "\n")
    return folder


def sums(folder: Path) -> dict[str, str]:
    """Return what a folder holds, hidden files too, by the hash of each."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_the_bytes_of_one_machine(cluster: dict[str, Any], files: Path, tmp_path: Path) -> None:
    """Each result is that of one machine to the byte, with nothing left beside it and nothing said."""
    command = f"softmax probs 'x*.csv' {PICK} -o"
    assert shell(f"{command} {tmp_path}/one/", cwd=files).code == 0
    ended = shell(f"{command} {tmp_path}/many/ --cluster {cluster['address']}", cwd=files)
    assert (ended.stdout, ended.stderr, ended.code) == ("", "", 0)
    assert sums(tmp_path / "many") == sums(tmp_path / "one")


@pytest.mark.parametrize("command", ["loss", "reliability --resamples 9", "calibrate"])
def test_sums_of_all_files_to_the_last_bit(
    cluster: dict[str, Any], files: Path, command: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """What is gathered over the workers' files is that of one machine, digit for digit."""
    command = f"softmax {command} x0.csv x1.csv x2.csv {PICK} --target-column label -f json -q"
    here = in_process(command, files, capfd)
    there = in_process(f"{command} --cluster {cluster['address']}", files, capfd)
    assert (there.stderr, there.code) == (here.stderr, here.code) == ("", 0)
    assert there.stdout == here.stdout


def test_the_first_bad_row_ends_the_run(cluster: dict[str, Any], files: Path, tmp_path: Path) -> None:
    """One line names file, row and worker; no half file is left."""
    (tmp_path / "good.csv").write_text("a,b,c\n1,2,3\n")
    (tmp_path / "bad.csv").write_text("a,b,c\n1,2,3\n1,nan,3\n")
    ended = shell(f"softmax probs '*.csv' -o out/ --cluster {cluster['address']}", cwd=tmp_path)
    assert ended.stderr.startswith("softmax: bad.csv:3: column 2 (b): 'nan' is not a number (on worker ")
    assert [line.split(":")[0] for line in ended.stderr.splitlines()] == ["softmax", "hint"]
    assert ended.code == 2
    time.sleep(0.2)
    assert set(sums(tmp_path / "out")) <= {"good.csv"}


def test_a_killed_worker(cluster: dict[str, Any], files: Path, tmp_path: Path) -> None:
    """Work goes on without it: every result is there, whole, and nothing else."""
    command = f"softmax jacobian 'x*.csv' {PICK} -f csv -o"
    assert shell(f"{command} {tmp_path}/one/", cwd=files).code == 0
    out = tmp_path / "many"
    running = subprocess.Popen(
        ["bash", "-c", f"exec {command} {out}/ --cluster {cluster['address']}"], cwd=files, env=environment()
    )
    while running.poll() is None and not (out.is_dir() and any(out.iterdir())):
        time.sleep(0.01)
    os.kill(next(iter(cluster["workers"].values())), signal.SIGKILL)
    assert running.wait(120) == 0
    assert sums(out) == sums(tmp_path / "one")


@pytest.mark.parametrize(
    ("command", "says", "code"),
    [
        (
            "softmax probs x0.csv -c a,b -o out/ --cluster tcp://127.0.0.1:1",
            "softmax: --cluster: no scheduler answers at tcp://127.0.0.1:1\n",
            74,
        ),
        (
            "softmax probs x0.csv -c a,b --cluster tcp://127.0.0.1:1",
            "softmax: --cluster: it takes one result a file\nhint: -o FOLDER/\n",
            2,
        ),
        (
            "softmax sample 1 2 --cluster tcp://127.0.0.1:1",
            "softmax: --cluster: this command runs on one machine\n"
            "hint: probs, jacobian, loss, reliability and calibrate can run on a cluster\n",
            2,
        ),
    ],
)
def test_what_cannot_run(files: Path, command: str, says: str, code: int) -> None:
    """A line says why."""
    ended = shell(command, cwd=files)
    assert (ended.stderr, ended.code) == (says, code)
