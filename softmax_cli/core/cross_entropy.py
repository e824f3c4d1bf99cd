"""Cross-entropy of softmax against a true class or a distribution over the classes, and its gradient.

L = -log p_target,    dL / dz_j = (p_j - y_j) / T,    y_j = 1 for the target and 0 for the others

For a distribution y: L = -sum_j y_j log p_j, and the same gradient, with p_j times the sum of y.
"""

import numpy as np
from numpy.typing import ArrayLike

from softmax_cli.core.arrays import Array, Axis, Float64, Rows, companion, rows_of, targets_of, temperature_of
from softmax_cli.core.kernels.blocks import Block, blocks, quiet
from softmax_cli.core.kernels.exponentials import Exponentials
from softmax_cli.core.kernels.overflow import finite_or
from softmax_cli.core.kernels.sums import accurate_sum, expected
from softmax_cli.core.labelled import distributions_of


def cross_entropy(z: ArrayLike, target: ArrayLike, *, axis: Axis = -1, temperature: float = 1.0) -> Array:
    """Return the cross-entropy L = -log p_target against a true class, or -sum_j y_j log p_j.

    Parameters
    ----------
    target
        The true class of each vector, counted from 0; of the leading shape, or broadcast to it. Or the
        distributions y, of the shape of `z`.
    z, axis, temperature
        As for `softmax`.

    Returns
    -------
    numpy.ndarray
        The leading shape, without the axis of the classes; at least 0, in nats; +inf where the target is
        masked.

    Raises
    ------
    LogitsError, InputError
        As for `softmax`; InputError also for a target that is no class.

    Notes
    -----
    Every value is within 4 ulp of the exact one, as those of `log_softmax` are; 6 for a distribution.

    Examples
    --------
    >>> cross_entropy([1.43, -0.4, 0.23], 1).round(4)
    np.float64(2.2095)
    """
    rows = rows_of(z, axis)
    t = temperature_of(temperature)
    y = _target(target, rows)
    loss = np.empty(rows.n, dtype=rows.values.dtype)
    with quiet():
        for block in blocks(rows):
            loss[block.start : block.stop] = _losses(block, Exponentials(block, t), y)
    return rows.scalars(loss)


value = cross_entropy


def gradient(z: ArrayLike, target: ArrayLike, *, axis: Axis = -1, temperature: float = 1.0) -> Array:
    """Return the gradient dL / dz_j = (p_j - y_j) / T, y one-hot at the target.

    Notes
    -----
    Every entry is within 10 ulp of the exact value: p_target - 1 is taken as minus the sum of the other
    exponentials over S where p_target is close to 1. For a distribution the error is at most 10 eps
    (p_j + y_j) / T, and, where y_j is above 1/2, 10 eps (2 - p_j - y_j + p_j abs(1 - sum y)) / T.

    Examples
    --------
    >>> gradient([1.43, -0.4, 0.23], 1).round(4)
    array([ 0.6842, -0.8902,  0.2061])
    """
    rows = rows_of(z, axis)
    return rows.per_class(_gradient(rows, target, temperature_of(temperature)))


def value_and_gradient(z: ArrayLike, target: ArrayLike) -> tuple[Array, Array]:
    """Return what `cross_entropy` and `gradient` do, from the same exponentials: a step of training in one.

    Examples
    --------
    >>> loss, slope = value_and_gradient([1.43, -0.4, 0.23], 1)
    >>> loss.round(4), slope.round(4)
    (np.float64(2.2095), array([ 0.6842, -0.8902,  0.2061]))
    """
    rows = rows_of(z, -1)
    loss = np.empty(rows.n, dtype=rows.values.dtype)
    return rows.scalars(loss), rows.per_class(_gradient(rows, target, 1.0, loss=loss))


def jvp(
    z: ArrayLike, tangent: ArrayLike, target: ArrayLike, *, axis: Axis = -1, temperature: float = 1.0
) -> Array:
    """Return the directional derivative <dL / dz, v>, one number a vector.

    Notes
    -----
    The error is at most (k + 10) eps sum_j abs(dL / dz_j v_j).

    Examples
    --------
    >>> jvp([1.43, -0.4, 0.23], [0.0, 1.0, 0.0], 1).round(4)
    np.float64(-0.8902)
    """
    rows = rows_of(z, axis)
    v = companion(tangent, rows, "tangent")
    t = temperature_of(temperature)
    return rows.scalars(
        finite_or(
            lambda: (_gradient(rows, target, t) * v).sum(axis=1),
            lambda: (_gradient(rows, target, t, times_t=True) * v).sum(axis=1) / t,
        )
    )


def vjp(
    z: ArrayLike, cotangent: ArrayLike, target: ArrayLike, *, axis: Axis = -1, temperature: float = 1.0
) -> Array:
    """Return the gradient times a cotangent, one number a vector.

    Notes
    -----
    Every entry is within 11 ulp of the exact value.

    Examples
    --------
    >>> vjp([1.43, -0.4, 0.23], 2.0, 1).round(4)
    array([ 1.3684, -1.7805,  0.4121])
    """
    rows = rows_of(z, axis)
    g = companion(cotangent, rows, "cotangent", scalar=True)
    t = temperature_of(temperature)
    return rows.per_class(
        finite_or(
            lambda: _gradient(rows, target, t) * g[:, None],
            lambda: _gradient(rows, target, t, times_t=True) * g[:, None] / t,
        )
    )


def _target(target: ArrayLike, rows: Rows) -> np.ndarray:
    """Return the true class of each row, (n,), or the distributions, (n, k)."""
    soft = distributions_of(target, rows)
    return targets_of(target, rows) if soft is None else soft


def _pick(values: Array, y: np.ndarray) -> Array:
    return np.take_along_axis(values, y[:, None], axis=1)[:, 0]


def _losses(block: Block, state: Exponentials, y: np.ndarray) -> Array:
    """Return -log p_target of the rows of a block, or -sum_j y_j log p_j."""
    if y.ndim == 2:
        return expected(block.lay(y), 0.0 - state.log_p, block.axis).ravel()
    return 0.0 - _pick(block.by_row(state.log_p), y[block.start : block.stop])


def _gradient(
    rows: Rows, target: ArrayLike, t: float, *, times_t: bool = False, loss: Array | None = None
) -> Array:
    """Return (p - y) / T, (n, k), or p - y; write the losses into `loss`, (n,), where it is given."""
    y = _target(target, rows)
    result = rows.empty()
    with quiet():
        for block in blocks(rows):
            state = Exponentials(block, t)
            if loss is not None:
                loss[block.start : block.stop] = _losses(block, state, y)
            p, complement = (
                (state.p, state.complement) if times_t else (state.p_over_t, state.complement_over_t)
            )
            if y.ndim == 2:
                scale = 1.0 if times_t else t
                block.put(result, _soft_slope(state, block.lay(y), p, complement, scale))
                continue
            block.put(result, p)
            column = y[block.start : block.stop]
            place = np.arange(block.start, block.stop), column
            result[place] = 0.0 - _pick(block.by_row(complement), column)
    return result


def _soft_slope(
    state: Exponentials, y: Float64, p_over: Float64, complement_over: Float64, scale: float
) -> Float64:
    """Return (p sum y - y) / T of a block, whichever of p and 1 - p keeps more digits."""
    total, low = accurate_sum(y, state.axis)
    apart = np.where(y > 0.5, (1.0 - y) - state.complement, state.p - y) / scale
    slope = np.where(y == 0.0, p_over, np.where(y == 1.0, 0.0 - complement_over, apart))
    result: Float64 = slope + p_over * ((total - 1.0) + low)
    return result
