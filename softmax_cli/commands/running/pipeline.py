"""The path of every command: batches in, results out, shown to a person or written for a program."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from softmax_cli.commands.command_line import values as val
from softmax_cli.commands.command_line.delivery import Delivery, at_terminal
from softmax_cli.errors import InputError

if TYPE_CHECKING:
    from softmax_cli.io.read import ReadOptions
    from softmax_cli.io.table.batch import Batch
    from softmax_cli.io.table.results.result import Result
    from softmax_cli.io.table.results.summary import Summary
    from softmax_cli.render.layout.blocks import Block
    from softmax_cli.render.layout.console import Line, Screen
    from softmax_cli.render.layout.progress import Progress

    Compute: TypeAlias = Callable[[Iterator[Batch]], Iterable[Result]]
    Draw: TypeAlias = Callable[[Iterable[Result], Screen], Iterable[Line]]
    Explain: TypeAlias = Callable[[Iterable[Result], Screen], Iterator[Block]]


def batches(
    logits: list[str], options: "ReadOptions", *, quiet: bool, progress: "Progress | None" = None
) -> Iterator["Batch"]:
    """Read the logits while `progress` watches, with notes on stderr unless `quiet`."""
    from softmax_cli.io.read import read

    opened = None if progress is None else progress.opened
    return read(logits, options, note=notes(quiet=quiet), opened=opened)


def one_row(logits: list[str], options: "ReadOptions", row: int | None, *, quiet: bool) -> "Batch":
    """Return the row that is meant: the only one, or the one with the 1-based number `row`."""
    seen = 0
    first: Batch | None = None
    for batch in batches(logits, options, quiet=quiet):
        if row is not None and row <= seen + len(batch):
            return batch.rows(row - 1 - seen, row - seen)
        first = first or batch
        seen += len(batch)
        if row is None and seen > 1:
            raise InputError("there are several rows", where=logits[0], hint="choose one with --row N")
    if first is None or not seen or row is not None:
        rows = "1 row" if seen == 1 else f"{seen} rows"
        raise InputError(f"there is no row {row or 1} among {rows}", where="--row")
    return first


def run(
    logits: list[str],
    options: "ReadOptions",
    delivery: Delivery,
    compute: "Compute",
    draw: "Draw",
    explain: "Explain | None" = None,
    *,
    in_parts: bool = True,
) -> None:
    """Read the logits, compute the results and deliver them; to a folder, one result for each file.

    Parameters
    ----------
    logits
        The words of the command line.
    options
        How to read a file.
    delivery
        Where the results go.
    compute
        Turns the batches of one input into results.
    draw
        Gives the lines of a table for people.
    explain
        Explains results on a page: HTML, Markdown or LaTeX.
    in_parts
        Whether a part of a file can be computed without the rest.
    """
    task = Task(tuple(logits), options, delivery, compute, in_parts)
    if not delivery.is_folder:
        given = val.given(resume=delivery.resume, cluster=delivery.cluster)
        if given:
            raise InputError("it takes one result a file", where=given[0], hint="-o FOLDER/")
        _run_one(task, draw, explain)
        return
    from softmax_cli.io.arguments import file_names
    from softmax_cli.io.many import made, missing, results_in

    assert delivery.output is not None
    names = file_names(logits)
    results = results_in(delivery.output, names or ["logits.csv"], delivery.format)
    if delivery.resume:
        results = missing(results, notes(quiet=delivery.quiet))
    tasks = {
        name: task._replace(
            words=task.words if names is None else (name,), delivery=delivery._replace(output=path)
        )
        for name, path in results.items()
    }
    with made(delivery.output):
        if delivery.cluster is None or names is None:
            for one in tasks.values():
                _run_one(one, draw, explain)
            return
        from softmax_cli.commands.running.cluster import absolute
        from softmax_cli.commands.running.split import run_split

        run_split({name: one.anywhere(absolute) for name, one in tasks.items()}, delivery)


class Task(NamedTuple):
    """One file to its result, on any machine, without notes."""

    words: tuple[str, ...]
    options: "ReadOptions"
    delivery: Delivery
    compute: "Compute"
    in_parts: bool

    def anywhere(self, absolute: Callable[[str], str]) -> "Task":
        """Return the task with absolute paths."""
        delivery = self.delivery._replace(output=absolute(self.delivery.output or ""))
        return self._replace(words=tuple(map(absolute, self.words)), delivery=delivery)

    def do(self) -> None:
        """Read, compute and deliver."""
        deliver(self.results(), self.delivery._replace(quiet=True), _no_screen)

    def results(self) -> "Iterable[Result]":
        """Compute the results."""
        rows = batches(list(self.words), self.options, quiet=True)
        return self.compute(self.delivery.computed(rows))


def _no_screen(results: "Iterable[Result]", screen: "Screen") -> "Iterable[Line]":
    """Refuse to draw: a cluster has no screen."""
    raise InputError("a table for people is not made on a cluster", where="--format", hint="-f csv")


def _run_one(task: Task, draw: "Draw", explain: "Explain | None") -> None:
    delivery = task.delivery
    elsewhere = delivery.output not in (None, "-") or not at_terminal()
    progress = progress_bar(quiet=delivery.quiet) if elsewhere else None
    rows = batches(list(task.words), task.options, quiet=delivery.quiet, progress=progress)
    form = None if explain is None else delivery.page
    if explain is not None and form is not None:
        _hand_out(explain(task.compute(rows), _paper()), form, delivery)
        return
    rows = delivery.computed(rows)
    with progress or nullcontext():
        deliver(task.compute(rows if progress is None else progress.watch(rows)), delivery, draw)


def _paper() -> "Screen":
    """Return the screen that a page is laid out for, so wide that names are not cut short."""
    import io

    from softmax_cli.render.layout.console import Screen

    return Screen(io.BytesIO(), width=200)


def _hand_out(blocks: "Iterator[Block]", form: str, delivery: Delivery) -> None:
    from softmax_cli.io.write import open_output
    from softmax_cli.render.layout.handout import written

    with open_output(delivery.output, binary_format=False) as sink:
        for text in written(blocks, form):
            sink.write_text(text)


def deliver(results: "Iterable[Result]", delivery: Delivery, draw: "Draw") -> None:
    """Write the results in the chosen format; `draw` gives the lines of a table for people."""
    from softmax_cli.io.write import TABLE, format_for, open_output, write

    def drawn(screen: "Screen") -> "Iterable[Line]":
        if delivery.precision is not None and not delivery.quiet:
            note("--precision is for machine formats; a table shows 4 significant digits: -f csv has all")
        return draw(results, screen)

    chosen = format_for(delivery.output, delivery.format, terminal=at_terminal())
    if chosen is TABLE:
        show(drawn, delivery.output)
        return
    with open_output(delivery.output, binary_format=chosen.binary) as sink:
        write(results, chosen.name, sink, precision=delivery.precision)


def deliver_summary(
    summary: "Summary", delivery: Delivery, draw: "Callable[[Screen], Iterable[Line]]"
) -> None:
    """Write one object in the chosen format; `draw` gives the lines that people see instead."""
    from softmax_cli.io.write import TABLE, format_for, open_output, write, write_document

    chosen = format_for(delivery.output, delivery.format, terminal=at_terminal())
    summary = summary.rounded(delivery.precision)
    if chosen is TABLE:
        show(draw, delivery.output)
    elif chosen.name == "json":
        write_document(summary.document, delivery.output, delivery.precision)
    else:
        with open_output(delivery.output, binary_format=chosen.binary) as sink:
            write([summary.result()], chosen.name, sink, precision=delivery.precision)


def show(draw: "Callable[[Screen], Iterable[Line]]", output: str | None) -> None:
    """Show lines to a person, on a screen or in a file."""
    from softmax_cli.io.streams.output import open_output
    from softmax_cli.render.layout.console import Screen

    with open_output(output, binary_format=False) as sink:
        screen = Screen.for_output(sink.stream)
        screen.show(draw(screen))


def progress_bar(*, quiet: bool, unit: str = "bytes") -> "Progress | None":
    """Return a progress bar if stderr is a terminal: of bytes read, or of tasks done."""
    if quiet or sys.stderr is None or not sys.stderr.isatty():
        return None
    from softmax_cli.render.layout.progress import Progress

    return Progress(unit)


def note(sentence: str) -> None:
    """Give the user a note, on stderr."""
    say(f"softmax: note: {sentence}")


def say(line: str) -> None:
    """Print a line on stderr, if it is open and has room: results do not depend on it."""
    with suppress(OSError):
        if sys.stderr is not None:
            print(line, file=sys.stderr)  # noqa: T201  for people


def notes(*, quiet: bool) -> Callable[[str], None]:
    """Return `note`, or a function that drops notes if the user asked for quiet."""
    return (lambda _: None) if quiet else note
