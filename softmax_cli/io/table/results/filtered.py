"""What the filters of language models leave of a batch, laid out for every format."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from softmax_cli.core.sampling.filters import Filtering
from softmax_cli.io.table.batch import Batch
from softmax_cli.io.table.results.long_tables import by_class
from softmax_cli.io.table.results.result import Long, PerClass


def filtered(batch: Batch, filterings: Sequence[Filtering], *, log: bool = False) -> Iterator[PerClass]:
    """Yield the filtered probabilities, or their logarithms (nats), -inf for a class that is cut.

    Of several filterings, each has the name of its chain in a kept column.
    """
    key = "log_probabilities" if log else "probabilities"
    for named, filtering in _each(batch, filterings):
        p = filtering.probabilities(batch.values)
        with np.errstate(divide="ignore"):
            values = np.log(p) if log else p
        yield PerClass(named, "softmax", filtering.temperature, key, values)


def stages(batch: Batch, filterings: Sequence[Filtering]) -> Iterator[Long]:
    """Yield the logit and the probability after each filter, one line for each class; key ``steps``."""
    for named, filtering in _each(batch, filterings):
        columns = {name.replace("-", "_"): p for name, p in filtering.stages(batch.values)}
        yield by_class(named, filtering.temperature, "steps", {"logit": batch.values} | columns)


def _each(batch: Batch, filterings: Sequence[Filtering]) -> Iterator[tuple[Batch, Filtering]]:
    for filtering in filterings:
        if len(filterings) > 1:
            kept = {"chain": [filtering.chain.name] * len(batch), **batch.kept}
            yield replace(batch, kept=kept, from_arguments=False), filtering
        else:
            yield batch, filtering
