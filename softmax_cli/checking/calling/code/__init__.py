"""Somebody's code: loaded from a file, made into subjects, and run so that it cannot take us down."""
