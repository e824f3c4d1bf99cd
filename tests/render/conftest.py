"""Results to draw, and screens to draw them on."""

import io
from collections.abc import Iterable, Mapping, Sequence
from types import SimpleNamespace

import numpy as np
import pytest

from softmax_cli.core import log_softmax, softmax
from softmax_cli.io.table.batch import Array, Batch, Column
from softmax_cli.io.table.results import long_tables
from softmax_cli.io.table.results.result import Matrices, PerClass
from softmax_cli.render.layout.console import Screen
from softmax_cli.render.results.compare import compare
from softmax_cli.render.results.jacobian import jacobians
from softmax_cli.render.results.probabilities import probabilities
from softmax_cli.render.results.slopes import per_class
from softmax_cli.render.results.steps import steps
from softmax_cli.render.results.top import top
from tests.render.on_screen import Draw


def batch_of(
    logits: Sequence[Sequence[float]] | Array,
    classes: Sequence[str] | None = None,
    kept: Mapping[str, Column] | None = None,
    *,
    first_row: int = 1,
    from_arguments: bool = False,
) -> Batch:
    """Return logits as a reader would."""
    values = np.asarray(logits, dtype=float)
    names = tuple(classes or map(str, range(1, values.shape[1] + 1)))
    return Batch(values, names, classes is not None, dict(kept or {}), first_row, from_arguments)


def show(
    what: str, batches: Iterable[Batch], screen: Screen, *, temperature: float = 1.0, n: int = 3
) -> None:
    """Draw what the command of that name would, of these batches."""
    if what == "jacobian":
        drawn = jacobians((matrices(batch, temperature) for batch in batches), screen)
    elif what in {"gradient", "jvp", "vjp"}:
        slopes = (
            PerClass(batch, "softmax", temperature, what, matrices(batch, temperature).values[:, 0])
            for batch in batches
        )
        drawn = per_class(slopes, screen)
    elif what == "top":
        drawn = top((long_tables.top(vector(batch, temperature), n) for batch in batches), screen)
    elif what == "steps":
        drawn = steps((long_tables.steps(batch, temperature) for batch in batches), screen)
    elif what == "compare":
        drawn = compare((long_tables.compare(batch, temperature) for batch in batches), screen)
    else:
        drawn = probabilities((vector(batch, temperature, log=what == "log") for batch in batches), screen)
    screen.show(drawn)


def vector(batch: Batch, temperature: float = 1.0, *, log: bool = False) -> PerClass:
    """Return the probabilities, or their logarithms."""
    function = log_softmax.log_softmax if log else softmax.softmax
    key = "log_probabilities" if log else "probabilities"
    return PerClass(batch, "softmax", temperature, key, function(batch.values, temperature=temperature))


def matrices(batch: Batch, temperature: float = 1.0) -> Matrices:
    """Return the Jacobians."""
    return Matrices(
        batch, "softmax", temperature, "jacobian", softmax.jacobian(batch.values, temperature=temperature)
    )


@pytest.fixture(scope="session")
def draw() -> Draw:
    """Return a function that draws one batch of logits and gives the lines that came out."""

    def lines(
        what: str,
        logits: Sequence[Sequence[float]] | Array,
        classes: Sequence[str] | None = None,
        kept: Mapping[str, Column] | None = None,
        *,
        width: int = 80,
        unicode: bool = True,
        temperature: float = 1.0,
        n: int = 3,
    ) -> list[str]:
        stream = io.BytesIO()
        encoding = "utf-8" if unicode else "ascii"
        screen = Screen(stream, width=width, unicode=unicode, encoding=encoding)
        alone = len(logits) == 1 and not kept
        batch = batch_of(logits, classes, kept, from_arguments=alone)
        show(what, [batch], screen, temperature=temperature, n=n)
        return stream.getvalue().decode(encoding).split("\n")[:-1]

    return lines


@pytest.fixture(scope="session")
def make() -> SimpleNamespace:
    """Return what makes batches and results, and draws them."""
    return SimpleNamespace(batch=batch_of, vector=vector, matrices=matrices, show=show)
