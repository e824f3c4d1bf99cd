"""How the functions are computed: blocks, compensated sums, scaled exponentials, the fast path, threads.

The functions in `core` say what is computed; a kernel knows no function and imports none of them.
"""
