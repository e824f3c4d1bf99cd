"""What was computed, laid out for every format: a result a row, several lines a row, or one object for all.

A result is a class with the methods of `result.Result`; the writers know nothing else of it.
"""
