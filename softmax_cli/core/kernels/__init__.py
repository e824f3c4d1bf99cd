"""How the functions are computed: blocks, compensated sums, scaled exponentials, the fast path, threads.

The functions in `core` say what is computed; a kernel knows no function and imports none of them. A new
kernel states its error and its source, and is tested by itself against fractions or mpmath.
"""
