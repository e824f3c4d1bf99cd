"""NumPy, Parquet and Arrow files. May import table, streams and cells."""
