"""A training as a log: a line for each step, fewer as they go on, and at the end what was learned."""

import math
from collections.abc import Iterator

import numpy as np

from softmax_cli.io.cells.wording import counted, listed
from softmax_cli.learning.experiment import Experiment
from softmax_cli.learning.training import Overshoot, TrainingStep, safe_rate
from softmax_cli.learning.unsure import Unsure, least_sure
from softmax_cli.render.layout.console import Line, Screen
from softmax_cli.render.layout.glyphs import cells, right
from softmax_cli.render.layout.numbers import number
from softmax_cli.render.layout.rows import paragraph, title
from softmax_cli.render.layout.table import GAP, Column, table

_TOLD = (1, 2, 3, 5)
"""The steps that are shown, times powers of ten; and the last."""

_NAMED = 4
"""The most classes, or pairs of them, that are named as separated; the others are counted."""

_WIDTHS = (5, 11, 12, 9)


def log(experiment: Experiment, watch: int | None, screen: Screen) -> Iterator[Line]:
    """Yield the heading, then lines as the steps are taken."""
    yield from _heading(experiment, screen)
    heads = ["step", "loss", "|gradient|", "right"]
    if watch is not None:
        yield from paragraph(f"p: the probabilities of {experiment.noun} {watch}.", screen)
        heads += [screen.shorten(f"p {name}", 12) for name in experiment.table.classes]
    yield ((_line(heads), "head"),)
    last: TrainingStep | None = None
    for step in experiment.steps():
        if _is_told(step.number):
            yield _line(_cells(step, watch))
        last = step
    if last is not None and not _is_told(last.number):
        yield _line(_cells(last, watch))


def closing(experiment: Experiment, screen: Screen) -> Iterator[Line]:
    """Yield what was learned: the confusion matrix, the least sure row and why, and remarks."""
    assert experiment.last is not None
    yield ""
    yield from confusion(experiment, experiment.last, screen)
    yield ""
    yield from paragraph(story(experiment, screen), screen)
    for sentence in remarks(experiment):
        yield ""
        yield from paragraph(f"{sentence[0].upper()}{sentence[1:]}.", screen)


def confusion(experiment: Experiment, step: TrainingStep, screen: Screen) -> Iterator[Line]:
    """Yield how many rows of each class are taken for each."""
    names = [screen.shorten(name, 14) for name in experiment.table.classes]
    heads, fronts = names, names
    if sum(cells(name) + GAP for name in names) + max(map(cells, names)) + GAP > screen.width:
        heads = [str(j + 1) for j in range(len(names))]
        fronts = [f"{head} {name}" for head, name in zip(heads, names, strict=True)]
    texts = (list(map(str, column)) for column in step.confusion.T.tolist())
    yield (("Taken for:", "head"),)
    yield from table([Column("true class", fronts, "left"), *map(Column, heads, texts)], screen)


def story(experiment: Experiment, screen: Screen) -> str:
    """Describe the least sure row: what pulled it, and which probability fell."""
    assert experiment.last is not None
    unsure = least_sure(experiment.last, experiment.table, experiment.scale)
    names = [screen.clean(name) for name in experiment.table.classes]
    own = names[int(experiment.table.labels[unsure.row])]
    first, second = names[unsure.first], names[unsure.second]
    told = f"Least sure: {experiment.noun} {unsure.row + 1}, of class {own}: "
    told += f"{first} {_p(unsure.p[unsure.first])}, {second} {_p(unsure.p[unsure.second])}. "
    return told + _pull(experiment, unsure, names, screen)


def _pull(experiment: Experiment, unsure: Unsure, names: list[str], screen: Screen) -> str:
    feature = screen.clean(experiment.table.features[unsure.feature])
    value = float(experiment.table.values[unsure.row, unsure.feature])
    mean = float(experiment.scale.mean[unsure.feature])
    change = unsure.p - unsure.p_without
    up, down = int(np.argmax(change)), int(np.argmin(change))
    if up == down:
        return f"Its {feature} pulled no way: with the mean instead, nothing would change."
    p_up, p_down = _p(unsure.p_without[up]), _p(unsure.p_without[down])
    return (
        f"Its {feature} pulled most: {number(value)}, where the mean is {number(mean)}. With the mean "
        f"instead, {names[up]} would have {p_up} and {names[down]} {p_down}: "
        f"{names[up]} rose, {names[down]} fell."
    )


def remarks(experiment: Experiment) -> Iterator[str]:
    """Yield remarks on a training: it overshot, no best weights exist, it has not converged."""
    if experiment.overshot is not None:
        yield _overshoot(experiment, experiment.overshot)
    if experiment.separation is not None:
        yield _no_optimum(experiment)
    if experiment.status == "stopped" and experiment.newton:
        yield "Newton's method has not arrived: give it more --steps"


def _overshoot(experiment: Experiment, shot: Overshoot) -> str:
    many = experiment.overshoots
    others = f", as did {many - 1} more of the steps" if many > 1 else ""
    rose = ", and the loss rose" if shot.after > shot.before else ""
    return (
        f"step {shot.number} overshot{others}: the derivative promised to change the loss by "
        f"{number(shot.promised)} (-rate |gradient|²), but it went from {number(shot.before)} to "
        f"{number(shot.after)}{rose}. On the way the slope turned from {number(shot.slope)} to "
        f"{number(shot.turned, signed=True)}: the step went past the lowest point of its line, which a rate "
        f"of about {number(shot.lowest, digits=2)} would have reached{_safe(experiment)}"
    )


def _safe(experiment: Experiment) -> str:
    if experiment.problem.network.hidden:
        return ""
    below = math.floor(safe_rate(experiment.problem) * 100) / 100
    return f"; a rate of {number(below)} or less never overshoots here" if below else ""


def _no_optimum(experiment: Experiment) -> str:
    assert experiment.separation is not None
    told = _apart(experiment.table.classes, experiment.separation.apart)
    what = f"a plane in the space of the features separates {told or 'some rows'}"
    return (
        f"no best weights exist: {what} without a mistake, so that longer weights always fit better "
        "(a separating direction was found and verified in exact arithmetic); --l2 0.01 has a best"
    )


def _apart(classes: tuple[str, ...], pairs: tuple[tuple[int, int], ...]) -> str:
    """Say which classes are separated, and from which others."""
    k = len(classes)
    if len(pairs) == k * (k - 1) // 2:
        return "every class from every other" if k > 2 else f"{classes[0]} from {classes[1]}"
    alone = [c for c in range(k) if sum(c in pair for pair in pairs) == k - 1]
    words = [f"{classes[c]} from all others" for c in alone]
    words += [f"{classes[a]} from {classes[b]}" for a, b in pairs if a not in alone and b not in alone]
    if len(words) > _NAMED:
        words[_NAMED:] = [f"{len(words) - _NAMED} more"]
    return listed(words) if words else ""


def _heading(experiment: Experiment, screen: Screen) -> Iterator[Line]:
    network, plan, table = experiment.problem.network, experiment.plan, experiment.table
    layer = f" -> {network.hidden} {network.activation}" if network.hidden else ""
    kind = "a network with one hidden layer" if network.hidden else "softmax regression"
    yield from title(f"{kind}: {counted(network.d, 'feature')}{layer} -> {network.k} classes", 1, screen)
    if experiment.about:
        yield from paragraph(f"{experiment.about}.", screen)
    how = "Newton's method" if experiment.newton else f"gradient descent, rate {number(plan.rate)}"
    rows = f"{plan.batch} rows a step" if plan.batch else f"all {len(table)} rows"
    extras = [f"momentum {number(plan.momentum)}"] * bool(plan.momentum) + [f"l2 {number(plan.l2)}"] * bool(
        plan.l2
    )
    yield from paragraph(", ".join([how, rows, *extras, "features standardised."]), screen)
    yield ""


def _is_told(number: int) -> bool:
    digits = str(number).rstrip("0")
    return number == 0 or digits in {str(first) for first in _TOLD}


def _cells(step: TrainingStep, watch: int | None) -> list[str]:
    cells = [str(step.number), number(step.state.loss), number(step.state.grad_norm), f"{step.accuracy:.1%}"]
    return cells if watch is None else cells + [_p(p) for p in step.probabilities(watch - 1)]


def _line(cells: list[str]) -> str:
    widths = (*_WIDTHS, *[14] * len(cells))
    return "".join(right(cell, width) for cell, width in zip(cells, widths, strict=False))


def _p(p: float) -> str:
    return number(float(p), near_one=True)
