"""A derivation as people read it: board, text, slides, HTML, LaTeX, Markdown, JSON. Stands on layout."""
