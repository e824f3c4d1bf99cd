"""Somebody's derivative held against the truth: comparison, the catalogue of mistakes, the user's code.

`check` is the way in. `reference` gives the truth and `compare` the differences; `calling` finds out how a
function wants to be called, `diagnosis` names the cause by the `catalogue`, `trace` the line. Stands on core
alone: nothing here reads logits from a file, draws, or knows an option; the user's own file is imported, and
runs, in `loading` and `calling` and nowhere else.

To add a mistake, add a line to a table of the catalogue; a method of differentiation, a row to
``core.numerical.methods``.
"""
