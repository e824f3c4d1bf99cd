"""An input that is read more than once."""

import io
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from softmax_cli.commands.command_line.delivery import Delivery
from softmax_cli.commands.command_line.groups import Labels, Reading
from softmax_cli.commands.running import passes
from softmax_cli.commands.running.labelled import LabelledInput

TEXT = "y,a,b\na,1,0\nb,0,2\n-100,5,5\na,3,1\n"


def rows_of(logits: list[str]) -> tuple[passes.Passes, list[Any]]:
    """Return the passes over an input, and its logits and labels of two of them."""
    labels = Labels(target_column="y", ignore=["-100"])
    given = LabelledInput.of(logits, Reading(), labels, Delivery(quiet=True), "logits")
    source = passes.Passes(given)
    found = []
    for _ in range(2):
        parts = list(source())
        numbers = [part.number(i) for part in parts for i in range(len(part))]
        z = np.concatenate([part.z for part in parts]).tolist()
        target = [int(t) for part in parts for t in (() if part.target is None else part.target)]
        found.append((z, target, numbers))
    return source, found


EXPECTED = ([[1.0, 0.0], [0.0, 2.0], [3.0, 1.0]], [0, 1, 0], [1, 2, 4])


@pytest.mark.parametrize(("memory", "read"), [(1 << 25, 1), (0, 2)])
def test_a_file_is_kept_or_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, memory: int, read: int
) -> None:
    """A small file is read once, a large one for each pass; rows keep their numbers."""
    monkeypatch.setattr(passes, "MEMORY", memory)
    file = tmp_path / "in.csv"
    file.write_text(TEXT)
    source, found = rows_of([str(file)])
    assert found == [EXPECTED, EXPECTED]
    assert source.read == read


@pytest.mark.parametrize("memory", [1 << 25, 0])
def test_a_pipe_is_read_once(monkeypatch: pytest.MonkeyPatch, memory: int) -> None:
    """The rows of a pipe are kept in memory or in a temporary file."""
    monkeypatch.setattr(passes, "MEMORY", memory)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode())))
    source, found = rows_of(["-"])
    source.close()
    assert found == [EXPECTED, EXPECTED]
    assert source.read == 1
