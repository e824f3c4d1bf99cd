"""The calibration file: written and read back, or refused with a hint."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from softmax_cli.core.calibration.calibrate import METHODS, calibrate
from softmax_cli.errors import InputError
from softmax_cli.io.calibration import file_document, read_calibration
from softmax_cli.io.cells.json_text import json_text
from softmax_cli.io.read import ReadOptions, read
from tests.core.calibration.test_calibrate import read as logits_of

CLASSES = ("setosa", "versicolor", "virginica")


FITTED = {name: calibrate(*logits_of("iris"), method=name) for name in METHODS}


def written(tmp_path: Path, fitted: str = "temperature", **changes: Any) -> str:
    """Write the calibration of iris, with some keys changed, and return the file's name."""
    found = FITTED[fitted]
    document = file_document(found, CLASSES) | changes
    file = tmp_path / "cal.json"
    file.write_text(json_text({key: value for key, value in document.items() if value != "missing"}))
    return str(file)


@pytest.mark.parametrize("method", METHODS)
def test_what_is_written_is_read_back(tmp_path: Path, method: str) -> None:
    """A calibration from a file gives the same probabilities to the bit."""
    z, _ = logits_of("iris")
    found = read_calibration(written(tmp_path, method))
    expected = FITTED[method].probabilities(z)
    np.testing.assert_array_equal(found.calibration.probabilities(z), expected)


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"version": 2}, "version 2 of the format"),
        ({"format": "other"}, "no calibration of softmax"),
        ({"temperature": -1.0}, "damaged"),
        ({"temperature": "abc"}, "damaged"),
        ({"temperature": True, "classes": "missing"}, "damaged"),
        ({"parameters": "missing"}, "damaged"),
        ({"method": "platt"}, "damaged"),
        ({"status": "zero", "temperature": None}, "nothing was fitted: its status is zero"),
    ],
)
def test_a_file_that_is_not_one(tmp_path: Path, changes: dict[str, Any], what: str) -> None:
    """Another file, a newer version and a damaged file have different errors."""
    with pytest.raises(InputError, match=what):
        read_calibration(written(tmp_path, **changes))


@pytest.mark.parametrize("text", ["", "{", "[1]", "\x00\x01", '{"temperature": NaN}', "[" * 100_000])
def test_no_calibration_at_all(tmp_path: Path, text: str) -> None:
    """Whatever bytes there are, an error says so."""
    file = tmp_path / "cal.json"
    file.write_text(text)
    with pytest.raises(InputError, match="--calibration"):
        read_calibration(str(file))


def test_other_classes_are_refused(tmp_path: Path) -> None:
    """A calibration is for its classes in their order."""
    found = read_calibration(written(tmp_path))
    assert json.loads(Path(found.name).read_text())["classes"] == list(CLASSES)
    [two] = read(["a=1", "b=2"], ReadOptions(), note=print)
    [others] = read(["setosa=1", "virginica=2", "versicolor=0"], ReadOptions(), note=print)
    with pytest.raises(InputError, match="it is for 3 classes, the input has 2"):
        found.apply(two)
    with pytest.raises(InputError, match="its class 2 is versicolor, the input's virginica"):
        found.apply(others)
