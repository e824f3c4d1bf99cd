"""The progress bar: after a second, on a terminal, and gone at the end."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.terminal import on_terminal

SLOW = "(printf 'a,b\\n'; for i in 1 2 3 4 5 6; do printf '1,2\\n'; sleep 0.3; done)"


def test_rows_of_a_pipe(tmp_path: Path) -> None:
    """A pipe shows its rows and its rate; at the end the bar is wiped away."""
    seen = on_terminal(f"{SLOW} | softmax probs > {tmp_path}/p.csv")
    assert " rows" in seen.raw
    assert "bytes/s" in seen.raw
    assert seen.lines == []
    assert (tmp_path / "p.csv").read_text().count("\n") == 7


@pytest.mark.parametrize(
    "command",
    [
        f"{SLOW} | softmax probs -q > p.csv",
        f"{SLOW} | softmax probs 2>/dev/null > p.csv",
    ],
)
def test_silence(tmp_path: Path, command: str) -> None:
    """With --quiet, and where stderr is no terminal, nothing is drawn."""
    assert on_terminal(command, cwd=tmp_path).raw == ""
