"""Bytes in and out: sources, sinks, compression, temporary files. Knows no format."""
