"""A small grammar of formulas: text -> tree -> arrays.

`tokens` cuts a line into words, `parser` makes a `tree` of them, `evaluate` computes the tree on `arrays` of
rows, and `separable` stands for a matrix that is never formed. `lines` reads what people write as the same
trees, `printing` writes them, `exact` decides which are equal, and `doubles` works them out as a reader
would. Nothing here runs what it reads, or knows what a named quantity means: the caller says so. A function
that formulas may call is a line in `functions` and its name in `parser.FUNCTIONS`.
"""
