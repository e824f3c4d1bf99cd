"""How much faster two workers are than one: ``python -m tests.benchmarks.cluster``.

Each worker has a core of its own, as if it were a machine; what is written is the same bytes.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from tests.benchmarks.scale import made, make_csv, make_parquet
from tests.program import environment

FILES = 8


@contextmanager
def process(*words: str, core: int | None = None) -> Iterator[None]:
    """Run one of distributed's programs until the block ends."""
    pin = None if core is None else partial(os.sched_setaffinity, 0, {core})
    running = subprocess.Popen(
        [sys.executable, "-m", *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment(),
        preexec_fn=pin,  # noqa: PLW1509  nothing here has threads
    )
    try:
        yield
    finally:
        running.terminate()
        running.wait()


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[Path]:
    """Start a scheduler and some workers; give the scheduler's file."""
    file = folder / f"scheduler-{workers}.json"
    with ExitStack() as stack:
        about = ["--scheduler-file", str(file)]
        stack.enter_context(
            process("distributed.cli.dask_scheduler", "--port", "0", "--no-dashboard", *about)
        )
        cores = sorted(os.sched_getaffinity(0))
        for i in range(workers):
            words = ["distributed.cli.dask_worker", "--nthreads", "1", "--no-dashboard", *about]
            stack.enter_context(process(*words, core=cores[i]))
        while not file.exists():
            time.sleep(0.1)
        _wait_for(file, workers)
        yield file


def _wait_for(file: Path, workers: int) -> None:
    from distributed import Client

    with Client(scheduler_file=str(file)) as client:
        client.wait_for_workers(workers)


def once(folder: Path, scheduler: Path, ending: str) -> float:
    """Return the seconds that a whole run takes."""
    words = ["softmax", "probs", f"in/*.{ending}", "-o", "out/", "--cluster", str(scheduler)]
    started = time.perf_counter()
    subprocess.run(words, cwd=folder, env=environment(), check=True)
    return time.perf_counter() - started


def main() -> None:
    """Race two workers against one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--rows", type=int, default=1_000_000, help="of each file")
    given = parser.parse_args()
    for ending, make in (("parquet", make_parquet), ("csv", make_csv)):
        with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
            folder = Path(name)
            (folder / "in").mkdir()
            for i in range(FILES):
                made(make, folder / "in" / f"x{i}.{ending}", given.rows, 3)
            schedulers = {count: stack.enter_context(cluster(folder, count)) for count in (1, 2)}
            for scheduler in schedulers.values():
                once(folder, scheduler, ending)  # workers import what they need once
            spent: dict[int, list[float]] = {1: [], 2: []}
            for _ in range(given.rounds):
                for count, scheduler in schedulers.items():
                    spent[count].append(once(folder, scheduler, ending))
            ratio = statistics.median(one / two for one, two in zip(*spent.values(), strict=True))
            one, two = map(statistics.median, spent.values())
            print(
                f"{FILES} files of {ending}: one worker {one:.2f} s, two {two:.2f} s, {ratio:.2f} x as fast"
            )


if __name__ == "__main__":
    main()
