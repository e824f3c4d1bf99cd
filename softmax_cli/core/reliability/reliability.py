"""Reliability: whether a prediction made with confidence c comes true with frequency c."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from softmax_cli.core.arrays import Float64, temperature_of
from softmax_cli.core.gathered import Additive, gathered
from softmax_cli.core.labelled import Labelled, labelled
from softmax_cli.core.reliability.measures import ALWAYS, Judged, Pooled, brier_scores, decompositions, wanted
from softmax_cli.core.reliability.pairs import Pairs
from softmax_cli.core.reliability.reference import Classwise, Reference, classwise_bins, reference
from softmax_cli.core.reliability.results import DiagramBlock, Measure, Reliability
from softmax_cli.core.softmax import softmax
from softmax_cli.errors import InputError


@dataclass(frozen=True, slots=True)
class ReliabilityOptions:
    """Which pairs to measure, by which measures, and beside how many calibrated models.

    Parameters
    ----------
    temperature, scope, measures, resamples, seed
        As for `reliability`.
    left
        Whether bins are [a, b), not (a, b].
    """

    temperature: float = 1.0
    scope: str | int = "top"
    measures: tuple[str, ...] = ()
    left: bool = False
    resamples: int = 1000
    seed: int = 0


def reliability(
    logits: ArrayLike,
    labels: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    temperature: float = 1.0,
    scope: str | int = "top",
    measures: Sequence[str] = (),
    edges: str = "right",
    resamples: int = 1000,
    seed: int = 0,
) -> Reliability:
    """Measure how far confidence can be trusted, without bins, and against what chance alone would show.

    The mean score S of the confidences (Brier or log) is cut into S = MCB - DSC + UNC by isotonic regression
    of the outcomes on the confidences: MCB is what recalibration would gain, close to 0 for many rows of a
    calibrated model. Beside every number stands what calibrated models would show.

    Parameters
    ----------
    logits, labels, weights, temperature
        As for `loss`.
    scope
        ``top``: the predicted class's probability against whether it was right; ``classes``: each class's
        against whether it came true; an index: that class's.
    measures
        More of them: ``ece_15``, ``ece_mass_15``, ``mce_15``, ``debiased_15``, ``classwise_15`` (15: any
        number of bins), ``smece``, ``all``.
    edges
        ``right`` for bins (a, b], ``left`` for [a, b).
    resamples, seed
        How many calibrated models are drawn, and the seed.

    Returns
    -------
    Reliability
        Values within 1e-12 of the exact ones, smece within 1e-9.

    Raises
    ------
    InputError
        As for `loss`; also for an unknown measure.

    Notes
    -----
    Sources: Dimitriadis, Gneiting, Jordan (2021) for the decomposition; Blasiok, Nakkiran (2023) for smece;
    Kumar, Liang, Ma (2019) for debiased; Broecker, Smith, Increasing the reliability of reliability diagrams
    (2007) for the resampling.

    Examples
    --------
    >>> found = reliability([[2.0, 0.0], [1.0, 0.0], [0.0, 3.0], [2.0, 0.0]], [0, 1, 1, 0], resamples=100)
    >>> round(found.accuracy, 2), round(found.mean_confidence, 4)
    (0.75, 0.8613)
    >>> round(found["brier"].value, 4)
    0.1413
    """
    rows = labelled(logits, labels, weights)
    if isinstance(scope, int) and not 0 <= scope < rows.k:
        raise InputError(f"scope: there is no class {scope}: {rows.k} classes, counted from 0")
    if edges not in {"right", "left"}:
        raise InputError(f"edges: 'right' or 'left', not {edges!r}")
    question = ReliabilityOptions(
        temperature_of(temperature), scope, wanted(measures), edges == "left", int(resamples), seed
    )
    return gathered(Confidences(question), [rows]).judged()


@dataclass(slots=True)
class Confidences(Additive):
    """What is gathered over rows to measure them."""

    of = ("question",)
    question: ReliabilityOptions
    pairs: Pairs = field(init=False)
    classwise: dict[str, Classwise] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.pairs = Pairs(self.question.scope, self.question.temperature)

    def add(self, rows: Labelled) -> None:
        """Add some rows."""
        self.pairs.add(rows)
        bins_of = classwise_bins(self.question.measures)
        if not bins_of:
            return
        z = np.asarray(rows.z, np.float64)
        p = np.asarray(softmax(z, temperature=self.question.temperature), np.float64)
        for name, bins in bins_of.items():
            self._classwise(name, rows.k, bins).add(p, rows.distributions(), rows.counts())

    def judged(self) -> Reliability:
        """Return the answer.

        Raises
        ------
        InputError
            When no row counts.
        """
        if self.pairs.count == 0:
            raise InputError("no row counts: there are none, or every weight is 0")
        table, question = self.pairs.table(), self.question
        judged = Judged(table.c, table.weight, table.count, (table.r * table.weight)[None], question.left)
        pooled = Pooled.of(judged)
        brier = brier_scores(judged)[0] if table.cells else table.mean((table.c - table.r) ** 2)
        scores = {"brier": np.array([brier]), "log": np.array([self.pairs.log_sum / table.total])}
        values = {name: float(found[0]) for name, found in decompositions(judged, pooled, scores).items()}
        names = [name for name in question.measures if name not in self.classwise]
        values |= {name: float(judged.measure(name)[0]) for name in names}
        values |= {name: sums.value() for name, sums in self.classwise.items()}
        mean_c = np.add.reduceat(pooled.c * pooled.weight, pooled.blocks.starts) / pooled.blocks.weight
        drawn = Reference()
        if question.resamples:
            how = {"resamples": question.resamples, "seed": question.seed}
            drawn = reference(judged, names, mean_c, **how)
            for name, sums in self.classwise.items():
                models = sums.reference(**how)
                if models is not None:
                    drawn.measures[name] = models
        return Reliability(
            rows=self.pairs.rows,
            scope=question.scope,
            temperature=question.temperature,
            accuracy=table.mean(table.r),
            mean_confidence=table.mean(table.c),
            measures=tuple(
                _measure(name, values[name], drawn.measures.get(name))
                for name in (*ALWAYS, *question.measures)
            ),
            diagram=_diagram(pooled, mean_c, drawn.fitted),
            bound=float(table.weight.max()) / table.total / 4.0 if table.cells else 0.0,
        )

    def _classwise(self, name: str, k: int, bins: int) -> Classwise:
        return self.classwise.setdefault(name, Classwise(k, bins, self.question.left))


def _measure(name: str, value: float, models: Float64 | None) -> Measure:
    if models is None:
        return Measure(name, value)
    low, high = np.quantile(models, [0.025, 0.975])
    as_large = int((models >= value - 1e-15 * abs(value)).sum()) + 1
    return Measure(name, value, float(models.mean()), float(low), float(high), as_large / (len(models) + 1))


def _count(weight: float) -> float:
    return int(weight) if weight.is_integer() else weight


def _diagram(pooled: Pooled, mean_c: Float64, fitted: Float64) -> tuple[DiagramBlock, ...]:
    """Return the blocks of the regression, with the band of calibrated models where there is one."""
    starts = pooled.blocks.starts
    ends = np.append(starts[1:], len(pooled.c)) - 1
    bands: Any = [[None, None]] * len(starts)
    if len(fitted):
        bands = np.quantile(fitted, [0.025, 0.975], axis=0).T.tolist()
    columns = (
        *(pooled.c[starts].tolist(), pooled.c[ends].tolist(), mean_c.tolist()),
        *(pooled.blocks.observed.tolist(), map(_count, pooled.blocks.weight.tolist())),
    )
    return tuple(DiagramBlock(*block, *band) for *block, band in zip(*columns, bands, strict=True))
