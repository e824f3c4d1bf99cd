"""``softmax probs``: turn logits into probabilities."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from softmax_cli.commands.command_line import values as val
from softmax_cli.commands.command_line.filtering import Filters
from softmax_cli.commands.command_line.groups import PageDelivery, Reading
from softmax_cli.commands.running.calibrated import calibrated
from softmax_cli.commands.running.pipeline import run
from softmax_cli.errors import InputError

if TYPE_CHECKING:
    from softmax_cli.commands.command_line import options as opt
    from softmax_cli.core.sampling.filters import Filtering
    from softmax_cli.io.table.batch import Batch
    from softmax_cli.io.table.results.result import PerClass, Result
    from softmax_cli.render.layout.blocks import Block
    from softmax_cli.render.layout.console import Line, Screen

EPILOG = """\b
Examples:
  softmax probs 1.43 -0.4 0.23 --classes setosa,versicolor,virginica
  softmax probs setosa=1.43 versicolor=-0.4 virginica=0.23 --steps
  softmax probs 1.43 -0.4 0.23 --compare
  softmax probs iris_logits.csv -c setosa,versicolor,virginica
  cut -d, -f3- iris_logits.csv | softmax probs -T 2 | head -3
  softmax probs digits_logits.csv -c 'digit_*' --top 2 -f jsonl
  softmax probs the=3 a=2 an=1 -T 0.5 --top-p 0.8 --chain both
"""


def probs(
    logits: opt.Logits = None,
    temperature: opt.TemperatureOrCalibration = None,
    log: Annotated[bool, opt.flag("--log", "Log-probabilities, in nats.")] = False,
    top: Annotated[int | None, opt.whole("--top", "N", "The N most probable classes of each row.")] = None,
    steps: Annotated[bool, opt.flag("--steps", "The computation, step by step.")] = False,
    compare: Annotated[bool, opt.flag("--compare", "Sigmoid and argmax beside softmax.")] = False,
    model: Annotated[
        str | None,
        opt.value(
            "--model", "FILE", "The table holds features: take logits from them by what train -o wrote."
        ),
    ] = None,
    calibration: opt.CalibrationFile = None,
    keep_logits: Annotated[
        bool, opt.flag("--keep-logits", "Keep the logit columns beside the results.")
    ] = False,
    suffix: Annotated[
        str | None,
        opt.value(
            "--suffix",
            "TEXT",
            "Add TEXT to the names of the results (default with --keep-logits: _p, of --log _logp).",
        ),
    ] = None,
    *,
    filters: Filters = Filters(),
    reading: Reading = Reading(),
    delivery: PageDelivery = PageDelivery(),
) -> None:
    """Turn logits into probabilities.

    p_i = exp(z_i / T) / sum_j exp(z_j / T), each right to a few units in the last place. A logit of -inf
    masks its class.
    """
    logits = val.need_logits(logits, "softmax probs 1.43 -0.4 0.23")
    others = {"top": top, "steps": steps, "compare": compare}
    val.at_most_one(**others)
    val.at_most_one(log=log, steps=steps, compare=compare)
    val.at_most_one(model=model, calibration=calibration)
    t, applied = calibrated(temperature, calibration)
    val.at_most_one(keep_logits=keep_logits, **others)
    val.at_most_one(suffix=suffix, **others)
    if suffix is None:
        suffix = "" if not keep_logits else "_logp" if log else "_p"
    beside = {"suffix": suffix, "keep_logits": keep_logits}
    filterings = filters.read(t, top=top, compare=compare)
    options = reading.options()
    prepare: Callable[[Iterable[Batch]], Iterable[Batch]] = iter
    if model is not None:
        val.at_most_one(model=model, columns=reading.columns, classes=reading.classes)
        from softmax_cli.io.features import logits_of, read_model

        trained = read_model(model)
        options = options._replace(columns=trained.features, features=True)
        prepare = partial(logits_of, model=trained)
    elif applied is not None:
        prepare = partial(map, applied.apply)
    view = _View(t, log, top, steps, compare, filterings, beside, prepare)
    explain = view.explain if steps and not filterings else None
    if explain is None and delivery.page == "html":
        raise InputError("a page in HTML tells the steps of softmax itself", hint="--steps, without a filter")
    run(logits, options, delivery, view.results, view.draw, explain)


class _View(NamedTuple):
    """The view of the probabilities: all, the largest, their computation, a comparison, or a filter's."""

    temperature: float
    log: bool
    top: int | None
    steps: bool
    compare: bool
    filterings: Sequence[Filtering]
    beside: dict[str, Any]
    prepare: Callable[[Iterable[Batch]], Iterable[Batch]]
    """Gives the batches of logits."""

    def results(self, batches: Iterable[Batch]) -> Iterator[Result]:
        """Yield the result for each batch."""
        batches = self.prepare(batches)
        if not self.filterings:
            yield from map(self.result, batches)
            return
        from softmax_cli.io.table.results.filtered import filtered, stages

        for batch in batches:
            if self.steps:
                yield from stages(batch, self.filterings)
            else:
                for part in filtered(batch, self.filterings, log=self.log):
                    yield replace(part, **self.beside)

    def result(self, batch: Batch) -> Result:
        """Compute the result for one batch."""
        if self.steps or self.compare:
            from softmax_cli.io.table.results import long_tables

            return (long_tables.steps if self.steps else long_tables.compare)(batch, self.temperature)
        result = self._probabilities(batch)
        if self.top is None:
            return result
        from softmax_cli.io.table.results import long_tables

        return long_tables.top(result, self.top)

    def explain(self, results: Iterable[Any], screen: Screen) -> Iterator[Block]:
        """Explain the steps on a page."""
        from softmax_cli.render.results import steps

        return steps.blocks(results, screen)

    def draw(self, results: Iterable[Any], screen: Screen) -> Iterator[Line]:
        """Return the lines that a person sees."""
        from softmax_cli.render.results import compare, probabilities, steps, top

        if self.filterings and self.steps:
            from softmax_cli.render.results.sampling.filters import stages

            return stages(results, screen)
        if self.steps:
            return steps.steps(results, screen)
        if self.compare:
            return compare.compare(results, screen)
        if self.top is not None:
            return top.top(results, screen)
        return probabilities.probabilities(results, screen)

    def _probabilities(self, batch: Batch) -> PerClass:
        from softmax_cli.io.table.results.result import PerClass

        if self.log:
            from softmax_cli.core.log_softmax import log_softmax

            values = log_softmax(batch.values, temperature=self.temperature)
            key = "log_probabilities"
            return PerClass(batch, "log-softmax", self.temperature, key, values, **self.beside)
        from softmax_cli.core.softmax import softmax

        values = softmax(batch.values, temperature=self.temperature)
        return PerClass(batch, "softmax", self.temperature, "probabilities", values, **self.beside)
