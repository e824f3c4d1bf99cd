"""Whole command lines with what they print: one ``.case`` file each, read by tests/test_cases.py.

A case is a line that says what must hold, the command, and what it leaves::

    # Two classes with the same name are an error that names them.
    $ softmax probs 1 2 --classes a,a
    --- stdout
    --- stderr
    softmax: --classes: ...
    --- exit 2

The command runs in bash (with pipefail), in a folder that holds copies of tests/data and tests/cases/files.
``python -m tests.cases NAME...`` records what the commands print now; read the difference before you commit.
"""

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from tests.program import DATA, Ended

FOLDER = Path(__file__).parent
FILES = FOLDER / "files"


@dataclass(frozen=True)
class Case:
    """A command line and what it leaves."""

    about: str
    command: str
    ended: Ended

    @classmethod
    def parse(cls, text: str) -> "Case":
        """Read the text of a ``.case`` file."""
        head, _, rest = text.partition("\n--- stdout\n")
        about, _, command = head.partition("\n$ ")
        stdout, _, rest = ("\n" + rest).partition("\n--- stderr\n")
        stderr, _, code = ("\n" + rest).partition("\n--- exit ")
        return cls(about, command, Ended(_body(stdout), _body(stderr), int(code or 0)))

    def text(self) -> str:
        """Return the text of the ``.case`` file."""
        return (
            f"{self.about}\n$ {self.command}\n--- stdout\n{self.ended.stdout}--- stderr\n{self.ended.stderr}"
            f"--- exit {self.ended.code}\n"
        )

    def recorded(self, ended: Ended) -> "Case":
        """Return this case with what the command left now."""
        return replace(self, ended=ended)


def _body(text: str) -> str:
    return text[1:] + "\n" if text else ""


def prepared(folder: Path) -> Path:
    """Make the folder that a case runs in, with copies of the data."""
    shutil.copytree(DATA, folder)
    return shutil.copytree(FILES, folder, dirs_exist_ok=True)


def paths() -> list[Path]:
    """Return the case files, in order."""
    return sorted(FOLDER.glob("*/*.case"))
