"""The tables of narratives: what they may hold, and how one case is chosen."""

import re
from pathlib import Path

import pytest

from softmax_cli.tutor import narratives
from softmax_cli.tutor.narratives.narrator import RULES
from softmax_cli.tutor.narratives.tables import INCLUDED, Row, blocks, chosen, derivations, told

TABLES = sorted(path.stem for path in Path(narratives.__file__).parent.glob("*.tsv"))
EVERY = [row for table in TABLES for block in blocks(table).values() for row in block.rows]


def test_a_derivation_with_an_empty_head_is_told_like_the_one_before() -> None:
    """Two routes to one answer share their claim, their names, their title and their meaning."""
    first, second = (blocks("cross_entropy")[name] for name in derivations("cross_entropy"))
    assert first.head._replace(step="") == second.head._replace(step="")
    assert first.meaning == second.meaning != ""
    assert first.rows != second.rows


def test_the_steps_of_another_block_stand_where_it_is_named() -> None:
    """Their arguments are put in, and where the row is a part of a step, so are they."""
    rows = {row.step: row for row in told("log_softmax/logarithm", frozenset(("same", "1")))}
    assert rows["s-prime"].line == "D(S, z_j) = (1/T) e_j"
    assert list(rows).index(".sum") == list(rows).index("definition") + 1
    assert "recognise" not in rows, "this line is there with a temperature alone"


@pytest.mark.parametrize("flags", [{"same"}, {"other", "T"}, {"general", "1"}])
def test_what_is_chosen_within_a_choice(flags: set[str]) -> None:
    """A choice may hold choices; what holds in no case leaves nothing."""
    text = "<same:a<T:b>><other|general:c<T:d><1:e>><T:f>"
    assert (
        chosen(text, flags) == {"same": "a", "other": "cdf", "general": "ce"}[next(iter(flags - {"T", "1"}))]
    )


def test_every_rule_is_known_and_every_shared_block_is_used() -> None:
    """A table names no rule that there is not, and holds no steps that no derivation has."""
    rules = {name for row in EVERY for name in re.split(r"<[\w|]+:|>", row.rule)} - {"", INCLUDED}
    assert rules <= set(RULES)
    used = {row.step.lstrip(".") for row in EVERY if INCLUDED in row.rule}
    used |= {part for table in TABLES for block in blocks(table).values() for part in _parts(block.head)}
    shared = {f"{table}/{name}" for table in TABLES for name in set(blocks(table)) - set(derivations(table))}
    assert shared <= used


def _parts(head: Row) -> list[str]:
    return [part for part in head.changed.split(" ; ") if "=" not in part]
