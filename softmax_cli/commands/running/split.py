"""From files to results on a cluster: one task for each file, or for each part of a large one."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
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
    joins: dict[str, _Join] = {}
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
            found = [_PartTask(piece, chosen.name, header=not i) for i, piece in enumerate(placed)]
            joins[f"{name} (joined)"] = _Join(tuple(outputs), task.delivery.output or "", chosen.name)
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


@dataclass(frozen=True, slots=True)
class _PartTask:
    """From a part of a file to a part of its result: its text, or an Arrow stream."""

    task: Task
    format: str
    header: bool

    def __call__(self) -> None:
        task = self.task._replace(delivery=self.task.delivery._replace(format=self.format))
        with open_output(task.delivery.output, binary_format=True) as sink:
            if self.format in ("parquet", "arrow"):
                from softmax_cli.io.binary.arrow_writer import write_part

                write_part(task.results(), sink, task.delivery.precision)
            else:
                precision = task.delivery.precision
                write(task.results(), self.format, sink, precision=precision, header=self.header)


@dataclass(frozen=True, slots=True)
class _Join:
    """From the parts of a result to one file."""

    parts: tuple[str, ...]
    output: str
    format: str

    def __call__(self) -> None:
        with open_output(self.output, binary_format=True) as sink:
            sources = map(open_source, self.parts)
            if self.format in ("parquet", "arrow"):
                from softmax_cli.io.binary.arrow_writer import join_parts

                join_parts(sources, sink, parquet=self.format == "parquet")
            else:
                for opened in sources:
                    with opened as source:
                        while data := source.read_some():
                            sink.write(data)
        for part in self.parts:
            removed(part)
