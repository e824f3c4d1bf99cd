"""``softmax train``: a small network learns by p - y, and shows how."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Annotated, NamedTuple

from softmax_cli.commands.command_line import values as val
from softmax_cli.commands.running.pipeline import notes
from softmax_cli.errors import InputError
from softmax_cli.io.formats import EVENTS
from softmax_cli.io.options import ReadOptions

if TYPE_CHECKING:
    from softmax_cli.commands.command_line import options as opt
    from softmax_cli.learning.training import Plan

EPILOG = """\b
Examples:
  softmax train --data iris --walk --watch 71
  softmax train --data iris --hidden 5
  softmax train --data fruit
  softmax train flowers.csv --target-column species --l2 0.01 -o model.json --logits out.csv
  softmax train --data iris --l2 0.01 --solver newton
  softmax train --data iris -f jsonl | jq .loss
"""
ACTIVATIONS = ("tanh", "relu")
DATASETS = ("iris", "fruit")
SOLVERS = ("gd", "newton")


def _below_one(text: str, option: str) -> float:
    number = val.not_negative(text, option)
    if number >= 1:
        raise InputError(f"{text!r} is not below 1: no step would ever be forgotten", where=option)
    return number


class TrainOptions(NamedTuple):
    """What the command line asks for: a group of options."""

    table: Annotated[
        str | None,
        opt.argument(
            "[TABLE]",
            "A file of features and classes (.csv .tsv .jsonl .parquet ...), or - for standard input.",
        ),
    ] = None
    data: Annotated[
        str | None,
        opt.one_of(
            "--data",
            DATASETS,
            "NAME",
            "A table that comes with softmax: iris, or fruit (simulated).",
            "table",
        ),
    ] = None
    target_column: opt.TargetColumn = None
    columns: Annotated[
        list[str] | None,
        opt.value(
            "--columns -c",
            "FEATURES",
            "The features: names, 1-based numbers, ranges (3-5, 3-), globs, and what to leave out "
            "('!id'). Default: all but the target.",
        ),
    ] = None
    hidden: Annotated[int | None, opt.whole("--hidden", "N", "A hidden layer of N units. Default: none.")] = (
        None
    )
    activation: Annotated[
        str, opt.one_of("--activation", ACTIVATIONS, "NAME", "Of the hidden layer: tanh or relu.")
    ] = "tanh"
    l2: Annotated[float, opt.not_negative("--l2", "X", "Add X/2 times the sum of the squared weights.")] = 0.0
    rate: Annotated[float, opt.positive("--rate", "R", "The length of a step, in gradients.")] = 0.1
    steps: Annotated[int | None, opt.count("--steps", "N", "How many steps (100).")] = None
    batch: Annotated[int | None, opt.whole("--batch", "N", "The gradient of N rows a step, not of all.")] = (
        None
    )
    momentum: Annotated[
        float | None,
        opt.value("--momentum", "B", "v = B v + gradient; a step is -R v. 0 <= B < 1.", read=_below_one),
    ] = None
    seed: Annotated[int, opt.count("--seed", "S", "Of the hidden layer's start, and of the batches.")] = 0
    solver: Annotated[
        str,
        opt.one_of(
            "--solver",
            SOLVERS,
            "NAME",
            "gd, gradient descent, or newton: to the best weights, or the proof that there are none.",
        ),
    ] = "gd"
    walk: Annotated[bool, opt.flag("--walk", "One row, one step, every number of the chain rule.")] = False
    watch: Annotated[int | None, opt.whole("--watch", "ROW", "Follow the probabilities of one row.")] = None
    output: Annotated[str | None, opt.value("--output -o", "FILE", "Write the model, a JSON file.")] = None
    logits: Annotated[
        str | None, opt.value("--logits", "FILE", "Write the class and the trained logits of every row.")
    ] = None
    format: Annotated[
        str | None,
        opt.one_of(
            "--format -f", EVENTS, "FORMAT", "One of {}. Default: watched at a terminal, text in a pipe."
        ),
    ] = None
    header: opt.Header = None
    delimiter: opt.Delimiter = None
    input_format: opt.InputFormat = None
    quiet: opt.Quiet = False

    @property
    def newton(self) -> bool:
        """Whether to train by Newton's method."""
        return self.solver == "newton"

    @property
    def plan(self) -> Plan:
        """How to train; what is not given is as it usually is."""
        from softmax_cli.learning.training import Plan

        given = {field.name: getattr(self, field.name) for field in fields(Plan)}
        return Plan(**{name: value for name, value in given.items() if value is not None})

    @property
    def reading(self) -> ReadOptions:
        """How to read a file."""
        return ReadOptions(
            columns=self.columns,
            header=self.header,
            delimiter=self.delimiter,
            input_format=self.input_format,
            target_column=self.target_column,
            features=True,
        )

    @property
    def followed(self) -> int:
        """The row that a picture follows: in iris, if none is named, flower 71, which is hard to classify."""
        return self.watch or (71 if self.data == "iris" else 1)

    def say(self, sentence: str) -> None:
        """Give the user a note, unless asked to be quiet."""
        notes(quiet=self.quiet)(sentence)


def train(options: TrainOptions = TrainOptions()) -> int:
    """Train a small network, and watch the derivative at work.

    Softmax regression, or with --hidden one hidden layer. The loss is the mean of -log p of the true class;
    its derivative by the logits is p - y. Features are standardised, weights start at 0.
    """
    table, data = options.table, options.data
    if (table is None) == (data is None):
        what = (
            "no table: name a file, or one that comes with softmax" if data is None else "a table and --data"
        )
        raise InputError(what, hint="softmax train --data iris")
    if options.walk:
        beside = ["steps", "batch", "momentum", "output", "logits", *["solver"] * options.newton]
        _refuse(options, beside, "--walk takes one step of gradient descent")
    if options.newton:
        what = "--solver newton is for softmax regression, on all rows"
        _refuse(options, ["hidden", "batch", "momentum"], what)
    from softmax_cli.commands.train.run import run

    return run(options)


def _refuse(options: TrainOptions, names: list[str], what: str) -> None:
    """Refuse the options of these names, which mean nothing beside another one."""
    given = val.given(**{name: getattr(options, name) for name in names})
    if given:
        raise InputError(f"{what}: it does not go with {given[0]}", hint=f"leave {given[0]} out")
