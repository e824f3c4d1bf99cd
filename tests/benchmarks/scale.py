"""Race whole runs over large files against the best engines: wall time, processor time and memory.

    python -m tests.benchmarks.scale [--rounds N] [--only WORD] [--gigabytes G] [--tiny]

It makes its own data (in a temporary folder: TMPDIR says where), takes the peers that are installed, and runs
all of them in turn, round after round, each as a process of its own from its start to its end. It prints
medians; a ratio below 1 means that softmax takes less.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.benchmarks.peers import AWK, MILLER, SCRIPTS
from tests.program import environment


@dataclass(frozen=True)
class Spent:
    """What one process took: seconds of wall time and of the processors, and bytes of memory at its peak."""

    wall: float
    processor: float
    memory: float


def spend(command: Sequence[str], output: Path | str) -> Spent:
    """Run a command as a whole process, its standard output in `output`."""
    import time

    plain = environment()
    started = time.perf_counter()
    child = os.fork()
    if child == 0:
        os.dup2(os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 1)
        os.execvpe(command[0], list(command), plain)
    _, status, usage = os.wait4(child, 0)
    wall = time.perf_counter() - started
    if status:
        raise RuntimeError(f"{' '.join(command)[:200]} ended with {os.waitstatus_to_exitcode(status)}")
    return Spent(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


@dataclass(frozen=True)
class Race:
    """Commands that do the same work on one file."""

    name: str
    rivals: dict[str, Sequence[str]]

    def run(self, rounds: int, output: Path | str) -> None:
        """Run all rivals in turn, and print medians and the ratios of softmax to each."""
        spent: dict[str, list[Spent]] = {rival: [] for rival in self.rivals}
        for _ in range(rounds):
            for rival, command in self.rivals.items():
                spent[rival].append(spend(command, output))
        print(f"\n{self.name}, to {'/dev/null' if output == os.devnull else 'a file'}")
        print(f"  {'':34}   wall  ratio  processor  ratio  memory")
        own = spent["softmax"]
        for rival, its in spent.items():
            wall, processor = (median(its, lambda one: one.wall), median(its, lambda one: one.processor))
            ratio = median(own, lambda one: one.wall) / wall
            of_processor = median(own, lambda one: one.processor) / processor
            memory = max(one.memory for one in its) / 1e6
            times = f"{wall:5.2f} s {ratio:5.2f} {processor:8.2f} s {of_processor:6.2f}"
            print(f"  {rival:34} {times} {memory:5.0f} MB")
        sys.stdout.flush()


def median(spent: Sequence[Spent], of: Callable[[Spent], float]) -> float:
    """Return the median of one number."""
    return statistics.median(map(of, spent))


def peers(file: Path, *wanted: str, result: Path | None = None) -> dict[str, Sequence[str]]:
    """Return the commands of the peers that are installed."""
    found: dict[str, Sequence[str]] = {}
    for name in wanted:
        if name == "awk" and (awk := shutil.which("gawk") or shutil.which("awk")):
            found["awk"] = [awk, "-F,", AWK, str(file)]
        elif name == "Miller" and shutil.which("mlr"):
            found["Miller"] = ["mlr", "--icsv", "--ocsv", "put", "-q", MILLER, str(file)]
        elif name in SCRIPTS:
            modules, script = SCRIPTS[name]
            if all(map(importlib.util.find_spec, modules)):
                found[name] = [sys.executable, "-c", script, str(file), str(result or "/dev/stdout")]
    return found


def logits(n: int, k: int, start: int = 0) -> np.ndarray:
    """Make logits as models write them."""
    return np.round(np.random.default_rng(start).normal(0, 4, (n, k)), 5)


def blocks(n: int, k: int) -> Sequence[tuple[int, int]]:
    """Cut n rows into blocks of a million numbers."""
    step = max(1, 1_000_000 // k)
    return [(start, min(step, n - start)) for start in range(0, n, step)]


def make_csv(path: Path, n: int, k: int) -> None:
    """Write logits as CSV."""
    import polars as pl

    with path.open("wb") as stream:
        stream.write((",".join(f"c{j + 1}" for j in range(k)) + "\n").encode())
        for start, count in blocks(n, k):
            pl.from_numpy(logits(count, k, start), orient="row").write_csv(stream, include_header=False)


def make_jsonl(path: Path, n: int, k: int) -> None:
    """Write logits as JSON lines."""
    import polars as pl

    with path.open("wb") as stream:
        for start, count in blocks(n, k):
            names = [f"c{j + 1}" for j in range(k)]
            pl.from_numpy(logits(count, k, start), schema=names, orient="row").write_ndjson(stream)


def make_npy(path: Path, n: int, k: int) -> None:
    """Write logits as .npy, without holding them."""
    with path.open("wb") as stream:
        np.lib.format.write_array_header_1_0(
            stream, {"descr": "<f8", "fortran_order": False, "shape": (n, k)}
        )
        for start, count in blocks(n, k):
            stream.write(logits(count, k, start).tobytes())


def make_parquet(path: Path, n: int, k: int) -> None:
    """Write logits as Parquet."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([(f"c{j + 1}", pa.float64()) for j in range(k)])
    with pq.ParquetWriter(path, schema) as writer:
        for start, count in blocks(n, k):
            writer.write_batch(pa.record_batch(list(logits(count, k, start).T.copy()), schema=schema))


_MAKE = """
import pathlib, sys
from tests.benchmarks import scale
getattr(scale, sys.argv[1])(pathlib.Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
"""


def made(make: Callable[[Path, int, int], None], path: Path, n: int, k: int) -> Path:
    """Make a file in a process of its own: what a child inherits counts as its memory."""
    words = [make.__name__, str(path), str(n), str(k)]
    subprocess.run([sys.executable, "-c", _MAKE, *words], env=environment(), check=True)
    return path


def own(*arguments: str | Path) -> Sequence[str]:
    """Return the program's own command line."""
    return ["softmax", *map(str, arguments)]


TEXT_PEERS = ("polars", "polars, streaming", "duckdb", "pandas + scipy", "numpy + scipy", "Miller", "awk")


def speed(folder: Path, rounds: int, only: str, scale: float, *, to_files: bool = True) -> None:
    """Race the everyday pipelines, to /dev/null, and to files as well."""
    for name, n, k in (("22 MB", 1_000_000, 3), ("180 MB", 8_000_000, 3), ("376 MB", 500_000, 100)):
        if only not in f"csv {name}":
            continue
        file = made(make_csv, folder / "logits.csv", int(n * scale), k)
        race = Race(
            f"CSV to CSV, {name}, k = {k}", {"softmax": own("probs", file), **peers(file, *TEXT_PEERS)}
        )
        race.run(rounds, os.devnull)
        if to_files:
            race.run(rounds, folder / "probs.csv")
    for n, k in ((8_000_000, 3), (500_000, 100)):
        if only not in "parquet":
            continue
        file, result = (
            made(make_parquet, folder / "logits.parquet", int(n * scale), k),
            folder / "probs.parquet",
        )
        rivals = peers(file, "polars, Parquet", result=result)
        Race(f"Parquet to Parquet, k = {k}", {"softmax": own("probs", file, "-o", result), **rivals}).run(
            rounds, os.devnull
        )
    for name, n, k in (("42 MB", 1_000_000, 3), ("143 MB", 100_000, 100)):
        if only not in f"jsonl {name}":
            continue
        file = made(make_jsonl, folder / "logits.jsonl", int(n * scale), k)
        rivals = peers(file, "polars, JSON lines", "polars, JSON lines, streaming")
        race = Race(
            f"JSON lines to JSON lines, {name}, k = {k}",
            {"softmax": own("probs", file, "-f", "jsonl"), **rivals},
        )
        race.run(rounds, os.devnull)
        if to_files:
            race.run(rounds, folder / "probs.jsonl")
    if only in "jacobian":
        file = made(make_csv, folder / "logits.csv", int(1_000_000 * scale), 3)
        rivals = peers(file, "polars, writing as many numbers")
        Race("Jacobians of a million rows, k = 3", {"softmax": own("jacobian", file), **rivals}).run(
            rounds, os.devnull
        )


def memory(folder: Path, gigabytes: Sequence[float], only: str) -> None:
    """Print the peak of memory for inputs of growing size."""
    kinds = (
        ("csv", make_csv, 29),
        ("parquet", make_parquet, 24),
        ("npy", make_npy, 24),
        ("jsonl", make_jsonl, 42),
    )
    for kind, make, row in kinds:
        if only not in f"memory {kind}":
            continue
        for size in gigabytes:
            file, result = folder / f"logits.{kind}", folder / f"probs.{kind}"
            made(make, file, int(size * 1e9 / row), 3)
            spent = spend(own("probs", file, "-o", result), os.devnull)
            gigabytes_made = file.stat().st_size / 1e9
            peak = spent.memory / 1e6
            print(f"  {kind:8} {gigabytes_made:5.2f} GB  {spent.wall:7.1f} s  {peak:4.0f} MB", flush=True)
            file.unlink()
            result.unlink()


def main(arguments: list[str] | None = None) -> None:
    """Print all races, then the memory."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--only", default="", help="csv, 22 MB, parquet, jsonl, jacobian, memory, memory npy, ..."
    )
    parser.add_argument("--gigabytes", default="0.2,1,4", help="sizes for the memory's peak")
    parser.add_argument("--tiny", action="store_true", help="one round over very small files, to nowhere")
    options = parser.parse_args(arguments)
    scale, rounds = (0.001, 1) if options.tiny else (1.0, options.rounds)
    sizes = [0.001] if options.tiny else list(map(float, options.gigabytes.split(",")))
    with tempfile.TemporaryDirectory() as folder:
        speed(Path(folder), rounds, options.only, scale, to_files=not options.tiny)
        print("\nPeak of memory, FORMAT to FORMAT, k = 3")
        memory(Path(folder), sizes, options.only)


if __name__ == "__main__":
    main()
