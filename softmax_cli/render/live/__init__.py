"""Pictures that move: exploring and training as they run, in the terminal and in a browser.

`terminal` takes the terminal over and gives it back, whatever happens; `sentences` says every move in words,
for a pipe and a screen reader; `page` is the file for a browser. A picture here is a function from a state to
lines; nothing here computes.
"""
