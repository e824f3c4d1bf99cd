"""Bytes to batches of logits, and results to bytes.

What lives here: every way in (`read`, by `sniff` and `arguments`) and out (`write`), and in the rooms
below the formats. `table` is the one type on the way; `streams` are bytes without a format, `cells`
single numbers and texts; `text`, `json` and `binary` hold a reader and a writer for each format.

What does not: mathematics (core), tables for people (render), options of the command line (commands).

To add a format, write its reader, ``read_x(source, options, note)`` that yields batches, and its writer,
``write_x(results, sink, precision)``, in the room of its family, and add its line to the table in
`formats`. The readers ask `table.layout` which columns are logits, so that every option works on every
format.
"""
