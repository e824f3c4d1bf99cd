"""The mistakes that people make with softmax and its derivatives, each with its fix.

`tables` holds them, one line each; `formulas` computes a line's formula; `table` says which tables belong to
which function and kind of answer, and makes the products with a vector and what becomes of a right formula
with wrong probabilities, from the same lines; `factors` are the numbers by which a whole answer may be off.
No formula is written in Python.
"""
