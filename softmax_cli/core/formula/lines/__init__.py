"""A learner's line, read: plain, with Unicode signs, in LaTeX or as in Python.

`writing` cuts a line into the tokens that `reading` makes a tree of; `calculus` knows sums and derivatives,
`indices` the classes and what i and j stand for, `limits` what no line may have, and `signs` how signs and
names are written. Nothing is evaluated here.
"""
