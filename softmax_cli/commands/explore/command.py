"""``softmax explore``: move a logit, and see which probabilities pay."""

from __future__ import annotations

import sys
from math import isfinite
from typing import TYPE_CHECKING, Annotated

from softmax_cli.commands.command_line.delivery import is_watched
from softmax_cli.commands.command_line.groups import Reading
from softmax_cli.errors import InputError

if TYPE_CHECKING:
    from softmax_cli.commands.command_line import options as opt
    from softmax_cli.learning.exploration import Point

EPILOG = """\b
Examples:
  softmax explore setosa=1.43 versicolor=-0.4 virginica=0.23
  softmax explore iris_logits.csv -c 3-5 --row 71
  softmax explore 1.43 -0.4 0.23 -o live.html
  printf 'raise 3 1\\ntemperature 2\\n' | softmax explore 1.43 -0.4 0.23
"""

MOST = 10_000
"""The most classes that a live picture can show."""


def explore(
    logits: opt.Logits = None,
    temperature: opt.Temperature = 1.0,
    row: Annotated[int | None, opt.whole("--row", "N", "The row of a file that holds several.")] = None,
    say: Annotated[bool, opt.flag("--say", "One sentence a change, in place of the picture.")] = False,
    output: Annotated[
        str | None, opt.value("--output -o", "FILE.html", "Write one page that any browser shows.")
    ] = None,
    *,
    reading: Reading = Reading(),
) -> None:
    """Move a logit, and see which probabilities pay.

    At a terminal a live picture, by keys or mouse; in a pipe, or with --say, one sentence a change, for the
    commands on standard input: raise CLASS AMOUNT, lower CLASS AMOUNT, set CLASS VALUE, temperature T, reset.
    """
    if logits == ["-"]:
        raise InputError("standard input holds the commands: give the logits as numbers, or name a file")
    if not logits:
        raise InputError(
            "no logits to move", hint="softmax explore setosa=1.43 versicolor=-0.4 virginica=0.23"
        )
    values, classes, named = _start(logits, reading, row)
    from softmax_cli.learning.exploration import Point

    point = Point(values, temperature)
    names = list(classes) if named else [f"class {name}" for name in classes]
    if output is not None:
        _write_page(point, names, output)
    elif say or not is_watched():
        from softmax_cli.commands.explore.commands import obey

        obey(point, classes, names)
    else:
        from softmax_cli.render.layout.console import Screen
        from softmax_cli.render.live.explore import explore as live

        live(point, names, Screen.for_output(sys.stdout))


def _start(logits: list[str], reading: Reading, row: int | None) -> tuple[list[float], tuple[str, ...], bool]:
    """Return the logits to start from, their classes, and whether these are named."""
    from softmax_cli.io.arguments import file_names, read_vector

    options, found = reading.options(), None
    if row is None and file_names(logits) is None:
        found = read_vector(logits, options)  # without numpy
    if found is None or not isfinite(max(found[0])):  # a file, or logits to be refused
        from softmax_cli.commands.running.pipeline import one_row

        batch = one_row(logits, options, row, quiet=True)
        found = batch.values[0].astype("float64").tolist(), batch.classes, batch.named
    count = len(found[0])
    if count < 2:
        raise InputError("one class alone has probability 1, whatever its logit", hint="give two logits")
    if count > MOST:
        raise InputError(f"{count:,} classes: more than {MOST:,} are too many to look at")
    return found


def _write_page(point: Point, names: list[str], output: str) -> None:
    from softmax_cli.io.streams.output import open_output
    from softmax_cli.render.live.page import page

    with open_output(output, binary_format=False) as sink:
        sink.write(page(point, names).encode())
