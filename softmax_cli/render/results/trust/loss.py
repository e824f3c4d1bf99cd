"""`loss`: the scores of an input, each with what it says; or the loss of every row."""

import math
from collections.abc import Iterable, Iterator
from typing import Any

from softmax_cli.core.loss import Loss
from softmax_cli.io.table.results.result import PerRow
from softmax_cli.render.layout.console import Line, Screen
from softmax_cli.render.layout.kept import Kept
from softmax_cli.render.layout.numbers import number
from softmax_cli.render.layout.rows import paragraph, title
from softmax_cli.render.layout.table import Column, table


def loss(found: Loss, k: int, what: str, screen: Screen) -> None:
    """Draw the scores of an input.

    Parameters
    ----------
    found
        The scores.
    k
        The number of classes.
    what
        What nll is, where it is not the plain mean.
    screen
        Where.
    """
    screen.show(_lines(found, k, what, screen))


def _lines(found: Loss, k: int, what: str, screen: Screen) -> Iterator[Line]:
    rows = f"{found.rows:,} row" + ("s" if found.rows != 1 else "")
    yield from title(f"cross-entropy of {rows}", found.temperature, screen)
    if what:
        yield from paragraph(f"({what})", screen)
        yield ""
    error = "" if found.nll_se is None else number(found.nll_se, digits=2)
    names = ["loss, in nats", "in bits", "perplexity", "Brier score", "accuracy"]
    values = [number(x) for x in (found.nll, found.bits, found.perplexity, found.brier)]
    values.append(_share(found.accuracy))
    errors = [error, "", "", "", ""]
    for n, share in sorted(found.top.items()):
        if n == 1:
            continue
        names.append(f"among the top {n}")
        values.append(_share(share))
        errors.append("")
    columns = [Column("", names, "left"), Column("", values)]
    if error:
        columns.append(Column("", [f"± {text}" if text else "" for text in errors], "left"))
    yield from table(columns, screen)
    yield ""
    yield from paragraph(_explanation(found, k), screen)
    if found.accuracy_tied != found.accuracy:
        yield from paragraph(
            f"With ties: in {_share(found.accuracy_tied)} of the rows the true class is among the largest.",
            screen,
        )


def _explanation(found: Loss, k: int) -> str:
    if math.isinf(found.perplexity):
        return "An infinite loss: a class came true that the model had ruled out."
    guess = number(math.log(k))
    return (
        f"The loss of a row is -log p of its true class, averaged: 0 is sure and right, {guess} = log {k} is "
        f"what equal probabilities cost. Perplexity {number(found.perplexity)}: as unsure as a fair choice "
        f"among so many. Brier: the squared distance of p from what came true, 0 to 2."
    )


def _share(x: float) -> str:
    """Write a share in percent, never as 100 % what is less."""
    text = f"{100 * x:.2f}"
    return f"{text} %" if text != "100.00" or x == 1 else "> 99.99 %"


def row_losses(results: Iterable[Any], screen: Screen) -> None:
    """Draw the loss of each row beside its kept columns, as they come."""
    screen.show(_rows(results, screen))


def _rows(results: Iterable[PerRow], screen: Screen) -> Iterator[Line]:
    kept = None
    for result in results:
        if kept is None or kept.outgrown(result.batch, screen):
            kept = Kept.fit(result.batch, screen, screen.width - 14)
            yield ((f"{kept.head()}{'nll':>12}", "head"),)
        for i, value in enumerate(result.values.tolist()):
            yield f"{kept.line(result.batch, i, screen)}{number(value):>12}"
