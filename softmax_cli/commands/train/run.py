"""The run of ``softmax train`` once its options are read: load, train, show, and save what was learned."""

import sys
from typing import TYPE_CHECKING, Any

from softmax_cli.commands.command_line.delivery import is_watched
from softmax_cli.errors import ExitCode, InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from softmax_cli.commands.train.command import TrainOptions
    from softmax_cli.learning.experiment import Experiment
    from softmax_cli.learning.table import FeatureTable
    from softmax_cli.learning.training import TrainingStep
    from softmax_cli.render.layout.console import Line, Screen


def run(asked: "TrainOptions") -> int:
    """Carry out what is asked, and return the exit code."""
    from softmax_cli.learning.experiment import Experiment

    table, about, noun = _table(asked)
    if asked.watch is not None and asked.watch > len(table):
        raise InputError(f"there is no row {asked.watch} among {len(table)}", where="--watch")
    if asked.walk:
        return _walk(asked, table, noun)
    experiment = Experiment(table, asked.plan, asked.newton, about, noun)
    _tell(experiment, asked)
    _keep(experiment, asked)
    return ExitCode.DIFFERENT if experiment.status == "separable" else ExitCode.OK


def _table(asked: "TrainOptions") -> "tuple[FeatureTable, str, str]":
    """Return the table, its source, and the name of its rows."""
    if asked.data is None:
        from softmax_cli.io.features import read_table

        if asked.target_column is None:
            raise InputError("which column holds the classes?", hint="name it: --target-column COLUMN")
        assert asked.table is not None
        return read_table(asked.table, asked.reading, note=asked.say), "", "row"
    from softmax_cli.io.table.columns import pick
    from softmax_cli.learning.datasets import DATASETS

    if asked.target_column is not None:
        raise InputError(f"{asked.data} has its own classes", where="--target-column")
    dataset = DATASETS[asked.data]
    table = dataset.load()
    chosen: Sequence[str] | None = asked.columns
    if asked.walk and chosen is None:
        chosen = dataset.walked
    if chosen is not None:
        table = table.of_features(pick(chosen, table.features, len(table.features)))
    return table, dataset.source, dataset.noun


def _walk(asked: "TrainOptions", table: "FeatureTable", noun: str) -> int:
    """Show one row's way through the network and back."""
    from softmax_cli.learning.backward import walked
    from softmax_cli.learning.datasets import DATASETS

    measured = asked.data is not None and DATASETS[asked.data].as_measured
    row = asked.followed - 1
    try:
        chain = walked(table, row, asked.plan, as_measured=measured)
    except FloatingPointError:
        raise InputError(
            "the step leads beyond what a double holds", where="--rate", hint="--rate 0.1"
        ) from None
    if asked.format in {"json", "jsonl"}:
        from softmax_cli.io.cells.json_text import json_text

        _print(json_text(chain.as_json(table)))
        return ExitCode.OK
    from softmax_cli.render.results.chain import chain_lines

    screen = _screen()
    screen.show(chain_lines(chain, table, row, noun, screen, measured=measured))
    return ExitCode.OK


def _tell(experiment: "Experiment", asked: "TrainOptions") -> None:
    """Take the steps, and show them as asked."""
    if asked.format in {"json", "jsonl"}:
        _objects(experiment, asked)
        return
    screen = _screen()
    from softmax_cli.render.results.training import closing, log

    if asked.format is None and is_watched():
        from softmax_cli.render.live.train import watch

        watch(experiment, asked.followed - 1, screen)
    else:
        screen.show(log(experiment, asked.watch, screen))
    screen.show(closing(experiment, screen))


def _objects(experiment: "Experiment", asked: "TrainOptions") -> None:
    """Write one object a step, then the one that ends the run."""
    from softmax_cli.io.cells.json_text import json_text
    from softmax_cli.render.results.training import remarks

    whole = asked.format == "json"
    try:
        for step in experiment.steps():
            front = "[" if whole and not step.number else ""
            _print(front + json_text(_object(step, asked.watch)) + ("," if whole else ""))
    finally:
        sys.stdout.flush()  # also the steps before one that overflows
    _print(json_text({"status": experiment.status, **experiment.model().weights()}) + ("]" if whole else ""))
    sys.stdout.flush()
    for sentence in remarks(experiment):
        asked.say(sentence)


def _object(step: "TrainingStep", watch: int | None) -> dict[str, Any]:
    """Return the object of a step."""
    state = step.state
    told: dict[str, Any] = {
        "step": step.number,
        "loss": state.loss,
        "objective": state.objective,
        "grad_norm": state.grad_norm,
        "accuracy": step.accuracy,
    }
    if watch is not None:
        row = watch - 1
        told["logits"] = state.logits[row]
        told["probabilities"] = step.probabilities(row)
        told["predicted"] = step.promised(row)
    return told


def _keep(experiment: "Experiment", asked: "TrainOptions") -> None:
    """Write the model and the logits, if asked."""
    if asked.output is not None:
        from softmax_cli.io.features import write_model

        write_model(experiment.model(), asked.output)
    if asked.logits is not None:
        from softmax_cli.commands.command_line.delivery import Delivery
        from softmax_cli.commands.running.pipeline import deliver
        from softmax_cli.io.features import trained_logits

        deliver(
            [trained_logits(experiment.table, experiment.model())], Delivery(output=asked.logits), _no_table
        )


def _no_table(results: object, screen: object) -> "Iterable[Line]":
    raise InputError("the logits are written to a file", where="--logits", hint="--logits out.csv")


def _print(line: str) -> None:
    # backslashreplace writes a lone surrogate as JSON's escape for it.
    print(line.encode(errors="backslashreplace").decode())  # noqa: T201  the result


def _screen() -> "Screen":
    from softmax_cli.render.layout.console import Screen

    return Screen.for_output(sys.stdout)
