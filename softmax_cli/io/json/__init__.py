"""JSON documents and JSON lines.

`shapes` turns every layout of a table into rows, `rows` turns rows into batches; the fast reader and
writer do the same for uniform lines, by polars, and leave what they are not sure of. May import text
(blocks of lines), table, streams and cells. A layout that people have is added to `shapes`, with an
example that runs.
"""
