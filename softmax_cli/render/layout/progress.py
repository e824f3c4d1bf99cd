"""A progress bar on stderr: bytes of a file, rows of a pipe, or tasks; the rate and the time left."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from softmax_cli.io.table.batch import Batch

PATIENCE = 1.0
"""Seconds of work before a bar shows."""

_EVERY = 0.1


class Input(Protocol):
    """An input: its size, in bytes or tasks, if it is known, and how many have been read or done."""

    taken: int

    @property
    def size(self) -> int | None:
        """The size in bytes."""


class Progress:
    """Draws how far some work is, in a thread of its own; nothing if the work is short.

    Parameters
    ----------
    unit
        What is counted: ``bytes``, beside the rows read, or anything else.
    """

    def __init__(self, unit: str = "bytes") -> None:
        self.rows = 0
        self.unit = unit
        self._to = sys.stderr
        self._inputs: list[tuple[Input, int | None]] = []
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._draw, daemon=True)

    def opened(self, source: Input) -> None:
        """Watch one more input."""
        self._inputs.append((source, source.size))

    def watch(self, batches: Iterable[Batch]) -> Iterator[Batch]:
        """Yield the batches, and count their rows."""
        for batch in batches:
            yield batch
            self.rows += len(batch)

    def __enter__(self) -> Progress:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join(PATIENCE)  # for the bar to be erased; a stuck terminal is not waited for

    def _draw(self) -> None:
        if self._done.wait(PATIENCE):
            return
        bar = self._bar()
        with bar:
            task = bar.add_task("", total=None, rows="")
            while True:
                self._update(bar, task)
                if self._done.wait(_EVERY):
                    return

    def _update(self, bar: Any, task: Any) -> None:
        inputs = list(self._inputs)
        before = sum(source.taken for source, _ in inputs[:-1])
        taken, total = before, None
        if inputs:
            last, size = inputs[-1]
            taken += last.taken
            total = None if size is None else before + size
        bar.update(task, completed=taken, rows=f"{self.rows:,} rows")
        if total != bar.tasks[0].total:  # a new total makes the bar forget the rate
            bar.update(task, total=total)

    def _bar(self) -> Any:
        from rich import progress
        from rich.console import Console

        from softmax_cli.render.layout.console import Screen

        screen = Screen.for_output(self._to)
        console = Console(
            file=self._to,
            width=screen.width,
            no_color=not screen.colour,
            force_terminal=True,
            highlight=False,
        )
        counts: list[Any] = [progress.MofNCompleteColumn(), progress.TextColumn(self.unit)]
        if self.unit == "bytes":
            rows = progress.TextColumn("{task.fields[rows]}")
            counts = [progress.DownloadColumn(), progress.TransferSpeedColumn(), rows]
        columns = [progress.BarColumn(), *counts, progress.TimeRemainingColumn()]
        # The bar may start and stop while the prints of a user's function are redirected.
        return progress.Progress(
            *columns,
            console=console,
            transient=True,
            get_time=time.monotonic,
            redirect_stdout=False,
            redirect_stderr=sys.stderr is self._to,
        )
