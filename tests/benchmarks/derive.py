"""How long derivations take: ``python -m tests.benchmarks.derive``.

Prints, as ratios in one run where that is what is asked for:

- all 2,500 derivatives at K = 50, derived and proved (wanted: under 10 s);
- one derivation at K = 3, whole process, against ``python -c "import numpy"`` (wanted: at most 1.5);
- one derivation at K = 1,000, whole process (wanted: seconds).
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Sequence

from softmax_cli.tutor.derive import derive

ROUNDS = 7
IMPORT = ("-c", "import numpy")
DERIVE = ("-m", "softmax_cli", "derive", "--of", "1", "--wrt", "2")
NUMBERS = ("-m", "softmax_cli", "derive", "1.43", "-0.4", "0.23", "--of", "1", "--wrt", "2")
LARGE = ("-m", "softmax_cli", "derive", *map(str, range(1000)), "--of", "1", "--wrt", "2")


def seconds(arguments: Sequence[str]) -> float:
    """Return how long one run of Python takes."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def all_at_50(function: str) -> float:
    """Return how long all derivatives of a function take at K = 50."""
    start = time.perf_counter()
    for i in range(50):
        for j in range(50):
            derive(function, 50, i, j)
    return time.perf_counter() - start


def main() -> None:
    """Measure, and print a line for each."""
    for function in ("softmax", "log-softmax", "sigmoid"):
        print(f"2,500 derivatives of {function} at K = 50: {all_at_50(function):.2f} s")
    runs = [[seconds(arguments) for arguments in (IMPORT, DERIVE, NUMBERS)] for _ in range(ROUNDS)]
    imported, symbols, numbers = (statistics.median(column) for column in zip(*runs, strict=True))
    print(f"import numpy: {imported:.3f} s")
    print(f"K = 3: {symbols:.3f} s, {symbols / imported:.2f} x; with logits {numbers / imported:.2f} x")
    print(f"K = 1,000: {seconds(LARGE):.2f} s")


if __name__ == "__main__":
    main()
