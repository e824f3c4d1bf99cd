"""Every command of the README runs and prints what the README says it prints."""

import doctest
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.program import DATA, shell
from tests.transcript import alike

README = Path(__file__).parent.parent / "README.md"
SET_UP = ("Run it", "Test it")  # these two make environments: .ci/run is for them


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the section it stands in, its first line's number and its text."""

    language: str
    section: str
    line: int
    text: str


def blocks() -> list[Block]:
    """Return the fenced blocks of the README."""
    found: list[Block] = []
    section, language, start, body = "", None, 0, list[str]()
    for number, line in enumerate(README.read_text(encoding="utf-8").splitlines(), 1):
        if language is None and (heading := re.match(r"#+ (.*)", line)):
            section = heading[1]
        elif language is None and (fence := re.match(r"```(\w*)$", line)):
            language, start, body = fence[1], number, []
        elif line == "```" and language is not None:
            found.append(Block(language, section, start, "\n".join(body) + "\n"))
            language = None
        else:
            body.append(line)
    assert language is None, f"the block of line {start} is not closed"
    return found


def exchanges(text: str) -> list[tuple[str, str]]:
    """Return the commands of a console block, each with what it prints."""
    parts = re.split(r"^\$ ", text, flags=re.MULTILINE)
    assert parts[0] == "", "a console block starts with $"
    return [(command, output) for command, _, output in (part.partition("\n") for part in parts[1:])]


def of(*languages: str) -> list[Block]:
    """Return the blocks in these languages that tests run."""
    return [block for block in blocks() if block.language in languages and block.section not in SET_UP]


@pytest.mark.parametrize("block", of("console"), ids=lambda block: f"line-{block.line}")
def test_console(block: Block, tmp_path: Path) -> None:
    """A command in a console block prints exactly the lines below it, on stdout or stderr."""
    folder = shutil.copytree(DATA, tmp_path / "data")
    for command, output in exchanges(block.text):
        ended = shell(f"{{ {command}\n}} 2>&1", cwd=folder)
        if not alike(ended.stdout.rstrip("\n"), output.rstrip("\n")):
            assert ended.stdout.rstrip("\n") == output.rstrip("\n"), command


@pytest.mark.parametrize("block", of("sh"), ids=lambda block: f"line-{block.line}")
def test_sh(block: Block, tmp_path: Path) -> None:
    """The commands of a sh block succeed, one by one, in one folder."""
    folder = shutil.copytree(DATA, tmp_path / "data")
    for command in re.sub(r"\\\n", "", block.text).splitlines():
        ended = shell(command, cwd=folder)
        assert ended.code in ({0, 141} if "| head" in command else {0}), (command, ended.stderr)
        assert ended.stderr == "", command


@pytest.mark.parametrize("block", of("python"), ids=lambda block: f"line-{block.line}")
def test_python(block: Block) -> None:
    """A Python session prints what it shows."""
    session = doctest.DocTestParser().get_doctest(block.text, {}, "README", str(README), block.line)
    assert session.examples
    results = doctest.DocTestRunner().run(session)
    assert results.failed == 0


def test_the_readme_leads_with_what_it_looks_like() -> None:
    """The README shows real output first, then how to run it and how to test it, one block each."""
    found = blocks()
    assert found[0].language == "console"
    sections = [block.section for block in found]
    for name in SET_UP:
        assert sections.count(name) == 1
    assert sections.index("Run it") < sections.index("Test it")
    assert all(block.language in {"console", "sh", "python", ""} for block in found)


def test_the_readme_is_short() -> None:
    """The README fits in 330 lines."""
    assert len(README.read_text(encoding="utf-8").splitlines()) <= 330
