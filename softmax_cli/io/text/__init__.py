"""Delimited text and markup: dialect, readers, writers. May import table, streams and cells."""
