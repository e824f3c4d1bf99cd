"""Exercises on one mistake, as `check` names it: the right formula is to be told from the wrong one."""

import random
from collections.abc import Mapping

from softmax_cli.tutor.exercises.drawing import Tables, reason
from softmax_cli.tutor.exercises.exercise import Choosing, shuffled

_ASKED = {
    "softmax_jacobian": ("the derivative of p_i with respect to z_j", "J_ij = p_i (d_ij - p_j) / T"),
    "softmax_product": ("entry j of g^T J, J the Jacobian of softmax", "p_j (g_j - sum_i g_i p_i) / T"),
    "log_softmax_jacobian": ("the derivative of log p_i with respect to z_j", "J_ij = (d_ij - p_j) / T"),
    "log_softmax_product": ("entry j of g^T J, J the Jacobian of log-softmax", "(g_j - p_j sum_i g_i) / T"),
    "cross_entropy_gradient": ("the derivative of the cross-entropy with respect to z_j", "(p_j - y_j) / T"),
    "sigmoid_jacobian": (
        "the derivative of sigmoid(z_i / T) with respect to z_j",
        "J_ij = d_ij s_i (1 - s_i) / T",
    ),
    "log_probabilities": ("the log-probability of class i", "z_i / T - log sum_j exp(z_j / T)"),
    "sigmoid": ("the sigmoid", "s_i = 1 / (1 + exp(-z_i / T))"),
    "probabilities": ("the probability of class i", "p_i = exp(z_i / T) / sum_j exp(z_j / T)"),
}
"""What each table is about, and its right formula."""


def make_against(mistake: str, function: str, seed: int, tables: Tables) -> Choosing | None:
    """Return an exercise on a mistake.

    Parameters
    ----------
    mistake
        Its id, as `check` gives it.
    function
        The function that was checked.
    seed
        Draws the order, and the other wrong option.
    tables
        The catalogue of `check`, by the names of its tables.

    Returns
    -------
    Choosing | None
        None if the catalogue has no formula of that name.
    """
    name = mistake.removeprefix("matrix-")
    own = function.replace("-", "_")
    for table in sorted(_ASKED, key=lambda table: not table.startswith(own)):
        rows = tables(table)
        row = next((row for row in rows if row["id"] == name), None)
        if row is not None:
            return _choice(mistake, table, row, [one for one in rows if one["id"] != name], seed)
    factor = next((row for row in tables("factors") if row["id"] == name), None)
    if factor is None:
        return None
    table = next((table for table in _ASKED if table.startswith(own)), next(iter(_ASKED)))
    scaled = {**factor, "formula": _scaled(factor["name"], _ASKED[table][1])}
    return _choice(mistake, table, scaled, list(tables(table)), seed)


def _scaled(factor: str, formula: str) -> str:
    """Return a formula times a factor: -1, 2, 1/T, S."""
    left, equals, right = formula.rpartition(" = ")
    sign, factor = ("-", factor[1:]) if factor.startswith("-") else ("", factor)
    factor = "" if factor == "1" else f"({factor}) " if "/" in factor else f"{factor} "
    return f"{left}{equals}{sign}{factor}{right}"


def _choice(
    mistake: str, table: str, row: Mapping[str, str], others: list[Mapping[str, str]], seed: int
) -> Choosing:
    what, right = _ASKED[table]
    rng = random.Random(f"{mistake} {seed}")
    wrong = [row, rng.choice(others)]
    options = rng.sample([right, *(one["formula"] for one in wrong)], 3)
    kept, place = shuffled(options, right)
    told = {one["formula"]: (one["id"], reason(one)) for one in wrong}
    hint = ("Put in three simple logits: what comes out?", row["why"], f"It is number {place}.")
    return Choosing(
        id=f"mistake/{mistake}",
        skill=mistake,
        kind="formula",
        ask=f"Which formula is {what}? d_ij is 1 for i = j, else 0.",
        shown=(),
        hints=(hint,),
        options=kept,
        right=place,
        why=f"Right. The mistake is in {row['formula']}: {reason(row)}",
        against=tuple(told.get(option, ("", "")) for option in kept),
    )
