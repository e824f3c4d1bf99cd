"""A function that can be asked: causes found at some inputs, and told only if they hold at others.

`run` asks; the other modules offer theories, each a cause with a formula that can be held against answers.
None may tell a cause that was not held against inputs on which it was not found.
"""
