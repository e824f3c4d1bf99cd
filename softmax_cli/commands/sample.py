"""``softmax sample``: classes drawn at random, the same on every machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from softmax_cli.commands.command_line import values as val
from softmax_cli.commands.command_line.filtering import Filters
from softmax_cli.commands.command_line.groups import LocalDelivery, Reading
from softmax_cli.commands.running.pipeline import run
from softmax_cli.errors import InputError

if TYPE_CHECKING:
    from softmax_cli.commands.command_line import options as opt
    from softmax_cli.core.sampling.filters import Filtering
    from softmax_cli.io.table.batch import Batch
    from softmax_cli.io.table.results.drawn import Drawn
    from softmax_cli.render.layout.console import Line, Screen

EPILOG = """\b
Examples:
  softmax sample setosa=1.43 versicolor=-0.4 virginica=0.23 -n 5 --seed 1
  softmax sample logits.csv -n 1000 --seed 1 --count
  softmax sample the=3 a=2 an=1 -T 0.5 --top-p 0.8 -n 10
"""


def sample(
    logits: opt.Logits = None,
    temperature: opt.Temperature = 1.0,
    number: Annotated[int, opt.whole("--number -n", "N", "How many classes to draw for each row.")] = 1,
    seed: Annotated[
        int | None,
        opt.value("--seed", "S", "A whole number: the same draws again (default: others).", read=_seed),
    ] = None,
    count: Annotated[bool, opt.flag("--count", "How often each class was drawn.")] = False,
    *,
    filters: Filters = Filters(),
    reading: Reading = Reading(),
    delivery: LocalDelivery = LocalDelivery(),
) -> None:
    """Draw classes at random.

    Class i comes with probability p_i = exp(z_i / T) / sum_j exp(z_j / T), after any filters:
    one class a line, or with --count how often each came.
    """
    logits = val.need_logits(logits, "softmax sample 1.43 -0.4 0.23 -n 10")
    if filters.chain == "both":
        raise InputError("draws need one order", where="--chain", hint="transformers or llama.cpp")
    draw = _Sample(temperature, number, seed, count, filters.read(temperature))
    run(logits, reading.options(), delivery, draw.results, draw.show)


def _seed(text: str, option: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):
        raise InputError(f"{text!r} is not a whole number from 0", where=option)
    return int(text)


@dataclass(frozen=True, slots=True)
class _Sample:
    """The number of draws for each row, and the distribution to draw from."""

    temperature: float
    number: int
    seed: int | None
    count: bool
    filterings: Sequence[Filtering]

    def results(self, batches: Iterable[Batch]) -> Iterator[Drawn]:
        """Yield the draws for each row, in order, from one stream of random numbers."""
        import secrets

        from softmax_cli.core.sampling.draws import DRAWN_AT_ONCE, Draws
        from softmax_cli.core.softmax import softmax
        from softmax_cli.io.table.results.drawn import Drawn

        draws = Draws(secrets.randbits(60) if self.seed is None else self.seed)
        for batch in batches:
            for rows in batch.split(max(1, DRAWN_AT_ONCE // max(self.number, batch.k))):
                p = (
                    softmax(rows.values, temperature=self.temperature)
                    if not self.filterings
                    else self.filterings[0].probabilities(rows.values)
                )
                if self.count:
                    yield Drawn(rows, "softmax", self.temperature, "counts", draws.counts(p, self.number))
                    continue
                for start in range(0, self.number, DRAWN_AT_ONCE):
                    drawn = draws.classes(p, min(DRAWN_AT_ONCE, self.number - start))
                    yield Drawn(rows, "softmax", self.temperature, "draws", drawn)

    def show(self, results: Iterable[Any], screen: Screen) -> Iterator[Line]:
        """Return the lines that a person sees."""
        from softmax_cli.render.results.sampling.drawn import drawn

        return drawn(results, screen)
