"""``softmax jacobian``: how each output moves when one logit moves."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from softmax_cli.commands.command_line import values as val
from softmax_cli.commands.command_line.groups import Labels, PageDelivery, Reading
from softmax_cli.commands.running.pipeline import notes, run
from softmax_cli.core.functions import losses
from softmax_cli.errors import InputError

if TYPE_CHECKING:
    from softmax_cli.commands.command_line import options as opt
    from softmax_cli.core.arrays import Array
    from softmax_cli.io.options import LabelOptions
    from softmax_cli.io.table.batch import Batch
    from softmax_cli.io.table.labels import LabelledBatch
    from softmax_cli.io.table.results.result import Result
    from softmax_cli.render.layout.blocks import Block
    from softmax_cli.render.layout.console import Line, Screen

EPILOG = """\b
Examples:
  softmax jacobian 1.43 -0.4 0.23
  softmax jacobian iris_logits.csv -c 3-5 -f csv -o jacobians.csv
  softmax jacobian 1.43 -0.4 0.23 --vjp 1,0,0
  softmax jacobian 1.43 -0.4 0.23 --function cross-entropy --target 1
  softmax jacobian iris_logits.csv -c 3-5 --function cross-entropy --target-column label
"""

_BLOCK = 2**20  # entries of Jacobians computed at a time: 8 MB of float64
_LARGEST = 16 * 2**30  # bytes of the largest Jacobian of a row on any machine


def jacobian(
    logits: opt.Logits = None,
    temperature: opt.Temperature = 1.0,
    function: opt.FunctionName = "softmax",
    jvp: Annotated[
        str | None,
        opt.value("--jvp", "V", "J v for v = v1,v2,... (or a file of numbers), without forming J."),
    ] = None,
    vjp: Annotated[
        str | None,
        opt.value("--vjp", "V", "v^T J for v = v1,v2,... (or a file of numbers), without forming J."),
    ] = None,
    *,
    labelling: Labels = Labels(),
    reading: Reading = Reading(),
    delivery: PageDelivery = PageDelivery(),
) -> None:
    """Give the matrix of all derivatives.

    J[i][j] = dp_i / dz_j = p_i (delta_ij - p_j) / T: how the probability of class i (the row, "of") moves
    when the logit of class j (the column, "wrt", with respect to) moves.
    """
    logits = val.need_logits(logits, "softmax jacobian 1.43 -0.4 0.23")
    val.at_most_one(jvp=jvp, vjp=vjp)
    labels = labelling.options()
    scalar = val.function(function, labels.given).scalar
    if labels.weight_column is not None and not scalar:
        raise InputError(
            f"{function} has no loss to multiply", where="--weight-column", hint=f"--function {losses()[0]}"
        )
    derivative = _Derivative(
        function,
        temperature,
        labels if scalar else None,
        delivery.quiet,
        _numbers(jvp, "--jvp"),
        _numbers(vjp, "--vjp"),
    )
    run(
        logits,
        reading.options(labels),
        delivery,
        derivative.results,
        derivative.draw,
        derivative.explain,
        in_parts=not labels.ignore,
    )


class _Derivative(NamedTuple):
    """Which derivative of which function: the whole matrix, a gradient, or a product with a vector."""

    function: str
    temperature: float
    labels: LabelOptions | None
    quiet: bool
    jvp: Array | None
    vjp: Array | None

    @property
    def is_matrix(self) -> bool:
        return self.labels is None and self.jvp is None and self.vjp is None

    def results(self, batches: Iterable[Batch]) -> Iterator[Result]:
        """Yield the results of each batch, in parts that fit into memory."""
        if self.labels is not None:
            from softmax_cli.io.table.labels import LabelReader

            yield from map(self._slopes, LabelReader(self.labels, notes(quiet=self.quiet)).read(batches))
            return
        for batch in batches:
            if self.is_matrix:
                _refuse_too_large(batch.k)
                yield from map(self._matrices, batch.split(max(1, _BLOCK // batch.k**2)))
            else:
                yield self._products(batch)

    def explain(self, results: Iterable[Any], screen: Screen) -> Iterator[Block]:
        """Explain the results on a page."""
        from softmax_cli.render.results import jacobian, slopes

        return jacobian.blocks(results, screen) if self.is_matrix else slopes.blocks(results, screen)

    def draw(self, results: Iterable[Any], screen: Screen) -> Iterator[Line]:
        """Return the lines that a person sees."""
        from softmax_cli.render.results import jacobian, slopes

        return (jacobian.jacobians if self.is_matrix else slopes.per_class)(results, screen)

    def _matrices(self, batch: Batch) -> Result:
        from softmax_cli.core.differentiate import jacobian
        from softmax_cli.io.table.results.result import Matrices

        values = jacobian(batch.values, function=self.function, temperature=self.temperature)
        return Matrices(batch, self.function, self.temperature, "jacobian", values)

    def _products(self, batch: Batch) -> Result:
        from softmax_cli.core import differentiate

        name = "vjp" if self.jvp is None else "jvp"
        vector = self._vector(name, batch.k)
        product = getattr(differentiate, name)
        values = product(batch.values, vector, function=self.function, temperature=self.temperature)
        return self._result(batch, name, values)

    def _slopes(self, rows: LabelledBatch) -> Result:
        """Return the gradient of each row's loss, multiplied by its weight, or a product with it."""
        from softmax_cli.core import differentiate

        z, weights = rows.batch.values, 1.0 if rows.weights is None else rows.weights
        how: dict[str, Any] = {
            "function": self.function,
            "temperature": self.temperature,
            "target": rows.labels,
        }
        if self.jvp is not None:
            values = weights * differentiate.jvp(z, self._vector("jvp", rows.batch.k), **how)
            return self._result(rows.batch, "jvp", values, ("jvp",))
        if self.vjp is None and rows.weights is None:
            return self._result(rows.batch, "gradient", differentiate.jacobian(z, **how))
        cotangent = weights if self.vjp is None else weights * self._vector("vjp", 1)[0]
        key = "gradient" if self.vjp is None else "vjp"
        return self._result(rows.batch, key, differentiate.vjp(z, cotangent, **how))

    def _vector(self, name: str, length: int) -> Any:
        from softmax_cli.io.vectors import of_length

        return of_length(getattr(self, name), length, where=f"--{name}")

    def _result(self, batch: Batch, key: str, values: Any, columns: tuple[str, ...] | None = None) -> Result:
        from softmax_cli.io.table.results.result import PerClass

        return PerClass(batch, self.function, self.temperature, key, values.reshape(len(batch), -1), columns)


def _numbers(vector: str | None, option: str) -> Array | None:
    """Return the numbers of a vector, if one is given; a worker on a cluster may not have its file."""
    if vector is None:
        return None
    from softmax_cli.io.vectors import numbers_of

    return numbers_of(vector, where=option)


def _refuse_too_large(k: int) -> None:
    """Refuse a Jacobian that would not fit, before any work is done."""
    size = 8 * k * k
    if size > min(_LARGEST, _memory() // 2):
        raise InputError(
            f"the Jacobian of {k:,} classes is too large: {size / 1e9:,.0f} GB a row",
            hint="--vjp v1,v2,... and --jvp v1,v2,... multiply by it without forming it",
        )


def _memory() -> int:
    """Return the bytes of memory that this machine has."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return 2 * _LARGEST
