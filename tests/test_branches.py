"""The marks that count branches: each is set where its way is taken, and nowhere else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.branches import FOLDER, MarkingLoader, branches, marked, record
from tests.program import environment

SOURCE = '''
from __future__ import annotations
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    import os

def stub() -> int:
    """Say nothing."""
    ...

def sign(x):
    """Return the sign."""
    if x > 0:
        return 1
    elif x < 0:
        return -1
    return 0

class Total:
    def of(self, xs):
        total = 0
        for x in xs:
            match x:
                case 1 | 2:
                    total += x
                case None:
                    break
        while True:
            return total
'''


def taken(call: str) -> list[str]:
    """Return the branches that a call takes in the source."""
    tree, names = marked(SOURCE.encode())
    marks = [False] * len(names)
    scope = {"__taken__": marks}
    exec(compile(tree, "source.py", "exec", dont_inherit=True), scope)
    eval(call, scope)
    return [name for name, mark in zip(names, marks, strict=True) if mark]


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("0", []),
        ("stub()", []),
        ("sign(2)", ["11: sign is called", "13: true"]),
        ("sign(-2)", ["11: sign is called", "13: false", "15: true"]),
        ("sign(0)", ["11: sign is called", "13: false", "15: false"]),
        ("Total().of([])", ["20: of is called", "22: runs out"]),
        ("Total().of([1])", ["20: of is called", "22: goes round", "22: runs out", "23: case 1"]),
        ("Total().of([None])", ["20: of is called", "22: goes round", "23: case 2"]),
        ("Total().of([9])", ["20: of is called", "22: goes round", "22: runs out", "23: case 3"]),
    ],
)
def test_a_call_marks_the_ways_it_takes(call: str, expected: list[str]) -> None:
    """Each function, each outcome of a choice and each case has a mark; what has one way only has none."""
    assert taken(call) == expected


def test_a_marked_module_does_the_same() -> None:
    """The marks change neither a docstring nor a line number."""
    tree, _ = marked(SOURCE.encode())
    scope = {"__taken__": [False] * 99}
    exec(compile(tree, "source.py", "exec", dont_inherit=True), scope)
    sign = scope["sign"]
    assert (sign.__doc__, sign.__code__.co_firstlineno, sign(-3)) == ("Return the sign.", 11, -1)  # type: ignore[attr-defined,operator]


_FORKS = """
import os, resource
from importlib import import_module
from pkgutil import walk_packages
from tests.branches import record
resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
record()
from softmax_cli import core, softmax
for module in walk_packages(core.__path__, "softmax_cli.core."):
    import_module(module.name)
if os.fork() == 0:
    softmax([1.0, 2.0])
    os._exit(0)
os.wait()
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no forks")
def test_what_a_fork_takes_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A branch is taken that any process took, however it ended; a module that none imported has none.

    However many modules there are, only a few files are open: a system may allow no more than 256.
    """
    subprocess.run([sys.executable, "-c", _FORKS], env=environment(**{FOLDER: str(tmp_path)}), check=True)
    monkeypatch.setenv(FOLDER, str(tmp_path))
    taken = [name for name, mark in branches() if mark]
    assert any(name.endswith(": softmax is called") for name in taken)
    assert not any(name.startswith(str(Path("softmax_cli", "tutor"))) for name in taken)


def test_marked_code_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first process that loads a module keeps its code, and the others need not even its source."""
    monkeypatch.setenv(FOLDER, str(tmp_path))
    source = tmp_path / "source.py"
    source.write_text(SOURCE)
    first, other = (MarkingLoader("source", str(source), memoryview(bytearray(99))) for _ in range(2))
    code = first.get_code("source")
    source.unlink()
    assert other.get_code("source") == code


def test_an_imported_package_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is imported already has no marks: counting it would call all of it untaken."""
    monkeypatch.setenv(FOLDER, str(tmp_path))
    monkeypatch.setitem(sys.modules, "softmax_cli", sys)
    with pytest.raises(RuntimeError, match="softmax_cli is imported already"):
        record()
