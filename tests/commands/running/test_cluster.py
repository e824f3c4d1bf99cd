"""Tasks on a cluster of this machine give the bytes, errors and sums of one machine."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from softmax_cli.commands.running.cluster import _client
from softmax_cli.io.streams import store
from softmax_cli.io.streams.store import matching, open_object, open_object_for_writing
from tests.a_store import a_store
from tests.in_process import in_process
from tests.program import Ended, environment, shell

pytest.importorskip("distributed")

PICK = "-c a,b,c"
QUIET = {
    "DASK_DISTRIBUTED__ADMIN__SYSTEM_MONITOR__INTERVAL": "10s",
    "DASK_DISTRIBUTED__ADMIN__TICK__INTERVAL": "1s",
    "DASK_DISTRIBUTED__WORKER__MEMORY__MONITOR_INTERVAL": "5s",
    "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False",
}
"""A cluster that does not look after itself fifty times a second takes a fifth of a core less."""


@pytest.fixture(scope="module")
def login() -> Iterator[dict[str, str]]:
    """Start an S3, of which workers have the login."""
    pytest.importorskip("obstore")
    pytest.importorskip("moto.server")
    with a_store() as variables:
        yield variables


@pytest.fixture(scope="module")
def cluster(login: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Start a scheduler and two workers, in processes of their own."""
    started = subprocess.Popen(
        [sys.executable, str(Path(__file__).parent / "a_cluster.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment(**login, **QUIET),
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
        lines = (f"{j},{'aaabc'[j % 5]},{j % 7 + i}.25,{j % 5}.5,-{j % 3}" for j in range(2_000))
        (folder / f"x{i}.csv").write_text("id,label,a,b,c\n" + "\n".join(lines) + "\n")
    return folder


def sums(folder: Path) -> dict[str, str]:
    """Return the hash of each file in a folder, hidden ones included."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_the_bytes_of_one_machine(cluster: dict[str, Any], files: Path, tmp_path: Path) -> None:
    """Each result is that of one machine to the byte, with no other file and no message."""
    command = f"softmax probs 'x*.csv' {PICK} -o"
    assert shell(f"{command} {tmp_path}/one/", cwd=files).code == 0
    ended = shell(f"{command} {tmp_path}/many/ --cluster {cluster['address']}", cwd=files)
    assert (ended.stdout, ended.stderr, ended.code) == ("", "", 0)
    assert sums(tmp_path / "many") == sums(tmp_path / "one")


def test_large_objects(
    cluster: dict[str, Any],
    login: dict[str, str],
    files: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Workers read and write parts of objects, which are joined; of what fails nothing is left."""
    monkeypatch.setattr("softmax_cli.io.parts.PART", 1 << 14)
    for name, value in login.items():
        monkeypatch.setenv(name, value)
    pl.read_csv(files / "x0.csv").write_parquet(tmp_path / "x1.parquet", row_group_size=400)
    inputs = {"x0.csv": files / "x0.csv", "x1.parquet": tmp_path / "x1.parquet"}
    for name, path in inputs.items():
        with open_object_for_writing(f"s3://bucket/in/{name}") as sink:
            sink.write(path.read_bytes())
    there = (
        f"softmax probs s3://bucket/in/x0.csv s3://bucket/in/x1.parquet {PICK} --cluster {cluster['address']}"
    )
    assert in_process(f"{there} -o s3://bucket/out/", files, login) == Ended("", "", 0)
    here = f"softmax probs {inputs['x0.csv']} {inputs['x1.parquet']} {PICK} -o {tmp_path}/one/"
    assert in_process(here, files).code == 0
    for name in inputs:
        assert open_object(f"s3://bucket/out/{name}").read() == (tmp_path / "one" / name).read_bytes()
    assert in_process(f"{there} -o s3://nobucket/out/", files, login).code == 2
    assert matching("s3://bucket/out/*") == [f"s3://bucket/out/{name}" for name in inputs]
    store._store.cache_clear()


@pytest.mark.parametrize("command", ["loss", "reliability --resamples 9", "calibrate"])
def test_sums_of_all_files_to_the_last_bit(cluster: dict[str, Any], files: Path, command: str) -> None:
    """Sums over the workers' files are those of one machine, digit for digit."""
    command = f"softmax {command} x0.csv x1.csv x2.csv {PICK} --target-column label -f json -q"
    here = in_process(command, files)
    there = in_process(f"{command} --cluster {cluster['address']}", files)
    assert (there.stderr, there.code) == (here.stderr, here.code) == ("", 0)
    assert there.stdout == here.stdout


def test_the_first_bad_row_ends_the_run(cluster: dict[str, Any], files: Path, tmp_path: Path) -> None:
    """One line names file, row and worker, and no partial file is left."""
    (tmp_path / "good.csv").write_text("a,b,c\n1,2,3\n")
    (tmp_path / "bad.csv").write_text("a,b,c\n1,2,3\n1,nan,3\n")
    ended = shell(f"softmax probs '*.csv' -o out/ --cluster {cluster['address']}", cwd=tmp_path)
    assert ended.stderr.startswith("softmax: bad.csv:3: column 2 (b): 'nan' is not a number (on worker ")
    assert [line.split(":")[0] for line in ended.stderr.splitlines()] == ["softmax", "hint"]
    assert ended.code == 2
    time.sleep(0.2)
    assert set(sums(tmp_path / "out")) <= {"good.csv"}


def test_a_killed_worker(cluster: dict[str, Any], files: Path, tmp_path: Path) -> None:
    """After a worker dies, every result is complete, and nothing else is left."""
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


@contextmanager
def started(program: str, *words: str, path: Path) -> Iterator[None]:
    """Run a program of distributed's that imports its packages from a folder alone."""
    words = (sys.executable, "-S", "-m", f"distributed.cli.dask_{program}", *words, "--no-dashboard")
    variables = environment() | {"PYTHONPATH": str(path)}
    silent = subprocess.DEVNULL
    running = subprocess.Popen(words, env=variables, stdout=silent, stderr=silent)
    yield
    running.kill()
    running.wait()


@pytest.fixture(scope="module")
def without(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder of all that is installed but softmax."""
    folder = tmp_path_factory.mktemp("without")
    for installed in (Path(path) for path in sys.path if path.endswith("site-packages")):
        for path in installed.iterdir():
            if "softmax" not in path.name and not (folder / path.name).exists():
                (folder / path.name).symlink_to(path)
    return folder


def _with(folder: Path, its_version: str) -> Path:
    """Return a folder of what another holds, and of what is known of an installed softmax."""
    found = folder.parent / f"with-{its_version}"
    found.mkdir()
    for path in folder.iterdir():
        (found / path.name).symlink_to(path)
    about = found / f"softmax_tutor-{its_version}.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Name: softmax-tutor\nVersion: {its_version}\n")
    return found


def refused(scheduler: Path, folder: Path) -> str:
    """Return why a cluster is refused, once it is there."""
    for _ in range(600):
        if scheduler.exists():
            break
        time.sleep(0.05)
    ended = in_process(f"softmax probs x0.csv {PICK} -o out/ --cluster {scheduler}", folder)
    assert ended.code == 2
    return ended.stderr.replace(str(scheduler), "FILE")


def test_versions_that_differ(without: Path, files: Path, tmp_path: Path) -> None:
    """A scheduler without softmax, one without workers, and a worker of another version: a line each."""
    here = version("softmax-tutor")
    hint = f"hint: pip install softmax-tutor=={here} there\n"
    bare, whole = tmp_path / "bare.json", tmp_path / "whole.json"
    with started("scheduler", "--port", "0", "--scheduler-file", str(bare), path=without):
        says = refused(bare, files)
        assert says == f"softmax: --cluster: the scheduler at FILE has no softmax\n{hint}"
    about = ("--scheduler-file", str(whole))
    with started("scheduler", "--port", "0", *about, path=_with(without, here)):
        no_workers = refused(whole, files)
        assert no_workers.startswith("softmax: --cluster: the scheduler at FILE has no workers\nhint: ")
        worker = (*about, "--no-nanny", "--name", "old", "--nthreads", "1")
        with started("worker", *worker, path=_with(without, "0.0.1")):
            while (says := refused(whole, files)) == no_workers:
                time.sleep(0.1)
            assert says == f"softmax: --cluster: worker old has softmax 0.0.1, here is {here}\n{hint}"


@pytest.mark.parametrize(
    ("command", "says", "code"),
    [
        (
            "softmax probs x0.csv -c a,b -o out/ --cluster tcp://127.0.0.1:1",
            "softmax: --cluster: no scheduler answers at tcp://127.0.0.1:1\n"
            "hint: give the address that `dask scheduler` prints, or the file that it writes\n",
            74,
        ),
        (
            "softmax probs x0.csv -c a,b --cluster tcp://127.0.0.1:1",
            "softmax: --cluster: it takes one result a file\nhint: -o FOLDER/\n",
            2,
        ),
        (
            "softmax probs x0.csv -c a,b --cluster ''",
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
    """A cluster that cannot be used is refused with the reason."""
    ended = shell(command, cwd=files)
    assert (ended.stderr, ended.code) == (says, code)
