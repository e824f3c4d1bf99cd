"""NumPy, Parquet and Arrow files.

A module holds one format, or what two share: `arrow_columns` for Parquet and Arrow. Nothing here
unpickles, and nothing but `arrow_*` imports pyarrow. May import table, streams and cells. To add a
format: a reader and a writer here, a line in `io.formats`.
"""
