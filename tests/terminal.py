"""The program on a pseudo-terminal, and what a person then sees on the screen."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pexpect
import pyte

from tests.program import DATA, environment, quick


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
    process = pexpect.spawn(
        "bash",
        ["-c", command],
        dimensions=(rows, columns),
        env=quick(command, env or environment(TERM="xterm-256color")),
        cwd=str(cwd),
        timeout=60,
        encoding=encoding,
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
