"""Cross-validation: the loss of a calibration on rows that it was not fitted to."""

from dataclasses import dataclass
from typing import Any

from softmax_cli.core.calibration.calibrate import Scored, fits
from softmax_cli.core.calibration.fitted import Calibration
from softmax_cli.core.calibration.source import Fold, RowSource
from softmax_cli.core.labelled import Labelled


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


def cross_validate(source: RowSource, method: str, folds: int) -> Folds:
    """Fit to all rows but those of one part, and score these; for each part.

    Parameters
    ----------
    source, folds
        The rows, read twice or more for each part, and the number of parts.
    method
        One of ``calibrate.METHODS``; scored beside none, temperature and mix.
    """
    methods = dict.fromkeys(("temperature", "mix", method))
    total = _Scores({})
    for fold in range(folds):
        others = source.only(Fold(folds, fold, inside=False))
        scores = _Scores.of(fits(others, methods))
        total.merge(source.only(Fold(folds, fold, inside=True)).gather(scores))
    found = total.found.items()
    return Folds(folds, {name: None if scored is None else scored.totals.mean for name, scored in found})


@dataclass(slots=True)
class _Scores:
    """The losses of several calibrations, by name; None in place of one that has no answer."""

    found: dict[str, Scored | None]

    @classmethod
    def of(cls, fitted: dict[str, Calibration]) -> "_Scores":
        """Begin, with ``none`` beside them."""
        scored = {name: Scored(one) if one.status == "ok" else None for name, one in fitted.items()}
        return cls({"none": Scored(None), **scored})

    def add(self, rows: Labelled) -> None:
        for scored in self.found.values():
            if scored is not None:
                scored.add(rows)

    def merge(self, other: "_Scores") -> None:
        """Add the losses of other rows; what had no answer for some of them has none for all."""
        for name, scored in other.found.items():
            mine = self.found.setdefault(name, Scored(None))
            if mine is None or scored is None:
                self.found[name] = None
            else:
                mine.merge(scored)
