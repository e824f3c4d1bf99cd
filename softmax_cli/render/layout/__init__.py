"""What every picture is made of: the console, tables, grids, bars, glyphs, numbers.

Knows no result and no command. What two pictures draw alike belongs here; what one draws stays with it. All
that is shown passes through `console.Screen`, which knows the width, the colours and the characters that the
terminal has.
"""
