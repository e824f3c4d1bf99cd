"""Exact values of trees: whether two lines are equal for all logits, and a line's derivative, without SymPy.

`arithmetic` gives a tree's value and its derivatives in any arithmetic; `residues` is the one that decides,
whole numbers modulo a prime at a random point.
"""
