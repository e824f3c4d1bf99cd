"""What a command computed for one batch, and how each machine format lays it out."""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple, Protocol

from softmax_cli.errors import InputError
from softmax_cli.io.table.batch import Array, Batch, Column
from softmax_cli.io.table.columns import first_twin
from softmax_cli.io.table.indexed import repeated, tiled


class Result(Protocol):
    """The result for the rows of one batch of logits."""

    @property
    def batch(self) -> Batch:
        """The logits it was computed from."""

    @property
    def function(self) -> str:
        """The function's name, as ``--function`` has it."""

    @property
    def temperature(self) -> float:
        """The temperature T of softmax(z / T)."""

    def flat(self) -> Batch:
        """Return the flat table of csv, tsv, jsonl, parquet and arrow: leading columns, then numbers."""

    def row(self, i: int) -> Mapping[str, Any]:
        """Return what row i (0-based, within the batch) adds to ``{"row", "logits"}`` in a JSON document."""

    def array(self) -> Array:
        """Return the bare array of npy, whose first dimension is the rows."""


class PerClass(NamedTuple):
    """One number for each class: probabilities, log-probabilities, a gradient, a jvp or a vjp.

    Parameters
    ----------
    key
        What JSON calls the numbers: ``probabilities``, ``log_probabilities``, ``gradient``, ...
    values
        Shape (n, k), or (n, len(columns)).
    columns
        The names of the numbers if there is not one for each class.
    suffix
        What the flat table appends to the names of the classes.
    keep_logits
        Whether the flat table holds the logits too.
    """

    batch: Batch
    function: str
    temperature: float
    key: str
    values: Array
    columns: tuple[str, ...] | None = None
    suffix: str = ""
    keep_logits: bool = False

    def flat(self) -> Batch:
        """Lay out kept columns, the logits if they are kept too, then one column for each class."""
        batch = self.batch
        leading = [batch.kept]
        if self.keep_logits:
            leading.append({name: batch.values[:, j].tolist() for j, name in enumerate(batch.classes)})
        if self.columns is not None:
            return flat_table(batch, leading, self.values, self.columns)
        columns = tuple(name + self.suffix for name in batch.classes) if self.suffix else batch.classes
        return flat_table(batch, leading, self.values, columns, named=batch.named or bool(self.suffix))

    def row(self, i: int) -> Mapping[str, Any]:
        """Name the numbers of row i."""
        return {self.key: self.values[i]}

    def array(self) -> Array:
        """Return the numbers: (n, k), or (k,) for logits from the command line."""
        return self.values[0] if self.batch.from_arguments else self.values


class PerRow(NamedTuple):
    """One number for each row, such as a loss: ``values`` has shape (n,)."""

    batch: Batch
    function: str
    temperature: float
    key: str
    values: Array

    def flat(self) -> Batch:
        """Lay out kept columns, then the number."""
        return flat_table(self.batch, [self.batch.kept], self.values[:, None], (self.key,))

    def row(self, i: int) -> Mapping[str, Any]:
        """Name the number of row i."""
        return {self.key: float(self.values[i])}

    def array(self) -> Array:
        """Return the numbers, (n,)."""
        return self.values


class Matrices(NamedTuple):
    """One k x k Jacobian for each row; ``values[n, i, j] = dp_i / dz_j``."""

    batch: Batch
    function: str
    temperature: float
    values: Array

    def flat(self) -> Batch:
        """Lay out row numbers (but not for arguments), kept columns, ``of``, one column for each class."""
        batch, k = self.batch, self.batch.k
        leading = line_columns(batch, k, numbered=not batch.from_arguments)
        leading.append({"of": tiled(batch.classes, len(batch))})
        return flat_table(batch, leading, self.values.reshape(-1, k), batch.classes)

    def row(self, i: int) -> Mapping[str, Any]:
        """Name the matrix of row i."""
        return {"jacobian": self.values[i]}

    def array(self) -> Array:
        """Return the matrices: (n, k, k), or (k, k) for logits from the command line."""
        return self.values[0] if self.batch.from_arguments else self.values


class Long(NamedTuple):
    """Several lines for each row, with the row's number: ``--top``, ``--steps``, ``--compare``.

    Parameters
    ----------
    key
        What JSON calls the lines of a row together.
    labels
        Columns of text or whole numbers, each of length n * lines: rank, class.
    values
        Shape (n, lines, columns).
    columns
        The names of the last dimension.
    """

    batch: Batch
    function: str
    temperature: float
    key: str
    labels: Mapping[str, Column]
    values: Array
    columns: tuple[str, ...]

    def flat(self) -> Batch:
        """Lay out row numbers, kept columns, labels, then the numbers."""
        leading = [*line_columns(self.batch, self.values.shape[1]), self.labels]
        return flat_table(self.batch, leading, self.values.reshape(-1, len(self.columns)), self.columns)

    def row(self, i: int) -> Mapping[str, Any]:
        """Name the lines of row i, each as an object."""
        lines = self.values.shape[1]
        return {
            self.key: [
                {name: column[i * lines + line] for name, column in self.labels.items()}
                | dict(zip(self.columns, self.values[i, line], strict=True))
                for line in range(lines)
            ]
        }

    def array(self) -> Array:
        """Return the numbers: (n, lines, columns), or (lines, columns) for logits from the command line."""
        return self.values[0] if self.batch.from_arguments else self.values


def flat_table(
    batch: Batch,
    leading: Sequence[Mapping[str, Column]],
    values: Array,
    columns: tuple[str, ...],
    *,
    named: bool = True,
) -> Batch:
    """Return a flat table: groups of `leading` columns, then `values` under the names `columns`."""
    kept = {name: column for group in leading for name, column in group.items()}
    if len(kept) < sum(map(len, leading)) or not kept.keys().isdisjoint(columns):
        names = [*chain.from_iterable(leading), *columns]
        twin = first_twin(names)
        assert twin is not None
        raise InputError(
            f"two columns of the result would be called {names[twin[0]]!r}",
            hint="rename the column in the input, or the class with --classes",
        )
    return Batch(
        values=values,
        classes=columns,
        named=named,
        kept=kept,
        first_row=batch.first_row,
        from_arguments=batch.from_arguments,
    )


def line_columns(batch: Batch, lines: int, *, numbered: bool = True) -> list[Mapping[str, Column]]:
    """Return the row numbers and the kept columns of a table with several lines for each row."""
    groups = [{"row": batch.row_numbers}] if numbered else []
    return [
        {name: repeated(column, lines) for name, column in group.items()}
        for group in (*groups, batch.beside_numbers)
    ]
