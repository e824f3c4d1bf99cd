"""softmax: calculator and tutor for the softmax function and its derivative.

The functions load numpy on first use, so that the command line can start without it.

Examples
--------
>>> from softmax_cli import softmax
>>> softmax([1.0, 2.0, 3.0]).round(4)
array([0.09  , 0.2447, 0.6652])
"""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from softmax_cli._version import __version__
    from softmax_cli.checking.calling.checked import check
    from softmax_cli.core.calibration.calibrate import calibrate
    from softmax_cli.core.cross_entropy import cross_entropy
    from softmax_cli.core.differentiate import jacobian, jvp, vjp
    from softmax_cli.core.log_softmax import log_softmax
    from softmax_cli.core.loss import loss
    from softmax_cli.core.reliability.reliability import reliability
    from softmax_cli.core.sigmoid import sigmoid
    from softmax_cli.core.softmax import softmax

__all__ = [
    "__version__",
    "calibrate",
    "check",
    "cross_entropy",
    "jacobian",
    "jvp",
    "log_softmax",
    "loss",
    "reliability",
    "sigmoid",
    "softmax",
    "vjp",
]

_HOMES = {
    "__version__": "_version",
    "calibrate": "core.calibration.calibrate",
    "check": "checking.calling.checked",
    "cross_entropy": "core.cross_entropy",
    "jacobian": "core.differentiate",
    "jvp": "core.differentiate",
    "log_softmax": "core.log_softmax",
    "loss": "core.loss",
    "reliability": "core.reliability.reliability",
    "sigmoid": "core.sigmoid",
    "softmax": "core.softmax",
    "vjp": "core.differentiate",
}


def __getattr__(name: str) -> object:
    """Load a function of the API on first use (PEP 562)."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(importlib.import_module(f"softmax_cli.{home}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
