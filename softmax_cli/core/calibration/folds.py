"""Cross-validation: the loss of a calibration on rows that it was not fitted to."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from softmax_cli.core.calibration.calibrate import Calibration, fit
from softmax_cli.core.calibration.temperature import Source
from softmax_cli.core.labelled import Labelled
from softmax_cli.core.loss import Totals
from softmax_cli.core.scores import Objective


@dataclass(frozen=True, slots=True)
class Folds:
    """The mean loss on rows left out, by method.

    Parameters
    ----------
    folds
        In how many parts the rows were cut: row i belongs to part i modulo this number.
    losses
        By method, ``none`` for T = 1; None where the method had no answer for a part.
    """

    folds: int
    losses: dict[str, float | None]

    def document(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {"folds": self.folds, **{f"nll_{name}": loss for name, loss in self.losses.items()}}


def cross_validate(source: Source, method: str, folds: int) -> Folds:
    """Fit to all rows but those of one part, and score these; for each part.

    Parameters
    ----------
    source
        Gives all rows; called twice or more for each part.
    method
        One of ``calibrate.METHODS``; scored beside none, temperature and mix.
    folds
        The number of parts.
    """
    methods = dict.fromkeys(("temperature", "mix", method))
    totals: dict[str, Totals | None] = {"none": Totals(), **{name: Totals() for name in methods}}
    for fold in range(folds):
        fitted = {name: fit(_rows(source, folds, fold, inside=False), name) for name in methods}
        for rows in _rows(source, folds, fold, inside=True)():
            for name, total in totals.items():
                if total is not None and not _score(total, rows, fitted.get(name)):
                    totals[name] = None
    return Folds(folds, {name: None if total is None else total.mean for name, total in totals.items()})


def _score(total: Totals, rows: Labelled, calibration: Calibration | None) -> bool:
    if calibration is None:
        total.add(rows, Objective())
        return True
    if calibration.status != "ok":
        return False
    total.add(calibration.applied(rows), Objective(temperature=calibration.softmax_temperature))
    return True


def _rows(source: Source, folds: int, fold: int, *, inside: bool) -> Source:
    """Return the rows of one part, or those of all the others."""

    def rows() -> Iterator[Labelled]:
        first = 0
        for part in source():
            mine = (np.arange(first, first + len(part)) % folds == fold) == inside
            first += len(part)
            if mine.any():
                yield part.part(mine)

    return rows
