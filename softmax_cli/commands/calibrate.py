"""``softmax calibrate``: the temperature at which confidence means what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from softmax_cli.commands.command_line import values as val
from softmax_cli.commands.command_line.delivery import Delivery
from softmax_cli.commands.command_line.groups import Labels, Reading, Writing
from softmax_cli.commands.running.labelled import LabelledInput
from softmax_cli.commands.running.passes import Passes
from softmax_cli.commands.running.pipeline import deliver_summary
from softmax_cli.errors import ExitCode, InputError

if TYPE_CHECKING:
    from softmax_cli.commands.command_line import options as opt
    from softmax_cli.commands.running.files import Files
    from softmax_cli.core.calibration.fitted import Calibration
    from softmax_cli.core.calibration.folds import Folds

EPILOG = """\b
Examples:
  softmax calibrate digits_logits.csv -c 'digit_*' --target-column label
  softmax calibrate digits_logits.csv -c 'digit_*' --target-column label -o cal.json
  softmax probs digits_logits.csv -c 'digit_*' --calibration cal.json | head -3
  softmax calibrate digits_logits.csv -c 'digit_*' --target-column label --cross-validate 5
  softmax calibrate digits_logits.csv -c 'digit_*' --target-column label --steps
"""

METHODS = ("temperature", "mix", "vector", "matrix")


def calibrate(
    logits: opt.Logits = None,
    method: Annotated[
        str,
        opt.choice(
            "--method",
            METHODS,
            "NAME",
            "temperature; mix (and 1/(n+1) of the uniform distribution); vector (a scale and a bias a "
            "class); matrix.",
        ),
    ] = "temperature",
    cross_validate: Annotated[
        str | None, opt.value("--cross-validate", "N", "Also the loss on rows not fitted to, in N parts.")
    ] = None,
    steps: Annotated[bool, opt.flag("--steps", "Each Newton step, in numbers.")] = False,
    kind: opt.From = "logits",
    *,
    labels: Labels = Labels(),
    reading: Reading = Reading(),
    writing: Writing = Writing(),
) -> int:
    """Fit the temperature at which confidence means what it says.

    The T that minimises the mean loss of softmax(z / T), with its error. Above 1 the model was too sure of
    itself, below 1 not sure enough; the order of the classes, and so the accuracy, stays.
    """
    logits = val.need_logits(logits, "softmax calibrate logits.csv --target-column label")
    val.one_of(method, METHODS, "--method")
    folds = val.whole(cross_validate, "--cross-validate")
    if folds == 1:
        raise InputError("one part leaves nothing to fit to", where="--cross-validate", hint="2 or more")
    delivery = writing.delivery(on_cluster=True)
    given = LabelledInput.of(logits, reading, labels, delivery, kind)
    return _Run(given, method, folds, steps, delivery).run()


class _Run:
    """One calibration, from the input to the output."""

    def __init__(
        self, given: LabelledInput, method: str, folds: int | None, steps: bool, delivery: Delivery
    ) -> None:
        self.given = given
        self.method = method
        self.folds = folds
        self.steps = steps
        self.delivery = delivery

    def run(self) -> int:
        """Fit, deliver, and return the exit code."""
        from dataclasses import replace

        from softmax_cli.core.calibration.calibrate import fit
        from softmax_cli.core.calibration.folds import cross_validate
        from softmax_cli.core.calibration.source import Here

        rows, folds = self._rows(), None
        source = Here(rows) if isinstance(rows, Passes) else rows
        try:
            found = replace(fit(source, self.method), ignored=self.given.ignored)
            if self.folds is not None and found.status == "ok":
                folds = cross_validate(source, self.method, self.folds)
        finally:
            if isinstance(rows, Passes):
                rows.close()
        found = replace(found, passes=rows.read)
        self._deliver(found, folds)
        self._tell(found)
        return ExitCode.OK if found.status == "ok" else ExitCode.DIFFERENT

    def _rows(self) -> Passes | Files:
        from softmax_cli.io.arguments import file_names

        if self.delivery.cluster is None or file_names(self.given.logits) is None:
            return Passes(self.given)
        from softmax_cli.commands.running.files import Files

        return Files(self.given)

    def _deliver(self, found: Calibration, folds: Folds | None) -> None:
        from softmax_cli.io.calibration import document, file_document
        from softmax_cli.io.table.results.summary import Summary
        from softmax_cli.render.results.trust.calibration import calibration

        to_file = self.delivery.output not in {None, "-"}
        whole: dict[str, Any] = file_document(found, self.given.classes) if to_file else document(found)
        if folds is not None:
            whole["cross_validation"] = folds.document()
        steps = [_step(step) for step in found.steps]
        if self.steps:
            whole["steps"] = steps
        lines = steps if self.steps and steps else [document(found)]
        summary = Summary(whole, lines)
        deliver_summary(
            summary, self.delivery, lambda screen: calibration(found, folds, screen, steps=self.steps)
        )

    def _tell(self, found: Calibration) -> None:
        from softmax_cli.render.results.trust.calibration import headline, reason

        if found.status != "ok":
            self.given.say(reason(found))
        elif self.delivery.output not in {None, "-"}:
            self.given.say(headline(found))


def _step(step: Any) -> dict[str, Any]:
    names = ("rows", "temperature", "loss", "slope", "curvature", "next_temperature")
    return {name: getattr(step, name) for name in names}
