"""The tutor: a derivation is data, a list of steps, each an equation that has been proved.

To add a function, write its table in `narratives` and add its line to `functions.NARRATIVES`. There is no
engine to teach: `proof.prove` knows none of the rules, and checks every line against the definitions. The
numbers, ``--prove sympy`` and every format follow from the steps.

Expressions are the trees of `core.formula`, which stay as written, and whose exact values prove a line; SymPy
is there for its own verdict, in `sympy_check` alone.

The modules: `notation`, the names and the grammar of formulas; `rules`, the rules of calculus and algebra;
`derivation`, steps; `proof`; `numbers`, the values at the user's logits; `narratives`, what is derived;
`derive`, from what is asked to what is proved; `printers`, the formats; `exercises`, what is practised.
"""
