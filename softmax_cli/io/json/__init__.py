"""JSON documents and JSON lines. May import text (blocks of lines), table, streams and cells."""
