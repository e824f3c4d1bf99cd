"""What a command computed for one batch, and how each machine format lays it out."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from softmax_cli.errors import InputError
from softmax_cli.io.table.batch import Array, Batch, Column
from softmax_cli.io.table.columns import first_twin
from softmax_cli.io.table.indexed import repeated, tiled

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Result(ABC):
    """The result for the rows of one batch of logits.

    Parameters
    ----------
    function
        The function's name, as ``--function`` has it.
    temperature
        The temperature T of softmax(z / T).
    key
        What JSON calls the numbers of a row: ``probabilities``, ``gradient``, ``jacobian``, ...
    values
        The numbers; their first dimension is the rows.
    """

    batch: Batch
    function: str
    temperature: float
    key: str
    values: "NDArray[Any]"

    @abstractmethod
    def flat(self) -> Batch:
        """Return the flat table of csv, tsv, jsonl, parquet and arrow: leading columns, then numbers."""

    def row(self, i: int) -> Mapping[str, Any]:
        """Return what row i (0-based, within the batch) adds to ``{"row", "logits"}`` in a JSON document."""
        return {self.key: self.values[i]}

    def array(self) -> Array:
        """Return the bare array of npy; for logits from the command line, that of their one row."""
        return self.values[0] if self.batch.from_arguments else self.values


@dataclass(frozen=True, slots=True, eq=False)
class PerClass(Result):
    """One number for each class: probabilities, log-probabilities, a gradient, a jvp or a vjp.

    Parameters
    ----------
    values
        Shape (n, k), or (n, len(columns)).
    columns
        The names of the numbers if there is not one for each class.
    suffix
        What the flat table appends to the names of the classes.
    keep_logits
        Whether the flat table holds the logits too.
    """

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


class PerRow(Result):
    """One number for each row, such as a loss: ``values`` has shape (n,)."""

    def flat(self) -> Batch:
        """Lay out kept columns, then the number."""
        return flat_table(self.batch, [self.batch.kept], self.values[:, None], (self.key,))

    def row(self, i: int) -> Mapping[str, Any]:
        """Name the number of row i."""
        return {self.key: float(self.values[i])}

    def array(self) -> Array:
        """Return the numbers, (n,)."""
        return self.values


class Matrices(Result):
    """One k x k Jacobian for each row; ``values[n, i, j] = dp_i / dz_j``."""

    def flat(self) -> Batch:
        """Lay out row numbers (but not for arguments), kept columns, ``of``, one column for each class."""
        batch, k = self.batch, self.batch.k
        leading = line_columns(batch, k, numbered=not batch.from_arguments)
        leading.append({"of": tiled(batch.classes, len(batch))})
        return flat_table(batch, leading, self.values.reshape(-1, k), batch.classes)


@dataclass(frozen=True, slots=True, eq=False)
class Long(Result):
    """Several lines for each row, with the row's number: ``--top``, ``--steps``, ``--compare``.

    Parameters
    ----------
    values
        Shape (n, lines, columns).
    labels
        Columns of text or whole numbers, each of length n * lines: rank, class.
    columns
        The names of the last dimension.
    """

    labels: Mapping[str, Column]
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
