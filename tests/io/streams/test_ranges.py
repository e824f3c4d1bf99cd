"""The versions of files, by which a change between two readings is noticed."""

from pathlib import Path

import pytest

from softmax_cli.io import parts
from softmax_cli.io.options import ReadOptions
from softmax_cli.io.streams.ranges import version_of


def test_a_file_that_is_called_like_the_web(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file whose name begins with http has a version, and is read in parts if it is large."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(parts, "PART", 1)
    Path("http.csv").write_text("1,2\n")
    assert version_of("http.csv").startswith("4 ")
    assert parts.splittable("http.csv", ReadOptions()) is not None


@pytest.mark.parametrize("scheme", ["http", "https", "HTTPS"])
def test_the_web(scheme: str) -> None:
    """What is on the web has no version, and is not read in parts; nobody is asked for it."""
    address = f"{scheme}://localhost:1/x.csv"
    assert version_of(address) == ""
    assert parts.splittable(address, ReadOptions()) is None
