"""Race the start of the program against the bare imports of what it is made of.

    python -m tests.benchmarks.startup [--tiny]

Every line is a ratio of medians of whole processes in one run: 1.50 x is half as long again.
"""

import argparse
import subprocess
import sys
from collections.abc import Callable, Sequence

from tests.benchmarks.timing import report, times
from tests.program import environment

IMPORT_NUMPY = "python -c 'import numpy'"
IMPORT_TYPER = "python -c 'import typer'"
RACES: Sequence[tuple[tuple[str, ...], str, float]] = (
    (("probs", "1", "2", "3"), IMPORT_NUMPY, 1.0),
    (("jacobian", "1", "2", "3"), IMPORT_NUMPY, 1.0),
    (("probs", "1", "2", "3", "-f", "json"), IMPORT_NUMPY, 1.3),
    (("--help",), IMPORT_TYPER, 1.1),
    (("--version",), IMPORT_TYPER, 1.1),
)
"""Arguments of softmax, the import they are held against, and the goal for the ratio."""


def process(*command: str) -> Callable[[], object]:
    """Return a run of `command` as a whole process, its output thrown away."""
    plain = environment()
    return lambda: subprocess.run(command, env=plain, stdout=subprocess.DEVNULL, check=True)


def race(arguments: tuple[str, ...], rival: str, goal: float, rounds: int) -> str:
    """Time one command of the program beside an import."""
    name = f"softmax {' '.join(arguments)}"
    module = {IMPORT_NUMPY: "numpy", IMPORT_TYPER: "typer"}[rival]
    rivals = {name: process("softmax", *arguments), rival: process(sys.executable, "-c", f"import {module}")}
    return report(name, times(rivals, rounds), {rival: goal})


def main(arguments: list[str] | None = None) -> None:
    """Print all ratios."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tiny", action="store_true", help="one round")
    rounds = 1 if parser.parse_args(arguments).tiny else 25
    for command, rival, goal in RACES:
        print(race(command, rival, goal, rounds))


if __name__ == "__main__":
    main()
