"""Files with bytes flipped, cut and doubled, through the whole program: one line, never a traceback."""

from __future__ import annotations

import contextlib
import io
import random
import sys
from pathlib import Path
from types import ModuleType

import pytest

from softmax_cli.__main__ import end_of_run
from softmax_cli.io.json import lines_reader
from softmax_cli.io.text import reader
from tests.program import DATA

SEEDS = range(4)
EACH = 50
"""Files of each seed, each through both ways of reading."""

SIGNS = [b",", b";", b"\t", b" ", b'"', b"\n", b"\r", b"#", b"\0", b"e", b"nan", b"-inf"]
SIGNS += [b"{", b"}", b"[", b"]", b":", b"\\", b"null", b"+", b"0", b"."]


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Damage some bytes."""
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(data))
        end = min(len(data), at + chance.choice([1, 1, 5, 60]))
        piece = data[at:end]
        damaged = {
            "flip": bytes([piece[0] ^ (1 << chance.randrange(8))]) + piece[1:],
            "cut": b"",
            "double": piece * 2,
            "any": bytes([chance.randrange(256)]) + piece[1:],
            "sign": chance.choice(SIGNS),
        }[chance.choice(["flip", "cut", "double", "any", "sign"])]
        data = data[:at] + damaged + data[end:]
    return data


def ended(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> tuple[int, bytes, str]:
    """Run the program in this process, and return its code, its output and its errors."""
    output, errors = io.BytesIO(), io.StringIO()
    monkeypatch.setattr(sys, "argv", ["softmax", *arguments])
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(output, "utf-8"))
    monkeypatch.setattr("softmax_cli.__main__.signal.signal", lambda *_: None)  # they are this process's
    with contextlib.redirect_stderr(errors):
        code = end_of_run()
    return code, output.getvalue(), errors.getvalue()


CSV = (DATA / "iris_logits.csv").read_bytes()[:1000].rpartition(b"\n")[0] + b"\n"
JSON_LINES = b"".join(
    b'{"id":%b,"label":"%b","a":%b,"b":%b,"c":%b}\n' % tuple(line.split(b","))
    for line in CSV.splitlines()[1:]
)


@pytest.mark.parametrize(
    ("name", "whole", "way"), [("x.csv", CSV, reader), ("x.jsonl", JSON_LINES, lines_reader)]
)
@pytest.mark.parametrize("seed", SEEDS)
def test_damaged_files(
    seed: int, name: str, whole: bytes, way: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A damaged file is read, or refused in one line; by the fast way as by the careful one, row for row."""
    chance = random.Random(seed)
    path = tmp_path / name
    for _ in range(EACH):
        path.write_bytes(mutated(whole, chance))
        told = []
        for large in (1 << 60, 0):
            monkeypatch.setattr(way, "LARGE", large)
            monkeypatch.setattr(way, "CHUNK", 300)
            monkeypatch.setattr(way, "SAMPLE", 300)
            monkeypatch.setattr(way, "BLOCK", 300)
            told.append(ended(["probs", str(path), "-c", "3-5", "-q"], monkeypatch))
        assert told[0] == told[1], path.read_bytes()
        code, output, errors = told[0]
        assert code in (0, 2), errors
        if code == 0:
            assert errors == ""
            assert output.count(b"\n") >= 2
        else:
            first, *rest = errors.splitlines()
            assert first.startswith("softmax: ")
            assert all(line.startswith("hint: ") for line in rest)
            assert len(rest) <= 1
