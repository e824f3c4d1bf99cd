"""One cell: its number, its float and its text. Used by every family of formats; imports none."""
