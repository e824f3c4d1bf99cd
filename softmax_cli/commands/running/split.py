"""From files to results on a cluster: one task for each file, or for each part of a large one."""

import os
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import compress

from softmax_cli.commands.command_line.delivery import Delivery
from softmax_cli.commands.running.cluster import run_on_cluster
from softmax_cli.commands.running.parts import parts_of
from softmax_cli.commands.running.pipeline import Task
from softmax_cli.io.formats import Format, split_compression
from softmax_cli.io.many import are_newer, swept
from softmax_cli.io.parts import splittable
from softmax_cli.io.streams.output import open_output, removed
from softmax_cli.io.streams.prefetch import ordered
from softmax_cli.io.streams.source import open_source
from softmax_cli.io.write import format_for, write

_JOINED = {"csv", "tsv", "jsonl", "parquet", "arrow"}


def run_split(tasks: Mapping[str, Task], delivery: Delivery) -> None:
    """Run a task for each file, or for each part of a large one; parts are joined unless they are kept."""
    cluster, folder = delivery.cluster, delivery.output
    assert cluster is not None
    assert folder is not None
    run = os.urandom(6).hex()
    small: dict[str, Callable[[], object]] = {}
    joins: dict[str, Callable[[], object]] = {}
    large = compress(tasks.items(), ordered(_may_be_split, tasks.values()))
    parts = parts_of(cluster, {name: task.words[0] for name, task in large}, quiet=delivery.quiet)
    for name, task in tasks.items():
        if name not in parts:
            small[name] = task.do
            continue
        pieces = [task._replace(options=task.options._replace(part=part)) for part in parts[name]]
        outputs = _kept(task, len(pieces)) if delivery.keep_parts else _hidden(task, len(pieces), run)
        each = zip(pieces, outputs, strict=True)
        placed = [piece._replace(delivery=piece.delivery._replace(output=output)) for piece, output in each]
        if delivery.keep_parts:
            pairs = [(output, task.words[0]) for output in outputs]
            there = are_newer(pairs) if delivery.resume else [False] * len(pairs)
            found: Sequence[Callable[[], object]] = [
                piece.do for piece, is_there in zip(placed, there, strict=True) if not is_there
            ]
        else:
            chosen = _format(task)
            found = [partial(_write_part, piece, chosen.name, header=not i) for i, piece in enumerate(placed)]
            joins[f"{name} (joined)"] = partial(_join, outputs, task.delivery.output or "", chosen.name)
        small |= {f"{name} (part {i})": piece for i, piece in enumerate(found, 1)}
    try:
        for tasks_of_step in (small, joins):
            list(run_on_cluster(cluster, tasks_of_step, quiet=delivery.quiet, run=run))
    finally:
        swept(folder, run)


def _may_be_split(task: Task) -> bool:
    """Return whether a file is large and its result can be made in parts."""
    format_in = splittable(task.words[0], task.options) if task.in_parts else None
    if format_in is None or split_compression(task.delivery.output or "")[1]:
        return False
    chosen = _format(task)
    # Blocks of text depend on how it arrives, and so do the row groups made from them.
    return chosen.name in _JOINED and (task.delivery.keep_parts or not chosen.binary or format_in.binary)


def _format(task: Task) -> Format:
    return format_for(task.delivery.output, task.delivery.format, terminal=False)


def _kept(task: Task, count: int) -> list[str]:
    stem, ending = os.path.splitext(task.delivery.output or "")
    return [f"{stem}-{i:05d}-of-{count:05d}{ending}" for i in range(1, count + 1)]


def _hidden(task: Task, count: int, run: str) -> list[str]:
    folder, base = os.path.split(task.delivery.output or "")
    return [os.path.join(folder, f".softmax-{run}-{base}-{i}.part") for i in range(1, count + 1)]


def _write_part(task: Task, form: str, *, header: bool) -> None:
    """Make a part of a result from a part of a file: its text, or an Arrow stream."""
    delivery = task.delivery._replace(format=form)
    results = task._replace(delivery=delivery).results()
    with open_output(delivery.output, binary_format=True) as sink:
        if form in ("parquet", "arrow"):
            from softmax_cli.io.binary.arrow_writer import write_part

            write_part(results, sink, delivery.precision)
        else:
            write(results, form, sink, precision=delivery.precision, header=header)


def _join(parts: Sequence[str], output: str, form: str) -> None:
    """Join the parts of a result to one file."""
    with open_output(output, binary_format=True) as sink:
        sources = map(open_source, parts)
        if form in ("parquet", "arrow"):
            from softmax_cli.io.binary.arrow_writer import join_parts

            join_parts(sources, sink, parquet=form == "parquet")
        else:
            for opened in sources:
                with opened as source:
                    while data := source.read_some():
                        sink.write(data)
    for part in parts:
        removed(part)
