"""Bytes in and out: sources, sinks, compression, temporary files, object stores.

Knows no format and no table. A compression is added to `compression` and to COMPRESSIONS in `io.formats`.
"""
