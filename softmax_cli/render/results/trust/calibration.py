"""`calibrate`: the temperature, its confidence interval, what it changes, and each step to it."""

import math
from collections.abc import Iterator

from softmax_cli.core.calibration.fitted import Calibration
from softmax_cli.core.calibration.folds import Folds
from softmax_cli.render.layout.console import Line, Screen
from softmax_cli.render.layout.numbers import number
from softmax_cli.render.layout.rows import paragraph, row_count
from softmax_cli.render.layout.table import Column, table

_NAMES = {
    "none": "none (T = 1)",
    "temperature": "temperature",
    "mix": "temperature, and 1/(n+1) of the uniform",
    "vector": "vector scaling",
    "matrix": "matrix scaling",
}


def headline(found: Calibration) -> str:
    """Say in one line what was fitted."""
    losses = f"loss {number(found.nll_before)} -> {number(found.nll_after or 0.0)} nats"
    if found.temperature is None:
        return f"{_NAMES[found.method]}: {losses}"
    error = "" if found.se is None else f" +- {number(_HALF * found.se, digits=2)}"
    return f"T = {number(found.temperature)}{error}, {losses}"


_HALF = 1.959963984540054
_ROUNDING = 1e-11  # a step that changes T by less is rounding


def reason(found: Calibration) -> str:
    """Say in one line why nothing was fitted."""
    limit = "" if found.nll_limit is None else number(found.nll_limit)
    if found.status == "infeasible":
        where = "" if found.first_masked is None else f" of row {found.first_masked}"
        return f"the true class{where} is masked: the loss is infinite at every temperature"
    if found.status == "undetermined":
        return f"every row has equal logits: the loss is {limit} at every temperature"
    if found.status == "infinite":
        return (
            "no finite temperature: the true classes' logits are on average no higher than the others; the "
            f"loss falls to {limit} as T grows, where all classes are equally probable"
        )
    if found.method in {"vector", "matrix"}:
        return f"no finite parameters: along some direction the loss falls on and on, to {limit}"
    return (
        "no temperature above 0: every true class has the largest logit of its row, or is tied; the loss "
        f"falls to {limit} as T goes to 0"
    )


def calibration(found: Calibration, folds: Folds | None, screen: Screen, *, steps: bool) -> Iterator[Line]:
    """Yield what was fitted, the losses of a cross-validation, and the Newton steps where asked."""
    rows = row_count(found.rows)
    if found.status != "ok":
        yield ((f"{found.method} fitted to {rows}: {found.status}", "title"),)
        yield ""
        yield from paragraph(_sentence(reason(found)), screen)
        return
    yield ((f"{_NAMES[found.method]} fitted to {rows}", "title"),)
    yield ""
    yield from table(_results(found), screen)
    yield ""
    yield from paragraph(_explanation(found), screen)
    if folds is not None:
        yield ""
        yield from _cross_validation(folds, screen)
    if steps:
        yield ""
        yield from _steps(found, screen)


def _results(found: Calibration) -> list[Column]:
    rows = []
    if found.temperature is not None and found.se is not None:
        low, high = number(found.low or 0.0), number(found.high or 0.0)
        error = f"± {number(_HALF * found.se, digits=2)}   (95 %: {low} to {high})"
        rows.append(("T", number(found.temperature), error))
    if found.affine is not None and found.affine.matrix.ndim == 1:
        for name, values in (("scales", found.affine.matrix), ("biases", found.affine.bias)):
            rows.append((name, "", f"{number(float(values.min()))} to {number(float(values.max()))}"))
    rows.append(("loss before", number(found.nll_before), "nats a row, at T = 1"))
    rows.append(("loss after", number(found.nll_after or 0.0), "nats a row"))
    names, numbers, notes = zip(*rows, strict=True)
    return [Column("", names, "left"), Column("", numbers), Column("", notes, "left")]


def _explanation(found: Calibration) -> str:
    t = found.temperature
    if t is None or found.low is None or found.high is None:
        return "More parameters fit these rows better, new ones not always: --cross-validate 5 tells."
    if found.low <= 1.0 <= found.high:
        verdict = "The interval holds 1: these rows do not show that the probabilities need a correction."
    elif t > 1.0:
        verdict = (
            f"T is above 1: the model was too sure of itself. Dividing its logits by {number(t)} makes large "
            "probabilities smaller and small ones larger."
        )
    else:
        verdict = (
            f"T is below 1: the model was not sure enough. Dividing its logits by {number(t)} makes large "
            "probabilities larger."
        )
    return f"{verdict} The order of the classes stays, and so does the accuracy."


def _cross_validation(folds: Folds, screen: Screen) -> Iterator[Line]:
    yield ((f"loss on rows that were not fitted to ({folds.folds}-fold)", "head"),)
    names = [_NAMES[name] for name in folds.losses]
    losses = [
        "no answer" if loss is None or math.isnan(loss) else number(loss) for loss in folds.losses.values()
    ]
    yield from table([Column("", names, "left"), Column("", losses)], screen)


def _steps(found: Calibration, screen: Screen) -> Iterator[Line]:
    yield from paragraph(
        "Each step asks how the mean loss L moves with b = 1/T: its slope is the mean of E_p[z] - z_y, the "
        "logit that p expects less the true class's, and its curvature the mean variance of z under p. "
        "Newton's method goes to b - slope / curvature. At the best T the slope is 0: on average the true "
        "class has the logit that the probabilities expect (softmax derive --function temperature proves "
        "it).",
        screen,
    )
    yield ""
    steps = [step for step in found.steps if abs(step.next_temperature / step.temperature - 1) > _ROUNDING]
    columns = [
        Column("step", [str(i + 1) for i in range(len(steps))], "right"),
        Column("T", [number(step.temperature, digits=7) for step in steps]),
        Column("loss", [number(step.loss, digits=6) for step in steps]),
        Column("slope", [number(step.slope) for step in steps]),
        Column("curvature", [number(step.curvature) for step in steps]),
        Column("next T", [number(step.next_temperature, digits=7) for step in steps]),
    ]
    yield from table(columns, screen)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."
