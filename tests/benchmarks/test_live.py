"""The benchmark of the live pictures stays alive."""

import pytest

from tests.benchmarks import live
from tests.benchmarks.startup import IMPORT_NUMPY


def test_the_benchmark_runs(capsys: pytest.CaptureFixture[str]) -> None:
    """It prints a ratio for the process and for the frames; no time is asserted."""
    live.main(["--tiny"])
    printed = capsys.readouterr().out
    assert printed.count(f"x {IMPORT_NUMPY}") == 1
    assert printed.count("x 3 classes") == 1
