"""The temperature of a run and the calibration applied first, by ``-T`` or ``--calibration``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from softmax_cli.errors import InputError

if TYPE_CHECKING:
    from softmax_cli.io.calibration import CalibrationFile


def calibrated(temperature: float | None, calibration: str | None) -> tuple[float, CalibrationFile | None]:
    """Return the T of softmax, and the calibration that is applied first; only one may be given."""
    if calibration is None:
        return 1.0 if temperature is None else temperature, None
    if temperature is not None:
        raise InputError("--temperature and --calibration do not go together", hint="leave --temperature out")
    from softmax_cli.io.calibration import read_calibration

    found = read_calibration(calibration)
    return found.temperature, found
