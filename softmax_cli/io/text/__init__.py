"""Delimited text and markup.

`blocks` holds whole lines, `dialect` finds delimiter and header, `records` cuts cells with Python's csv,
`rows` turns them into numbers with the place of each error; the fast reader does the same with polars, and
leaves what it is not sure of to the others: `two_paths` goes between. May import table, streams and cells. A
delimiter or a kind of header is added to `dialect`.
"""
