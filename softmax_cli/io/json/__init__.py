"""JSON documents and JSON lines.

`shapes` turns every layout of a table into rows, `rows` turns rows into batches; the fast reader and
writer do the same for uniform lines with polars, and leave what they are not sure of to the others. May
import text (blocks of lines), table, streams and cells. To read another layout of a table, add it to
`shapes`, with an example.
"""
