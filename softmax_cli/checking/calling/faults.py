"""The faults of batches: functions that are right for one row and mix the rows of a batch."""

from collections.abc import Callable, Iterator

import numpy as np

from softmax_cli.checking.catalogue.mistake import right
from softmax_cli.checking.diagnosis.diagnosis import Cause
from softmax_cli.checking.inputs import PRODUCTS, Array, Inputs, Quantities, Sought
from softmax_cli.core.formula.functions import softmax


def faults(sought: Sought, inputs: Inputs, *, raises: bool) -> Iterator[tuple[Cause, Array]]:
    """Yield the known faults of batches, each with the answer that it gives.

    `raises` says whether the function raises where n is not k, as one without keepdims does.
    """
    square = inputs.n == inputs.k
    formula = right(sought)
    q = Quantities(inputs)
    x = q.every("z / T")
    for name, probabilities in _PROBABILITIES:
        if (raises and square) or "keepdims" not in name:
            with np.errstate(all="ignore"):
                yield Cause.of(name), _with(formula, q, probabilities(x))
    if sought.kind == "loss":
        for of_all in (q.y.mean(axis=0), q.y.sum(axis=0)):
            yield Cause.of("targets-of-all-rows"), -q.log_p @ of_all[:, None]
    if sought.kind not in PRODUCTS:
        return
    for name, total in _TOTALS if square else _TOTALS[:2]:
        if sought.function == "softmax":
            yield Cause.of(name), q.p * (q.g - total(q.g * q.p)) / q.t
        elif sought.function == "log-softmax":
            yield Cause.of(name), (q.g - q.p * total(q.g)) / q.t


def _with(formula: Callable[[Quantities], Array], q: Quantities, p: Array) -> Array:
    try:
        return formula(q.with_p(p))
    except ValueError:
        return np.full(1, np.nan)


def _divided_across(e: Array) -> Array:
    """Divide each column by the sum of another row."""
    return np.asarray(e / e.sum(axis=1))


_PROBABILITIES: tuple[tuple[str, Callable[[Array], Array]], ...] = (
    ("batch-axis-0", lambda x: softmax(x, axis=0)),
    ("batch-summed-whole", lambda x: softmax(x, axis=None)),
    ("batch-keepdims-missing sum", lambda x: _divided_across(np.exp(x - x.max(axis=1, keepdims=True)))),
    ("batch-keepdims-missing sum", lambda x: _divided_across(np.exp(x - x.max()))),
    ("batch-maximum-axis-0", lambda x: softmax(x - x.max(axis=0))),
    ("batch-keepdims-missing maximum", lambda x: softmax(x - x.max(axis=1))),
)
_TOTALS: tuple[tuple[str, Callable[[Array], Array]], ...] = (
    ("dot-over-batch", lambda terms: np.asarray(terms.sum())),
    ("batch-dot-axis-0", lambda terms: np.asarray(terms.sum(axis=0))),
    ("batch-keepdims-missing dot", lambda terms: np.asarray(terms.sum(axis=1))),
)
