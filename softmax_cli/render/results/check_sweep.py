"""`check --sweep`: error against step size, the V, drawn in the terminal or as a picture."""

import math
from collections.abc import Iterator
from typing import IO

import numpy as np

from softmax_cli.checking.sweep import Sweep
from softmax_cli.errors import InputError
from softmax_cli.render.layout.console import Line, Screen, Span

HEIGHT = 17
_LEFT = 8


def sweep(found: Sweep, screen: Screen) -> Iterator[Line]:
    """Yield a plot on logarithmic axes, one column a step, with the best h marked, and what it says."""
    known = np.isfinite(found.errors)
    if not known.any():
        yield "No step changes z: all are swallowed by rounding."
        return
    best = found.best
    yield (
        (
            f"{found.method}: the error is smallest at h = {found.steps[best]:.1e}, where it is "
            f"{found.errors[best]:.1e}.",
            "title",
        ),
    )
    yield ""
    yield from _plot(found, screen)
    yield ""
    yield f"Default step {found.default:.1e}. To the right the formula is too coarse (truncation); to"
    yield "the left z + h and z differ in too few digits (rounding). The complex step"
    yield "subtracts nothing and has no left branch."


def _plot(found: Sweep, screen: Screen) -> Iterator[Line]:
    columns = _columns(found, screen.width - _LEFT - 2)
    logs = np.log10(found.errors)
    low, high = math.floor(np.nanmin(logs)), math.ceil(np.nanmax(logs))
    span = max(high - low, 1)
    cells: dict[tuple[int, int], Span] = {}
    for index, column in enumerate(columns):
        if math.isfinite(logs[index]):
            line = round((high - logs[index]) / span * (HEIGHT - 1))
            spot = ("o", "strong minus") if index == found.best else ("·", "bar")
            if cells.get((line, column), spot)[0] != "o":
                cells[line, column] = spot
            else:
                cells.setdefault((line, column), spot)
    for line in range(HEIGHT):
        power = high - line / (HEIGHT - 1) * span
        label = f"1e{round(power):d}" if line % 4 == 0 else ""
        spans: list[Span] = [(f"{label:>{_LEFT - 2}} │", "")]
        spans += [cells.get((line, column), (" ", "")) for column in range(max(columns) + 1)]
        yield tuple(spans)
    yield " " * (_LEFT - 1) + "+" + "─" * (max(columns) + 1)
    yield _axis(found, columns)


def _columns(found: Sweep, width: int) -> list[int]:
    """Return the column of each step."""
    count = len(found.steps)
    if count <= width:
        return list(range(count))
    return [round(i * (width - 1) / (count - 1)) for i in range(count)]


def _axis(found: Sweep, columns: list[int]) -> str:
    axis = [" "] * (max(columns) + 12)
    end = -1
    for step, column in zip(found.steps, columns, strict=True):
        power = math.log10(step)
        if abs(power - round(power)) < 1e-6 and round(power) % 4 == 0 and column > end:
            label = f"1e{round(power)}"
            axis[column : column + len(label)] = label
            end = column + len(label)
    return (" " * _LEFT + "".join(axis)).rstrip() + "  h"


def picture(found: Sweep, stream: IO[bytes], form: str) -> None:
    """Write the plot as ``png`` or ``svg``.

    Raises
    ------
    InputError
        Where matplotlib is not installed.
    """
    try:
        import matplotlib as mpl  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        raise InputError(
            "a picture needs matplotlib", where="--output", hint="pip install 'softmax-tutor[plot]'"
        ) from None
    mpl.use("Agg")
    from matplotlib.figure import Figure  # type: ignore[import-not-found,unused-ignore]

    figure = Figure(figsize=(7, 4.5), layout="constrained")
    axes = figure.subplots()
    axes.loglog(found.steps, found.errors, ".-", color="#0087d7")
    best = found.best
    axes.loglog(
        found.steps[best], found.errors[best], "o", color="#d75f00", label=f"best h = {found.steps[best]:.1e}"
    )
    axes.set_xlabel("step h")
    axes.set_ylabel("largest error, relative to the largest entry")
    axes.set_title(f"{found.method}: error against step size")
    axes.grid(visible=True, which="major", alpha=0.3)
    axes.legend()
    figure.savefig(stream, format=form, dpi=150, metadata={"Date": None} if form == "svg" else None)
