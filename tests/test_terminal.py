"""What a person sees: the program on a real (pseudo-)terminal of several sizes."""

import itertools
import unicodedata

import pytest

from tests.program import environment, shell
from tests.terminal import on_terminal

IRIS = "--classes setosa,versicolor,virginica"


@pytest.mark.parametrize("columns", [40, 80, 200])
@pytest.mark.parametrize(
    "command",
    [
        f"softmax probs 1.43 -0.4 0.23 {IRIS}",
        f"softmax probs 1.43 -0.4 0.23 {IRIS} --steps",
        f"softmax probs 1.43 -0.4 0.23 {IRIS} --compare",
        f"softmax jacobian 1.43 -0.4 0.23 {IRIS}",
        f"softmax jacobian 1.43 -0.4 0.23 {IRIS} --vjp 1,0,0",
        "softmax probs $(seq 1 1000)",
        "softmax jacobian $(seq 1 100)",
        "head -8 digits_logits.csv | softmax probs -c 'digit_*'",
        "head -8 digits_logits.csv | softmax probs -c 'digit_*' --top 3",
    ],
)
def test_nothing_is_wider_than_the_screen(command: str, columns: int) -> None:
    """Every line fits the terminal it is printed on, in colour, and no digit is cut off."""
    seen = on_terminal(f"{command} < /dev/null" if "|" not in command else command, columns=columns)
    assert seen.code == 0, seen.text
    assert seen.styled
    printed = [line for line in seen.raw.replace("\r", "").split("\n") if line]
    # A line that was too long would have wrapped: there would be more lines on the screen than were printed.
    assert len([line for line in seen.lines if line]) <= len(printed)
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


def test_colour_and_glyphs_follow_the_terminal() -> None:
    """NO_COLOR and TERM=dumb switch colour off; a terminal without Unicode gets plain ASCII."""
    command = f"softmax probs 1.43 -0.4 0.23 {IRIS}; softmax jacobian 1.43 -0.4 0.23"
    assert on_terminal(command).styled
    for extra in ({"NO_COLOR": "1", "TERM": "xterm-256color"}, {"TERM": "dumb"}):
        assert "\x1b" not in on_terminal(command, env=environment(**extra)).raw
    for shown in (command, f"softmax probs 1 2 3 {IRIS} --steps", "softmax probs 1 2 --compare"):
        ascii_terminal = on_terminal(shown, env=environment(PYTHONIOENCODING="ascii", TERM="xterm"))
        assert ascii_terminal.code == 0
        assert ascii_terminal.raw.isascii()


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
