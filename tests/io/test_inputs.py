"""Small files in the layouts that people use: each gives its logits, or one error with a useful hint."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from softmax_cli.errors import SoftmaxError
from softmax_cli.io.options import ReadOptions
from softmax_cli.io.read import read
from softmax_cli.io.table.batch import joined

FOLDER = Path(__file__).parents[1] / "data" / "inputs"
CASES = json.loads((FOLDER / "cases.json").read_text())
OPTIONS = {"-c": "columns", "--long": "long", "--decimal": "decimal"}


def options_of(arguments: list[str]) -> ReadOptions:
    """Return the options that a command line gives."""
    given: dict[str, Any] = {}
    for option, value in zip(arguments[::2], arguments[1::2], strict=True):
        name = OPTIONS[option]
        given[name] = [*given.get(name, []), value] if name == "columns" else value
    return ReadOptions(**given)


@pytest.mark.parametrize("case", CASES, ids=lambda case: " ".join([case["file"], *case["args"]]))
def test_inputs(case: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is read as its line of cases.json says: logits, kept columns, a note or a hint."""
    monkeypatch.chdir(FOLDER)
    notes: list[str] = []
    options = options_of(case["args"])
    if "hint" in case:
        with pytest.raises(SoftmaxError) as caught:
            list(read([case["file"]], options, note=notes.append))
        assert case["hint"] in str(caught.value.hint)
        return
    batch = joined(read([case["file"]], options, note=notes.append))
    assert np.array_equal(np.asarray(batch.values, float), np.array(case["logits"], float))
    assert case.get("kept", list(batch.kept)) == list(batch.kept)
    assert bool(notes) == ("note" in case)
    assert case.get("note", "") in " ".join(notes)
