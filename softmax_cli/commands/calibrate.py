"""``softmax calibrate``: the temperature at which confidence means what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from softmax_cli.commands.command_line import values as val
from softmax_cli.commands.command_line.delivery import Delivery
from softmax_cli.commands.command_line.groups import Labels, Reading
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
        opt.one_of(
            "--method",
            METHODS,
            "NAME",
            "temperature; mix (and 1/(n+1) of the uniform distribution); vector (a scale and a bias a "
            "class); matrix.",
        ),
    ] = "temperature",
    cross_validate: Annotated[
        int | None,
        opt.value("--cross-validate", "N", "Also the loss on rows not fitted to, in N parts.", read=_parts),
    ] = None,
    steps: Annotated[bool, opt.flag("--steps", "Each Newton step, in numbers.")] = False,
    kind: opt.From = "logits",
    *,
    labels: Labels = Labels(),
    reading: Reading = Reading(),
    delivery: Delivery = Delivery(),
) -> int:
    """Fit the temperature at which confidence means what it says.

    The T that minimises the mean loss of softmax(z / T), with its error. Above 1 the model was too sure of
    itself, below 1 not sure enough; the order of the classes, and so the accuracy, stays.
    """
    logits = val.need_logits(logits, "softmax calibrate logits.csv --target-column label")
    given = LabelledInput.of(logits, reading, labels, delivery, kind)
    found, folds = _fitted(given, method, cross_validate)
    _deliver(found, folds, given, show_steps=steps)
    return ExitCode.OK if found.status == "ok" else ExitCode.DIFFERENT


def _parts(text: str, option: str) -> int:
    parts = val.whole(text, option)
    if parts == 1:
        raise InputError("one part leaves nothing to fit to", where=option, hint="2 or more")
    return parts


def _fitted(given: LabelledInput, method: str, parts: int | None) -> tuple[Calibration, Folds | None]:
    """Fit, and cross-validate in `parts` if a fit was found."""
    from dataclasses import replace

    from softmax_cli.core.calibration.calibrate import fit
    from softmax_cli.core.calibration.folds import cross_validate
    from softmax_cli.core.calibration.source import Here

    rows: Passes | Files = Passes(given)
    if given.on_cluster:
        from softmax_cli.commands.running.files import Files

        rows = Files(given)
    source, folds = Here(rows) if isinstance(rows, Passes) else rows, None
    try:
        found = replace(fit(source, method), ignored=given.ignored)
        if parts is not None and parts > found.rows:
            what = f"{parts} parts of {found.rows} rows"
            raise InputError(what, where="--cross-validate", hint=f"at most {found.rows}")
        if parts is not None and found.status == "ok":
            folds = cross_validate(source, method, parts)
    finally:
        if isinstance(rows, Passes):
            rows.close()
    return replace(found, passes=rows.read), folds


def _deliver(found: Calibration, folds: Folds | None, given: LabelledInput, *, show_steps: bool) -> None:
    from softmax_cli.io.calibration import document, file_document
    from softmax_cli.io.table.results.summary import Summary
    from softmax_cli.render.results.trust.calibration import calibration, headline, reason

    to_file = given.delivery.output not in {None, "-"}
    whole: dict[str, Any] = file_document(found, given.classes) if to_file else document(found)
    if folds is not None:
        whole["cross_validation"] = folds.document()
    steps = [_step(step) for step in found.steps]
    if show_steps:
        whole["steps"] = steps
    summary = Summary(whole, steps if show_steps and steps else [document(found)])
    deliver_summary(
        summary, given.delivery, lambda screen: calibration(found, folds, screen, steps=show_steps)
    )
    if found.status != "ok":
        given.say(reason(found))
    elif to_file:
        given.say(headline(found))


def _step(step: Any) -> dict[str, Any]:
    names = ("rows", "temperature", "loss", "slope", "curvature", "next_temperature")
    return {name: getattr(step, name) for name in names}
