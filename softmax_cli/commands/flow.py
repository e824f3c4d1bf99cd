"""The way every command takes: batches in, results out, shown to a person or written for a program."""

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from softmax_cli.io.batch import Batch
    from softmax_cli.io.read import ReadOptions
    from softmax_cli.io.result import Result
    from softmax_cli.render.console import Screen


@dataclass(frozen=True, slots=True)
class Delivery:
    """Where the results go: ``--output``, ``--format``, ``--precision``."""

    output: str | None = None
    format: str | None = None
    precision: int | None = None


def batches(logits: list[str], options: "ReadOptions", *, quiet: bool) -> Iterator["Batch"]:
    """Read the logits, with notes on stderr unless `quiet`."""
    from softmax_cli.io.read import read

    return read(logits, options, note=_silent if quiet else note)


def deliver(
    results: Iterable["Result"],
    delivery: Delivery,
    draw: Callable[[Iterable["Result"], "Screen"], None],
) -> None:
    """Write the results in the chosen format; `draw` shows them where that is a table for people."""
    from softmax_cli.io.write import BINARY_FORMATS, format_for, open_output, write

    chosen = format_for(delivery.output, delivery.format, terminal=_at_terminal())
    with open_output(delivery.output, binary_format=chosen in BINARY_FORMATS) as sink:
        if chosen == "table":
            from softmax_cli.render.console import Screen

            draw(results, Screen.for_output(sink.stream))
        else:
            write(results, chosen, sink, precision=delivery.precision)


def _at_terminal() -> bool:
    return sys.stdout is not None and sys.stdout.isatty()


def note(sentence: str) -> None:
    """Tell the user what is no error, on stderr."""
    print(f"softmax: note: {sentence}", file=sys.stderr)  # noqa: T201  notes are for people


def _silent(sentence: str) -> None:
    """Drop a note: the user asked for quiet."""
