"""The one type between readers and writers, `batch.Batch`, and what is made of it.

`lay_out` decides which columns are logits, `columns` finds those that an option names, `labels` reads
labels and weights, `pivot` turns long tables into rows, `checks` refuses rows without a softmax; `results`
holds what a command computed. Knows no format: a reader gives columns, a writer takes a flat table.
"""
