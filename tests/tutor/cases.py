"""The derivations that the tests go through."""

from collections.abc import Iterator

from softmax_cli.tutor.derivation import Derivation
from softmax_cli.tutor.derive import derive, routes
from softmax_cli.tutor.functions import NARRATIVES

ROUTES = [(function, route) for function in NARRATIVES for route in routes(function)]


def derivations(
    k: int, *, temperature: bool, pairs: list[tuple[int, int]] | None = None
) -> Iterator[Derivation]:
    """Yield the derivations of every function by every route, for all pairs of k classes or for some."""
    for function, route in ROUTES:
        for i, j in pairs or [(i, j) for i in range(k) for j in range(k)]:
            yield derive(function, k, i, j, temperature=temperature, route=route)
