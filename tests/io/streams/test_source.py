"""Files that cannot be opened, and what may have been meant."""

from pathlib import Path

import pytest

from softmax_cli.io.streams.source import near_file


@pytest.mark.parametrize(
    ("written", "meant"), [("logit.csv", "logits.csv"), ("Logits.csv", "logits.csv"), ("labels.npy", None)]
)
def test_the_nearest_name_of_the_folder_is_suggested(tmp_path: Path, written: str, meant: str | None) -> None:
    """Of the files beside it; a name that is like none, and a folder that is not there, suggest nothing."""
    for name in ("logits.csv", "other.parquet"):
        (tmp_path / name).touch()
    (tmp_path / "labels.npz").mkdir()
    suggested = near_file(str(tmp_path / written))
    assert suggested == (f"did you mean {str(tmp_path / meant)!r}?" if meant else None)
    assert near_file(str(tmp_path / "missing" / written)) is None
