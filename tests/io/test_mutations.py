"""Real files, broken at random."""

import contextlib
import gzip
import random
from pathlib import Path

import numpy as np
import pyarrow as pa

from softmax_cli.errors import SoftmaxError
from tests.io.reading import Reader, npy, streamed
from tests.io.test_kinds import CSV, NAMES, RECORDS, A, Z, arrow, stream

SEEDS = {
    "quoted.csv": b'"a b","c ""d"""\r\n1,2\r\n3,"4"\r\n-inf,1e-7\r\n',
    "blanks.txt": b"# z\n 1 2 3\n 4 5 6\n",
    "x.tsv": b"id\tx\ty\nq\t1\t2\nw\t3\t4\n",
    "x.json": b'[{"a": 1, "b": "-inf"}, {"a": 2.5e3, "b": 2}]',
    "<stdin>": b'{"a": 1, "b": 2}\n{"b": 3, "a": 4}\n',
    "p.json": b'{"classes": ["a", "b"], "rows": [\n{"row": 1, "logits": [0.1, "-inf"], "id": "x"}\n]}\n',
}
WORDS = list(map(str, Z))
BINARY = {
    "x.npy": npy(A),
    "x.npz": streamed(lambda to: np.savez_compressed(to, logits=A, label=np.arange(3))),
    "lists.arrow": arrow(z=Z, id=NAMES),
    "records.arrow": arrow(z=RECORDS),
    "texts.arrow": arrow(z=WORDS),
    "matrices.arrow": arrow(z=[Z[:2], Z[2:]]),
    "views.arrow": arrow(z=pa.array(Z, pa.list_view(pa.float64())), id=pa.array(NAMES, pa.string_view())),
    "categories.arrows": stream(a=["1", "2", "3"], b=pa.array(["1", "2", "1"]).dictionary_encode()),
    "x.csv.gz": gzip.compress(CSV.encode()),
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
    assert read_of(seeds, 3000, rng) > 100


def test_mutated_binary_files() -> None:
    """A damaged file of numpy, Arrow or gzip gives rows or one of our errors, and never ends the process."""
    assert read_of(BINARY, 2000, random.Random(21)) > 50


def read_of(seeds: dict[str, bytes], tries: int, rng: random.Random) -> int:
    """Read mutated files, and return how many gave rows; an error other than ours ends the test."""
    read = 0
    for _ in range(tries):
        name = rng.choice(list(seeds))
        with contextlib.suppress(SoftmaxError):
            read += len(Reader().all(mutated(seeds[name], rng), name)) > 0
    return read
