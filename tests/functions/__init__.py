"""Functions that only the tests know, each a module as core has, and a table as the tutor's narratives have.

`added` puts them into both rooms, as what they would be there.
"""

import importlib
import sys
from pathlib import Path

import pytest

from softmax_cli.core.functions import FUNCTIONS, Function
from softmax_cli.tutor.functions import NARRATIVES

SPARSEMAX = Function(
    "sparsemax", "sparsemax", "p_i = max(z_i - tau, 0)", symbol="p_i", output="the probability"
)
SMOOTHED = Function(
    "label-smoothed", "label_smoothed", "L = -sum_k y_k log p_k", symbol="L", output="the loss", scalar=True
)


def added(monkeypatch: pytest.MonkeyPatch, *, told: bool = True) -> None:
    """Add sparsemax and the label-smoothed cross-entropy; without their narratives unless `told`."""
    for function in (SPARSEMAX, SMOOTHED):
        monkeypatch.setitem(FUNCTIONS, function.name, function)
        module = importlib.import_module(f"tests.functions.{function.module}")
        monkeypatch.setitem(sys.modules, f"softmax_cli.core.{function.module}", module)
        if told:
            monkeypatch.setitem(NARRATIVES, function.name, str(Path(__file__).parent / function.module))
