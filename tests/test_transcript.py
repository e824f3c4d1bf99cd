"""What may differ between a transcript and what a command prints on another machine, and what may not."""

import re

import pytest

from tests.cases import Case, paths
from tests.transcript import alike

RIGHT = (
    "softmax is right: 2 entries agree to\n{error}.\n\nThe matrix:\n  0.2161  0\n\n"
    "Every entry:\n  of  relative error\n  1          {error}\n  2               0\n\n"
    "The formula, derived:\n  softmax derive 1 2 --of {worst} --wrt 3\n"
)

SWEEP = """\
central: the error is smallest at h = {h}, where it is {error}.

   1e0 │·        ·
       │ ·      ·
 1e-11 │{marks}
       +─────────────
        1e-16  1e0  h
"""


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("p 0.8807970779778824,1", "p 0.8807970779778823,1"),
        ("1.5203297995912855e-14", "1.5203297995912857e-14"),
        (RIGHT.format(error="3.9e-16", worst=1), RIGHT.format(error="2.2e-16", worst=2)),
        (RIGHT.format(error="3.9e-16", worst=1), RIGHT.format(error="0", worst=2)),
        ("gives 0.1: a difference\nof -1.4e-17.", "gives 0.1: a\ndifference of 2.8e-17."),
        (
            SWEEP.format(h="1.8e-05", error="1.3e-11", marks="  ··o···"),
            SWEEP.format(h="1.0e-05", error="2.3e-11", marks="  ·o····"),
        ),
    ],
)
def test_rounding_may_differ(shown: str, expected: str) -> None:
    """The last of all digits, an error of a few units in the last place, the left branch of a V."""
    assert shown != expected
    assert alike(shown, expected)


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (RIGHT.format(error="3.9e-12", worst=1), RIGHT.format(error="3.9e-16", worst=1)),
        (
            RIGHT.format(error="3.9e-16", worst=1),
            RIGHT.format(error="3.9e-16", worst=1).replace("e 1 2", "e 1 3"),
        ),
        (
            RIGHT.format(error="3.9e-16", worst=1),
            RIGHT.format(error="3.9e-16", worst=1).replace("2161  0", "2161  1"),
        ),
        ("0.1: a difference of 2.8e-17.", "0.2: a difference of 2.8e-17."),
        ("2.8e-17", "2.9e-17"),
        ("0.8807970779778824", "0.8807970779798824"),
        ("0.8807970779778824,1", "0.8807970779778824,2"),
        ("1.5203297995912855e-14", "1.5203297995912855e-15"),
        ("0.6842", "0.6843"),
        ("-0.8807970779778824", "0.8807970779778824"),
        ("a", "b"),
        ("a\n\nb", "a\n\nb\n\nc"),
        (
            SWEEP.format(h="1.8e-05", error="1.3e-11", marks="  ··o···"),
            SWEEP.format(h="1.8e-05", error="1.3e-09", marks="  ··o···"),
        ),
        (
            SWEEP.format(h="1.8e-05", error="1.3e-11", marks="  ··o···"),
            SWEEP.format(h="1.8e-05", error="1.3e-11", marks="  ··o·· "),
        ),
        (
            SWEEP.format(h="1.8e-05", error="1.3e-11", marks="  ··o···"),
            SWEEP.format(h="1.8e-05", error="1.3e-11", marks="  ··o···").replace(" ·      ·", " ·     · "),
        ),
    ],
)
def test_nothing_else_may_differ(shown: str, expected: str) -> None:
    """One other character that differs is noticed, wherever it stands."""
    assert not alike(shown, expected)
    assert not alike(expected, shown)


def test_nonsense_in_a_transcript_is_noticed() -> None:
    """A transcript with another digit in any one of its short numbers is another transcript."""
    for path in paths():
        text = Case.parse(path.read_text(encoding="utf-8")).ended.stdout
        for number in re.finditer(r"(?<![\w.-])\d+\.\d{2,5}(?![\w.-])", text):
            last = number.end() - 1
            digit = str((int(text[last]) + 5) % 10)
            assert not alike(text[:last] + digit + text[last + 1 :], text), (path, number)
