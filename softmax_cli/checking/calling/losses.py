"""Losses: one number a row, or one for a whole batch, from which that of each row is found."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import numpy as np

from softmax_cli.checking.calling.results import Several, ShapeError, as_numpy, read
from softmax_cli.checking.inputs import Array, Inputs, Quantities
from softmax_cli.checking.reference import values_of
from softmax_cli.errors import InputError

if TYPE_CHECKING:
    from softmax_cli.checking.calling.call import Invocation


_FAR = 690.0
"""How far the target's logit lies below the others where a guard is looked for: p is 1e-300."""
_LOW, _HIGH = 9.0, 600.0
"""A loss between these there is that of a guard, of 1e-4 at most."""
_INFINITE = 1e300
"""What np.nan_to_num puts in place of an infinite loss is above this."""
_SAME = 1e-9
_NEAR = 1e-3


def of_row(call: Invocation, result: Any) -> Array:
    """Return the loss of one row, shape (1,)."""
    return _summed(call, result, ()).reshape(1)


def of_batch(call: Invocation, inputs: Inputs) -> Array:
    """Return the loss of each row of a batch, shape (n, 1).

    Where it gives one number for all rows, the loss of each is what it gives for that row alone; the
    difference between the batch and their total is spread over the rows, so that it shows.
    """
    n = inputs.n
    if call.binding.loss == "each":
        return _summed(call, call.once(inputs), (n,)).reshape(n, 1)
    whole = float(read(call, call.once(inputs), ()))
    if n == 1:
        return np.array([[whole]])
    each = [float(read(call, call.once(inputs.rows([i])), ())) for i in range(n)]
    total = whole * n if call.binding.loss == "mean" else whole
    return np.array(each)[:, None] + (total - sum(each)) / n


def unguarded(call: Invocation, inputs: Inputs, got: Array) -> Array:
    """Return losses as they are without the small number that keeps their logarithm from that of 0.

    It is not a mistake, but bounds the losses, which is remarked. It is taken off only where it explains
    every loss.
    """
    got = np.where(got >= _INFINITE, np.inf, got)
    least = _least(call, inputs.k)
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
            call.remarks[f"{call.name} {said} {bounded}"] = None
            return right
    return got


def _least(call: Invocation, k: int) -> float:
    """Return the p that it takes the logarithm of where p is next to 0; 0 where it is p itself."""
    if call.guard is None:
        call.guard = 0.0
        z = np.where(np.arange(k) == 1, -_FAR, 0.1 * np.arange(k))
        with contextlib.suppress(InputError):
            loss = float(call.answers(Inputs.of([z], target=1))[0, 0])
            call.guard = float(np.exp(-loss)) if _LOW < loss < _HIGH else 0.0
    return call.guard


def through_softmax(got: Array, inputs: Inputs) -> Array:
    """Return the gradient with respect to z that follows from one with respect to p.

    The Jacobian forgets a constant that is added to all of a row: what the other classes than the target have
    on average, which is 0 where it is right, is added again, so that it shows.
    """
    from softmax_cli.core.softmax import softmax

    p = softmax(inputs.z, temperature=float(inputs.temperature[0]))
    assert inputs.target is not None
    others = np.arange(inputs.k) != inputs.target[:, None]
    lost = np.where(others, got, 0.0).sum(axis=1, keepdims=True) / (inputs.k - 1)
    lost[(p * ~others).sum(axis=1) == 0.0] = np.nan  # p underflows: 1 / p is no number
    return np.asarray(p * (got - (p * got).sum(axis=1, keepdims=True)) + lost)


def has_gradient_beside(call: Invocation, inputs: Inputs) -> bool:
    """Return whether an array beside the loss is none of the logits, p, log p and the target."""
    rows = inputs if call.batch else inputs.rows([0])
    result = call.once(rows)
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
        array = array.T if call.binding.layout == "columns" else array
        if not any(np.allclose(array.reshape(rows.z.shape), one, rtol=_NEAR) for one in known):
            return True
    return False


def _summed(call: Invocation, result: Any, wanted: tuple[int, ...]) -> Array:
    """Return losses; of those that are not summed over the classes, the sums."""
    try:
        return read(call, result, wanted)
    except ShapeError as error:
        if error.got.ndim != len(wanted) + 1 or error.got.shape[:-1] != wanted:
            raise
        said = f"{call.name} does not sum over the classes: -y log p of each; read as their sum"
        call.remarks[said] = None
        return np.asarray(error.got.sum(axis=-1))
