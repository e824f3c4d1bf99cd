"""From a wrong answer to its cause: matching against the catalogue, experiments, laws, precision, artefacts.

Nothing here draws or reads: it takes answers, the truth and, where there is one, a function that can be
asked, and returns a diagnosis. `diagnose` is the way in. To add a mistake, add a line to the catalogue; to
add one with a number in it that has to be found, a line to the table `families`; a term, to
`experiments/named_terms`.
"""
