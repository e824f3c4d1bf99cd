"""The one type on the way, `batch.Batch`, and what is made of it.

`layout` decides which columns are logits, `columns` finds those that an option names, `labels` reads
labels and weights, `pivot` makes rows of long tables, `checks` refuses rows without a softmax; `result`
is what a command computed. Knows no format: a reader gives columns, a writer takes a flat table.
"""
