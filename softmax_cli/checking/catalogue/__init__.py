"""The mistakes that people make with softmax and its derivatives, each with its mend.

`tables` holds them, one line each; `formulas` computes a line's formula; `table` says which tables belong to
which function and kind of answer, and makes the products with a vector and what becomes of a right formula
with wrong probabilities, from the same lines; `factors` are the numbers that a whole answer may be wrong by.
No formula is written in Python.
"""
