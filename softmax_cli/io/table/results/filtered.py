"""What the filters of language models leave of a batch, laid out for every format."""

from dataclasses import replace

import numpy as np

from softmax_cli.core.sampling.filters import Filtering
from softmax_cli.io.table.batch import Batch
from softmax_cli.io.table.indexed import tiled
from softmax_cli.io.table.results.result import Long, PerClass


def filtered(batch: Batch, filtering: Filtering, chain: str | None = None, *, log: bool = False) -> PerClass:
    """Return the probabilities that are left, or their logarithms, -inf where a class is cut.

    Parameters
    ----------
    batch
        Logits.
    filtering
        The filters.
    chain
        The chain's name, for a kept column where several are shown.
    log
        Whether log-probabilities are wanted.
    """
    p = filtering.probabilities(batch.values)
    key = "log_probabilities" if log else "probabilities"
    with np.errstate(divide="ignore"):
        values = np.log(p) if log else p
    return PerClass(_named(batch, chain), "softmax", filtering.temperature, key, values)


def stages(batch: Batch, filtering: Filtering, chain: str | None = None) -> Long:
    """Return the logit and the probability after each filter, a line a class; key ``steps``."""
    found = filtering.stages(batch.values)
    return Long(
        batch=_named(batch, chain),
        function="softmax",
        temperature=filtering.temperature,
        key="steps",
        labels={"class": tiled(batch.classes, len(batch))},
        values=np.stack([batch.values, *(p for _, p in found)], axis=-1),
        columns=("logit", *(name.replace("-", "_") for name, _ in found)),
    )


def _named(batch: Batch, chain: str | None) -> Batch:
    if chain is None:
        return batch
    kept = {"chain": [chain] * len(batch), **batch.kept}
    return replace(batch, kept=kept, from_arguments=False)
