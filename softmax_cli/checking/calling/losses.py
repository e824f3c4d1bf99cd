"""Losses: one number a row, or one for a whole batch, from which that of each row is found."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from softmax_cli.checking.calling.results import Reader, Several, ShapeError, as_numpy
from softmax_cli.checking.inputs import Array, Inputs, Quantities
from softmax_cli.checking.reference import values_of
from softmax_cli.errors import InputError

if TYPE_CHECKING:
    from softmax_cli.checking.calling.call import Invocation


_FAR = 690.0
"""How far the target's logit lies below the others where a guard is looked for: p is 1e-300."""
_LOW, _HIGH = 9.0, 600.0
"""A loss between these there is that of a guard, of 1e-4 at most."""
_SAME = 1e-9
_NEAR = 1e-3


@dataclass(frozen=True, slots=True)
class Losses:
    """Reads the losses that a call gives.

    Parameters
    ----------
    call
        A function under a binding of kind ``loss``.
    """

    call: Invocation

    def of_row(self, result: Any) -> Array:
        """Return the loss of one row, shape (1,)."""
        return self._summed(result, ()).reshape(1)

    def of_batch(self, inputs: Inputs) -> Array:
        """Return the loss of each row of a batch, shape (n, 1).

        Where it gives one number for all rows, the loss of each is what it gives for that row alone; the
        difference between the batch and their total is spread over the rows, so that it shows.
        """
        n = inputs.n
        if self.call.binding.loss == "each":
            return self._summed(self.call.once(inputs), (n,)).reshape(n, 1)
        number = Reader(self.call, ())
        whole = float(number.read(self.call.once(inputs)))
        if n == 1:
            return np.array([[whole]])
        each = [float(number.read(self.call.once(inputs.rows([i])))) for i in range(n)]
        total = whole * n if self.call.binding.loss == "mean" else whole
        return np.array(each)[:, None] + (total - sum(each)) / n

    def unguarded(self, inputs: Inputs, got: Array) -> Array:
        """Return losses as they are without the small number that keeps their logarithm from that of 0.

        It is not a mistake, but bounds the losses, which is remarked. It is taken off only where it explains
        every loss.
        """
        least = self._least(inputs.k)
        if not least:
            return got
        right = values_of("cross-entropy", inputs)
        p = np.exp(-right)
        for said, guarded in (
            (f"adds {least:.2g} to p", p + least),
            (f"clips p at {least:.2g}", np.maximum(p, least)),
            (f"clips p at {least:.2g}", np.clip(p, least, 1.0 - least)),
        ):
            if np.allclose(got, -np.log(guarded), rtol=_SAME, atol=_SAME):
                bounded = f"inside the logarithm: it gives no loss above {-np.log(least):.3g}"
                self.call.remarks[f"{self.call.name} {said} {bounded}"] = None
                return right
        return got

    def _least(self, k: int) -> float:
        """Return the p that it takes the logarithm of where p is next to 0; 0 where it is p itself."""
        if self.call.guard is None:
            self.call.guard = 0.0
            z = np.where(np.arange(k) == 1, -_FAR, 0.1 * np.arange(k))
            with contextlib.suppress(InputError):
                loss = float(self.call.answers(Inputs.of([z], target=1))[0, 0])
                self.call.guard = float(np.exp(-loss)) if _LOW < loss < _HIGH else 0.0
        return self.call.guard

    def has_gradient_beside(self, inputs: Inputs) -> bool:
        """Return whether an array beside the loss is none of the logits, p, log p and the target."""
        rows = inputs if self.call.batch else inputs.rows([0])
        result = self.call.once(rows)
        if not isinstance(result, Several):
            return False
        q = Quantities(rows)
        known = (q.z, q.p, q.log_p, q.y, q.y * q.log_p, -q.y * q.log_p, q.y * q.p)
        for part in result.arrays:
            try:
                array = np.asarray(as_numpy(part))
            except ValueError:
                continue  # lists of unequal lengths
            if array.size != rows.z.size or array.dtype.kind != "f":
                continue
            array = array.T if self.call.binding.layout == "columns" else array
            if not any(np.allclose(array.reshape(rows.z.shape), one, rtol=_NEAR) for one in known):
                return True
        return False

    def _summed(self, result: Any, wanted: tuple[int, ...]) -> Array:
        """Return losses; of those that are not summed over the classes, the sums."""
        try:
            return Reader(self.call, wanted).read(result)
        except ShapeError as error:
            if error.got.ndim != len(wanted) + 1 or error.got.shape[:-1] != wanted:
                raise
            said = f"{self.call.name} does not sum over the classes: -y log p of each; read as their sum"
            self.call.remarks[said] = None
            return np.asarray(error.got.sum(axis=-1))
