"""Bytes to batches of logits, and results to bytes.

What lives here: the way in (`read`, with `sniff` and `arguments`), the way out (`write`), and, in the rooms
below, the formats. `table` has the one type that they share, `streams` bytes without a format, `cells`
single numbers and texts; `text`, `json` and `binary` have a reader and a writer for each format.

What does not: mathematics (core), tables for people (render), options of the command line (commands).

To add a format, write its reader, ``read_x(source, options, note)``, which yields batches, and its writer,
``write_x(results, sink, precision)``, in the room of its family, and add its line to the table in
`formats`. Readers ask `table.lay_out` which columns are logits, so that every option works with every
format.
"""
