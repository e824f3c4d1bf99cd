"""Delimited text and markup.

`blocks` are whole lines, `dialect` finds delimiter and header, `records` cuts cells by Python's csv,
`rows` makes numbers of them with the place of each error; the fast reader does the same by polars, and
leaves what it is not sure of. May import table, streams and cells. A delimiter or a kind of header is
added to `dialect`.
"""
