"""The program on a pseudo-terminal, and what a person then sees on the screen."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyte
import pytest

from tests.program import DATA, environment, quick

if TYPE_CHECKING:
    import pexpect


@dataclass(frozen=True)
class Seen:
    """What a finished run left on the screen."""

    lines: list[str]
    styled: bool
    code: int
    raw: str

    @property
    def text(self) -> str:
        """The lines as one text."""
        return "\n".join(self.lines)


def spawn(
    program: str,
    *arguments: str,
    columns: int = 80,
    rows: int = 24,
    env: Mapping[str, str] | None = None,
    cwd: Path = DATA,
    encoding: str = "utf-8",
) -> "pexpect.spawn[str]":
    """Start a program on a pseudo-terminal of that size; where the system has none, skip the test."""
    pexpect = pytest.importorskip("pexpect", reason="Windows has no pseudo-terminal that pexpect knows")
    return pexpect.spawn(
        program,
        list(arguments),
        dimensions=(rows, columns),
        env=env or environment(TERM="xterm-256color"),
        cwd=str(cwd),
        timeout=60,
        encoding=encoding,
    )


def on_terminal(
    command: str,
    *,
    columns: int = 80,
    rows: int = 200,
    env: Mapping[str, str] | None = None,
    cwd: Path = DATA,
    encoding: str = "utf-8",
) -> Seen:
    """Run `command` in bash on a terminal of that size and read the screen when it has ended."""
    variables = quick(command, env or environment(TERM="xterm-256color"))
    process = spawn(
        "bash", "-c", command, columns=columns, rows=rows, env=variables, cwd=cwd, encoding=encoding
    )
    raw = process.read()
    process.wait()
    process.ptyproc.delayafterclose = 0  # it has ended: there is nothing to wait for
    process.close()
    screen = pyte.Screen(columns, rows)
    pyte.Stream(screen).feed(raw)
    lines = [line.rstrip() for line in screen.display]
    while lines and not lines[-1]:
        lines.pop()
    styled = any(
        cell.fg != "default" or cell.bold for line in screen.buffer.values() for cell in line.values()
    )
    return Seen(lines, styled, process.exitstatus if process.exitstatus is not None else -1, raw)
