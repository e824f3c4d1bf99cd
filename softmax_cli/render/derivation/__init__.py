"""A derivation as people read it: board, all steps, slides, HTML, LaTeX, Markdown, JSON. Stands on layout."""
