"""What was computed, laid out for every format: one result a row, several lines a row, or one object in all.

A result is a kind of `result.Result`; writers know nothing else about it.
"""
