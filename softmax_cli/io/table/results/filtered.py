"""What the filters of language models leave of a batch, laid out for every format."""

from dataclasses import replace

import numpy as np

from softmax_cli.core.sampling.filters import Filtering
from softmax_cli.io.table.batch import Batch
from softmax_cli.io.table.results.long_tables import by_class
from softmax_cli.io.table.results.result import Long, PerClass


def filtered(batch: Batch, filtering: Filtering, chain: str | None = None, *, log: bool = False) -> PerClass:
    """Return the filtered probabilities, or their logarithms (nats), -inf for a class that is cut.

    If several chains are shown, `chain` is the name of this one, for a kept column.
    """
    p = filtering.probabilities(batch.values)
    key = "log_probabilities" if log else "probabilities"
    with np.errstate(divide="ignore"):
        values = np.log(p) if log else p
    return PerClass(_named(batch, chain), "softmax", filtering.temperature, key, values)


def stages(batch: Batch, filtering: Filtering, chain: str | None = None) -> Long:
    """Return the logit and the probability after each filter, one line for each class; key ``steps``."""
    columns = {name.replace("-", "_"): p for name, p in filtering.stages(batch.values)}
    return by_class(_named(batch, chain), filtering.temperature, "steps", {"logit": batch.values} | columns)


def _named(batch: Batch, chain: str | None) -> Batch:
    if chain is None:
        return batch
    kept = {"chain": [chain] * len(batch), **batch.kept}
    return replace(batch, kept=kept, from_arguments=False)
