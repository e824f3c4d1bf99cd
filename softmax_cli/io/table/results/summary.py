"""What a command found out about its whole input: one object for all rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from softmax_cli.io.table.batch import Array, Batch
from softmax_cli.io.table.results.result import Result


@dataclass(frozen=True, slots=True)
class Summary:
    """One object for JSON, and the lines of the flat table for every other format, all with the same keys.

    Examples
    --------
    >>> Summary({"nll": 0.5}, [{"rows": 3, "nll": 0.5}]).result().flat().kept
    {'rows': [3], 'nll': [0.5]}
    """

    document: Mapping[str, Any]
    lines: Sequence[Mapping[str, Any]]

    def result(self) -> Result:
        """Return the lines as a table of kept columns alone."""
        columns = {name: [line[name] for line in self.lines] for name in self.lines[0]}
        table = Batch(values=np.empty((len(self.lines), 0)), classes=(), kept=columns)
        return _Lines(table, function="", temperature=1.0, key="", values=table.values)

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


class _Lines(Result):
    def flat(self) -> Batch:
        return self.batch

    def array(self) -> Array:
        """Return the numbers of the lines, shape (lines, numbers)."""
        lines = zip(*self.batch.kept.values(), strict=True)
        return np.array([[value for value in line if isinstance(value, float)] for line in lines], np.float64)


def _rounded(value: Any, precision: int) -> Any:
    match value:
        case float():
            return float(f"{value:.{precision}g}")
        case Mapping():
            return {key: _rounded(item, precision) for key, item in value.items()}
        case list() | tuple():
            return [_rounded(item, precision) for item in value]
    return value
