"""The benchmark of the core stays alive."""

import pytest

from tests.benchmarks import core


def test_the_benchmark_runs(capsys: pytest.CaptureFixture[str]) -> None:
    """On tiny sizes it prints a ratio to each rival; no time is asserted."""
    core.main(["--tiny"])
    printed = capsys.readouterr().out
    assert printed.count("x scipy.special.softmax") == len(core.SOFTMAX) * len(core.SCALES)
    assert printed.count("x einsum") == len(core.JACOBIAN)
