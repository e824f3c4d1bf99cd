"""Several command lines in one process of their own, for tests of what Python reads only when it starts.

``python -m tests.one_process "softmax probs 1 2" ...`` runs them one after the other.
"""

import shlex
import sys

from softmax_cli.__main__ import end_of_run


def in_one_process(*commands: str) -> str:
    """Return the shell line that runs these command lines of softmax."""
    return shlex.join([sys.executable, "-m", "tests.one_process", *commands])


if __name__ == "__main__":
    codes = []
    for line in sys.argv[1:]:
        sys.argv = shlex.split(line)
        codes.append(end_of_run())
    sys.exit(max(codes))
