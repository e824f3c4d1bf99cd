"""Probabilities as a person sees them."""

import io
import re
from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np
import pytest

from softmax_cli.io.table.batch import Batch
from softmax_cli.io.table.results.result import PerClass
from softmax_cli.render.layout.console import Screen
from softmax_cli.render.results.probabilities import probabilities
from tests.render.on_screen import IRIS, Draw, on_screen


def test_a_vector_is_a_line_a_class(draw: Draw) -> None:
    """Name, logit, probability and bar, the largest marked."""
    assert draw("probs", [[1.43, -0.4, 0.23]], IRIS, width=60) == [
        "softmax probabilities",
        "",
        "  class       logit  probability",
        "▸ setosa       1.43       0.6842  █████████████████▊",
        "  versicolor  -0.4        0.1098  ██▉",
        "  virginica    0.23       0.2061  █████▍",
    ]


def test_equals_are_marked_alike(draw: Draw) -> None:
    """Of two largest both are marked; where all are equal, none."""
    assert [line[0] for line in draw("probs", [[2, 1, 2]])[3:]] == ["▸", " ", "▸"]
    assert not [line for line in draw("probs", [[2, 2, 2]]) if line.startswith("▸")]


@pytest.mark.parametrize("k", [31, 100, 1000])
@pytest.mark.parametrize("width", [40, 80, 200])
def test_many_classes_say_what_is_left_out(draw: Draw, k: int, width: int) -> None:
    """The largest are listed, and the rest are counted with their probability."""
    logits = np.random.default_rng(k).normal(size=k) * 2
    p = np.sort(np.exp(logits) / np.exp(logits).sum())[::-1]
    text = " ".join(draw("probs", [logits], width=width))
    left_out = re.search(r"(\d+) more classes are not shown, of\s+probability ([\d.e-]+) together", text)
    assert left_out is not None
    shown = k - int(left_out[1])
    assert shown == 20
    assert float(left_out[2]) == pytest.approx(p[shown:].sum(), rel=1e-3)


def test_a_file_is_a_line_a_row(draw: Draw) -> None:
    """Kept columns in front, a column a class, the largest of each row marked."""
    kept = {"id": [1, 2], "label": ["setosa", "virginica"]}
    lines = draw("probs", [[12.6065, 6.60177, -19.2083], [1, 2, 3]], IRIS, kept)
    assert lines[2].split() == ["id", "label", *IRIS]
    assert lines[3].split() == ["1", "setosa", "▸0.9975", "0.002461", "1.520e-14"]
    assert lines[4].split() == ["2", "virginica", "0.09003", "0.2447", "▸0.6652"]


@pytest.mark.parametrize("width", [40, 80, 200])
def test_rows_of_many_classes_show_the_largest(draw: Draw, width: int) -> None:
    """What has no room is told: how many classes, and what they come to."""
    logits = np.random.default_rng(3).normal(size=(3, 1000))
    lines = draw("probs", logits, width=width)
    others = int(lines[-4].rpartition("other ")[2])
    shown = 1000 - others
    assert f"shows the {shown} largest" in " ".join(lines) or shown == 1
    for row, line in zip(logits, lines[-3:], strict=True):
        p = np.sort(np.exp(row) / np.exp(row).sum())[::-1]
        assert float(line.split()[-1]) == pytest.approx(p[shown:].sum(), rel=1e-3)


def test_kept_columns_without_room_are_named(draw: Draw) -> None:
    """A kept column that has no room is left out by name."""
    kept = {f"column_{i}": ["some words here"] * 2 for i in range(9)}
    text = " ".join(draw("probs", [[1, 2], [3, 4]], ["a", "b"], kept, width=40))
    assert "Without room here:" in text
    assert "column_8" in text


@pytest.mark.parametrize("number", ["123456789012345", "2026-11-22", "12:30:59", "1e-300", "-0.123456789"])
def test_a_later_wider_number_is_not_cut(make: SimpleNamespace, number: str) -> None:
    """Where a later batch has numbers too wide for their column, the columns are fitted anew."""
    batches = [make.batch([[1, 2]], ["a", "b"], {"id": [cell]}) for cell in ("x", number, "y")]
    lines = on_screen(lambda screen: probabilities(map(make.vector, batches), screen))
    assert [line.split()[0] for line in lines[2:] if line] == ["id", "x", "id", number, "y"]


def test_row_numbers_may_grow(make: SimpleNamespace) -> None:
    """Without kept columns a row is named by its number, however long the file."""
    batches = [make.batch([[1, 2], [3, 4]], first_row=first_row) for first_row in (1, 99_999, 100_001)]
    lines = on_screen(lambda screen: probabilities(map(make.vector, batches), screen))
    assert [line.split()[0] for line in lines[2:] if line] == [
        *("row", "1", "2", "row", "99999", "100000", "100001", "100002"),
    ]


def test_rows_are_drawn_as_they_come(make: SimpleNamespace) -> None:
    """A batch is on the screen before the next one is read, in columns of the same width."""
    stream = io.BytesIO()
    seen = []

    def results() -> Iterator[object]:
        for first_row in (1, 3, 5):
            seen.append(stream.getvalue().count(b"\n"))
            yield make.vector(make.batch([[1e3, 2], [3, 4]], first_row=first_row))

    screen = Screen(stream)
    screen.show(probabilities(results(), screen))  # type: ignore[arg-type]
    lines = stream.getvalue().decode().splitlines()
    assert seen == [0, 5, 7]
    assert len(lines) == 9
    assert len({line.index("0") for line in lines[3::2]}) == 1


def test_the_row_before_a_failure_is_drawn(make: SimpleNamespace) -> None:
    """Where the second row cannot be read, the first one is on the screen when the error is raised."""
    stream = io.BytesIO()

    def results() -> Iterator[object]:
        yield make.vector(make.batch([[1, 2]]))
        raise ValueError("row 2")

    screen = Screen(stream)
    with pytest.raises(ValueError, match="row 2"):
        screen.show(probabilities(results(), screen))  # type: ignore[arg-type]
    assert "0.2689" in stream.getvalue().decode()


def test_nothing_is_drawn_of_nothing(make: SimpleNamespace) -> None:
    """No rows, no output."""
    empty: Batch = make.batch(np.empty((0, 3)))
    result = PerClass(empty, "softmax", 1.0, "x", empty.values)
    assert on_screen(lambda screen: probabilities([result], screen)) == []


def test_certainty_is_not_rounded(draw: Draw) -> None:
    """A probability just below 1 is not printed as 1, nor a tiny one as 0; a masked class is 0."""
    lines = draw("probs", [[20, 0, -np.inf]])
    assert [line.rstrip("█▏ ").split("  ")[-1].strip() for line in lines[3:]] == [
        "1 - 2.1e-9",
        "2.061e-9",
        "0",
    ]


def test_log_probabilities_say_so(draw: Draw) -> None:
    """The title names the unit."""
    lines = draw("log", [[1.0, 2.0]])
    assert lines[0] == "softmax log-probabilities, in nats"
    assert "-1.313" in lines[3]


def test_small_probabilities_have_visible_bars(draw: Draw) -> None:
    """Where all are small, the longest bar is full, and its length is told."""
    lines = draw("probs", [np.zeros(25)])
    assert lines[-1] == "The longest bar is 0.04."
    assert "██████" in lines[3]


def test_top_of_one_row_tells_the_rest(draw: Draw) -> None:
    """The largest in order, and what the others come to."""
    lines = draw("top", [[1.0, 3.0, 2.0, 0.0]], ["a", "b", "c", "d"], n=2)
    assert lines[0] == "the 2 largest softmax probabilities"
    assert [line.split()[-3] for line in lines[3:5]] == ["3", "2"]
    assert lines[-1] == "2 more classes are not shown, of probability 0.1192 together."


@pytest.mark.parametrize(("width", "blocks"), [(40, True), (120, False)])
def test_top_of_rows_shows_all_it_was_asked_for(draw: Draw, width: int, blocks: bool) -> None:
    """All N of each row are shown: beside each other where they fit, else a table a row."""
    logits = np.random.default_rng(5).normal(size=(2, 9))
    names = [f"class_{letter}" for letter in "abcdefghi"]
    lines = draw("top", logits, names, width=width, n=3)
    assert any(line.startswith("row 1") for line in lines) == blocks
    text = "\n".join(lines)
    for row in logits:
        for position in np.argsort(-row)[:3]:
            assert names[position] in text
