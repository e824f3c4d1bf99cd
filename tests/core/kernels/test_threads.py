"""Large results are computed in parts, at once; nobody can tell."""

import threading

import numpy as np
import pytest

from softmax_cli.core import softmax
from softmax_cli.core.kernels import threads
from softmax_cli.errors import LogitsError


@pytest.fixture
def three_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    """Share even small results out among three threads."""
    monkeypatch.setattr(threads, "cores", lambda: 3)
    monkeypatch.setattr(threads, "WORTH_IT", 1)


@pytest.mark.usefixtures("three_cores")
@pytest.mark.parametrize("shape", [(1, 4), (2, 4), (7, 3), (1000, 5), (100, 200), (0, 3)])
@pytest.mark.parametrize("temperature", [1.0, 0.3])
def test_parts_give_the_same_bits(
    shape: tuple[int, int], temperature: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Probabilities and Jacobians are the same to the bit, in parts and in one."""
    z = np.random.default_rng(0).normal(size=shape) * 300
    p, j = softmax.softmax(z, temperature=temperature), softmax.jacobian(z, temperature=temperature)
    monkeypatch.setattr(threads, "cores", lambda: 1)
    np.testing.assert_array_equal(p, softmax.softmax(z, temperature=temperature))
    np.testing.assert_array_equal(j, softmax.jacobian(z, temperature=temperature))


@pytest.mark.usefixtures("three_cores")
def test_the_first_error_is_raised() -> None:
    """Where several parts meet a bad row, the first row is named."""
    z = np.zeros((90, 3))
    z[[40, 41, 80], 1] = np.nan
    with pytest.raises(LogitsError) as caught:
        softmax.softmax(z)
    assert (caught.value.index, caught.value.position) == ((40,), 1)


@pytest.mark.usefixtures("three_cores")
def test_a_thread_of_the_callers_is_left_alone() -> None:
    """In a thread that is not the main one nothing is shared out again."""
    seen: list[tuple[int, int]] = []
    thread = threading.Thread(target=threads.in_parts, args=(lambda a, b: seen.append((a, b)), 9, 9))
    thread.start()
    thread.join()
    assert seen == [(0, 9)]
    threads.in_parts(lambda a, b: seen.append((a, b)), 9, 9)
    assert sorted(seen[1:]) == [(0, 3), (3, 6), (6, 9)]
