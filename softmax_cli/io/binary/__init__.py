"""NumPy, Parquet and Arrow files.

A module holds one format, or what two formats share, as `arrow_*` do for Parquet and Arrow. Nothing here
unpickles, and only the modules of Parquet and Arrow import pyarrow. May import table, streams and cells. To
add a format, write a reader and a writer here, and add a line to `io.formats`.
"""
