"""What a command found out about its whole input: one object for all rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from softmax_cli.io.table.batch import Array, Batch


@dataclass(frozen=True, slots=True)
class Summary:
    """One object for JSON, and the lines of the flat table for every other format, all with the same keys.

    Examples
    --------
    >>> Summary({"nll": 0.5}, [{"rows": 3, "nll": 0.5}]).flat().kept
    {'rows': [3], 'nll': [0.5]}
    """

    document: Mapping[str, Any]
    lines: Sequence[Mapping[str, Any]]
    function: str = ""
    temperature: float = 1.0

    @property
    def batch(self) -> Batch:
        """The lines as a table of kept columns alone."""
        columns = {name: [line[name] for line in self.lines] for name in self.lines[0]}
        return Batch(values=np.empty((len(self.lines), 0)), classes=(), kept=columns)

    def flat(self) -> Batch:
        """Return the flat table."""
        return self.batch

    def row(self, i: int) -> Mapping[str, Any]:
        """Return line i."""
        return self.lines[i]

    def array(self) -> Array:
        """Return the numbers of the lines, shape (lines, numbers)."""
        numbers = [[value for value in line.values() if isinstance(value, float)] for line in self.lines]
        return np.array(numbers, np.float64)

    def rounded(self, precision: int | None) -> "Summary":
        """Return it with all floats rounded to `precision` significant digits; None: unchanged.

        Examples
        --------
        >>> Summary({"nll": 0.123456, "rows": 3}, [{"nll": 0.123456}]).rounded(2).document
        {'nll': 0.12, 'rows': 3}
        """
        if precision is None:
            return self
        document, lines = _rounded([self.document, self.lines], precision)
        return replace(self, document=document, lines=lines)


def _rounded(value: Any, precision: int) -> Any:
    match value:
        case float():
            return float(f"{value:.{precision}g}")
        case Mapping():
            return {key: _rounded(item, precision) for key, item in value.items()}
        case list() | tuple():
            return [_rounded(item, precision) for item in value]
    return value
