"""`loss`: the scores of an input, each with what it says; or the loss of every row."""

import math
from collections.abc import Iterable, Iterator
from typing import Any

from softmax_cli.core.loss import Loss
from softmax_cli.render.layout.console import Line, Screen
from softmax_cli.render.layout.kept import Kept
from softmax_cli.render.layout.numbers import number, percent
from softmax_cli.render.layout.rows import paragraph, row_count, title
from softmax_cli.render.layout.table import Column, table


def loss(found: Loss, k: int, what: str, screen: Screen) -> Iterator[Line]:
    """Yield the scores of an input of k classes; `what` nll is, where it is not the plain mean."""
    yield from title(f"cross-entropy of {row_count(found.rows)}", found.temperature, screen)
    if what:
        yield from paragraph(f"({what})", screen)
        yield ""
    scores = {
        "loss, in nats": number(found.nll),
        "in bits": number(found.bits),
        "perplexity": number(found.perplexity),
        "Brier score": number(found.brier),
        "accuracy": percent(found.accuracy, 2),
        **{f"among the top {n}": percent(share, 2) for n, share in sorted(found.top.items()) if n > 1},
    }
    columns = [Column("", [*scores], "left"), Column("", [*scores.values()])]
    if found.nll_se is not None:
        error = f"± {number(found.nll_se, digits=2)}"
        columns.append(Column("", [error, *[""] * (len(scores) - 1)], "left"))
    yield from table(columns, screen)
    yield ""
    yield from paragraph(_explanation(found, k), screen)
    if found.accuracy_tied != found.accuracy:
        tied = percent(found.accuracy_tied, 2)
        yield from paragraph(f"With ties: in {tied} of the rows the true class is among the largest.", screen)


def _explanation(found: Loss, k: int) -> str:
    if math.isinf(found.perplexity):
        return "An infinite loss: a class came true that the model had ruled out."
    guess = number(math.log(k))
    return (
        f"The loss of a row is -log p of its true class, averaged: 0 is sure and right, {guess} = log {k} is "
        f"what equal probabilities cost. Perplexity {number(found.perplexity)}: as unsure as a fair choice "
        f"among so many. Brier: the squared distance of p from what came true, 0 to 2."
    )


def row_losses(results: Iterable[Any], screen: Screen) -> Iterator[Line]:
    """Yield the loss of each row beside its kept columns, as they come."""
    kept = None
    for result in results:
        if kept is None or kept.outgrown(result.batch, screen):
            kept = Kept.fit(result.batch, screen, screen.width - 14)
            yield ((f"{kept.head()}{'nll':>12}", "head"),)
        for i, value in enumerate(result.values.tolist()):
            yield f"{kept.line(result.batch, i, screen)}{number(value):>12}"
