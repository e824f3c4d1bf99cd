"""One block of vectors on its way from logits to everything that is made of their exponentials.

The central quantity is `rest`, the sum of the exponentials of all classes but the largest. With it nothing is
ever subtracted from 1 that is close to 1:

    S = 1 + rest,    1 - p_max = rest / S,    log p_i = (z_i - z_max) / T - log1p(rest).

Sources: scipy issue 19521 and pytorch issue 113708, which ask for the last of the three.
"""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from softmax_cli.core.arrays import Float64
from softmax_cli.core.kernels import scaled_exp
from softmax_cli.core.kernels.blocks import Block
from softmax_cli.core.kernels.compensated import shifted
from softmax_cli.core.kernels.sums import accurate_sum, two_sum

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Exponentials:
    """exp((z - max z) / T) of a block of vectors, and what follows from it, computed on first use."""

    def __init__(self, block: Block, temperature: float) -> None:
        self.block = block
        self.axis = block.axis
        self.temperature = temperature
        self.q, self.low = shifted(block.z, block.top, temperature)
        """(z - max z) / T as an unevaluated sum, laid out as the block is."""

    def take(self, vectors: NDArray[np.bool_]) -> Exponentials:
        """Return those of the vectors that are marked."""
        return Exponentials(self.block.take(vectors), self.temperature)

    @cached_property
    def is_top(self) -> NDArray[np.bool_]:
        """Where the logit is the largest of its vector; several places where they tie."""
        tops: NDArray[np.bool_] = np.equal(self.block.z, self.block.top)
        return tops

    @cached_property
    def deep(self) -> NDArray[np.bool_]:
        """Which vectors (n,) have exponentials whose products or multiples may leave the normal range."""
        low: NDArray[np.bool_] = (self.q < scaled_exp.SMALLEST) & (self.q > -np.inf)
        marked: NDArray[np.bool_] = np.logical_or.reduce(low, axis=self.axis)
        return marked

    @cached_property
    def exp_q(self) -> Float64:
        """exp(q), still without its factor 1 + low."""
        return np.exp(self.q)

    @cached_property
    def _rest(self) -> tuple[Float64, Float64]:
        others = self.exp_q * ~self.is_top
        rest, error = accurate_sum(others, self.axis)
        others *= self.low
        error += others.sum(axis=self.axis, keepdims=True)
        error += self.is_top.sum(axis=self.axis, keepdims=True) - 1
        return two_sum(rest, error)

    @cached_property
    def _tiny(self) -> NDArray[np.bool_]:
        """Which vectors (n,) have a rest that may have lost digits to terms below the normal range."""
        return (self._rest[0] < scaled_exp.LOSSY_SUM).ravel()

    @cached_property
    def rest_parts(self) -> tuple[Float64, scaled_exp.Exponents]:
        """The sum of the exponentials of all classes but a largest one, as mantissa and exponent."""
        rest = self._rest[0].copy()
        exponent = np.zeros(rest.shape, dtype=np.int64)
        if self._tiny.any():
            index = self.block.marked(self._tiny)
            f, x = scaled_exp.parts(self.q[index], self.low[index])
            f[self.is_top[index]] = 0.0
            rest[index], exponent[index] = scaled_exp.sum_of_parts(f, x, self.axis)
        return rest, exponent

    @cached_property
    def rest(self) -> Float64:
        """The sum of the exponentials of all classes but a largest one."""
        return np.ldexp(*self.rest_parts) if self._tiny.any() else self._rest[0]

    @cached_property
    def _total(self) -> tuple[Float64, Float64]:
        rest, error = self._rest
        total, lost = two_sum(np.ones_like(rest), rest)
        return total, lost + error

    @cached_property
    def total(self) -> Float64:
        """S, the sum of all exponentials, at least 1."""
        return self._total[0]

    def shares(self, exponentials: Float64) -> Float64:
        """Return exponentials * (1 + low) / S, for exponentials without the factor 1 + low."""
        total, error = self._total
        quotient: Float64 = exponentials / total
        quotient += quotient * (self.low - error / total)
        return quotient

    @cached_property
    def p(self) -> Float64:
        """The probabilities, within 3 ulp."""
        return self.shares(self.exp_q)

    @cached_property
    def p_parts(self) -> tuple[Float64, scaled_exp.Exponents]:
        """The probabilities as mantissa and exponent."""
        f, x = scaled_exp.parts(self.q, self.low)
        return f / self.total, x

    @cached_property
    def complement(self) -> Float64:
        """1 - p; where p may be close to 1 as rest / S."""
        return self._pick(self.rest / self.total, 1.0 - self.p)

    @cached_property
    def complement_parts(self) -> tuple[Float64, scaled_exp.Exponents]:
        """1 - p as mantissa and exponent."""
        rest, x = self.rest_parts
        return self._pick(rest / self.total, 1.0 - self.p), self.is_top * x

    @cached_property
    def p_over_t(self) -> Float64:
        """The quotient p / T, right also where p alone is too small for a double."""
        return self._over_t(self.p, "p_parts")

    @cached_property
    def complement_over_t(self) -> Float64:
        """(1 - p) / T, right also where 1 - p alone is too small for a double."""
        return self._over_t(self.complement, "complement_parts")

    def _over_t(self, plain: Float64, parts: str) -> Float64:
        over = plain / self.temperature
        if self.temperature < 1.0 and self.deep.any():
            f, x = getattr(self.take(self.deep), parts)
            t, s = math.frexp(self.temperature)
            over[self.block.marked(self.deep)] = np.ldexp(f / t, x - s)
        return over

    def _pick(self, top: Float64, others: Float64) -> Float64:
        """Return `top` where the logit is the largest, `others` elsewhere; both finite.

        Products with the mask: numpy's `where` takes seven times as long when the mask has no pattern.
        """
        others *= ~self.is_top
        others += self.is_top * top
        return others

    @cached_property
    def log_p(self) -> Float64:
        """The log-probabilities, in nats."""
        return self.q + (self.low - np.log1p(self.rest))
