"""One cell: its number, a list of numbers, its float as text, and how errors quote it.

Used by every family of formats; imports none of them, and no table. To read another spelling of numbers,
add it to `numbers`; to give a hint about one, to `spelling`; to read another printed list, to `lists`.
"""
