"""Object stores, against a server on this machine."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from softmax_cli.io.streams import store
from tests.a_store import a_store
from tests.in_process import in_process
from tests.program import Ended, environment, shell

pytest.importorskip("obstore")
pytest.importorskip("moto.server")


@pytest.fixture(scope="module")
def env() -> Iterator[dict[str, str]]:
    """Start an S3 with a bucket, and yield the environment of a user who has a login."""
    with a_store() as login:
        yield environment(**login)


def run(command: str, env: dict[str, str], cwd: Path | None = None) -> Ended:
    """Run a command as that user; no message may hold the login."""
    ended = shell(command, env=env, cwd=cwd)
    assert "secret-of-the-test" not in ended.stdout + ended.stderr
    return ended


@pytest.mark.parametrize("ending", ["csv", "csv.gz", "parquet"])
def test_there_and_back(env: dict[str, str], tmp_path: Path, ending: str) -> None:
    """An object is read like a file with the same bytes."""
    pick = "-c setosa,versicolor,virginica"
    for output in (f"s3://bucket/iris.{ending}", f"{tmp_path}/iris.{ending}"):
        assert run(f"softmax probs iris_logits.csv {pick} -o {output}", env) == Ended("", "", 0)
    stored, local = (
        run(f"softmax probs {place}/iris.{ending} {pick}", env) for place in ("s3://bucket", tmp_path)
    )
    assert stored == local
    assert stored.stdout.count("\n") == 151


def test_globs_folders_and_resuming(env: dict[str, str], tmp_path: Path) -> None:
    """A glob finds objects of one level; each file's result goes to a folder; existing ones are skipped."""
    for i in (1, 2):
        (tmp_path / f"x{i}.csv").write_text(f"a,b\n{i},2\n")
        assert run(f"softmax probs x{i}.csv -o s3://bucket/in/x{i}.csv", env, tmp_path).code == 0
    assert run("softmax probs x1.csv -o s3://bucket/in/deeper/x3.csv", env, tmp_path).code == 0
    found = run("softmax probs 's3://bucket/in/*.csv'", env)
    assert [line.partition(",")[0] for line in found.stdout.splitlines()[1:]] == [
        "s3://bucket/in/x1.csv",
        "s3://bucket/in/x2.csv",
    ]
    folder = "softmax probs 's3://bucket/in/*.csv' -o s3://bucket/out/"
    assert run(folder, env) == Ended("", "", 0)
    assert run(f"{folder} --resume", env).stderr == "softmax: note: there already: 2 of 2 results\n"


@pytest.fixture(autouse=True)
def fresh_connections() -> Iterator[None]:
    """Let each test connect with its own login: in this process, connections are kept."""
    store._store.cache_clear()
    yield
    store._store.cache_clear()


@pytest.fixture
def here(env: dict[str, str], tmp_path: Path) -> Callable[[str], Ended]:
    """Run command lines in this process."""
    return lambda command: in_process(f"softmax {command}", tmp_path, env)


def test_a_write_that_fails_half_way(
    env: dict[str, str], here: Callable[[str], Ended], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line says what failed, and there is no object, nor parts of one."""
    monkeypatch.setattr(store, "_PART", 1 << 14)
    (tmp_path / "x.csv").write_text("a,b\n" + "1,2\n" * 2_000)
    ended = here("probs x.csv -o s3://bucket/full/x.csv")
    assert ended == Ended("", "softmax: s3://bucket/full/x.csv: the store failed (QuotaExceeded)\n", 74)
    for question in ("prefix=full", "uploads"):
        with urlopen(f"{env['AWS_ENDPOINT_URL']}/bucket?{question}") as answer:
            assert b"<Key>" not in answer.read()


def test_a_failed_run_leaves_no_object(env: dict[str, str], tmp_path: Path) -> None:
    """A bad row ends the run, and the object is not there; an older one stays as it was."""
    (tmp_path / "bad.csv").write_text("a,b\n1,2\nnan,3\n")
    (tmp_path / "good.csv").write_text("a,b\n1,1\n")
    assert run("softmax probs bad.csv -o s3://bucket/new.csv", env, tmp_path).code == 2
    assert run("softmax probs s3://bucket/new.csv", env).stderr == (
        "softmax: s3://bucket/new.csv: no such object\n"
    )
    assert run("softmax probs good.csv -o s3://bucket/old.csv", env, tmp_path).code == 0
    assert run("softmax probs bad.csv -o s3://bucket/old.csv", env, tmp_path).code == 2
    assert run("softmax probs s3://bucket/old.csv", env).stdout == "a,b\n0.5,0.5\n"


@pytest.mark.parametrize(
    ("command", "changed", "says"),
    [
        ("softmax probs s3://nobucket/x.csv", {}, "s3://nobucket/x.csv: there is no such bucket\n"),
        ("softmax probs 1 2 -o s3://nobucket/x.csv", {}, "s3://nobucket/x.csv: there is no such bucket\n"),
        ("softmax probs 1 2 -o https://a.b/x.csv", {}, "a web address can be read, not written\n"),
        (
            "softmax probs s3://bucket/x.csv",
            {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"},
            "s3://bucket/x.csv: the server does not answer\n",
        ),
    ],
)
def test_errors_name_the_address_and_the_reason(
    env: dict[str, str], command: str, changed: dict[str, str], says: str
) -> None:
    """One line names the address and what is wrong."""
    stderr = run(command, env | changed).stderr
    assert stderr.startswith("softmax: ")
    assert stderr.endswith(says)
    assert stderr.count("\n") == 1


def test_without_a_login(env: dict[str, str]) -> None:
    """Without a login, the error says how to get one."""
    nobody = {name: value for name, value in env.items() if not name.startswith("AWS_A")}
    nobody |= {"AWS_EC2_METADATA_DISABLED": "true", "HOME": os.devnull}
    ended = run("softmax probs s3://bucket/x.csv", nobody)
    assert ended.stderr.startswith(
        "softmax: s3://bucket: no credentials were found\nhint: set AWS_ACCESS_KEY"
    )
    assert ended.code == 74


def test_a_web_address_hides_login_and_query(env: dict[str, str]) -> None:
    """The signature in an address is not printed."""
    endpoint = env["AWS_ENDPOINT_URL"].removeprefix("http://")
    ended = run(f"softmax probs 'http://me:word@{endpoint}/bucket/none.csv?sig=abc'", env)
    assert ended.stderr == f"softmax: http://{endpoint}/bucket/none.csv: no such object\n"
