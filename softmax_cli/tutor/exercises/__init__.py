"""Practice: exercises made from the derivations, every answer marked by exact arithmetic.

`lines.tsv` holds the lines of the tutor's derivations (`derived` writes it anew when narratives change),
so an exercise starts without SymPy. `goal` is a derivative with its lines, `marking` says whether a line is
right and done, `mistakes` names what is wrong with it: by `concepts.tsv`, a line a concept, and by `edits` of
right lines. `skills` lists what is practised, `making` and `numeric` make the exercises of each kind,
`exercise` says what each kind accepts, and `hints` makes the three hints of a line from its rule.

No exercise is written by hand, and nothing here prints or keeps anything. To add a skill, write its line in
`skills`; to add a kind, a function in `making` or `numeric`, and its line in the table there.
"""
