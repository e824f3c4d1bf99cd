"""Numerical differentiation: the methods, and the derivative that an analytic one is compared with.

`methods` and `columns` are the floor; `derivative` and `by_values` stand on them. To add a method is
to add a row to `methods.METHODS`.
"""
