"""The tutor: a derivation is data, a list of steps, each an equation that has been proved.

To add a function, write its table in `narratives` and add its line to `functions.NARRATIVES`. There is no
engine to teach: `proof.prove` knows none of the rules, and checks every line against the definitions. The
numbers, ``--prove sympy`` and every format follow from the steps.

The modules: `nodes`, expressions that stay as written; `rules`, the rules of calculus and algebra;
`derivation`, steps; `notation`, the names; `evaluate`, the value of a line in any arithmetic; `proof` and
`numbers`, two arithmetics; `narratives`, what is derived; `derive`, from what is asked to what is proved;
`printers`, the formats.
"""
