"""Functions that only the tests know, each a module as core has, and one as the tutor's narratives have.

`added` puts them into both tables, as the modules that they would be.
"""

import importlib
import sys

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
        _module(monkeypatch, f"softmax_cli.core.{function.module}", function.module)
        if told:
            monkeypatch.setitem(NARRATIVES, function.name, function.module)
            _module(
                monkeypatch, f"softmax_cli.tutor.narratives.{function.module}", f"{function.module}_narrative"
            )


def _module(monkeypatch: pytest.MonkeyPatch, name: str, ours: str) -> None:
    monkeypatch.setitem(sys.modules, name, importlib.import_module(f"tests.functions.{ours}"))
