"""Races `check` against torch.autograd.gradcheck in one process: ``python tests/benchmarks/check.py``.

Without torch its column stays empty. Times are milliseconds of the processor, the best and the median of
all runs; the racers take turns of about the same time, so that a busy machine slows both.
"""

import statistics
import time
from collections.abc import Callable
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np

from softmax_cli.checking.check import Criteria, check_own
from softmax_cli.checking.diagnosis.diagnose import diagnose
from softmax_cli.checking.diagnosis.evidence import ComparedAnswer
from softmax_cli.checking.inputs import Inputs, Sought
from softmax_cli.core.softmax import jacobian

TURNS = 9
TURN = 0.05
"""Seconds."""


def gradcheck(z: "np.ndarray[Any, Any]") -> Callable[[], object] | None:
    """Return torch's check of the same softmax, or None without torch."""
    if find_spec("torch") is None:
        return None
    torch = import_module("torch")

    torch.set_num_threads(1)
    logits = torch.tensor(z, dtype=torch.float64, requires_grad=True)
    return lambda: torch.autograd.gradcheck(lambda x: torch.softmax(x, -1), (logits,))


def race(*runners: Callable[[], object]) -> list[list[float]]:
    """Return the times of each, in milliseconds, run in turn."""
    times: list[list[float]] = [[] for _ in runners]
    for runner in runners:
        runner()
    for _ in range(TURNS):
        for found, runner in zip(times, runners, strict=True):
            until = time.process_time() + TURN
            while (start := time.process_time()) < until:
                runner()
                found.append(1000 * (time.process_time() - start))
    return times


def main() -> None:
    """Print the table."""
    rng = np.random.default_rng(0)
    print(f"{'':24}{'best':>10}{'median':>10}{'torch best':>12}{'median':>10}{'ratio':>8}")
    for k in (3, 100, 1000):
        inputs = Inputs.of(rng.normal(size=k))
        torch_runner = gradcheck(inputs.z[0])
        found = race(partial(check_own, Criteria(), inputs), *([torch_runner] if torch_runner else []))
        _line(f"check, k = {k}", *found)
    for k in (3, 1000):
        inputs = Inputs.of(rng.normal(size=k), 2.0)
        right = np.asarray(jacobian(inputs.z, temperature=2.0), np.float64)
        wrong = right * np.eye(k)
        mask = wrong != right
        answer = ComparedAnswer(Sought("softmax", "jacobian"), inputs, wrong, right, mask)
        [ours] = race(partial(diagnose, answer))
        _line(f"diagnosis, k = {k}", ours)


def _line(name: str, ours: list[float], theirs: list[float] | None = None) -> None:
    text = f"{name:24}{min(ours):10.2f}{statistics.median(ours):10.2f}"
    if theirs:
        ratio = statistics.median(theirs) / statistics.median(ours)
        text += f"{min(theirs):12.2f}{statistics.median(theirs):10.2f}{ratio:7.0f}x"
    print(text)


if __name__ == "__main__":
    main()
