"""The mathematics: arrays in, arrays out.

A module here is a topic, a function of logits or something made of one; how it is computed to the last
digits is in the rooms below (`kernels`, `numerical`, `formula`, `calibration`, `reliability`, `sampling`).
`arrays` checks what callers give, once; behind it all arrays are (n, k). numpy alone, and no file, no
terminal, no class name: those are indices here. This module exports nothing, so that the module
``core.softmax`` and the function ``softmax`` do not hide each other.

To add a function, write its module with ``value``, ``jacobian`` (or ``gradient``), ``jvp`` and ``vjp``, and
add its line to `functions.FUNCTIONS`. Its docstrings state the error bound; its tests hold it.
"""
