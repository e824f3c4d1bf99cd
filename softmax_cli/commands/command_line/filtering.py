"""Filters of language models, for ``probs`` and ``sample``: their options and results."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, NamedTuple

from softmax_cli.commands.command_line import values as val
from softmax_cli.errors import InputError

if TYPE_CHECKING:
    from softmax_cli.commands.command_line import options as opt
    from softmax_cli.core.sampling.filters import Filtering
    from softmax_cli.io.table.batch import Batch
    from softmax_cli.io.table.results.result import Long, PerClass
    from softmax_cli.render.layout.console import Line, Screen

_NAMED = ("transformers", "llama.cpp", "both")
_FILTERS = ("temperature", "top-k", "top-p", "min-p")


class Filters(NamedTuple):
    """The group of options that cut a distribution as language models do."""

    top_k: Annotated[str | None, opt.value("--top-k", "N", "Keep the N most probable classes.")] = None
    top_p: Annotated[
        str | None, opt.value("--top-p", "P", "Keep the most probable classes that come to P together.")
    ] = None
    min_p: Annotated[
        str | None, opt.value("--min-p", "P", "Keep classes of at least P times the largest probability.")
    ] = None
    chain: Annotated[
        str | None,
        opt.value(
            "--chain",
            "A,B,...",
            f"The order of {', '.join(_FILTERS)} (this is the default, transformers'), or "
            f"{', '.join(_NAMED)}.",
            opt.offered((*_NAMED, *_FILTERS), several=True),
        ),
    ] = None

    def cuts(self, temperature: float, **views: bool) -> Cuts | None:
        """Read the filters, None if there are none; refuse them with one of the `views` of softmax itself."""
        if self.top_k is None and self.top_p is None and self.min_p is None and self.chain is None:
            return None
        for view, is_asked in views.items():
            if is_asked:
                raise InputError(
                    f"--{view} shows softmax itself, without a filter",
                    hint="leave --top-k, --top-p, --min-p and --chain out",
                )
        _check_chain(self.chain)
        count = val.whole(self.top_k, "--top-k")
        top_p, min_p = _share(self.top_p, "--top-p"), _share(self.min_p, "--min-p")
        return Cuts(temperature, count, top_p, min_p, self.chain)


class Cuts(NamedTuple):
    """``--top-k``, ``--top-p``, ``--min-p`` and ``--chain`` as they were given, with the temperature."""

    temperature: float
    top_k: int | None
    top_p: float | None
    min_p: float | None
    chain: str | None

    def filterings(self) -> Sequence[Filtering]:
        """Return the filtering, or two for ``--chain both``."""
        from softmax_cli.core.sampling.filters import CHAINS, Filtering, chain_of

        if self.chain == "both":
            chains = list(CHAINS.values())
        elif self.chain is None or self.chain in CHAINS:
            chains = [CHAINS[self.chain or "transformers"]]
        else:
            chains = [chain_of([name.strip() for name in self.chain.split(",")])]
        return [Filtering(chain, self.temperature, self.top_k, self.top_p, self.min_p) for chain in chains]

    def results(self, batch: Batch, *, log: bool = False, steps: bool = False) -> Iterator[PerClass | Long]:
        """Yield what is left of a batch; for two chains, one result each, with its name in a kept column."""
        from softmax_cli.io.table.results.filtered import filtered, stages

        filterings = self.filterings()
        for filtering in filterings:
            name = filtering.chain.name if len(filterings) > 1 else None
            yield stages(batch, filtering, name) if steps else filtered(batch, filtering, name, log=log)

    def draw(self, results: Iterable[Long], screen: Screen) -> Iterator[Line]:
        """Return the lines that show what each filter cuts."""
        from softmax_cli.render.results.sampling.filters import stages

        return stages(results, screen)


def _check_chain(chain: str | None) -> None:
    if chain is None or chain in _NAMED:
        return
    names = [name.strip() for name in chain.split(",")]
    for name in names:
        if name not in _FILTERS:
            raise InputError(
                f"no filter is called {name!r}",
                where="--chain",
                hint=f"{', '.join(_FILTERS)} in any order, or one of {', '.join(_NAMED)}",
            )
    twin = next((name for name in names if names.count(name) > 1), None)
    if twin is not None:
        raise InputError(f"{twin} is there twice", where="--chain")


def _share(text: str | None, option: str) -> float | None:
    if text is None:
        return None
    try:
        number = val.positive(text, option)
    except InputError:
        number = 0.0
    if not 0.0 < number <= 1.0:
        raise InputError(
            f"{text!r} is not a share above 0 and at most 1", where=option, hint=f"{option} 0.9, for example"
        )
    return number
