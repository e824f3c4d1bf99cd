"""What a person sees: the program on a real (pseudo-)terminal of several sizes."""

import itertools
import re
import unicodedata

import pytest

from tests.one_process import in_one_process
from tests.program import environment, shell
from tests.terminal import on_terminal

IRIS = "--classes setosa,versicolor,日本語のé"
EVERY = in_one_process(
    f"softmax probs 1.43 -0.4 0.23 {IRIS}",
    f"softmax jacobian 1.43 -0.4 0.23 {IRIS}",
    f"softmax probs 1.43 -0.4 0.23 {IRIS} --steps",
    f"softmax probs 1.43 -0.4 0.23 {IRIS} --compare",
)
"""All that is drawn of three classes, one with a wide name."""


@pytest.mark.parametrize("columns", [40, 80, 200])
@pytest.mark.parametrize(
    "command",
    [
        f"softmax probs 1.43 -0.4 0.23 {IRIS}",
        f"softmax probs 1.43 -0.4 0.23 {IRIS} --steps",
        f"softmax probs 1.43 -0.4 0.23 {IRIS} --compare",
        f"softmax jacobian 1.43 -0.4 0.23 {IRIS}",
        f"softmax jacobian 1.43 -0.4 0.23 {IRIS} --vjp 1,0,0",
        "softmax jacobian 1.43 -0.4 0.23 --function cross-entropy --target 1",
        "softmax probs $(seq 1 1000)",
        "softmax probs $(seq 1 1000) --steps",
        "softmax probs $(seq 1 1000) --compare",
        "softmax jacobian $(seq 1 100)",
        "softmax probs iris_logits.csv -c 3-5",
        "head -8 digits_logits.csv | softmax probs -c 'digit_*'",
        "head -8 digits_logits.csv | softmax probs -c 'digit_*' --top 3",
    ],
)
def test_nothing_is_wider_than_the_screen(command: str, columns: int) -> None:
    """Every line fits the terminal it is printed on, in colour, and no digit is cut off."""
    seen = on_terminal(f"{command} < /dev/null" if "|" not in command else command, columns=columns)
    assert seen.code == 0, seen.text
    assert seen.styled
    # A line that was too long would have wrapped: there would be more lines on the screen than were printed.
    assert len(seen.lines) == seen.raw.count("\n")
    for line in seen.lines:
        for before, after in itertools.pairwise(line):
            assert not (after == "…" and before.isdigit()), line


def test_no_input_at_a_terminal() -> None:
    """Without logits at a terminal there is nothing to wait for: one line of what to do, and 2, at once."""
    for command in ("probs", "jacobian"):
        seen = on_terminal(f"softmax {command}")
        assert seen.code == 2
        assert seen.lines[0].startswith("softmax: no logits")
        assert len(seen.lines) == 2


def test_signs_have_colours_that_differ() -> None:
    """Plus and minus of a Jacobian are of two colours, neither black, white, red nor green."""
    raw = on_terminal("softmax jacobian 1.43 -0.4 0.23").raw
    assert re.search(r"38;5;32m *\+0\.2161", raw)
    assert re.search(r"38;5;166m *-0\.07509", raw)


def test_colour_can_be_refused() -> None:
    """With NO_COLOR, and on a dumb terminal, there is no escape character at all."""
    for extra in ({"NO_COLOR": "1"}, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, {"TERM": "dumb"}):
        variables = environment(**{"TERM": "xterm-256color", **extra})
        assert "\x1b" not in on_terminal(EVERY, env=variables).raw, extra


@pytest.mark.parametrize(
    "variables",
    [{"LC_ALL": "C"}, {"LC_ALL": "", "LANG": "C"}, {"LC_ALL": "POSIX"}, {"PYTHONIOENCODING": "ascii"}],
)
def test_a_terminal_without_unicode_gets_ascii(variables: dict[str, str]) -> None:
    """Bars, rules and marks have ASCII forms, and names that cannot be printed are escaped."""
    seen = on_terminal(EVERY, env=environment(TERM="xterm", NO_COLOR="1", **variables))
    assert seen.code == 0
    assert seen.raw.isascii()
    assert "\\u65e5" in seen.text
    assert len(seen.lines) == seen.raw.count("\n")


def test_latin_1_keeps_its_letters() -> None:
    """A terminal of Latin-1 has no blocks, but it has its accents."""
    variables = environment(TERM="xterm", PYTHONIOENCODING="latin-1", NO_COLOR="1")
    command = r"softmax probs 1.43 -0.4 --classes setosa,$'\u00e9'"
    raw = on_terminal(command, env=variables, encoding="latin-1").raw
    assert "é" in raw
    assert "####" in raw


def test_bars_use_the_width() -> None:
    """Bars grow with the terminal; the numbers stay in their column."""
    bars = []
    for columns in (40, 80, 200):
        seen = on_terminal(f"softmax probs 1.43 -0.4 0.23 {IRIS}", columns=columns)
        row = next(line for line in seen.lines if line.startswith("▸ setosa"))
        assert "0.6842" in row
        bars.append(row.count("█"))
    assert bars[0] < bars[1] < bars[2]


def test_names_cannot_drive_the_terminal() -> None:
    """A class name with markup or control characters is shown, not obeyed."""
    seen = on_terminal(r"softmax probs 1 2 3 --classes $'[red]a[/],b\x1b[2J\x07,c\rd'")
    assert seen.code == 0
    assert "[red]a[/]" in seen.text
    assert "\x1b[2J" not in seen.raw
    assert "\x07" not in seen.raw


def test_binary_is_not_written_to_a_terminal() -> None:
    """Binary output at a terminal is refused with one line."""
    seen = on_terminal("softmax probs 1 2 3 -f npy")
    assert seen.code == 2
    assert seen.lines[0].startswith("softmax: ")


def test_wide_names_stay_aligned() -> None:
    """Names of wide and combining characters keep the columns in line."""
    seen = on_terminal("softmax probs 1 2 3 --classes 山鳶尾,変色鳶尾,é", columns=60)
    assert seen.code == 0
    assert unicodedata.normalize("NFC", "é") in unicodedata.normalize("NFC", seen.text)


def test_help_follows_the_terminal() -> None:
    """Help at a terminal is laid out for its width, and complete."""
    for columns in (60, 100):
        seen = on_terminal("softmax probs --help", columns=columns)
        assert seen.code == 0
        assert max(map(len, seen.lines)) <= columns
    assert "--temperature" in shell("softmax probs --help").stdout


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_completion(name: str) -> None:
    """Each shell gets a completion script, which offers commands, options and option values."""
    script = shell(f"softmax --show-completion {name}")
    assert script.code == 0
    assert "_SOFTMAX_COMPLETE" in script.stdout
    for words, offered in (
        ("softmax pr", "probs"),
        ("softmax probs --temp", "--temperature"),
        ("softmax jacobian --function cross", "cross-entropy"),
        ("softmax probs -f mark", "markdown"),
        ("softmax probs iri", "iris_logits.csv"),
    ):
        variables = {
            "bash": {"COMP_WORDS": words, "COMP_CWORD": str(len(words.split()) - 1)},
            "zsh": {"_TYPER_COMPLETE_ARGS": words},
            "fish": {"_TYPER_COMPLETE_ARGS": words, "_TYPER_COMPLETE_FISH_ACTION": "get-args"},
        }[name]
        answer = shell("softmax", env=environment(_SOFTMAX_COMPLETE=f"complete_{name}", **variables))
        assert offered in answer.stdout, (words, answer)
