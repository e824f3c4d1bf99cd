"""A learner's line, read: plain, with Unicode signs, in LaTeX or as in Python.

`writing` cuts a line into the tokens that `reading` makes a tree of; `indices` knows the classes and what i
and j stand for, and `limits` what no line may have. Nothing is evaluated here. Another way to write a sign or
a name is a line in `writing`'s tables.
"""
