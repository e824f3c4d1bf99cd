"""Which mistake is in a wrong line, judged by its exact value and by how it is written.

`concepts.tsv` is a table of wrong lines that people write for a reason, a line a reason: function, case, id,
formulas about the classes 1 (the output) and 2 (the logit), or i and j, with " ; " between them, and what to
say; rows with the id "right" are other right ways of writing the derivative, whose edits are known too.
`concepts` reads it, `edits` changes one thing in a right line as `slips` say, `relations` says by what factor
or term a line differs from the derivative, and `named` chooses the name.

To add a mistake, add its line to the table; a slip that can happen in any line goes into `slips.tsv`.
"""
