"""SymPy's own printers, taught the nodes of the board: one module a format."""
