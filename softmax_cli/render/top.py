"""`--top N`: the largest of each row."""

from collections.abc import Iterable, Iterator

from softmax_cli.core.log_softmax import log_softmax
from softmax_cli.core.softmax import softmax
from softmax_cli.io.result import Long, PerClass
from softmax_cli.render.console import Line, Screen
from softmax_cli.render.grid import grid
from softmax_cli.render.numbers import floats
from softmax_cli.render.probabilities import left_out, vector_table
from softmax_cli.render.rows import draw, largest, row_heading, title, total


def top(results: Iterable[Long], screen: Screen) -> None:
    """Draw the largest probabilities (or log-probabilities) of each row, as `views.top` chose them.

    Parameters
    ----------
    results
        Batches of one computation, key ``top``; drawn as they come.
    screen
        Where.

    Raises
    ------
    OSError
        As the stream raises it.
    """
    draw(results, screen, _vector, _rows)


def _all(result: Long) -> PerClass:
    """Return the numbers of every class again, for what the others come to."""
    log = result.columns == ("log_probability",)
    values = (log_softmax if log else softmax)(result.batch.values, temperature=result.temperature)
    key = "log_probabilities" if log else "probabilities"
    return PerClass(result.batch, result.function, result.temperature, key, values)


def _title(result: PerClass, n: int) -> str:
    what = "log-probability" if result.key == "log_probabilities" else "probability"
    nats = ", in nats" if result.key == "log_probabilities" else ""
    many = what.replace("y", "ies") if n > 1 else what
    return f"the largest {many} of softmax{nats}" if n == 1 else f"the {n} largest softmax {many}{nats}"


def _vector(result: Long, screen: Screen) -> Iterator[Line]:
    n = result.values.shape[1]
    whole = _all(result)
    yield from title(_title(whole, n), result.temperature, screen)
    yield from row_heading(result.batch, 0, screen)
    shown = largest(floats(whole.values[0]), n)
    yield from vector_table(whole, shown, screen)
    hidden = set(range(result.batch.k)) - set(shown)
    if hidden:
        shares = floats(softmax(result.batch.values[:1], temperature=result.temperature)[0])
        yield ""
        yield from left_out(len(hidden), total(shares[i] for i in hidden), screen)


def _rows(results: Iterable[Long], screen: Screen) -> Iterator[Line]:
    n: int | None = None

    def wholes() -> Iterator[PerClass]:
        nonlocal n
        for result in results:
            n = result.values.shape[1]
            yield _all(result)

    pairs = wholes()
    first = next(pairs)
    assert n is not None

    def again() -> Iterator[PerClass]:
        yield first
        yield from pairs

    return grid(again(), screen, lambda result: _title(result, n), top=n)
