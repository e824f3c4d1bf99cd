"""From the words of a command line to results: batches in, results out, on this machine or on a cluster.

No command is imported here: a command calls `pipeline.run`, or `labelled.LabelledInput` if rows have labels.
"""
