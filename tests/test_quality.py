"""The checks of form: they fail like any other test."""

import ast
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "softmax_cli"
MODULES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["-m", "ruff", "check", "."], id="ruff-lint"),
        pytest.param(["-m", "ruff", "format", "--check", "."], id="ruff-format"),
        pytest.param(["-m", "mypy"], id="mypy-strict"),
        pytest.param(
            ["-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"], id="imports"
        ),
    ],
)
def test_form(arguments: list[str]) -> None:
    """The linter, the formatter, the type checker and the contract of the rooms have nothing to say."""
    ended = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=600, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_what_checks_form_is_pinned() -> None:
    """The tools of the extra `form`, and the libraries whose types are read, are the versions it names."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned = dict(line.split("==") for line in project["optional-dependencies"]["form"])
    assert {name: version(name) for name in pinned} == pinned


def test_rooms_are_small_and_say_what_they_are_for() -> None:
    """At most fourteen modules side by side; a room's docstring says how to add to it."""
    folders = {path.parent for path in MODULES}
    crowded = [room for room in folders if len([p for p in room.glob("*.py") if p.stem != "__init__"]) > 14]
    rooms = [room for room in folders if room.parent == PACKAGE]
    docstrings = {
        room.name: ast.get_docstring(ast.parse((room / "__init__.py").read_text("utf-8"))) for room in rooms
    }
    assert not crowded
    assert [name for name, text in docstrings.items() if "To add" not in (text or "")] == []


def test_modules_and_functions_are_short() -> None:
    """A module fits in 300 lines, and a function, without its docstring, in 50."""
    long = [str(path) for path in MODULES if path.read_text(encoding="utf-8").count("\n") > 300]
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            body = node.body[ast.get_docstring(node) is not None :]
            if body and (body[-1].end_lineno or 0) - body[0].lineno >= 50:
                long.append(f"{path}: {node.name}")
    assert not long


def test_no_two_classes_have_one_name() -> None:
    """A class is known by its name alone, whatever room it stands in."""
    statement = re.compile(r"^\s*class (\w+)[(:\[]", re.MULTILINE)
    names = Counter(name for path in MODULES for name in statement.findall(path.read_text(encoding="utf-8")))
    assert [name for name, count in names.items() if count > 1] == []


_POSIX = re.compile(
    r"signal\.(SIG(?!(INT|TERM|ABRT|FPE|ILL|SEGV|_DFL|_IGN)\b)|setitimer|ITIMER|alarm|pause)"
    r"|os\.(chown|fork|get[eu]|getpg|kill|mkfifo|nice|openpty|posix_|sched_|setsid|statvfs|sysconf|uname|W[A-Z])"
)
"""What Windows lacks of two modules that it has."""


def _run_by_an_import(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the parts of a module that an import of it runs: of a function, its decorators and defaults."""
    yield node
    for name, value in ast.iter_fields(node):
        if not (isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) and name == "body"):
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    yield from _run_by_an_import(child)


def test_every_module_can_be_imported_on_windows() -> None:
    """What Windows lacks is used in functions if its module is not skipped there; ruff says so of imports."""
    found = []
    for path in [*MODULES, *sorted((ROOT / "tests").rglob("*.py"))]:
        text = path.read_text(encoding="utf-8")
        if _POSIX.search(text) and 'importorskip("fcntl"' not in text:
            nodes = _run_by_an_import(ast.parse(text))
            names = (ast.unparse(node) for node in nodes if isinstance(node, ast.Attribute))
            found += [f"{path}: {name}" for name in names if _POSIX.match(name)]
    assert found == []
