"""SymPy's own printers, taught the nodes of the board: one module a format.

A printer knows how each node of `nodes` is written, and nothing of steps or narratives. To add a format,
subclass SymPy's printer for it; to add a node, add its method to every module here.
"""
