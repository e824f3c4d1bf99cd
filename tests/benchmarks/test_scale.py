"""The benchmark of large files runs."""

import pytest

from tests.benchmarks import scale


@pytest.mark.parametrize(
    ("race", "title"), [("22 MB", "CSV to CSV, 22 MB"), ("jsonl 42 MB", "JSON lines to JSON lines, 42 MB")]
)
def test_scale_runs(
    race: str, title: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On very small files a race against one peer ends, and prints its ratios."""
    monkeypatch.setattr(scale, "TEXT_PEERS", ("polars",))
    scale.main(["--tiny", "--only", race])
    printed = capsys.readouterr().out
    assert title in printed
    assert "softmax" in printed
