"""The narratives: one module a function, yielding the steps of its derivation in order.

A narrative proves nothing and prints nothing. Every step has a rule, a reason and an equation, and `proof`
refuses what is not true for all logits. To add one, see the docstring of `tutor`.
"""
