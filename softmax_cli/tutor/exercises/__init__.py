"""Practice: exercises made from the derivations, every answer marked by exact arithmetic.

`lines` has the lines of the tutor's derivations, `goal` is a derivative with its lines, `marking` says
whether a line is right and done, and `naming` what is wrong with it. `skills` lists what is practised;
`making` makes the exercises that ask for lines, `choices` those with an answer to choose, and `numeric`, with
`figures`, those about numbers; `exercise` says what each kind accepts, and `hints` makes the three hints of a
line from its rule.

No exercise is written by hand, and nothing here prints or keeps anything. To add a skill, write its line in
`skills`; to add a kind, a function in `making`, `choices` or `numeric`, and its line in the table there. Why
a number is wrong, or a sign, is a line of `numbers.tsv` or `signs.tsv`.
"""
