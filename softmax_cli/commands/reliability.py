"""``softmax reliability``: how far the confidence can be trusted."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Annotated, Any

from softmax_cli.commands.command_line import values as val
from softmax_cli.commands.command_line.delivery import Delivery
from softmax_cli.commands.command_line.groups import Labels, Reading
from softmax_cli.commands.running.calibrated import calibrated
from softmax_cli.commands.running.labelled import LabelledInput
from softmax_cli.commands.running.pipeline import deliver_summary

if TYPE_CHECKING:
    from softmax_cli.commands.command_line import options as opt
    from softmax_cli.core.reliability.reliability import Confidences, ReliabilityOptions
    from softmax_cli.core.reliability.results import Reliability

EPILOG = """\b
Examples:
  softmax reliability digits_logits.csv -c 'digit_*' --target-column label
  softmax reliability digits_logits.csv -c 'digit_*' --target-column label --calibration cal.json
  softmax reliability digits_logits.csv -c 'digit_*' --target-column label --measure all -f json
  softmax reliability digits_logits.csv -c 'digit_*' --target-column label -o diagram.svg
"""

EDGES = ("right", "left")
PICTURES = {".png": "png", ".svg": "svg", ".html": "html", ".htm": "html"}


def reliability(
    logits: opt.Logits = None,
    temperature: opt.TemperatureOrCalibration = None,
    calibration: opt.CalibrationFile = None,
    scope: Annotated[
        str,
        opt.value(
            "--scope", "top|classes|CLASS", "The predicted class's probability, each class's, or one class's."
        ),
    ] = "top",
    measure: Annotated[
        list[str] | None,
        opt.value(
            "--measure",
            "NAME",
            "More measures: ece_15, ece_mass_15, mce_15, debiased_15, classwise_15 (any number of "
            "bins), smece, all; comma separated, or given again.",
        ),
    ] = None,
    edges: Annotated[
        str, opt.one_of("--edges", EDGES, "right|left", "Bins (a, b], or [a, b).", "side")
    ] = "right",
    resamples: Annotated[
        int, opt.count("--resamples", "N", "How many calibrated models to compare with; 0: none.")
    ] = 1000,
    seed: Annotated[int, opt.count("--seed", "S", "Of the calibrated models.")] = 0,
    kind: opt.From = "logits",
    *,
    labels: Labels = Labels(),
    reading: Reading = Reading(),
    delivery: Delivery = Delivery(),
) -> None:
    """Show how far the confidence can be trusted.

    Among predictions made with confidence 0.8, eight in ten should be right. The diagram sets what was said
    beside what came true, without bins; the band is where a calibrated model would lie by chance.
    """
    logits = val.need_logits(logits, "softmax reliability logits.csv --target-column label")
    t, applied = calibrated(temperature, calibration)

    from softmax_cli.core.reliability.measures import wanted
    from softmax_cli.core.reliability.reliability import ReliabilityOptions

    names = [name.strip() for given in measure or () for name in given.split(",")]
    question = ReliabilityOptions(
        temperature=t,
        scope=scope,
        measures=wanted(names),
        left=edges == "left",
        resamples=resamples,
        seed=seed,
    )
    given = LabelledInput.of(logits, reading, labels, delivery, kind, applied)
    found = given.summed(partial(_confidences, question)).judged()
    if found.bound:
        given.say(
            f"more than ten million confidences, counted in cells: the parts of a score are within "
            f"{found.bound:.1g} of the exact ones"
        )
    _deliver(found, scope, delivery)


def _confidences(question: ReliabilityOptions, given: LabelledInput) -> Confidences:
    from softmax_cli.core.gathered import gathered
    from softmax_cli.core.reliability.reliability import Confidences
    from softmax_cli.io.table.class_lookup import find_class

    rows = (rows for _, rows in given.read())
    if question.scope in {"top", "classes"}:
        return gathered(Confidences(question), rows)
    first = next(rows, None)
    if first is None:
        return Confidences(question)
    scope = find_class(str(question.scope), given.classes, where="--scope")
    return gathered(Confidences(replace(question, scope=scope)), chain([first], rows))


def _deliver(found: Reliability, scope: str, delivery: Delivery) -> None:
    picture = PICTURES.get(os.path.splitext(delivery.output or "")[1].lower())
    if picture is not None and delivery.format is None:
        from softmax_cli.io.write import open_output
        from softmax_cli.render.results.trust.reliability_picture import picture as draw

        with open_output(delivery.output, binary_format=True) as sink:
            sink.write(draw(found, scope, picture))
        return

    from softmax_cli.io.table.results.summary import Summary
    from softmax_cli.render.results.trust.reliability import reliability as drawn

    document = _document(found, scope)
    summary = Summary(document, document["measures"])
    deliver_summary(summary, delivery, lambda screen: drawn(found, scope, screen))


def _document(found: Reliability, scope: str) -> dict[str, Any]:
    from dataclasses import asdict

    whole = asdict(found) | {"scope": scope}
    del whole["bound"]
    return whole | {name: list(whole.pop(name)) for name in ("measures", "diagram")}
