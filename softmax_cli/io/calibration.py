"""The file that ``softmax calibrate -o`` writes, and its use."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from softmax_cli.core.calibration.calibrate import METHODS, parameters
from softmax_cli.core.calibration.fitted import Calibration
from softmax_cli.core.calibration.scaling import Affine
from softmax_cli.errors import InputError
from softmax_cli.io.cells.wording import counted, plain
from softmax_cli.io.streams.source import open_source
from softmax_cli.io.table.batch import Batch

FORMAT = "softmax-calibration"
VERSION = 1

KEYS = (
    *("status", "method", "temperature", "se", "low", "high", "certified"),
    *("nll_before", "nll_after", "nll_limit", "rows", "ignored", "passes"),
)
_MOST = 1 << 26  # bytes; no calibration is larger
_AGAIN = "write it again with softmax calibrate ... -o FILE"


def document(calibration: Calibration) -> dict[str, Any]:
    """Return the object that ``-f json`` prints."""
    return {name: getattr(calibration, name) for name in KEYS}


def file_document(calibration: Calibration, classes: Sequence[str]) -> dict[str, Any]:
    """Return the object that ``-o`` writes: the same, with all that is needed to apply it."""
    head = {"format": FORMAT, "version": VERSION, "classes": list(classes)}
    return document(calibration) | head | {"parameters": dict(parameters(calibration))}


@dataclass(frozen=True, slots=True)
class CalibrationFile:
    """A calibration and the classes it is for."""

    name: str
    calibration: Calibration
    classes: tuple[str, ...]

    @property
    def temperature(self) -> float:
        """The temperature of the softmax after `apply`."""
        return self.calibration.softmax_temperature

    def apply(self, batch: Batch) -> Batch:
        """Return a batch with the logits of calibrated probabilities; other classes are refused."""
        self.need(batch.classes)
        return replace(batch, values=self.calibration.logits(batch.values))

    def need(self, classes: Sequence[str]) -> None:
        """Refuse logits of other classes, or of classes in another order, by the first that differs."""
        if tuple(classes) == self.classes:
            return
        if len(classes) != len(self.classes):
            what = f"it is for {counted(len(self.classes), 'class')}, the input has {len(classes)}"
        else:
            i = next(
                i for i, pair in enumerate(zip(classes, self.classes, strict=True)) if pair[0] != pair[1]
            )
            what = f"its class {i + 1} is {plain(self.classes[i])}, the input's {plain(classes[i])}"
        raise InputError(
            what,
            where=f"--calibration {self.name}",
            hint=f"pick the same classes in the same order with --columns: {_names(self.classes)}",
        )


def _names(classes: Sequence[str]) -> str:
    return ",".join(map(plain, classes[:10])) + (",..." if len(classes) > 10 else "")


def read_calibration(name: str) -> CalibrationFile:
    """Read a calibration file; refuse another file, a newer version, a damaged one, and one without a fit."""
    where = f"--calibration {name}"
    with open_source(name) as source:
        data = source.read(_MOST)
    try:
        found = json.loads(data.decode(), parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise InputError("no JSON: the file is damaged, or another one", where=where, hint=_AGAIN) from None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise InputError("no calibration of softmax", where=where, hint=_AGAIN)
    if found.get("version") != VERSION:
        raise InputError(
            f"version {found.get('version')!r} of the format; this softmax reads version {VERSION}",
            where=where,
            hint="update softmax: pip install -U softmax-tutor",
        )
    try:
        calibration, classes = _parsed(found)
    except (KeyError, TypeError, ValueError, OverflowError):
        raise InputError(
            "the file is damaged: a part is missing, or no number", where=where, hint=_AGAIN
        ) from None
    if calibration.status != "ok":
        raise InputError(f"nothing was fitted: its status is {calibration.status}", where=where)
    return CalibrationFile(name, calibration, classes)


def _refuse_constant(name: str) -> float:
    raise ValueError(name)


def _parsed(found: Mapping[str, Any]) -> tuple[Calibration, tuple[str, ...]]:
    method, given = found["method"], found["parameters"]
    classes = tuple(found["classes"])
    k = len(classes)
    if method not in METHODS or not all(isinstance(name, str) for name in classes) or k == 0:
        raise ValueError
    affine = None
    temperature = found["temperature"]
    ok = found["status"] == "ok"
    if ok and method in {"vector", "matrix"}:
        shape = (k,) if method == "vector" else (k, k)
        matrix = _array(given["scale" if method == "vector" else "matrix"], shape)
        affine = Affine(matrix, _array(given["bias"], (k,)))
    elif ok and not 0.0 < float(temperature) < math.inf:
        raise ValueError
    uniform = float(given["uniform"]) if method == "mix" else 0.0
    if not 0.0 <= uniform < 1.0:
        raise ValueError
    numbers: dict[str, Any] = {
        name: found.get(name) for name in KEYS if name not in {"status", "method", "temperature"}
    }
    calibration = Calibration(
        status=found["status"],
        method=method,
        temperature=None if temperature is None else float(temperature),
        uniform=uniform,
        affine=affine,
        **numbers,
    )
    return calibration, classes


def _array(values: object, shape: tuple[int, ...]) -> np.ndarray[Any, np.dtype[np.float64]]:
    array = np.array(values, dtype=np.float64)
    if array.shape != shape or not np.isfinite(array).all():
        raise ValueError
    return array
