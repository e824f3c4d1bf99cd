"""Sums that do not depend on where rows are cut."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from softmax_cli.core import gathered
from softmax_cli.core.calibration.calibrate import METHODS, fit, parameters
from softmax_cli.core.calibration.source import Here
from softmax_cli.core.gathered import joined, slices
from softmax_cli.core.kernels import threads
from softmax_cli.core.labelled import Labelled, labelled
from softmax_cli.core.reliability import pairs
from softmax_cli.core.reliability.reliability import Confidences, ReliabilityOptions


def rows(n: int = 3_000, k: int = 3) -> Labelled:
    """Draw logits with labels that follow their probabilities at T = 2, and weights."""
    rng = np.random.default_rng(5)
    z = 3.0 * rng.normal(size=(n, k))
    labels = np.argmax(z / 2.0 + rng.gumbel(size=z.shape), axis=1)
    return labelled(z, labels, rng.random(n) + 0.5)


def cut(whole: Labelled, *places: int) -> list[Labelled]:
    """Return rows in parts that end at these places."""
    bounds = [0, *places, len(whole)]
    return [whole.part(slice(start, stop)) for start, stop in itertools.pairwise(bounds)]


@pytest.mark.parametrize("method", METHODS)
def test_a_calibration(monkeypatch: pytest.MonkeyPatch, method: str) -> None:
    """A fit has the same bits however the rows are cut, and on one core or several."""
    monkeypatch.setattr(gathered, "SLICE", 600)
    monkeypatch.setattr(gathered, "SECTION", 3_000)
    monkeypatch.setattr(threads, "WORTH_IT", 300)

    def fitted(parts: list[Labelled], cores: int) -> str:
        monkeypatch.setattr(threads, "cores", lambda: cores)
        found = fit(Here(lambda: parts), method)
        return repr((found, parameters(found)))

    whole = rows()
    assert fitted([whole], 1) == fitted(cut(whole, 1, 199, 1_000, 1_001, 2_345), 3)


@pytest.mark.parametrize("exact", [10_000, 500])
def test_a_reliability(monkeypatch: pytest.MonkeyPatch, exact: int) -> None:
    """Reliability has the same bits however the rows are cut, pair by pair or counted in cells."""
    monkeypatch.setattr(gathered, "SLICE", 600)
    monkeypatch.setattr(gathered, "SECTION", 3_000)
    monkeypatch.setattr(pairs, "EXACT", exact)
    question = ReliabilityOptions(measures=("ece_15", "classwise_15"), resamples=5)
    whole = rows()
    found = [
        gathered.gathered(Confidences(question), parts).judged()
        for parts in ([whole], cut(whole, 7, 1_203, 1_204))
    ]
    assert found[0] == found[1]


def test_slices_keep_what_is_known_of_each_row() -> None:
    """Slices hold the rows in their order, with their numbers, where some are left out too."""
    whole = rows(100)
    some = whole.part(np.array([3, 4, 9, 50, 51]))
    again = joined(list(slices([*cut(whole, 30), some, replace(whole, first_row=101)])))
    assert len(again) == 205
    assert [again.number(i) for i in (0, 29, 30, 99, 100, 104, 105, 204)] == [1, 30, 31, 100, 4, 52, 101, 200]
