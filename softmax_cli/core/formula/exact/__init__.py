"""Exact values of trees: whether two lines are equal for all logits, and a line's derivative, without SymPy.

`residues` gives a tree's value at a random point, with `duals` for its arithmetic and `exponents` for e to a
sum of logits; `names` says what p, S, f and g stand for in each function's derivation.
"""
