"""Filters of language models, for ``probs`` and ``sample``: their options."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NamedTuple

from softmax_cli.commands.command_line import values as val
from softmax_cli.errors import InputError

if TYPE_CHECKING:
    from softmax_cli.commands.command_line import options as opt
    from softmax_cli.core.sampling.filters import FilterChain, Filtering

_NAMED = ("transformers", "llama.cpp", "both")
_FILTERS = ("temperature", "top-k", "top-p", "min-p")


class Filters(NamedTuple):
    """The group of options that cut a distribution as language models do."""

    top_k: Annotated[int | None, opt.whole("--top-k", "N", "Keep the N most probable classes.")] = None
    top_p: Annotated[
        float | None,
        opt.value("--top-p", "P", "Keep the most probable classes that come to P together.", read=_share),
    ] = None
    min_p: Annotated[
        float | None,
        opt.value("--min-p", "P", "Keep classes of at least P times the largest probability.", read=_share),
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

    def read(self, temperature: float, **views: object) -> tuple[Filtering, ...]:
        """Return the filtering, two for ``--chain both``, none without a filter.

        Filters are refused beside one of the `views` of softmax itself.
        """
        if not val.given(**self._asdict()):
            return ()
        shown = val.given(**views)
        if shown:
            raise InputError(
                f"{shown[0]} shows softmax itself, without a filter",
                hint="leave --top-k, --top-p, --min-p and --chain out",
            )
        from softmax_cli.core.sampling.filters import Filtering

        chains = _chains(self.chain)
        return tuple(Filtering(chain, temperature, self.top_k, self.top_p, self.min_p) for chain in chains)


def _chains(text: str | None) -> list[FilterChain]:
    """Return the orders of filters that ``--chain`` names, or the one that it lists."""
    from softmax_cli.core.sampling.filters import CHAINS, chain_of

    if text == "both":
        return list(CHAINS.values())
    if text is None or text in CHAINS:
        return [CHAINS[text or "transformers"]]
    names = [name.strip() for name in text.split(",")]
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
    return [chain_of(names)]


def _share(text: str, option: str) -> float:
    try:
        number = val.positive(text, option)
    except InputError:
        number = 0.0
    if not 0.0 < number <= 1.0:
        raise InputError(
            f"{text!r} is not a share above 0 and at most 1", where=option, hint=f"{option} 0.9, for example"
        )
    return number
