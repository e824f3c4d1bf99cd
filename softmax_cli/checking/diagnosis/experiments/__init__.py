"""A function that can be asked: causes found at some inputs, and told only if they hold at others.

`run` asks; the other modules offer theories, each a cause with a formula to be tested on answers.
No cause is told that was not tested at inputs other than those it was found at.
"""
