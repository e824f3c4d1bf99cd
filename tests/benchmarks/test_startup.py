"""The benchmark of the start-up stays alive."""

import pytest

from tests.benchmarks import startup


def test_the_benchmark_runs(capsys: pytest.CaptureFixture[str]) -> None:
    """It prints a ratio for each command; no time is asserted."""
    startup.main(["--tiny"])
    printed = capsys.readouterr().out
    assert printed.count(f"x {startup.IMPORT_NUMPY}") == 3
    assert printed.count(f"x {startup.IMPORT_TYPER}") == 2
