"""The recipes of CONTRIBUTING.md, followed on a copy of the package: what they promise is what happens."""

import re
import shutil
from pathlib import Path

import pytest

from tests.program import DATA, environment, shell
from tests.test_readme import exchanges
from tests.transcript import alike

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / ".github" / "CONTRIBUTING.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
BLOCK = re.compile(r"(.*?)^```(\w+)\n(.*?)^```\n", re.MULTILINE | re.DOTALL)


def follow(prose: str, code: str, folder: Path) -> None:
    """Write the file that a block names in its first line, or add its lines below what the prose says."""
    name, _, text = code.removeprefix("# ").partition("\n")
    path = folder / name
    if not (place := re.search(r"\b[Bb]elow `([^`]+)`", prose)):
        assert not path.exists(), f"{name} is there already"
        path.write_text(text, encoding="utf-8")
        return
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    below = next(number for number, line in enumerate(lines, 1) if line.strip().startswith(place[1]))
    path.write_text("".join([*lines[:below], text, *lines[below:]]), encoding="utf-8")


@pytest.mark.parametrize("recipe", ["Add a function", "Add a mistake", "Add a format"])
def test_recipe(recipe: str, tmp_path: Path) -> None:
    """Each block of code goes where the recipe says, and each command prints what it shows."""
    shutil.copytree(
        ROOT / "softmax_cli", tmp_path / "softmax_cli", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copytree(DATA, tmp_path, dirs_exist_ok=True)
    shown = 0
    for prose, language, text in BLOCK.findall(SECTIONS[recipe]):
        if language != "console":
            follow(prose, text, tmp_path)
            continue
        for command, output in exchanges(text):
            ended = shell(f"{{ {command}\n}} 2>&1", cwd=tmp_path, env=environment(PYTHONPATH=str(tmp_path)))
            if not alike(ended.stdout, output):
                assert ended.stdout == output, command
            shown += 1
    assert shown


def test_the_files_it_names_exist() -> None:
    """Every path of the repository that the page names is there, but for what a recipe adds."""
    added = set(re.findall(r"tests/\S+/test_(?:exponential|org)\.py", PAGE))
    added |= {line.removeprefix("# ") for line in re.findall(r"^# softmax_cli/\S+", PAGE, re.MULTILINE)}
    named = set(re.findall(r"(?:softmax_cli|tests)/[\w/]+(?:\.\w+)?", PAGE))
    assert {name for name in named - added if not (ROOT / name).exists()} == set()
