"""Class names in drawings: apart from each other, and no digit lost."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.render.on_screen import DRAWINGS, Draw

IMAGENET = ["n02123045", "n02123159", "n02124075"]
LONG = [f"class_{'0' * 59}{digit}" for digit in "12"]
HUGE = [f"1{'0' * 23}{digit}" for digit in "123"]

similar = st.text("ab0_", min_size=1, max_size=3).flatmap(
    lambda part: st.lists(
        st.text("ab01_é日", min_size=1, max_size=4).map(lambda end: part * 9 + end + part * 5),
        min_size=2,
        max_size=5,
        unique=True,
    )
)


def labels(what: str, lines: list[str], rows: int, k: int) -> list[str]:
    """Return the labels of the classes as they stand in the drawing."""
    if what == "jacobian":
        return [match[1] for line in lines if (match := re.match(r"of (\S+) +[+-]\d", line))]
    if rows > 1 and what in {"probs", "log", "gradient", "jvp", "vjp"}:
        head = next(line for line in lines if line.startswith((" row", "  row")))
        return head.split()[1:]
    start = next(i for i, line in enumerate(lines) if line.startswith("  class"))
    return [line[2:].split()[0] for line in lines[start + 1 : start + 1 + k]]


def key(lines: list[str]) -> dict[str, str]:
    """Return the key below a drawing, its wrapped names put together again."""
    found: dict[str, str] = {}
    last = ""
    for line in lines:
        match = re.fullmatch(r" *(\d+) = (\S.*)", line)
        if match:
            last = match[1]
            found[last] = match[2]
        elif last and line.startswith("    ") and " " not in line.strip():
            found[last] += line.strip()
        else:
            last = ""
    return found


@settings(max_examples=200, deadline=None)
@given(what=st.sampled_from(DRAWINGS), names=similar, width=st.sampled_from([30, 40, 57, 80, 120, 200]))
def test_labels_differ(draw: Draw, what: str, names: list[str], width: int) -> None:
    """However alike the names: the labels are pairwise distinct, and numbers are explained by whole names."""
    k = len(names)
    lines = draw(what, [np.linspace(0, 1, k)], names, width=width, n=k)
    shown = labels(what, lines, 1, k)
    assert len(set(shown)) == len(shown)
    for label in shown:
        if label in names:
            continue
        named = key(lines).get(label)
        if named is None:
            assert "…" in label
            whole = [
                name for name in names if re.fullmatch(".*".join(map(re.escape, label.split("…"))), name)
            ]
            assert any(sum(map(str.isdigit, label)) == sum(map(str.isdigit, name)) for name in whole)
        else:
            assert named == names[int(label) - 1]


@pytest.mark.parametrize("names", [IMAGENET, LONG, HUGE])
@pytest.mark.parametrize("width", [40, 80, 200])
@pytest.mark.parametrize("rows", [1, 2])
@pytest.mark.parametrize("what", DRAWINGS)
def test_no_digit_gives_way_to_an_ellipsis(
    draw: Draw, what: str, rows: int, width: int, names: list[str]
) -> None:
    """Names that differ in their digits stand whole: in the drawing, or in a key below it."""
    lines = draw(what, [list(range(len(names)))] * rows, names, width=width, n=len(names))
    assert not any("…" in line for line in lines)
    whole = " ".join(lines)
    assert all(name in whole or name in key(lines).values() for name in names)


def test_names_that_need_no_key_have_none(draw: Draw) -> None:
    """Where the names fit, or can be told apart though shortened, nothing is numbered."""
    for width in (40, 80, 200):
        assert not key(draw("jacobian", [[1, 2, 3]], ["setosa", "versicolor", "virginica"], width=width))


def test_columns_drop_wrt_before_their_names(draw: Draw) -> None:
    """Where "wrt" has no room above the columns, the names still have."""
    lines = draw("jacobian", [[1, 2, 3]], IMAGENET, width=54)
    head = next(line for line in lines if line.split()[:1] == [IMAGENET[0]])
    assert head.split() == IMAGENET


def test_the_key_is_below_the_jacobian(draw: Draw) -> None:
    """Rows, columns and the example go by number, and the key gives the names."""
    lines = draw("jacobian", [[1, 2, 3]], IMAGENET, width=40)
    assert lines[-3:] == ["1 = n02123045", "2 = n02123159", "3 = n02124075"]
    assert next(line for line in lines if "wrt 1" in line).split() == ["wrt", "1", "wrt", "2", "wrt", "3"]
    assert "raise the logit of class 2" in " ".join(lines)


def test_names_have_room_before_bars(draw: Draw) -> None:
    """A long name is whole, and the bar takes what it leaves."""
    names = ["a" * 40 + "1", "a" * 40 + "2"]
    lines = draw("probs", [[1, 2]], names)
    assert names[0] in lines[3]
    assert "█" in lines[3]
    assert not key(lines)


def test_of_many_classes_the_key_has_those_that_are_shown(draw: Draw) -> None:
    """A file of many classes with long names is drawn by number; the key comes once, at the end."""
    logits = np.random.default_rng(6).normal(size=(4, 500))
    names = [f"a_class_of_a_long_name_with_a_number_{i:020}" for i in range(500)]
    lines = draw("probs", logits, names, width=60)
    keyed = key(lines)
    assert {names[row.argmax()] for row in logits} <= set(keyed.values())
    assert len(keyed) < 30
    assert all(names[int(number) - 1] == name for number, name in keyed.items())


@pytest.mark.parametrize("width", [30, 40])
def test_many_named_classes_fit(draw: Draw, width: int) -> None:
    """A name, its number and the others fit a narrow line."""
    logits = np.random.default_rng(7).normal(size=(2, 50)) - 1e-9
    lines = draw(
        "log", logits, [f"{chr(97 + i % 26)}{'x' * 20}{chr(97 + i // 26)}" for i in range(50)], width=width
    )
    assert max(map(len, lines)) <= width
