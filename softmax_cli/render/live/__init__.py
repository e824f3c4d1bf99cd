"""Pictures that move: exploring and training as they run, in the terminal and in a browser.

`terminal` takes over the terminal and gives it back, whatever happens; `sentences` puts every move into words
for pipes and screen readers; `page` is the file for a browser. A picture is a function from a state to lines;
nothing here computes.
"""
