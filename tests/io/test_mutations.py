"""Real files, broken at random."""

import contextlib
import random
from pathlib import Path

from softmax_cli.errors import SoftmaxError
from tests.io.reading import Reader

SEEDS = {
    "quoted.csv": b'"a b","c ""d"""\r\n1,2\r\n3,"4"\r\n-inf,1e-7\r\n',
    "blanks.txt": b"# z\n 1 2 3\n 4 5 6\n",
    "x.tsv": b"id\tx\ty\nq\t1\t2\nw\t3\t4\n",
    "x.json": b'[{"a": 1, "b": "-inf"}, {"a": 2.5e3, "b": 2}]',
    "<stdin>": b'{"a": 1, "b": 2}\n{"b": 3, "a": 4}\n',
    "p.json": b'{"classes": ["a", "b"], "rows": [\n{"row": 1, "logits": [0.1, "-inf"], "id": "x"}\n]}\n',
}
INSERTS = [b'"', b"\n", b"\r", b"#", b",", b"\t", b"1e400", b"inf", b"nan", b"\xff", b"\0", b"[", b"{", b" "]


def mutated(data: bytes, rng: random.Random) -> bytes:
    """Return the data with one to four bytes flipped, pieces cut, doubled or put in."""
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(data) + 1)
        after = at + rng.randint(1, 40)
        data = rng.choice(
            [
                data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :],
                data[:at] + data[after:],
                data[:after] + data[at:],
                data[:at],
                data[:at] + rng.choice(INSERTS) + data[at:],
                data.replace(b",", rng.choice([b";", b"\t", b" "])),
            ]
        )
    return data


def test_mutated_files(data: Path) -> None:
    """A broken file gives rows or one of our errors, never another exception, and never nothing."""
    rng = random.Random(20)
    seeds = SEEDS | {"iris.csv": (data / "iris_logits.csv").read_bytes()[:1500]}
    read = 0
    for _ in range(3000):
        name = rng.choice(list(seeds))
        with contextlib.suppress(SoftmaxError):
            read += len(Reader().all(mutated(seeds[name], rng), name)) > 0
    assert read > 100
