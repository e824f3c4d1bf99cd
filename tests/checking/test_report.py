"""A verdict in words: a line to be read aloud, the cause with its fix, the lines with what they hold."""

import numpy as np
import pytest

from softmax_cli.checking.compare import USUAL, Place, Tally
from softmax_cli.checking.diagnosis.diagnosis import Cause, Diagnosis
from softmax_cli.checking.diagnosis.precision import Precision
from softmax_cli.checking.inputs import Kind
from softmax_cli.checking.report import WrappedText, cause_paragraphs, sentences, traced_lines
from softmax_cli.checking.trace.lines import SourceLine
from softmax_cli.checking.verdict import Verdict

CAUSE = Cause("doubled", "everything is doubled", "A square.", "halve it", "2 p", "p")


def verdict(kind: Kind = "jacobian", method: str = "complex-step", **tally: float) -> Verdict:
    """Return a verdict on softmax with a tally of these numbers, one row of nine entries unless they say."""
    counts = {"rows": 1, "entries": 9, "max_rel_error": 2.2e-16, **tally}
    return Verdict("softmax", kind, method, 1.0, Tally(**counts))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (verdict(), "The Jacobian of softmax is right: 9 entries agree with the complex step to 2.2e-16."),
        (
            verdict("vjp", "central", rows=2, entries=1, max_rel_error=0.0),
            "The product g^T J of softmax is right: 1 entry agrees with central differences to the last "
            "digit in 2 rows.",
        ),
        (
            verdict(
                "jvp", "richardson, 8 random centred directions", rows=1200, entries=3600, max_rel_error=0.012
            ),
            "The product J v of softmax is right: 3,600 entries agree with Richardson's extrapolation, 8 "
            "random centred directions to 0.012 in 1,200 rows.",
        ),
        (verdict("probabilities", max_rel_error=1e-4), "Softmax is right: 9 entries agree to 0.0001."),
        (verdict("probabilities", max_rel_error=101.0), "Softmax is right: 9 entries agree to 1.0e2."),
        (verdict(wrong=1), "The Jacobian of softmax is wrong: 1 of 9 entries differs."),
        (verdict(wrong=4, rows=3), "The Jacobian of softmax is wrong: 4 of 9 entries differ in 3 rows."),
    ],
)
def test_a_verdict_is_one_sentence(found: Verdict, said: str) -> None:
    """What it is about, how near it comes and to what, and in how many rows where there are several."""
    assert sentences(found) == (said,)


def test_a_less_exact_method_is_held_to_absolutely() -> None:
    """The relative errors of its verdict have the method's own error in them."""
    found = verdict(method="forward", max_abs_error=9.4e-9)
    found.exact = False
    assert sentences(found) == (
        "The Jacobian of softmax is right: 9 entries agree with forward differences to within 9.4e-9 "
        "(absolute).",
    )


def test_a_cause_is_in_the_sentence_and_how_many_fit_as_well() -> None:
    """A file keeps its own name, and is said to be read as what was asked."""
    found = verdict(wrong=9)
    found.against, found.diagnosis = "soft.csv", Diagnosis((CAUSE,))
    told = "soft.csv, as the Jacobian of softmax, is wrong: everything is doubled. 9 of 9 entries differ."
    assert sentences(found) == (told,)
    found.diagnosis = Diagnosis((CAUSE, CAUSE), certain=False)
    assert "everything is doubled, or one of 2 causes that fit equally. 9 of 9" in sentences(found)[0]


def test_a_rounded_answer_is_said_to_look_rounded() -> None:
    """In place of the error, which is that of the rounding."""
    found = verdict()
    found.precision = Precision("4 decimals", decimals=4)
    assert sentences(found) == (
        "The Jacobian of softmax is right: 9 entries agree to 4 decimals: it looks rounded.",
    )


@pytest.mark.parametrize(
    ("called", "first"),
    [
        ("called as f(z)", "f: right, called as f(z)"),
        ("as the mean loss over the batch", "f: right as the mean loss over the batch"),
    ],
)
def test_of_a_function_it_is_told_how_it_was_called(called: str, first: str) -> None:
    """In the first line where it is right, in the second where it is wrong."""
    found = verdict(rows=4)
    found.against, found.called, found.chosen = "f", called, True
    assert sentences(found) == (first, "Held against the Jacobian of softmax.")
    one = np.ones((1, 1))
    found.tally.add(one, one, one, USUAL, Place("jacobian"))  # from now on there is a worst entry
    assert sentences(found)[1].startswith(
        "Held against the Jacobian of softmax: 10 entries agree with the complex"
    )
    assert sentences(found)[1].endswith(" at 4 inputs that check chose.")
    found.tally.wrong = 9
    assert sentences(found)[0] == "f: wrong"
    assert sentences(found)[1].startswith(
        f"Held against the Jacobian of softmax, {called}: 9 of 10 entries differ"
    )
    found.diagnosis = Diagnosis((CAUSE,))
    assert sentences(found)[0] == "f: wrong: everything is doubled"


def test_a_cause_is_told_in_full_with_hanging_lines() -> None:
    """The title, unless it has been told, both formulas, the reason and the fix; nothing that is empty."""
    full = list(cause_paragraphs(CAUSE, "1. "))
    assert full == [
        WrappedText("everything is doubled", "1. ", "   ", title=True),
        WrappedText("2 p", "   yours:  ", "           "),
        WrappedText("p", "   right:  ", "           "),
        WrappedText("A square.", "   ", "   "),
        WrappedText("halve it", "   fix:    ", "           "),
    ]
    told = [part.text for part in cause_paragraphs(CAUSE, "Why: ", titled=False)]
    assert told == ["A square.", "2 p", "p", "halve it"]
    assert not list(cause_paragraphs(Cause("x", "x", "", ""), "Why: ", titled=False))


LINES = (SourceLine(9, "    e = np.exp(z)", "exp(z)"), SourceLine(10, "    return e", "exp(z)", "p"))


@pytest.mark.parametrize(
    ("width", "said"),
    [
        (
            80,
            [
                "     9  e = np.exp(z)  exp(z)",
                "  > 10  return e       exp(z)",
                "                       should be p",
            ],
        ),
        (
            30,
            [
                "     9  e = np.exp(z)",
                "          exp(z)",
                "  > 10  return e",
                "          exp(z)",
                "          should be p",
            ],
        ),
    ],
)
def test_what_a_line_holds_stands_beside_it_or_below(width: int, said: list[str]) -> None:
    """Beside where there is room for it all; the wrong line is marked, and told what it should hold."""
    found = verdict(wrong=1)
    found.lines = LINES
    assert list(traced_lines(found, width)) == said
    assert not list(traced_lines(verdict(), width))
