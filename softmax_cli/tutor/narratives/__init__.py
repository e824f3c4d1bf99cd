"""The narratives: one module a function, yielding the steps of its derivation in order.

A narrative tells; it proves nothing and prints nothing. Every step has a rule, a reason and an equation, and
what is not true for all logits is refused by `proof`. To add one, see the docstring of `tutor`.
"""
