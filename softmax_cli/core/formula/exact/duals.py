"""Dual numbers modulo a prime: pairs of a value and its slope, which know the rules of arithmetic alone."""

from functools import lru_cache
from typing import TypeAlias

from softmax_cli.errors import FormulaError

P = (1 << 61) - 1
Dual: TypeAlias = tuple[int, int]


@lru_cache(maxsize=4096)
def inverse(a: int) -> int:
    """Return 1 / a modulo P."""
    if not a % P:
        raise FormulaError("this divides by 0", column=0)
    return pow(a, -1, P)


def add(a: Dual, b: Dual) -> Dual:
    """Return a + b."""
    return (a[0] + b[0]) % P, (a[1] + b[1]) % P


def multiply(a: Dual, b: Dual) -> Dual:
    """Return a b."""
    return a[0] * b[0] % P, (a[1] * b[0] + a[0] * b[1]) % P


def reciprocal(a: Dual) -> Dual:
    """Return 1 / a."""
    value = inverse(a[0])
    return value, -a[1] * value * value % P
