"""A user's derivative compared with the truth: comparison, the catalogue of mistakes, the user's code.

`check` is the way in. `reference` gives the truth and `compare` the differences; `calling` finds out how a
function wants to be called, `diagnosis` names the cause from the `catalogue`, and `trace` the line. It stands
on core alone: nothing here reads logits from a file, draws, or knows an option. The user's file is imported
and run in `calling.code` and nowhere else.

To add a mistake, add a line to a table of the catalogue; a method of differentiation, a row to
``core.numerical.methods``.
"""
