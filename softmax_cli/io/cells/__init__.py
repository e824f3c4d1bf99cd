"""One cell: its number, a list of numbers, its float as text, and how errors quote it.

Used by every family of formats; imports none of them, and no table. A spelling of numbers that is to be
read, or that deserves a hint, is added to `numbers`; a way to print lists to `lists`.
"""
