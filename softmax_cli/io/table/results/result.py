"""What a command computed for one batch, and how each machine format lays it out."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from softmax_cli.errors import InputError
from softmax_cli.io.table.batch import Array, Batch, Column
from softmax_cli.io.table.indexed import repeated, tiled


class Result(Protocol):
    """The result for the rows of one batch of logits."""

    @property
    def batch(self) -> Batch:
        """The logits that it was computed from."""

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
        """Return the bare array of npy, first dimension the rows."""


class PerClass(NamedTuple):
    """One number a class: probabilities, log-probabilities, a gradient, a jvp or a vjp.

    Parameters
    ----------
    key
        What the numbers are, as JSON names them: ``probabilities``, ``log_probabilities``, ``gradient``, ...
    values
        Shape (n, k), or (n, len(columns)).
    columns
        The names of the numbers where they are not one a class.
    suffix
        What the flat table adds to the names of the classes.
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
        """Lay out kept columns, the logits where they are to be kept, then one column a class."""
        batch = self.batch
        leading = batch.kept
        if self.keep_logits:
            logits = {name: batch.values[:, j].tolist() for j, name in enumerate(batch.classes)}
            leading = _side_by_side(leading, logits)
        if self.columns is not None:
            return with_leading(batch, leading, self.values, self.columns, named=True)
        columns = tuple(name + self.suffix for name in batch.classes) if self.suffix else batch.classes
        return with_leading(batch, leading, self.values, columns, named=batch.named or bool(self.suffix))

    def row(self, i: int) -> Mapping[str, Any]:
        """Name the numbers of row i."""
        return {self.key: self.values[i]}

    def array(self) -> Array:
        """Return the numbers: (n, k), or (k,) for logits from the command line."""
        return self.values[0] if self.batch.from_arguments else self.values


class PerRow(NamedTuple):
    """One number a row, as a loss: ``values`` has shape (n,)."""

    batch: Batch
    function: str
    temperature: float
    key: str
    values: Array

    def flat(self) -> Batch:
        """Lay out kept columns, then the number."""
        return with_leading(self.batch, self.batch.kept, self.values[:, None], (self.key,), named=True)

    def row(self, i: int) -> Mapping[str, Any]:
        """Name the number of row i."""
        return {self.key: float(self.values[i])}

    def array(self) -> Array:
        """Return the numbers, (n,)."""
        return self.values


class Matrices(NamedTuple):
    """One k x k Jacobian a row; ``values[n, i, j] = dp_i / dz_j``."""

    batch: Batch
    function: str
    temperature: float
    values: Array

    def flat(self) -> Batch:
        """Lay out row number (but for arguments), kept columns, ``of``, then one column a class."""
        k = self.batch.k
        leading = _side_by_side(
            _row_numbers(self.batch, k),
            _repeated(self.batch.beside_numbers, k),
            {"of": tiled(self.batch.classes, len(self.batch))},
        )
        return with_leading(self.batch, leading, self.values.reshape(-1, k), self.batch.classes, named=True)

    def row(self, i: int) -> Mapping[str, Any]:
        """Name the matrix of row i."""
        return {"jacobian": self.values[i]}

    def array(self) -> Array:
        """Return the matrices: (n, k, k), or (k, k) for logits from the command line."""
        return self.values[0] if self.batch.from_arguments else self.values


class Long(NamedTuple):
    """Several lines a row, each with the row's number: ``--top``, ``--steps``, ``--compare``.

    Parameters
    ----------
    key
        What the lines of a row are called together in JSON.
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
        """Lay out row number, kept columns, labels, then the numbers."""
        lines = self.values.shape[1]
        leading = _side_by_side(
            {"row": _numbers(self.batch, lines)}, _repeated(self.batch.beside_numbers, lines), self.labels
        )
        return with_leading(
            self.batch, leading, self.values.reshape(-1, len(self.columns)), self.columns, named=True
        )

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


def with_leading(
    batch: Batch,
    leading: Mapping[str, Column],
    values: Array,
    columns: tuple[str, ...],
    *,
    named: bool | None = None,
) -> Batch:
    """Return a flat table: `leading` columns, then `values` under the names `columns`."""
    twin = next((name for name in columns if name in leading), None)
    if twin is not None:
        raise _twins(twin)
    return Batch(
        values=values,
        classes=columns,
        named=batch.named if named is None else named,
        kept=leading,
        first_row=batch.first_row,
        from_arguments=batch.from_arguments,
    )


def _side_by_side(*tables: Mapping[str, Column]) -> dict[str, Column]:
    """Join columns to one table; each name may be there once."""
    joined: dict[str, Column] = {}
    for table in tables:
        twin = next((name for name in table if name in joined), None)
        if twin is not None:
            raise _twins(twin)
        joined |= table
    return joined


def _twins(name: str) -> InputError:
    return InputError(
        f"two columns of the result would be called {name!r}",
        hint="rename the column in the input, or the class with --classes",
    )


def _numbers(batch: Batch, times: int) -> Sequence[int]:
    return repeated(batch.row_numbers, times)


def _row_numbers(batch: Batch, times: int) -> dict[str, Column]:
    return {} if batch.from_arguments else {"row": _numbers(batch, times)}


def _repeated(kept: Mapping[str, Column], times: int) -> dict[str, Column]:
    return {name: repeated(column, times) for name, column in kept.items()}
