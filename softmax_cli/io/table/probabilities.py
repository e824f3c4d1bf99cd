"""Inputs that are probabilities: recognised, and never silently taken for logits."""

from dataclasses import dataclass

import numpy as np

from softmax_cli.core.arrays import Array, Float64
from softmax_cli.core.labelled import first_bad_distribution
from softmax_cli.errors import InputError
from softmax_cli.io.options import Note
from softmax_cli.io.table.batch import Batch


def logarithms(batch: Batch) -> Float64:
    """Return the logarithms of probabilities, -inf for 0; a row that is not a distribution is refused."""
    p = np.asarray(batch.values, dtype=np.float64)
    bad = first_bad_distribution(p)
    if bad is not None:
        row, reason = bad
        raise InputError(f"--from probs: {reason}", where=batch.where(row) or None)
    with np.errstate(divide="ignore"):
        return np.log(p)


@dataclass(slots=True)
class LooksLike:
    """Whether all rows of an input could be probabilities.

    Examples
    --------
    >>> look = LooksLike()
    >>> look.see(np.array([[0.25, 0.75]]))
    >>> look.tell(print)
    every row lies in [0, 1] and sums to 1; taken as logits: if they are probabilities, --from probs
    """

    rows: int = 0
    probabilities: bool = True

    def see(self, values: Array) -> None:
        """Look at some rows."""
        self.rows += len(values)
        if self.probabilities:
            self.probabilities = first_bad_distribution(np.asarray(values, np.float64)) is None

    def tell(self, note: Note) -> None:
        """Say so if all of them could be."""
        if self.rows and self.probabilities:
            note(
                "every row lies in [0, 1] and sums to 1; taken as logits: "
                "if they are probabilities, --from probs"
            )
