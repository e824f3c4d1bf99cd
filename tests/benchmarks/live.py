"""Race the pictures that move: a training as a whole process, and a frame of `explore`.

    python -m tests.benchmarks.live [--tiny]

The process is held against a bare `import numpy` (the goal is 1.6 of it + 0.3 s: 3.6 of it where it takes
0.15 s), a frame of 50 classes against one of 3.
"""

import argparse
import io
import sys
from collections.abc import Callable

import numpy as np

from softmax_cli.learning.exploration import Point
from softmax_cli.render.layout.console import Screen
from softmax_cli.render.live.explore_frame import frame
from softmax_cli.render.live.explorer import Explorer
from softmax_cli.render.live.terminal import Stage
from tests.benchmarks.startup import IMPORT_NUMPY, process
from tests.benchmarks.timing import report, times

TRAIN = ("train", "--data", "iris", "--hidden", "5", "--steps", "200", "-f", "jsonl")


def frames(k: int) -> Callable[[], object]:
    """Return a move of one of k classes, drawn: what changed of a window of 24 x 100."""
    screen = Screen(io.BytesIO(), width=100, colour=True, interactive=True)
    explorer = Explorer(Point(np.linspace(-1.0, 1.0, k).tolist()), [f"class {i + 1}" for i in range(k)])
    explorer.predicting = False
    stage = Stage(screen, lambda seconds: None)
    keys = iter(("\x1b[C", "\x1b[D") * 10_000)

    def move() -> None:
        explorer.press(next(keys))
        stage.draw(frame(explorer, screen, (24, 100)))

    return move


def main(arguments: list[str] | None = None) -> None:
    """Print the ratios."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tiny", action="store_true", help="one round")
    rounds = 1 if parser.parse_args(arguments).tiny else 15
    rivals = {
        f"softmax {' '.join(TRAIN)}": process("softmax", *TRAIN),
        IMPORT_NUMPY: process(sys.executable, "-c", "import numpy"),
    }
    print(report("a training", times(rivals, rounds), {IMPORT_NUMPY: 3.6}))
    moves = {f"{k} classes": frames(k) for k in (50, 10, 3)}
    print(report("a frame", times(moves, rounds * 10), {}))


if __name__ == "__main__":
    main()
