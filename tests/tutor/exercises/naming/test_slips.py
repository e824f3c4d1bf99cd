"""What people write in place of a part of a right line, and what is said about it: slips.tsv."""

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from softmax_cli.core.formula.lines.reading import read_line
from softmax_cli.tutor.exercises.goal import Goal
from softmax_cli.tutor.exercises.naming.slips import slips

GOALS = {
    f"{goal.topic} {goal.case}": goal
    for goal in (
        Goal("softmax", 1, 2),
        Goal("softmax", 1, 2, temperature=True),
        Goal("softmax", 0, 0, ()),
        Goal("sigmoid", 1, 1),
    )
}
TABLE = defaultdict(set)
for row in csv.DictReader(
    Path(__file__).with_name("slips.tsv").read_text("utf-8").splitlines(), delimiter="\t"
):
    TABLE[row["goal"], row["line"]].add((row["cause"], row["written"], row["said"]))


@pytest.mark.parametrize(("case", "line"), TABLE)
def test_slips_of_a_line(case: str, line: str) -> None:
    """Each slip has its name, the line that it leaves, and a sentence that tells the two apart."""
    goal = GOALS[case]
    found = {
        (cause, goal.written(other), say())
        for cause, say, other in slips(read_line(line, goal.setting), goal)
    }
    assert found == TABLE[case, line]
