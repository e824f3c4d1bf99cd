"""Filters against their rules, written down again and tried by brute force."""

import math

import numpy as np
import pytest

from softmax_cli.core.sampling.filters import CHAINS, Filtering, chain_of


def shares(logits: dict[int, float]) -> dict[int, float]:
    """Return the softmax of what is left."""
    top = max(logits.values())
    total = math.fsum(math.exp(z - top) for z in logits.values())
    return {i: math.exp(z - top) / total for i, z in logits.items()}


def kept(z: list[float], program: str, t: float, k: int | None, p: float | None, m: float | None) -> set[int]:
    """Return the classes that a program keeps, by the rules that it documents, one class after the other."""
    left = dict(enumerate(z))
    first = program == "llama.cpp"
    for name in CHAINS[program].order:
        probabilities = shares(left)
        falling = sorted(left, key=lambda i: (-probabilities[i], i if first else -i))
        if name == "temperature":
            left = {i: value / t for i, value in left.items()}
        elif name == "top-k" and k is not None:
            threshold = probabilities[falling[min(k, len(falling)) - 1]]
            chosen = falling[:k] if first else [i for i in falling if probabilities[i] >= threshold]
            left = {i: left[i] for i in chosen}
        elif name == "top-p" and p is not None:
            chosen, total = [], 0.0
            for i in falling:
                chosen.append(i)
                total += probabilities[i]
                if total >= p:
                    break
            left = {i: left[i] for i in chosen}
        elif name == "min-p" and m is not None:
            left = {i: left[i] for i in left if probabilities[i] >= m * max(probabilities.values())}
    return set(left)


@pytest.mark.parametrize("program", CHAINS)
def test_kept_sets_of_a_thousand_vectors(program: str) -> None:
    """Every kept set is the one of the program's rules, ties included."""
    rng = np.random.default_rng(7)
    for trial in range(1000):
        size = int(rng.integers(1, 12))
        z = np.round(rng.normal(size=size) * 2, 0 if trial % 2 else 6)
        t = float(rng.choice([0.5, 0.7, 1.0, 2.0]))
        k = int(rng.integers(1, 8)) if rng.random() < 0.6 else None
        p = float(rng.random() * 0.98 + 0.01) if rng.random() < 0.6 else None
        m = float(rng.random() * 0.5 + 0.01) if rng.random() < 0.6 else None
        found = Filtering(CHAINS[program], t, k, p, m).probabilities(z[None])[0]
        assert set(np.flatnonzero(found)) == kept(z.tolist(), program, t, k, p, m), (z, t, k, p, m)
        assert found.sum() == pytest.approx(1.0)


def test_min_p_keeps_what_is_just_as_large() -> None:
    """With min-p 1 the largest are left, all of them."""
    z = np.array([[math.log(4.0), 0.0, math.log(4.0)]])
    found = Filtering(CHAINS["llama.cpp"], 1.0, None, None, 1.0).probabilities(z)
    assert found.tolist() == [[0.5, 0.0, 0.5]]


@pytest.mark.parametrize("program", CHAINS)
def test_each_row_of_many_is_filtered_by_itself(program: str) -> None:
    """As if it stood alone."""
    filtering = Filtering(CHAINS[program], 0.7, 3, 0.8, 0.1)
    z = np.random.default_rng(3).normal(size=(4, 6)) * [[1.0], [3.0], [0.2], [5.0]]
    alone = np.concatenate([filtering.probabilities(row[None]) for row in z])
    np.testing.assert_array_equal(filtering.probabilities(z), alone)


def test_equals_at_the_kth_place() -> None:
    """Transformers keeps all that equal the k-th; llama.cpp the first of them, so that k are kept."""
    z = np.array([[1.0, 0.0, 0.0, 0.0]])
    counts = {
        name: np.count_nonzero(Filtering(chain, top_k=2).probabilities(z)) for name, chain in CHAINS.items()
    }
    assert counts == {"transformers": 4, "llama.cpp": 2}


def test_the_class_that_crosses_p_is_kept() -> None:
    """0.6652 alone is below 0.8: the next class is needed to come to it."""
    found = Filtering(CHAINS["llama.cpp"], top_p=0.8).probabilities(np.array([[3.0, 2.0, 1.0]]))
    assert np.count_nonzero(found) == 2


def test_an_order_of_one_s_own() -> None:
    """Filters that a chain does not name come after those that it does."""
    assert chain_of(["top-p", "temperature"]).order == ("top-p", "temperature", "top-k", "min-p")


def test_a_masked_class_stays_masked() -> None:
    """-inf has probability 0 whatever the filters let through."""
    found = Filtering(CHAINS["transformers"], top_k=3, top_p=1.0).probabilities(
        np.array([[0.0, -np.inf, 1.0]])
    )
    assert found[0, 1] == 0.0
