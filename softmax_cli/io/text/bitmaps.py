"""Sets of places in a text, with a bit for each byte: combined eight times as fast as masks of bytes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Bitmap = NDArray[np.uint64]
Signs = NDArray[np.uint8]

_ONE, _LAST = np.uint64(1), np.uint64(63)
"""The next bit, and the last of a word."""


def places(mask: NDArray[np.bool_]) -> Bitmap:
    """Return the places where a mask is true."""
    bits = np.zeros(len(mask) // 64 + 1, np.dtype("<u8"))  # at least one place more than the text has
    packed = np.packbits(mask, bitorder="little")
    bits.view(np.uint8)[: len(packed)] = packed
    return bits


def of(signs: Signs, sign: bytes) -> Bitmap:
    """Return the places of a sign.

    Examples
    --------
    >>> text = np.frombuffer(b"1.25", np.uint8)
    >>> picked(text, after(of(text, b"."))).tobytes(), picked(text, before(of(text, b"."))).tobytes()
    (b'2', b'1')
    """
    return places(signs == ord(sign))


def after(bits: Bitmap) -> Bitmap:
    """Return the places that follow those of the set."""
    moved = bits << _ONE
    moved[1:] |= bits[:-1] >> _LAST
    return moved


def before(bits: Bitmap) -> Bitmap:
    """Return the places that those of the set follow."""
    moved = bits >> _ONE
    moved[:-1] |= bits[1:] << _LAST
    return moved


def within(quotes: Bitmap) -> Bitmap:
    """Return the places within quotes, the opening ones included, the closing ones not.

    Examples
    --------
    >>> text = np.frombuffer(b'1,"a","b"', np.uint8)
    >>> picked(text, within(of(text, b'"'))).tobytes()
    b'"a"b'
    """
    odd = quotes.copy()  # where the number of quotes up to there is odd, in its word at first
    for step in (1, 2, 4, 8, 16, 32):
        odd ^= odd << step
    words = np.bitwise_xor.accumulate(odd >> _LAST)
    odd[1:] ^= np.negative(words[:-1])  # all bits, or none
    return odd


def count(bits: Bitmap) -> int:
    """Return the number of places in a set."""
    return int(np.bitwise_count(bits).sum())


def picked(signs: Signs, bits: Bitmap) -> Signs:
    """Return the signs at the places of a set; polars takes a third of numpy's time."""
    import polars as pl

    mask = np.unpackbits(bits.view(np.uint8), count=len(signs), bitorder="little").view(np.bool_)
    return pl.Series(signs).filter(pl.Series(mask)).to_numpy()
