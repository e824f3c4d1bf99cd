"""``softmax loss``: how well probabilities fit the true classes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

from softmax_cli.commands.command_line import values as val
from softmax_cli.commands.command_line.delivery import Delivery
from softmax_cli.commands.command_line.groups import Labels, Reading
from softmax_cli.commands.running.calibrated import calibrated
from softmax_cli.commands.running.labelled import LabelledInput
from softmax_cli.commands.running.pipeline import deliver, deliver_summary
from softmax_cli.errors import InputError

if TYPE_CHECKING:
    from softmax_cli.commands.command_line import options as opt
    from softmax_cli.core.labelled import Labelled
    from softmax_cli.core.loss import Loss, Totals
    from softmax_cli.core.scores import Objective
    from softmax_cli.io.table.batch import Batch
    from softmax_cli.io.table.results.result import PerRow

EPILOG = """\b
Examples:
  softmax loss iris_logits.csv -c setosa,versicolor,virginica --target-column label
  softmax loss digits_logits.csv -c 'digit_*' --target-column label --top 1,5 -f json
  softmax loss digits_logits.csv -c 'digit_*' --target-column label --rows | head -3
  softmax loss 1.43 -0.4 0.23 --target 1
"""
REDUCTIONS = ("mean", "sum")


def loss(
    logits: opt.Logits = None,
    temperature: opt.TemperatureOrCalibration = None,
    calibration: opt.CalibrationFile = None,
    rows: Annotated[bool, opt.flag("--rows", "The loss of every row.")] = False,
    reduction: Annotated[
        str, opt.one_of("--reduction", REDUCTIONS, "|".join(REDUCTIONS), "What nll is: the mean, or the sum.")
    ] = "mean",
    class_weights: Annotated[
        str | None, opt.value("--class-weights", "A=1,B=2", "What a row of each class counts (else 1).")
    ] = None,
    smoothing: Annotated[
        float,
        opt.value("--smoothing", "E", "The true class gets 1 - E + E/k, the others E/k.", read=_at_most_one),
    ] = 0.0,
    focal: Annotated[float, opt.not_negative("--focal", "G", "The loss is (1 - p)^G times -log p.")] = 0.0,
    z_loss: Annotated[
        float, opt.not_negative("--z-loss", "C", "C logsumexp(z / T)^2 is added to the loss.")
    ] = 0.0,
    top: Annotated[
        Sequence[int] | None,
        opt.value("--top", "N,...", "How often the true class is among the N largest.", read=_counts),
    ] = None,
    kind: opt.From = "logits",
    *,
    labels: Labels = Labels(),
    reading: Reading = Reading(),
    delivery: Delivery = Delivery(),
) -> None:
    """Score probabilities against what came true.

    The cross-entropy of a row is -log p of its true class: 0 where the model was sure and right, log k where
    it only guessed. Beside the mean stand its error, the Brier score and the accuracy.
    """
    logits = val.need_logits(logits, "softmax loss logits.csv --target-column label")

    from softmax_cli.core.scores import Objective

    t, applied = calibrated(temperature, calibration)
    objective = Objective(
        temperature=t, smoothing=smoothing, focal=focal, z_loss=z_loss, top=tuple(top or ())
    )
    given = LabelledInput.of(logits, reading, labels, delivery, kind, applied)
    scoring = _Scoring(given, objective, class_weights)
    val.at_most_one(rows=rows, cluster=delivery.cluster)
    if rows:
        from softmax_cli.render.results.trust.loss import row_losses

        deliver(scoring.rows(), delivery, row_losses)
        return

    from softmax_cli.io.table.results.summary import Summary
    from softmax_cli.render.results.trust import loss as drawn

    found = scoring.totals(reduction)
    summary = Summary(_document(found), [_line(found)])
    deliver_summary(
        summary,
        delivery,
        lambda screen: drawn.loss(found, len(given.classes), scoring.what(reduction), screen),
    )


class _Scoring:
    """The losses of an input, for each row or for all."""

    def __init__(self, given: LabelledInput, objective: Objective, class_weights: str | None) -> None:
        self.given = given
        self.objective = objective
        self.class_weights = class_weights

    def totals(self, reduction: str) -> Loss:
        """Return the loss of all rows."""
        from softmax_cli.core.loss import Loss

        totals = self.given.summed(self.part)
        if not totals.weight.units:
            raise InputError("no row counts: the sum of the weights is 0")
        return Loss.of(totals, self.objective.temperature, ignored=self.given.ignored, reduction=reduction)

    def part(self, given: LabelledInput) -> Totals:
        """Return the sums over the rows of an input."""
        from softmax_cli.core.loss import Totals

        totals = Totals()
        for batch, rows in given.read():
            totals.add(rows, self._objective(batch))
            self._tell_infinite(totals.first_infinite, batch, rows)
        return totals

    def rows(self) -> Iterator[PerRow]:
        """Yield the loss of each row."""
        import math

        from softmax_cli.core.scores import losses
        from softmax_cli.io.table.results.result import PerRow

        for batch, rows in self.given.read():
            values = losses(rows, self._objective(batch))
            infinite = next((i for i, value in enumerate(values.tolist()) if value == math.inf), None)
            first = None if infinite is None else rows.first_row + infinite
            self._tell_infinite(first, batch, rows)
            yield PerRow(batch, "cross-entropy", self.objective.temperature, "nll", values)

    def what(self, reduction: str) -> str:
        """Say what nll is."""
        objective = self.objective
        terms = [
            f"{name} {value:g}"
            for name, value in (
                ("label smoothing", objective.smoothing),
                ("focal loss, gamma", objective.focal),
                ("z-loss", objective.z_loss),
            )
            if value
        ]
        if self.class_weights is not None:
            terms.append("a weighted mean: divided by the sum of the weights")
        if reduction == "sum":
            terms.append("the sum over all rows")
        return "; ".join(terms)

    def _objective(self, batch: Batch) -> Objective:
        if self.class_weights is not None and self.objective.class_weights is None:
            from softmax_cli.io.table.class_lookup import class_numbers

            weights = class_numbers(self.class_weights, batch.classes, where="--class-weights")
            self.objective = replace(self.objective, class_weights=weights)
        return self.objective

    def _tell_infinite(self, first: int | None, batch: Batch, rows: Labelled) -> None:
        if first is None or self._told:
            return
        self._told = True
        place = batch.where(first - rows.first_row) or "the row"
        self.given.say(f"{place}: the true class is masked, or has probability 0: its loss is infinite")

    _told = False


def _at_most_one(text: str, option: str) -> float:
    number = val.not_negative(text, option)
    if number > 1.0:
        raise InputError(f"{number:g} is more than 1", where=option)
    return number


def _counts(text: str, option: str) -> tuple[int, ...]:
    return tuple(val.whole(part.strip(), option) for part in text.split(","))


def _line(found: Loss) -> dict[str, Any]:
    """Return the numbers of the flat table's one line."""
    names = ("rows", "ignored", "nll", "nll_se", "nll_sum", "bits", "perplexity", "brier", "accuracy")
    line = {name: getattr(found, name) for name in names}
    return line | {f"top_{n}": value for n, value in found.top.items() if n > 1}


def _document(found: Loss) -> dict[str, Any]:
    head = {"function": "cross-entropy", "temperature": found.temperature}
    return head | _line(found) | {"accuracy_tied": found.accuracy_tied}
