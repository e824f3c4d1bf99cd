"""What every picture is made of: the console, tables, grids, bars, glyphs, numbers. Knows no result."""
