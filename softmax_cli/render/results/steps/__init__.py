"""`--steps`: how softmax is computed, explained to someone who meets it for the first time.

`rows` has the numbers of one vector as tables, `words` the sentences about them. Both use the names e^z, S
and p in the order of `derive`, which goes on from here.
"""

from collections.abc import Iterable, Iterator

from softmax_cli.io.table.results.result import Long
from softmax_cli.render.layout.blocks import Block, Paragraph, lines
from softmax_cli.render.layout.console import Line, Screen
from softmax_cli.render.layout.rows import drawn, every_row
from softmax_cli.render.results.steps.rows import RowSteps
from softmax_cli.render.results.steps.words import Worked, explanation, remarks


def steps(results: Iterable[Long], screen: Screen) -> Iterator[Line]:
    """Yield the steps of softmax as `long_tables.steps` has them: sentences once, numbers for each row."""
    return drawn(results, screen, lambda result, on: _lines([result], on, one=True), _lines)


def blocks(results: Iterable[Long], screen: Screen) -> Iterator[Block]:
    """Yield the explanation: of one row with its numbers in the sentences, of several rows once for all."""
    rest = iter(results)
    first = next(rest)
    second = next(rest, None) if len(first.batch) == 1 else None
    if len(first.batch) == 1 and second is None:
        yield from _one(RowSteps(first, 0, screen))
        return
    yield from explanation(first.temperature, None)
    for result, i, _ in every_row((first, *([second] if second else []), *rest)):
        yield from RowSteps(result, i, screen).tables()


def _lines(results: Iterable[Long], screen: Screen, *, one: bool = False) -> Iterator[Line]:
    for result, i, first in every_row(results):
        row = RowSteps(result, i, screen)
        if one:
            yield from lines(_one(row), screen)
        else:
            if first:
                yield from lines(explanation(result.temperature, None), screen)
            yield ""
            yield from lines(row.tables(), screen)
        yield from row.labels.key(row.shown)


def _one(row: RowSteps) -> Iterator[Block]:
    worked = Worked(row)
    first, second = row.plain_table(), row.shifted_table()
    yield from explanation(row.temperature, worked, first, second)
    yield from map(Paragraph, remarks(row.numbers))
