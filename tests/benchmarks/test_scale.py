"""The benchmark of large files runs."""

import pytest

from tests.benchmarks import scale


def test_scale_runs(capsys: pytest.CaptureFixture[str]) -> None:
    """On very small files every race ends, and prints its ratios."""
    scale.main(["--tiny", "--only", "22 MB"])
    printed = capsys.readouterr().out
    assert "CSV to CSV, 22 MB" in printed
    assert "softmax" in printed
