"""The mistakes themselves, a line each: id, formula, title, why.

A table is a file of tab-separated values; its first line names the columns. The formula is what is shown and
what is computed (`core.formula` reads it). Where a line says ``for i != j``, or has ``J_ii`` on its left, the
other entries are right. To add a mistake, add its line, the likelier first. Some tables have more columns:

values
    Numbers, each of which makes a mistake of its own, put in place of ``{}``.
fix
    What to write instead, where it is not that of the kind of answer.
needs
    ``a batch`` where the formula means nothing for a single row.

Three tables hold no mistakes. `right` has the right formula of each kind of answer, its fix, and the terms
that it is made of; `causes` has what is told where there is no formula, with names in braces for what was
found; `quantities` has what a line of code may hold on the way to an answer.
"""

import os
from functools import cache

FORMULAS = (
    *("softmax_jacobian", "softmax_product", "log_softmax_jacobian", "log_softmax_product"),
    *("cross_entropy_gradient", "probabilities", "log_probabilities", "sigmoid_jacobian", "sigmoid"),
)
"""The tables whose lines are wrong formulas for an answer, not factors or guards."""


def is_formula(mistake: str) -> bool:
    """Return whether an id is that of a wrong formula, of its product, or of a factor that is too many."""
    name = mistake.removeprefix("matrix-")
    return any(row["id"] == name for table in (*FORMULAS, "factors") for row in rows(table))


@cache
def rows(table: str) -> tuple[dict[str, str], ...]:
    """Return the lines of a table, each with its columns by name."""
    path = os.path.join(os.path.dirname(__file__), f"{table}.tsv")
    with open(path, encoding="utf-8") as file:  # pathlib's import would be a twentieth of a short run
        names, *lines = file.read().splitlines()
    columns = names.split("\t")
    found: list[dict[str, str]] = []
    for line in lines:
        row = dict(zip(columns, line.split("\t"), strict=False))
        numbers = row.get("values", "").split()
        found += [{key: text.replace("{}", number) for key, text in row.items()} for number in numbers] or [
            row
        ]
    return tuple(found)
