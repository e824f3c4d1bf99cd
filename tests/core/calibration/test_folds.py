"""Cross-validation by hand."""

import numpy as np
import pytest

from softmax_cli.core.calibration.calibrate import calibrate
from softmax_cli.core.calibration.folds import cross_validate
from softmax_cli.core.calibration.source import Here
from softmax_cli.core.labelled import labelled
from softmax_cli.core.loss import loss
from tests.core.calibration.test_calibrate import read


def test_each_part_is_scored_by_a_fit_to_the_others() -> None:
    """The loss is that of each row at the temperature of the rows outside its part, whatever the blocks."""
    z, y = read("iris")
    parts = [labelled(z[:70], y[:70]), labelled(z[70:], y[70:])]
    found = cross_validate(Here(lambda: parts), "temperature", 3)
    total = 0.0
    for fold in range(3):
        inside = np.arange(len(z)) % 3 == fold
        t = calibrate(z[~inside], y[~inside]).temperature
        assert t is not None
        total += loss(z[inside], y[inside], temperature=t).nll_sum
    assert found.losses["temperature"] == pytest.approx(total / len(z), rel=1e-12)
    assert found.losses["none"] == pytest.approx(loss(z, y).nll, rel=1e-14)


def test_a_method_without_an_answer_has_no_loss() -> None:
    """Where the rows outside a part have no temperature, there is no loss to report."""
    rows = labelled([[2.0, 0.0], [0.0, 1.0], [3.0, 0.0], [0.0, 2.0]], [0, 1, 0, 1])
    assert cross_validate(Here(lambda: [rows]), "temperature", 2).losses["temperature"] is None
