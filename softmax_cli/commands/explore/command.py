"""``softmax explore``: move a logit, and see who pays."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

from softmax_cli.commands.command_line import values as val
from softmax_cli.commands.command_line.groups import Reading
from softmax_cli.commands.running.pipeline import is_watched, one_row
from softmax_cli.errors import InputError

if TYPE_CHECKING:
    import typer

    from softmax_cli.commands.command_line import options as opt
    from softmax_cli.io.table.batch import Batch
    from softmax_cli.learning.exploration import Point

EPILOG = """\b
Examples:
  softmax explore setosa=1.43 versicolor=-0.4 virginica=0.23
  softmax explore iris_logits.csv -c 3-5 --row 71
  softmax explore 1.43 -0.4 0.23 -o live.html
  printf 'raise 3 1\\ntemperature 2\\n' | softmax explore 1.43 -0.4 0.23
"""

MOST = 10_000
"""Classes that a picture can still be moved through."""


def explore(
    logits: opt.Logits = None,
    temperature: opt.Temperature = "1",
    row: Annotated[
        str | None, typer.Option("--row", metavar="N", help="The row of a file that holds several.")
    ] = None,
    say: Annotated[
        bool, typer.Option("--say", help="One sentence a change, in place of the picture.")
    ] = False,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="FILE.html", help="Write one page that any browser shows."),
    ] = None,
    *,
    reading: Reading = Reading(),
) -> None:
    """Move a logit, and see which probabilities pay.

    At a terminal a live picture, by keys or mouse; in a pipe, or with --say, one sentence a change, for the
    commands on standard input: raise CLASS AMOUNT, lower CLASS AMOUNT, set CLASS VALUE, temperature T, reset.
    """
    t = val.positive(temperature, "--temperature")
    chosen = val.whole(row, "--row")
    if logits == ["-"]:
        raise InputError("standard input holds the commands: give the logits as numbers, or name a file")
    if not logits:
        raise InputError(
            "no logits to move", hint="softmax explore setosa=1.43 versicolor=-0.4 virginica=0.23"
        )
    batch = _start(logits, reading, chosen)
    from softmax_cli.learning.exploration import Point

    point = Point(batch.values[0].astype("float64").tolist(), t)
    if output is not None:
        _write_page(batch, point, output)
    elif say or not is_watched():
        from softmax_cli.commands.explore.commands import obey

        obey(batch, point)
    else:
        from softmax_cli.render.layout.console import Screen
        from softmax_cli.render.live.explore import explore as live

        live(point, batch.classes, named=batch.named, screen=Screen.for_output(sys.stdout))


def _start(logits: list[str], reading: Reading, row: int | None) -> Batch:
    """Return the row to start from."""
    batch = one_row(logits, reading.options(), row, quiet=True)
    if batch.k < 2:
        raise InputError("one class alone has probability 1, whatever its logit", hint="give two logits")
    if batch.k > MOST:
        raise InputError(f"{batch.k:,} classes: more than {MOST:,} are too many to look at")
    return batch


def _write_page(batch: Batch, point: Point, output: str) -> None:
    from softmax_cli.io.streams.output import open_output
    from softmax_cli.render.live.page import page

    with open_output(output, binary_format=False) as sink:
        sink.write(page(point, batch.classes, named=batch.named).encode())
