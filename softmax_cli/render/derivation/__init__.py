"""A derivation as people read it: board, all steps, slides, HTML, LaTeX, Markdown, JSON. Stands on layout.

One module a format; `words` has the sentences that all of them share. Expressions are printed by
``tutor.printers``, so nothing here takes one apart. To add a format, write its module, with a function
`write`, and add its ending to `io.formats`.
"""
