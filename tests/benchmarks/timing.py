"""Times of rivals on the same work, as ratios: what a busy machine leaves comparable."""

import gc
import statistics
import time
from collections.abc import Callable, Mapping


def times(rivals: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Return each rival's median time in seconds.

    The rivals take turns, so that whatever else the machine does meets them all; each runs once unmeasured,
    but where one round is enough.
    """
    measured: dict[str, list[float]] = {name: [] for name in rivals}
    before = int(rounds > 1)
    if before:
        gc.collect()
    for turn in range(rounds + before):
        for name, run in rivals.items():
            start = time.perf_counter()
            result = run()
            took = time.perf_counter() - start
            del result
            if turn >= before:
                measured[name].append(took)
    return {name: statistics.median(values) for name, values in measured.items()}


def report(title: str, medians: Mapping[str, float], limits: Mapping[str, float]) -> str:
    """Return the lines that compare the first rival with the others.

    Parameters
    ----------
    title
        What was measured.
    medians
        Seconds by rival; the first is ours.
    limits
        The ratio to a rival that is the goal.
    """
    (ours, own), *others = medians.items()
    lines = [f"{title}: {ours} {own * 1000:.2f} ms"]
    for name, seconds in others:
        goal = f", goal {limits[name]:.2f}" if name in limits else ""
        lines.append(f"  {own / seconds:6.2f} x {name} ({seconds * 1000:.2f} ms{goal})")
    return "\n".join(lines)
