"""`--top N`: the largest of each row."""

from collections.abc import Iterable, Iterator
from itertools import chain

from softmax_cli.core.log_softmax import log_softmax
from softmax_cli.core.softmax import softmax
from softmax_cli.io.table.results.result import Long, PerClass
from softmax_cli.render.layout.console import Line, Screen
from softmax_cli.render.layout.grid import LOG, grid, slots
from softmax_cli.render.layout.numbers import floats
from softmax_cli.render.layout.rows import drawn, every_row, largest, row_heading, title
from softmax_cli.render.results.probabilities import left_out, vector_table


def top(results: Iterable[Long], screen: Screen) -> Iterator[Line]:
    """Yield the largest probabilities (or log-probabilities) of each row, as `long_tables.top` chose them."""
    return drawn(results, screen, lambda result, on: _blocks([result], on), _rows)


def _whole(result: Long) -> PerClass:
    """Return the numbers of every class again, for the sum of the others."""
    log = result.columns == ("log_probability",)
    values = (log_softmax if log else softmax)(result.batch.values, temperature=result.temperature)
    key = LOG if log else "probabilities"
    return PerClass(result.batch, result.function, result.temperature, key, values)


def _title(result: PerClass, n: int) -> str:
    log = result.key == LOG
    what = f"{'log-' if log else ''}probabilit{'y' if n == 1 else 'ies'}{', in nats' if log else ''}"
    return f"the largest softmax {what}" if n == 1 else f"the {n} largest softmax {what}"


def _rows(results: Iterable[Long], screen: Screen) -> Iterator[Line]:
    """Yield a line for each row if all N fit side by side, else a table for each row."""
    rest = iter(results)
    first = next(rest)
    n = first.values.shape[1]
    every = chain([first], rest)
    if slots(_whole(first), screen, n) < n:
        return _blocks(every, screen)
    return grid(map(_whole, every), screen, lambda result: _title(result, n), top=n)


def _blocks(results: Iterable[Long], screen: Screen) -> Iterator[Line]:
    for result, i, first in every_row(results):
        n = result.values.shape[1]
        if i == 0:
            whole = _whole(result)
        if first:
            yield from title(_title(whole, n), result.temperature, screen)
        else:
            yield ""
        yield from row_heading(result.batch, i, screen)
        shown = largest(floats(whole.values[i]), n)
        yield from vector_table(whole, shown, screen, i)
        if n < result.batch.k:
            shares = softmax(result.batch.values[i : i + 1], temperature=result.temperature)[0]
            yield from left_out(floats(shares), shown, screen)
