"""``softmax train``: a small network learns by p - y, and shows how."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from softmax_cli.commands.command_line import values as val
from softmax_cli.commands.train.run import SOLVERS, TrainOptions, run
from softmax_cli.errors import InputError
from softmax_cli.io.formats import EVENTS
from softmax_cli.io.options import ReadOptions, first_given

if TYPE_CHECKING:
    from softmax_cli.commands.command_line import options as opt


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


def train(
    table: Annotated[
        str | None,
        opt.argument(
            "[TABLE]",
            "A file of features and classes (.csv .tsv .jsonl .parquet ...), or - for standard input.",
        ),
    ] = None,
    data: Annotated[
        str | None,
        opt.choice(
            "--data", DATASETS, "NAME", "A table that comes with softmax: iris, or fruit (simulated)."
        ),
    ] = None,
    target_column: opt.TargetColumn = None,
    columns: Annotated[
        list[str] | None,
        opt.value(
            "--columns -c",
            "FEATURES",
            "The features: names, 1-based numbers, ranges (3-5, 3-), globs, and what to leave out "
            "('!id'). Default: all but the target.",
        ),
    ] = None,
    hidden: Annotated[
        str | None, opt.value("--hidden", "N", "A hidden layer of N units. Default: none.")
    ] = None,
    activation: Annotated[
        str, opt.choice("--activation", ACTIVATIONS, "NAME", "Of the hidden layer: tanh or relu.")
    ] = "tanh",
    l2: Annotated[str, opt.value("--l2", "X", "Add X/2 times the sum of the squared weights.")] = "0",
    rate: Annotated[str, opt.value("--rate", "R", "The length of a step, in gradients.")] = "0.1",
    steps: Annotated[str | None, opt.value("--steps", "N", "How many steps (100).")] = None,
    batch: Annotated[
        str | None, opt.value("--batch", "N", "The gradient of N rows a step, not of all.")
    ] = None,
    momentum: Annotated[
        str | None, opt.value("--momentum", "B", "v = B v + gradient; a step is -R v. 0 <= B < 1.")
    ] = None,
    seed: Annotated[str, opt.value("--seed", "S", "Of the hidden layer's start, and of the batches.")] = "0",
    solver: Annotated[
        str,
        opt.choice(
            "--solver",
            SOLVERS,
            "NAME",
            "gd, gradient descent, or newton: to the best weights, or the proof that there are none.",
        ),
    ] = "gd",
    walk: Annotated[bool, opt.flag("--walk", "One row, one step, every number of the chain rule.")] = False,
    watch: Annotated[str | None, opt.value("--watch", "ROW", "Follow the probabilities of one row.")] = None,
    output: Annotated[str | None, opt.value("--output -o", "FILE", "Write the model, a JSON file.")] = None,
    logits: Annotated[
        str | None, opt.value("--logits", "FILE", "Write the class and the trained logits of every row.")
    ] = None,
    format: Annotated[  # noqa: A002  the option's own name
        str | None, opt.format_among(EVENTS, " Default: watched at a terminal, text in a pipe.")
    ] = None,
    header: opt.Header = None,
    delimiter: opt.Delimiter = None,
    input_format: opt.InputFormat = None,
    quiet: opt.Quiet = False,
) -> int:
    """Train a small network, and watch the derivative at work.

    Softmax regression, or with --hidden one hidden layer. The loss is the mean of -log p of the true class;
    its derivative by the logits is p - y. Features are standardised, weights start at 0.
    """
    if (table is None) == (data is None):
        what = (
            "no table: name a file, or one that comes with softmax" if data is None else "a table and --data"
        )
        raise InputError(what, hint="softmax train --data iris")
    given = {
        "--steps": steps,
        "--batch": batch,
        "--momentum": momentum,
        "--output": output,
        "--logits": logits,
    }
    given["--solver"] = None if solver == "gd" else solver
    _refuse_beside(walk, "--walk takes one step of gradient descent", given)
    given = {"--hidden": hidden, "--batch": batch, "--momentum": momentum}
    _refuse_beside(solver == "newton", "--solver newton is for softmax regression, on all rows", given)
    from softmax_cli.learning.training import Plan

    val.one_of(solver, SOLVERS, "--solver")
    plan = Plan(
        hidden=val.whole(hidden, "--hidden") or 0,
        activation=val.one_of(activation, ACTIVATIONS, "--activation"),
        l2=val.not_negative(l2, "--l2"),
        rate=val.positive(rate, "--rate"),
        steps=100 if steps is None else val.count(steps, "--steps"),
        momentum=_below_one(momentum),
        batch=val.whole(batch, "--batch"),
        seed=val.count(seed, "--seed"),
    )
    asked = TrainOptions(
        table=table,
        dataset=None if data is None else val.one_of(data, DATASETS, "--data"),
        read=ReadOptions(columns, None, header, delimiter, input_format, target_column, features=True),
        plan=plan,
        newton=solver == "newton",
        walk=walk,
        watch=val.whole(watch, "--watch"),
        output=output,
        logits=logits,
        format=None if format is None else val.one_of(format, EVENTS, "--format"),
        quiet=quiet,
    )
    return run(asked)


def _refuse_beside(chosen: bool, what: str, given: dict[str, str | None]) -> None:
    """Refuse options that mean nothing beside the chosen one."""
    option = first_given(given)
    if chosen and option is not None:
        raise InputError(f"{what}: it does not go with {option}", hint=f"leave {option} out")


def _below_one(momentum: str | None) -> float:
    number = val.not_negative(momentum or "0", "--momentum")
    if number >= 1:
        raise InputError(f"{momentum!r} is not below 1: no step would ever be forgotten", where="--momentum")
    return number
