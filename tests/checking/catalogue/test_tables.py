"""The tables of mistakes: each line whole, each formula one that can be read."""

from typing import get_args

import numpy as np
import pytest

from softmax_cli.checking.catalogue.formulas import read
from softmax_cli.checking.catalogue.mistake import RIGHT
from softmax_cli.checking.catalogue.table import guards, mistakes
from softmax_cli.checking.catalogue.tables import rows
from softmax_cli.checking.diagnosis.experiments.families import Makes
from softmax_cli.checking.inputs import KINDS, Inputs, Kind, Quantities, Sought


@pytest.mark.parametrize(("function", "kind"), sorted(RIGHT))
def test_every_line_is_whole(function: str, kind: Kind) -> None:
    """A mistake has an id, a title, a reason and a fix, none of them padded or left with a placeholder."""
    for mistake in (*mistakes(Sought(function, kind)), *guards(Sought(function, kind))):
        for text in (mistake.id, mistake.title, mistake.formula, mistake.why, mistake.fix):
            assert text, mistake
            assert text == text.strip(), mistake
            assert "{}" not in text, mistake


@pytest.mark.parametrize(("function", "kind"), sorted(RIGHT))
def test_no_formula_is_written_twice(function: str, kind: Kind) -> None:
    """Two lines of one table are two formulas."""
    formulas = [
        mistake.formula for mistake in (*mistakes(Sought(function, kind)), *guards(Sought(function, kind)))
    ]
    assert len(formulas) == len(set(formulas))


def test_the_right_formulas_can_be_read() -> None:
    """Every formula that mistakes are held against is in the grammar."""
    for text in RIGHT.values():
        assert read(text).left is not None or "=" not in text


def test_numbers_make_mistakes_of_their_own() -> None:
    """A line with values is one mistake for each, its number in the id, the title and the formula."""
    found = [row for row in rows("guards") if row["id"].startswith("clipped-below-")]
    assert len(found) > 5
    assert all(row["id"].removeprefix("clipped-below-") in row["formula"] for row in found)
    assert all(row["id"].removeprefix("clipped-below-") in row["title"] for row in found)


@pytest.mark.parametrize("row", rows("families"), ids=lambda row: row["id"])
def test_a_family_has_a_number_in_its_title_and_its_formula(row: dict[str, str]) -> None:
    """A family can be read with its number in place, says what it makes, and is one of a known answer."""
    assert "{x}" in row["title"]
    assert "{x}" in row["formula"]
    assert read(row["formula"].format(x="x")) != read(row["formula"].format(x="2"))
    assert row["makes"] in get_args(Makes)
    only = row.get("only", "")
    assert {tuple(one.split()) for one in only.split(", ") if one} <= set(RIGHT)


def test_a_vector_is_told_by_a_formula_that_can_be_read() -> None:
    """Every vector that may come in place of a Jacobian has its formula in the grammar, each once."""
    formulas = [read(row["formula"]) for row in rows("vectors")]
    assert len(formulas) == len(set(formulas)) > 20


def test_a_wrong_jacobian_and_wrong_probabilities_come_through_in_words() -> None:
    """A product says of which matrix, another answer of which p; probabilities themselves say it plainly."""
    products: dict[Kind, str] = {"vjp": "g^T J", "jvp": "J v"}
    for kind, product in products.items():
        (plus,) = (one for one in mistakes(Sought("softmax", kind)) if one.id == "matrix-plus-sign")
        assert plus.formula == f"{product}, J_ij = p_i (d_ij + p_j) / T"
        assert plus.title == "a wrong Jacobian: a plus sign in place of the minus: diag(p) + p p^T"
    ignored = {
        kind: one
        for kind in KINDS
        for one in mistakes(Sought("softmax", kind))
        if one.id == "temperature-ignored"
    }
    assert ignored["probabilities"].formula == "p = softmax(z)"
    assert ignored["probabilities"].probabilities is None
    assert ignored["jacobian"].formula == "the right formula with p = softmax(z)"


def test_what_mixes_rows_means_nothing_for_one() -> None:
    """Its formula is a number in a batch, and none for rows that were not given together."""
    batch = Inputs.of([[0.3, -1.0, 2.0], [1.2, 0.1, -0.4]])
    needing = {row["id"] for row in rows("probabilities") if row.get("needs") == "a batch"}
    found = [one for one in mistakes(Sought("softmax", "probabilities")) if one.id in needing]
    assert found
    for one in found:
        assert np.isfinite(one.answer(Quantities(batch))).all()
        assert np.isnan(one.answer(Quantities(batch._replace(batch=False)))).all()
